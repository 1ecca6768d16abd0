"""Recordings: found, playable, as long as the call, with every voice; also after the server was killed."""

import contextlib
import hashlib
import json
import sqlite3
import subprocess
import time
import urllib.request

import numpy as np
import pytest
import soundfile

import spectrum
from conftest import ROOMS
from players import opened
from server import PROGRAM, Server, select_wait, wait_until
from softphone import Phone, ulaw_decode
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


@contextlib.contextmanager
def recorded(server, room, users, **body):
    """Phones in a room whose recording is running without a notice; gives them and the recording's id."""
    phones = [Phone(server.sip, room) for _ in range(users)]
    for phone in phones:
        assert phone.call() == 200
        phone.talk(np.zeros(320, dtype=np.int16))
    wait_until(lambda: len(server.members(room)) == users, "all members")
    status, recording = server.rest("POST", f"rooms/{room}/recordings", {"notice": False, **body})
    assert status == 201, recording
    try:
        yield phones, recording["id"]
    finally:
        for phone in phones:
            if phone.running:
                phone.hang_up()


def stop(server, recording):
    """Stops it and waits for its entry; returns entry and folder."""
    assert server.rest("PATCH", f"recordings/{recording}", {"action": "stop"})[0] == 200
    return closed(server, recording)


def closed(server, recording):
    wait_until(lambda: server.rest("GET", f"recordings/{recording}")[1]["state"] == "finished", "the end")
    return server.rest("GET", f"recordings/{recording}")[1], next(server.recordings.glob(f"*/*/*/{recording}"))


def level(samples, rate, start, end, frequency):
    return spectrum.tone_level(samples[int(start * rate):int(end * rate)], rate, frequency, 0.1)


def test_who_heard_the_notice_stands_in_the_entry_with_time_prompt_and_language(server):
    a, b = Phone(server.sip, "recorded-consent"), Phone(server.sip, "recorded-consent")
    assert a.call() == 200
    a.talk(np.zeros(320, dtype=np.int16))
    wait_until(lambda: server.rest("GET", "rooms/recorded-consent")[1].get("recording"), "the recording", 15)
    recording = server.rest("GET", "rooms/recorded-consent")[1]["recording"]
    begun = time.time()
    assert b.call() == 200
    b.talk(np.zeros(320, dtype=np.int16))
    # Who joins later hears it too, before it is heard by others.
    wait_until(lambda: len(server.rest("GET", f"recordings/{recording}")[1]["notices"]) == 2, "the second notice", 15)
    told = time.time() - begun
    assert told > 1.5, "the whole prompt was played"
    a.hang_up()
    b.hang_up()
    entry, folder = closed(server, recording)
    assert [(n["prompt"], n["language"]) for n in entry["notices"]] == [("recording-notice", "en")] * 2
    assert all(n["heard"].endswith("Z") for n in entry["notices"])
    assert entry["notices"][0]["heard"] <= entry["started"] < entry["notices"][1]["heard"] < entry["ended"]
    assert json.loads((folder / "recording.json").read_text())["notices"] == entry["notices"]
    # A leg may say its last word just after the recording's.
    wait_until(lambda: len(server.rest("GET", f"recordings/{recording}")[1]["quality"]) == 2, "how it was received")
    assert all(q["packetsReceived"] == 2 for q in server.rest("GET", f"recordings/{recording}")[1]["quality"])


def test_peaks_are_drawn_beside_a_closed_recording_and_served(server):
    for style in ("wav", "opus"):
        with recorded(server, "3001", 2, format=style) as ((phone, _), recording):
            phone.talk(np.zeros(8000, dtype=np.int16))
            phone.talk(speech_tone(8000, 700, 2.0, level=0.3))
            entry, folder = stop(server, recording)
        wait_until(lambda: (folder / "peaks.json").exists(), "peaks.json")
        peaks = json.loads((folder / "peaks.json").read_text())
        assert peaks["version"] == 2 and peaks["bits"] == 8 and peaks["channels"] == 1
        assert len(peaks["data"]) == 2 * peaks["length"]
        seconds = peaks["length"] * peaks["samples_per_pixel"] / peaks["sample_rate"]
        assert abs(seconds - entry["duration"]) < 0.1
        loud = np.abs(np.array(peaks["data"]))
        assert loud[:len(loud) // 4].max() < 5
        assert np.median(loud[len(loud) // 2:-len(loud) // 10]) > 10
        with urllib.request.urlopen(
                f"http://127.0.0.1:{server.private}/api/v1/recordings/{recording}/files/peaks.json", timeout=5) as answer:
            assert json.loads(answer.read()) == peaks


@pytest.mark.parametrize("way", ["RFC 4733", "INFO"])
def test_a_masked_voice_is_in_neither_mix_nor_track_nor_ear(server, way):
    with recorded(server, "3002", 2, tracks=True) as ((talker, listener), recording):
        press = talker.key if way == "RFC 4733" else talker.info
        begun = time.monotonic()
        talker.talk(speech_tone(8000, 700, 2.0))
        press("#")
        wait_until(lambda: server.rest("GET", f"recordings/{recording}")[1]["masks"], "the mask")
        masked = time.monotonic()
        # What a customer keys in while masked is a card number: neither others nor files get it.
        for digit in "4711":
            talker.key(digit) if way == "RFC 4733" else talker.info(digit)
        talker.talk(speech_tone(8000, 1100, 2.5))
        secret = time.monotonic()
        press("#")
        wait_until(lambda: server.rest("GET", f"recordings/{recording}")[1]["masks"][0].get("to"), "its end")
        open_again = time.monotonic()
        # "Your voice is no longer kept out" is for the member alone; it talks when that is over.
        talker.talk(speech_tone(8000, 1700, 4.0))
        entry, folder = stop(server, recording)
    mask = entry["masks"][0]
    assert mask["from"] < mask["to"] and len(entry["masks"]) == 1
    assert len(entry["tracks"]) == 2
    tracks = [folder / f["name"] for f in entry["files"] if f["name"] != "mix.wav"]
    assert {path.stem for path in tracks} == set(entry["tracks"])
    for path in [folder / "mix.wav", *tracks]:
        samples, rate = soundfile.read(path)
        secret_level = level(samples, rate, mask["from"] + 0.2, mask["to"] + 0.1, 1100)
        assert secret_level < -70, (path.name, secret_level)
        for pair in ((697, 1209), (770, 1209), (697, 1336), (852, 1209)):
            tones = [level(samples, rate, mask["from"] + 0.2, mask["to"] + 0.1, tone) for tone in pair]
            assert min(tones) < -60, (path.name, pair, tones)
    samples, rate = soundfile.read(folder / "mix.wav")
    assert level(samples, rate, 0.3, mask["from"] - 0.2, 700) > -35
    assert level(samples, rate, mask["to"] + 0.5, len(samples) / rate - 0.3, 1700) > -35
    heard = [p for p in listener.received if masked + 0.2 < p[0] < secret + 0.1]
    assert len(heard) > 50, "the listener's stream goes on"
    ear = np.concatenate([ulaw_decode(p[4]) for p in heard]).astype(float) / 32768
    assert spectrum.tone_level(ear, 8000, 1100, 0.1) < -70
    after = np.concatenate([ulaw_decode(p[4]) for p in listener.received if p[0] > open_again + 1]).astype(float) / 32768
    assert spectrum.tone_level(after, 8000, 1700, 0.1) > -35


def test_a_moderators_keys_start_pause_resume_and_stop(server):
    moderator, other = Phone(server.sip, "4001"), Phone(server.sip, "4001")
    for phone, pin in ((moderator, "4321#"), (other, "1234#")):
        assert phone.call() == 200
        phone.talk(np.zeros(320, dtype=np.int16))
        for digit in pin:
            phone.key(digit)
    wait_until(lambda: {m["role"] for m in server.members("4001")} == {"moderator", "participant"}, "the roles", 15)
    room = lambda: server.rest("GET", "rooms/4001")[1]
    entry = lambda: server.rest("GET", f"recordings/{recording}")[1]
    # Both must be in before keys are the room's.
    select_wait(6)
    other.key("5"), other.key("1")
    select_wait(0.5)
    assert not room().get("recording"), "keys 5 and 1 of a participant record nothing"
    moderator.key("5"), moderator.key("1")
    wait_until(lambda: room().get("recording"), "5 1 starts")
    recording = room()["recording"]
    wait_until(lambda: len(entry()["notices"]) == 2, "both heard the notice", 20)
    moderator.talk(speech_tone(8000, 700, 2.0))
    moderator.key("5"), moderator.key("2")
    wait_until(lambda: entry()["state"] == "paused", "5 2 pauses")
    moderator.talk(speech_tone(8000, 1100, 2.0))
    moderator.key("5"), moderator.key("2")
    wait_until(lambda: entry()["state"] == "recording", "5 2 resumes")
    moderator.talk(speech_tone(8000, 1700, 3.0))
    moderator.key("5"), moderator.key("1")
    content, folder = closed(server, recording)
    pause = content["pauses"][0]
    samples, rate = soundfile.read(folder / "mix.wav")
    assert abs(len(samples) / rate - content["duration"]) < 0.05
    assert 2.0 <= pause["to"] - pause["from"] < 4.0
    assert np.abs(samples[int((pause["from"] + 0.1) * rate):int((pause["to"] - 0.1) * rate)]).max() == 0
    assert level(samples, rate, pause["from"] - 1.5, pause["from"] - 0.3, 700) > -35
    assert level(samples, rate, 0, len(samples) / rate, 1100) < -60
    tail = samples[int((pause["to"] + 0.5) * rate):]
    assert spectrum.loudest(tail, rate, [700, 1100, 1700])[1700] > 10
    for phone in (moderator, other):
        phone.hang_up()


def test_the_archives_verbs_do_what_they_say(server, tmp_path):
    with recorded(server, "3005", 2, tracks=True) as ((phone, _), recording):
        phone.talk(speech_tone(8000, 700, 1.0))
        listed = json.loads(server.cli("recordings", "list", "--room", "3005", "--json").stdout)
        assert [item["state"] for item in listed["items"]] == ["recording"]
        busy = server.cli("recordings", "purge", recording, "--yes", check=False)
        assert busy.returncode == 1 and "stop it first" in busy.stderr + busy.stdout
        entry, folder = stop(server, recording)
    assert recording in server.cli("recordings", "list", "--room", "3005").stdout
    shown = server.cli("recordings", "show", recording).stdout
    assert all(file["sha256"] in shown for file in entry["files"])
    server.cli("recordings", "export", recording, "--to", str(tmp_path))
    for file in entry["files"]:
        octets = (tmp_path / f"{recording}-{file['name']}").read_bytes()
        assert octets == (folder / file["name"]).read_bytes()
        assert hashlib.sha256(octets).hexdigest() == file["sha256"] and len(octets) == file["octets"]
    assert json.loads((tmp_path / f"{recording}-recording.json").read_text())["id"] == recording
    good = server.cli("recordings", "verify", recording).stdout
    assert good.count("unchanged") == 3 and "CHANGED" not in good
    octets = bytearray((folder / "mix.wav").read_bytes())
    octets[len(octets) // 2] ^= 1
    (folder / "mix.wav").write_bytes(octets)
    bad = server.cli("recordings", "verify", recording, check=False)
    assert bad.returncode == 1 and "mix.wav: CHANGED" in bad.stdout and bad.stdout.count("unchanged") == 2
    (folder / "mix.wav").unlink()
    gone = server.cli("recordings", "verify", recording, check=False)
    assert gone.returncode == 1 and "mix.wav: MISSING" in gone.stdout
    # The archive belongs to the server that runs.
    refused = subprocess.run([PROGRAM, "recordings", "repair", "--directory", str(server.recordings)],
                             capture_output=True, text=True, timeout=20)
    assert refused.returncode == 1 and str(server.recordings / ".lock") in refused.stderr + refused.stdout
    server.cli("recordings", "purge", recording, "--yes")
    assert server.cli("recordings", "show", recording, check=False).returncode == 1
    assert not folder.exists()


def test_a_second_server_on_the_same_archive_does_not_touch_it(server, tmp_path):
    with recorded(server, "3006", 2) as ((phone, _), recording):
        phone.talk(speech_tone(8000, 700, 0.5))
        second = Server(ROOMS, folder=tmp_path, recordings=server.recordings)
        with pytest.raises(AssertionError) as failure:
            second.start()
        second.stop()
        assert f"{server.recordings}/.lock" in str(failure.value) and "recording.directory" in str(failure.value)
        assert list(server.recordings.glob(f"*/*/*/{recording}/mix.wav.part")), "the growing file was left alone"
        phone.talk(speech_tone(8000, 700, 0.5))
        entry, _ = stop(server, recording)
    assert entry["duration"] > 0.9


def test_the_index_is_rebuilt_when_it_is_gone_or_damaged(tmp_path):
    archive = tmp_path / "archive"
    with Server(ROOMS, folder=tmp_path, recordings=archive) as server:
        with recorded(server, "3000", 2) as ((phone, _), recording):
            phone.talk(speech_tone(8000, 700, 0.5))
            stop(server, recording)
        # How the calls were received is the last that comes into an entry.
        wait_until(lambda: len(server.rest("GET", f"recordings/{recording}")[1]["quality"]) == 2, "the calls' end")
        entry = server.rest("GET", f"recordings/{recording}")[1]
    for harm in ("gone", "damaged", "nonsense"):
        index = archive / "index.sqlite"
        # Everything from the log of writes into the file itself, so that the harm is done to what counts.
        with contextlib.closing(sqlite3.connect(index)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        octets = index.read_bytes()
        if harm == "gone":
            for path in archive.glob("index.sqlite*"):
                path.unlink()
        elif harm == "damaged":
            index.write_bytes(octets[:4096] + bytes(reversed(octets[4096:])))
        else:
            index.write_bytes(b"This is no database. " * 1000)
        with Server(ROOMS, folder=tmp_path, recordings=archive) as server:
            assert server.rest("GET", "recordings")[1]["items"] == [{**entry, "markers": []}]
            log = server.log_path.read_text()
        if harm != "gone":
            assert "was damaged; it was set aside" in log and "index.sqlite.damaged" in log
    assert (archive / "index.sqlite.damaged-2").exists()


def test_the_repair_verb_mends_an_archive_without_its_server(tmp_path):
    archive = tmp_path / "archive"
    with Server(ROOMS, folder=tmp_path, recordings=archive) as server:
        phone = Phone(server.sip, "3000")
        assert phone.call() == 200
        assert server.rest("POST", "rooms/3000/recordings", {"notice": False})[0] == 201
        phone.talk(speech_tone(8000, 700, 1.5))
        server.kill()
        phone.close()
    mended = subprocess.run([PROGRAM, "recordings", "repair", "--directory", str(archive)],
                            capture_output=True, text=True, timeout=20)
    assert mended.returncode == 0, mended.stderr
    assert "1 recordings repaired, 0 could not be" in mended.stdout
    assert opened(next(archive.glob("*/*/*/*/mix.wav")))["sox"] > 1.2
    with Server(ROOMS, folder=tmp_path, recordings=archive) as server:
        assert [r["state"] for r in server.rest("GET", "recordings")[1]["items"]] == ["recovered"]
