"""A disk that fills up in the middle of calls: nobody hears it, the operator is told within a second, and what is there opens."""

import contextlib
import json
import subprocess
import threading
import time
import urllib.request

import numpy as np
import pytest
import soundfile

import spectrum
from choir import Choir
from players import opened
from server import Server, select_wait, wait_until
from softphone import ulaw_decode

ROOMS = """
  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}
"""


@contextlib.contextmanager
def small_disk(folder, kibibytes):
    folder.mkdir()
    result = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "none", str(folder)],
                            capture_output=True, text=True)
    if result.returncode != 0:
        pytest.skip(f"no right to mount a small disk: {result.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Events:
    """The server's event stream with the time of arrival of each event."""

    def __init__(self, server):
        self.found = []
        request = urllib.request.urlopen(f"http://127.0.0.1:{server.private}/api/v1/events", timeout=120)
        self.thread = threading.Thread(target=self._read, args=(request,), daemon=True)
        self.thread.start()

    def _read(self, stream):
        with contextlib.suppress(OSError, ValueError):
            for line in stream:
                if line.startswith(b"data:"):
                    self.found.append((time.monotonic(), json.loads(line[5:])))

    def alerts(self, text, since=0.0):
        return [at for at, event in list(self.found)
                if at >= since and event["name"] == "alert" and text in event["values"].get("reason", "")]


def gaps(phone, since):
    """What a phone got from a moment on: packets, numbers missing, the longest time between two packets."""
    packets = [p for p in phone.received if p[0] >= since]
    numbers = [p[1] for p in packets]
    missing = sum((b - a) % 65536 - 1 for a, b in zip(numbers, numbers[1:]))
    longest = max(b[0] - a[0] for a, b in zip(packets, packets[1:]))
    return len(packets), missing, longest


def fill(disk, keep_kibibytes):
    """Takes the space of a disk up to a rest; returns the file."""
    ballast = disk / "ballast"
    free = int(subprocess.run(["df", "--output=avail", "-k", str(disk)], capture_output=True, text=True,
                              check=True).stdout.split()[1])
    with open(ballast, "wb") as file:
        file.write(b"\0" * 1024 * max(0, free - keep_kibibytes))
    return ballast


def run(server, disk, events, label):
    """Two callers of one room hold their tones while the disk fills, stays full for 6 s, and is emptied again."""
    choir = Choir(server.sip, ["3000", "3000"])
    try:
        wait_until(lambda: len(server.members("3000")) == 2, "both members")
        status, recording = server.rest("POST", "rooms/3000/recordings", {"format": "wav", "tracks": True, "notice": False})
        assert status == 201, recording
        wait_until(lambda: list(disk.glob("*/*/*/*/*.part")), "the recording")
        select_wait(3)
        begun = time.monotonic()
        ballast = fill(disk, 16)
        full = time.monotonic()
        wait_until(lambda: events.alerts("No space left", begun), "the alarm", 5)
        alarm = events.alerts("No space left", begun)[0]
        wait_until(lambda: "No space left" in server.text("/readyz"), "/readyz", 1)
        status, room = server.rest("GET", "rooms/3000")
        assert room.get("recording") == recording["id"], "the recording goes on"
        select_wait(6)
        # The tracks that are there open while the disk is full.
        for path in disk.glob("*/*/*/*/*.wav.part"):
            assert soundfile.SoundFile(str(path)).frames > 0
        ballast.unlink()
        freed = time.monotonic()
        wait_until(lambda: events.alerts("takes octets again", freed), "the all-clear", 10)
        clear = events.alerts("takes octets again", freed)[0]
        assert "No space left" not in server.text("/readyz")
        select_wait(2)
        end = time.monotonic()
        assert server.rest("PATCH", f"recordings/{recording['id']}", {"action": "stop"})[0] == 200
        wait_until(lambda: server.rest("GET", f"recordings/{recording['id']}")[1]["state"] == "finished", "its end")
        entry = server.rest("GET", f"recordings/{recording['id']}")[1]
        results = []
        for index, phone in enumerate(choir.phones):
            count, missing, longest = gaps(phone, begun - 2)
            results.append((count, missing, longest))
            assert missing == 0, f"{label}: {missing} of {count} packets were never sent"
            assert count >= 0.97 * (end - begun + 2) * 50, f"{label}: {count} packets"
            other = 400 + 50 * (1 - index)
            heard = np.concatenate([ulaw_decode(p[4]) for p in phone.received if begun - 2 <= p[0] <= end])
            # Every 100 ms of the whole time has the other's tone.
            frames = [heard[at:at + 800] for at in range(0, len(heard) - 800, 800)]
            weakest = min(spectrum.tone_level(np.tile(f, 2).astype(float) / 32768, 8000, other, 0.1) for f in frames)
            assert weakest > -40, f"{label}: the other's tone falls to {weakest} dBFS"
    finally:
        choir.close()
    print(f"\n{label}: alarm {1000 * max(0, alarm - full):.0f} ms after the disk was full, all-clear {clear - freed:.1f} s "
          f"after there was space; per caller {[(c, m, f'{g * 1000:.0f} ms') for c, m, g in results]} (packets, lost, longest gap)")
    assert alarm - full <= 1.0
    return entry, next(disk.glob(f"*/*/*/{entry['id']}"))


def test_a_full_disk_costs_calls_nothing_and_a_recording_its_moment(tmp_path):
    with small_disk(tmp_path / "disk", 4096) as disk:
        with Server(ROOMS, folder=tmp_path, recordings=disk) as server:
            entry, folder = run(server, disk, Events(server), "no spill directory")
            dropped = {f["name"]: f["droppedOctets"] for f in entry["files"]}
            assert dropped["mix.wav"] > 3 * 32000, "what the disk did not take is told"
            for file in entry["files"]:
                for player, seconds in opened(folder / file["name"]).items():
                    assert abs(seconds - entry["duration"]) < 0.05, (player, file["name"], seconds, entry["duration"])
            samples, rate = soundfile.read(folder / "mix.wav")
            silent = sum(not np.any(samples[at:at + rate // 50]) for at in range(0, len(samples), rate // 50)) / 50
            print(f"kept {len(samples) / rate - silent:.1f} of {len(samples) / rate:.1f} s; the rest is silence")
            assert spectrum.tone_level(samples[-rate:], rate, 400, 0.1) > -40, "it is recorded again at the end"
            # The entry was written in spite of all.
            assert json.loads((folder / "recording.json").read_text())["state"] == "finished"


def test_what_a_full_disk_refuses_goes_to_the_spill_directory_and_comes_back(tmp_path):
    spill = tmp_path / "spill"
    with small_disk(tmp_path / "disk", 4096) as disk:
        with Server(ROOMS, folder=tmp_path, recordings=disk) as server:
            server.stop()
            text = server.configuration.read_text()
            server.configuration.write_text(text.replace("  warn_below_free: 0", f"  spill: {spill}\n  warn_below_free: 0"))
            server.start()
            entry, folder = run(server, disk, Events(server), "with a spill directory")
            assert {f["droppedOctets"] for f in entry["files"]} == {0}, entry
            assert not list(spill.iterdir()), "everything came back"
            samples, rate = soundfile.read(folder / "mix.wav")
            frames = [samples[at:at + rate // 10] for at in range(rate // 2, len(samples) - rate // 10, rate // 10)]
            weakest = min(spectrum.tone_level(np.tile(f, 2), rate, 400, 0.1) for f in frames)
            assert weakest > -40, f"the mix has a hole: {weakest} dBFS"


def test_on_a_nearly_full_disk_no_recording_starts_and_calls_go_on(tmp_path):
    with small_disk(tmp_path / "disk", 4096) as disk:
        with Server(ROOMS, folder=tmp_path, recordings=disk) as server:
            server.stop()
            text = server.configuration.read_text()
            server.configuration.write_text(
                text.replace("warn_below_free: 0", "warn_below_free: 0.5").replace("refuse_below_free: 0", "refuse_below_free: 0.3"))
            server.start()
            events = Events(server)
            choir = Choir(server.sip, ["3000", "3000"])
            try:
                begun = time.monotonic()
                fill(disk, 256)
                wait_until(lambda: events.alerts("of the disk is free", begun), "the warning", 3)
                assert "of the disk is free" in server.text("/readyz")
                status, recording = server.rest("POST", "rooms/3000/recordings", {"notice": False})
                wait_until(lambda: events.alerts("the disk is full", begun), "the refusal", 2)
                wait_until(lambda: not server.rest("GET", "rooms/3000")[1].get("recording"), "no recording")
                select_wait(1)
                for phone in choir.phones:
                    count, missing, _ = gaps(phone, begun)
                    assert count > 50 and missing == 0
            finally:
                choir.close()
            assert not list(disk.glob("*/*/*/*/*.part"))
