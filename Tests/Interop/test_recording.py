"""Recordings: found, playable, as long as the call, with every voice; also after the server was killed."""

import json
import pathlib
import random
import subprocess
import time

import numpy as np
import pytest
import soundfile

import spectrum
from conftest import ROOMS
from server import Server, select_wait, wait_until
from softphone import Phone
from test_rooms import speech_tone


def finished(server, room):
    page = server.rest("GET", f"recordings?room={room}")[1]
    return [r for r in page["items"] if r["state"] in ("finished", "recovered")]


def test_a_room_that_records_keeps_both_voices_for_the_length_of_the_call(server):
    a, b = Phone(server.sip, "recorded1"), Phone(server.sip, "recorded1")
    assert a.call() == 200 and b.call() == 200
    for phone in (a, b):
        phone.talk(np.zeros(1600, dtype=np.int16))
    wait_until(lambda: len([m for m in server.members("recorded1")]) == 2, "both")
    # Both hear the notice first.
    select_wait(6)
    a.talk(speech_tone(8000, 500, 2.0))
    b.talk(speech_tone(8000, 1100, 2.0))
    a.hang_up()
    b.hang_up()
    wait_until(lambda: finished(server, "recorded1"), "the recording")
    recording = finished(server, "recorded1")[0]
    folder = next(server.recordings.glob(f"*/*/*/{recording['id']}"))
    samples, rate = soundfile.read(folder / "mix.wav")
    assert abs(len(samples) / rate - recording["duration"]) < 0.05
    dominant = spectrum.loudest(samples, rate, [500, 1100])
    assert dominant[500] >= 15 and dominant[1100] >= 15, dominant
    assert json.loads((folder / "recording.json").read_text())["state"] == "finished"
    assert not list(folder.glob("*.part"))
    tracks = [f for f in recording["files"] if f["name"] != "mix.wav"]
    assert len(tracks) == 2


def test_pause_becomes_silence_of_the_right_length(server):
    phone, other = Phone(server.sip, "3000"), Phone(server.sip, "3000")
    assert phone.call() == 200 and other.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    status, recording = server.rest("POST", "rooms/3000/recordings", {"format": "wav", "notice": False})
    assert status == 201, recording
    phone.talk(speech_tone(8000, 700, 2.0))
    assert server.rest("PATCH", f"recordings/{recording['id']}", {"action": "pause"})[0] == 200
    phone.talk(speech_tone(8000, 700, 2.0))
    assert server.rest("PATCH", f"recordings/{recording['id']}", {"action": "resume"})[0] == 200
    phone.talk(speech_tone(8000, 700, 2.0))
    assert server.rest("PATCH", f"recordings/{recording['id']}", {"action": "stop"})[0] == 200
    wait_until(lambda: server.rest("GET", f"recordings/{recording['id']}")[1]["state"] == "finished", "the end")
    content = server.rest("GET", f"recordings/{recording['id']}")[1]
    folder = next(server.recordings.glob(f"*/*/*/{recording['id']}"))
    samples, rate = soundfile.read(folder / "mix.wav")
    assert 5.7 < len(samples) / rate < 6.6
    assert spectrum.tone_level(samples[int(2.4 * rate):int(3.6 * rate)], rate, 700) < -70
    assert spectrum.tone_level(samples[int(0.6 * rate):int(1.6 * rate)], rate, 700) > -35
    assert len(content["pauses"]) == 1
    for p in (phone, other):
        p.hang_up()


def opens(path):
    """The seconds that sox, ffmpeg and libsndfile each find in a file."""
    found = [len(soundfile.SoundFile(str(path))) / soundfile.SoundFile(str(path)).samplerate]
    sox = subprocess.run(["sox", "--i", "-D", str(path)], capture_output=True, text=True)
    assert sox.returncode == 0, sox.stderr
    found.append(float(sox.stdout))
    probe = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-ar", "16000", "-"], capture_output=True)
    assert probe.returncode == 0, probe.stderr
    found.append(len(probe.stdout) / 32000)
    return found


def test_killed_servers_leave_recordings_that_open_and_are_found(tmp_path):
    """Kills at random moments; `docs/OPERATIONS.md` names the long run."""
    rounds, calls = 5, 4
    generator = random.Random(20261124)
    total = 0
    for number in range(rounds):
        with Server(ROOMS, folder=tmp_path / str(number) if (tmp_path / str(number)).mkdir() is None else None,
                    recordings=tmp_path / "archive") as server:
            phones = []
            for index in range(calls):
                phone = Phone(server.sip, f"recorded-k{index}")
                assert phone.call() == 200
                phone.talk(np.zeros(320, dtype=np.int16))
                phones.append(phone)
            wait_until(lambda: len(list((tmp_path / "archive").glob("*/*/*/*/mix*.part"))) == calls, "the recordings", 20)
            seen = {path: time.monotonic() for path in (tmp_path / "archive").glob("*/*/*/*/mix*.part")}
            select_wait(2 + generator.random() * 2)
            killed = time.monotonic()
            server.kill()
            for phone in phones:
                phone.close()
            for path, since in seen.items():
                for seconds in opens_part(path, tmp_path):
                    assert seconds > killed - since - 0.3, f"{path}: {seconds} of {killed - since} s"
                total += 1
    assert total == rounds * calls
    with Server(ROOMS, folder=tmp_path, recordings=tmp_path / "archive") as server:
        page = server.rest("GET", "recordings?limit=200")[1]["items"]
        assert len(page) == total
        assert {r["state"] for r in page} == {"recovered"}
        assert not list((tmp_path / "archive").glob("*/*/*/*/*.part"))


def opens_part(path, tmp_path):
    """Opens an unrepaired `.part` under a name that tools recognise."""
    link = tmp_path / "unrepaired.wav"
    link.unlink(missing_ok=True)
    link.symlink_to(path)
    return opens(link)
