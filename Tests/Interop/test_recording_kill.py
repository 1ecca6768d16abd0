"""Servers that are killed in the middle of twenty recordings: nothing is lost but the last moment, and all is found again.

`KILLS` says how often (6; the long form is `KILLS=50`), `KILL_SEED` where the dice begin.
"""

import datetime
import json
import os
import random
import time

from choir import Choir
from players import opened_part
from server import Server, select_wait, wait_until

KILLS = int(os.environ.get("KILLS", "6"))
SEED = int(os.environ.get("KILL_SEED", "20261124"))
RECORDINGS = 20
#: Seconds that a kill may cost.
LOST = 0.3

ROOMS = """
  - {pattern: "wav-tracks*", record: true, record_tracks: true, greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "wav*", record: true, greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "opus-tracks*", record: true, record_format: opus, record_tracks: true, greeting: none,
     announce_joining: false, hold_music: false}
  - {pattern: "opus*", record: true, record_format: opus, greeting: none, announce_joining: false, hold_music: false}
"""
USERS = [f"{kind}-{index}" for index in range(RECORDINGS // 4) for kind in ("wav-tracks", "wav", "opus-tracks", "opus")]


def wall(stamp):
    return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp()


def parts(archive):
    return sorted(archive.glob("*/*/*/*/*.part"))


def entries(server):
    found, cursor = [], ""
    while True:
        page = server.rest("GET", f"recordings?limit=100{cursor}")[1]
        found += page["items"]
        if not page.get("next"):
            return found
        cursor = "&cursor=" + page["next"].replace("|", "%7C").replace(":", "%3A")


def test_a_kill_costs_a_moment_of_twenty_recordings_and_no_file(tmp_path):
    dice = random.Random(SEED)
    archive = tmp_path / "archive"
    expected, losses, files = {}, [], 0
    for number in range(KILLS):
        folder = tmp_path / f"run-{number}"
        folder.mkdir()
        with Server(ROOMS, folder=folder, recordings=archive) as server:
            assert not parts(archive), "the start before has repaired everything"
            choir = Choir(server.sip, USERS)
            try:
                # A mix each, and a track in every second room.
                wait_until(lambda: len(parts(archive)) == RECORDINGS * 3 // 2, "the recordings", 30)
                select_wait(0.3 + dice.random() * 4)
                server.process.kill()
                killed = time.time()
                server.process.wait()
            finally:
                choir.close()
        for path in parts(archive):
            started = wall(json.loads((path.parent / "recording.json").read_text())["started"])
            for player, seconds in opened_part(path, folder).items():
                lost = killed - started - seconds
                losses.append((lost, path.name, player))
                assert lost <= LOST, f"kill {number}: {player} finds {seconds:.3f} s of {killed - started:.3f} s in {path}"
                assert lost > -0.1, f"kill {number}: {player} finds {seconds:.3f} s of {killed - started:.3f} s in {path}"
            expected.setdefault(path.parent.name, {})[path.name.removesuffix(".part")] = killed - started
            files += 1
    assert len(expected) == RECORDINGS * KILLS
    worst = max(losses)
    ordered = sorted(loss for loss, _, _ in losses)
    print(f"\n{KILLS} kills, {len(expected)} recordings, {files} files, {len(losses)} openings without repair: lost "
          f"median {ordered[len(ordered) // 2] * 1000:.0f} ms, worst {worst[0] * 1000:.0f} ms ({worst[1]}, {worst[2]})")
    with Server(ROOMS, folder=tmp_path, recordings=archive) as server:
        assert not parts(archive)
        found = entries(server)
        assert {entry["id"] for entry in found} == set(expected)
        assert {entry["state"] for entry in found} == {"recovered"}
        repaired = []
        for entry in found:
            wanted = expected[entry["id"]]
            assert {file["name"] for file in entry["files"]} == set(wanted), entry
            for file in entry["files"]:
                repaired.append(wanted[file["name"]] - file["duration"])
                assert -0.1 < repaired[-1] <= LOST, (entry["id"], file, wanted[file["name"]])
            assert entry["parties"], entry
        print(f"after the repair: worst {max(repaired) * 1000:.0f} ms lost; {len(found)} in the index, all recovered")
