"""Rooms of browsers against the same rooms of phones, in the same run: what ICE, DTLS and SRTP cost the server."""

import concurrent.futures
import os
import pathlib
import tempfile
import time
import urllib.request

from load import loadtest
from ours import Server

SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
COMPLEXITY, BIT_RATE = 5, 24000
TALKERS = 3
#: A browser may cost so many times what a phone does.
GOAL = 1.5


def measure(size, rate, *more):
    with tempfile.TemporaryDirectory(prefix="trialogue-bench-") as folder, \
            Server(pathlib.Path(folder), COMPLEXITY, BIT_RATE) as server:
        return loadtest([f"sip:bench0@127.0.0.1:{server.sip}", "--size", str(size), "--codec", "opus", "--pattern", str(TALKERS),
                         "--rate", str(rate), "--duration", str(SECONDS), "--pid", str(server.pid), *more])


def figures(server):
    """What the server counts, by name."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.private}/metrics", timeout=5) as answer:
        lines = [text for text in answer.read().decode().splitlines() if not text.startswith("#")]
    return {name: float(value) for name, value in (text.rsplit(" ", 1) for text in lines)}


def storm(comers):
    """Phones that talk in one room while so many browsers come to another of the same loop; what was told of both, and how many
    datagrams of handshakes waited their turn."""
    with tempfile.TemporaryDirectory(prefix="trialogue-bench-") as folder, \
            Server(pathlib.Path(folder), COMPLEXITY, BIT_RATE) as server, concurrent.futures.ThreadPoolExecutor() as pool:
        standing = pool.submit(loadtest, [
            f"sip:bench0@127.0.0.1:{server.sip}", "--size", "20", "--pattern", "3", "--warm-up", "1", "--duration", "6"])
        deadline = time.monotonic() + 20
        while figures(server)["trialogue_members"] < 20 and time.monotonic() < deadline:
            time.sleep(0.1)
        coming = loadtest([f"sip:bench1@127.0.0.1:{server.sip}", "--size", str(comers), "--codec", "opus", "--webrtc", "--pattern", "1",
                           "--rate", "10000", "--warm-up", "0", "--duration", "1"]) if comers else {}
        return standing.result(), coming, int(figures(server)["trialogue_media_handshakes_postponed_total"])


def line(name, who, result, note=""):
    print(f"{name:32} {who:9} {result['cpuMillisecondsPerParticipantSecond']:8.3f} {result['lostPercent']:7.3f} "
          f"{result['jitterP50']:7.1f} {result['jitterP99']:6.1f} {result['jitterMax']:6.1f} "
          f"{result['cpuMillisecondsPerSetup']:10.2f}  {note}", flush=True)


def bench(only=""):
    """Prints a table; what does not work is returned."""
    if only and only not in "browsers":
        return []
    print(f"\nBrowsers and phones, {TALKERS} talkers, Opus\n{'work':32} {'callers':9} {'CPU ms':>8} {'lost %':>7} "
          f"{'jit p50':>7} {'p99':>6} {'max':>6} {'CPU ms/call':>10}")
    failed = []
    for size, rate in ((50, 50), (500, 50)):
        name = f"room of {size}"
        phones, browsers = measure(size, rate), measure(size, rate, "--webrtc")
        for who, result in (("phones", phones), ("browsers", browsers)):
            if result["failures"] or result["answered"] != size or result["silent"] or result.get("secured", size) != size:
                failed.append(f"{name}, {who}: {result['answered']} answered, {result['silent']} silent, {result['failures']}")
        if any("cpuMillisecondsPerParticipantSecond" not in result for result in (phones, browsers)):
            continue
        ratio = (browsers["cpuMillisecondsPerParticipantSecond"]
                 / max(phones["cpuMillisecondsPerParticipantSecond"], 1e-9))
        notes = {"phones": [], "browsers": [
            f"{ratio:.2f} times a phone (goal {GOAL:g}: {'met' if ratio <= GOAL else 'MISSED'})",
            f"keys after p50 {browsers['secureP50']:.0f} p99 {browsers['secureP99']:.0f} ms at {rate} calls a second"]}
        for who, result in (("phones", phones), ("browsers", browsers)):
            if result["ownDrops"] or result["stalls"]:
                notes[who].append(f"VOID: {result['ownDrops']} own drops, {result['stalls']} stalls")
            line(name, who, result, ", ".join(notes[who]))
    burst = measure(200, 10_000, "--webrtc")
    print(f"200 browsers at once: {burst.get('securedPerSecond', 0):.0f} handshakes a second beside the generator that does as many; "
          f"{burst['cpuMillisecondsPerSetup']:.2f} ms of the server's CPU a call, SIP included; keys after p99 "
          f"{burst.get('secureP99', 0):.0f} ms")
    if burst.get("secured") != 200:
        failed.append(f"200 browsers at once: {burst['answered']} answered, {burst.get('secured')} have keys, {burst['failures']}")
    for comers in (0, 200):
        standing, coming, postponed = storm(comers)
        print(f"20 phones while {comers} browsers come: jitter p50 {standing['jitterP50']:.1f} p99 {standing['jitterP99']:.1f} max "
              f"{standing['jitterMax']:.1f} ms, lost {standing['lostPercent']:.3f} %; keys after p99 {coming.get('secureP99', 0):.0f} "
              f"ms, {postponed} datagrams waited their turn", flush=True)
        if standing["silent"] or standing["failures"] or coming.get("secured", comers) != comers:
            failed.append(f"{comers} browsers beside 20 phones: {standing['failures']} {coming.get('failures')}")
    return failed
