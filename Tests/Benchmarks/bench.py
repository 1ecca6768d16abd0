"""The work items of `make bench`: runs them, prints a table with ratios, fails only if something does not work."""

import os
import pathlib
import sys
import tempfile

import browsers
import codec_costs
import peers
import transcode
from load import loadtest, planned
from ours import Server

SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
ONLY = os.environ.get("BENCH_ONLY", "")
WITH_PEERS = os.environ.get("BENCH_PEERS", "1") != "0"
COMPLEXITY, BIT_RATE = 5, 24000
#: rtpengine cannot be told its complexity: libavcodec's libopus takes 10. So ours takes 10 where it is compared.
COMPLEXITY_OF = {"rtpengine": 10}

#: name, rooms, members of each, codec, talking pattern, the most CPU ms per participant-second that we want, other peers.
ITEMS = [
    ("room of 50, 3 talkers, PCMU", 1, 50, "pcmu", "3", 0.6, ["janus"]),
    ("room of 50, 3 talkers, Opus", 1, 50, "opus", "3", 1.5, ["janus"]),
    ("10 rooms of 5, conversation, Opus", 10, 5, "opus", "conv", 6.0, ["janus"]),
    ("25 rooms of 2, all talk, PCMU with Opus", 25, 2, "pcmu,opus", "all", None, ["rtpengine"]),
    ("25 rooms of 2, all talk, PCMU relayed", 25, 2, "pcmu", "all", None, ["rtpengine"]),
    ("25 rooms of 2, all talk, Opus relayed", 25, 2, "opus", "all", None, ["rtpengine"]),
    ("room of 200, 3 talkers, PCMU", 1, 200, "pcmu", "3", None, []),
    ("room of 1000, 3 talkers, PCMU", 1, 1000, "pcmu", "3", None, []),
]


def measure_ours(folder, rooms, size, codec, pattern, complexity):
    """A fresh server for each item, so that memory and CPU time are the item's own."""
    with Server(folder, complexity, BIT_RATE) as server:
        return loadtest(
            [f"sip:bench{{room}}@127.0.0.1:{server.sip}", "--rooms", str(rooms), "--size", str(size), "--codec", codec,
             "--pattern", pattern, "--duration", str(SECONDS), "--pid", str(server.pid)])


def measure_peer(name, rooms, size, codec, pattern):
    with peers.BY_NAME[name](rooms, size, codec.split(",")) as peer:
        return planned(peer.plan(), pattern, SECONDS, peer.pid)


def figures(result):
    return (f"{result['cpuMillisecondsPerParticipantSecond']:8.3f} {result['missingPercent']:9.3f} "
            f"{result['lostPercent']:7.3f} {result['jitterP50']:7.1f} {result['jitterP99']:6.1f} {result['jitterMax']:6.1f} "
            f"{result['residentMegabytes']:6.0f}")


def line(name, who, result, note=""):
    print(f"{name:42} {who:10} {figures(result)}  {note}", flush=True)


def voided(result):
    """Why the figures are the generator's and not the server's; empty if they are the server's."""
    if result["ownDrops"] or result["stalls"]:
        return [f"VOID: the generator lost {result['ownDrops']} packets and stalled {result['stalls']} times"]
    return []


def problems(result):
    """What makes a run worthless; empty if it worked."""
    found = [f"{count} × {cause}" for cause, count in result["failures"].items()]
    if result["answered"] != result["calls"]:
        found.append(f"{result['answered']} of {result['calls']} calls")
    if result["silent"]:
        found.append(f"{result['silent']} callers heard nothing")
    if result["hungUpByServer"]:
        found.append(f"{result['hungUpByServer']} calls were hung up")
    if not any(level["level"] > -60 for level in result["levels"]):
        found.append("nobody heard speech")
    return found


def run():
    print(f"Opus: complexity {COMPLEXITY}, {BIT_RATE // 1000} kbit/s, 48 kHz. {SECONDS:g} s each; the generator shares the "
          f"machine's {os.cpu_count()} cores.\nCPU is milliseconds per participant-second of the whole process.\n")
    print(f"{'work':42} {'server':10} {'CPU ms':>8} {'missing %':>9} {'lost %':>7} {'jit p50':>7} {'p99':>6} {'max':>6} "
          f"{'MB':>6}")
    failed, ours_by_name = [], {}
    for name, rooms, size, codec, pattern, goal, others in ITEMS:
        if ONLY not in name:
            continue
        with tempfile.TemporaryDirectory(prefix="trialogue-bench-") as folder:
            complexity = max([COMPLEXITY_OF.get(other, COMPLEXITY) for other in others], default=COMPLEXITY)
            result = measure_ours(pathlib.Path(folder), rooms, size, codec, pattern, complexity)
        wrong = problems(result)
        if wrong:
            failed.append(f"{name}: {'; '.join(wrong)}")
        if "cpuMillisecondsPerParticipantSecond" not in result:
            print(f"{name:42} {'trialogue':10} FAILED: {'; '.join(wrong)}", flush=True)
            continue
        cost = result["cpuMillisecondsPerParticipantSecond"]
        ours_by_name[name] = cost
        notes = []
        if goal is not None:
            notes.append(f"goal {goal:g}: {'met' if cost <= goal else 'MISSED'}")
        if complexity != COMPLEXITY:
            notes.append(f"complexity {complexity}")
        if codec == "opus":
            notes.append(f"{result['payloadOctetsMean'] * 400 / 1000:.1f} kbit/s received")
        notes += voided(result)
        line(name, "trialogue", result, ", ".join(notes))
        for other in others if WITH_PEERS else []:
            if not peers.is_installed(other):
                print(f"{name:42} {other:10} not installed (apt-get install {peers.PACKAGES[other]})", flush=True)
                continue
            try:
                theirs = measure_peer(other, rooms, size, codec, pattern)
            except (OSError, RuntimeError) as error:
                print(f"{name:42} {other:10} could not be measured: {error}", flush=True)
                continue
            unsound = problems(theirs) + voided(theirs)
            ratio = theirs["cpuMillisecondsPerParticipantSecond"] / max(cost, 1e-9)
            line(name, other, theirs, f"costs {ratio:.1f} times ours" + (f" ({'; '.join(unsound)})" if unsound else ""))
    growth(ours_by_name)
    failed += browsers.bench(ONLY) + codec_costs.bench(ONLY) + transcode.bench(ONLY)
    if failed:
        print("\nFAILED\n  " + "\n  ".join(failed))
        return 1
    return 0


def growth(costs):
    """Cost per member must not grow with the room."""
    first = costs.get("room of 50, 3 talkers, PCMU")
    for size in (200, 1000):
        cost = costs.get(f"room of {size}, 3 talkers, PCMU")
        if first and cost:
            print(f"a member of {size} costs {cost / first:.2f} times one of 50")


if __name__ == "__main__":
    sys.exit(run())
