"""The archive with a key: sealed on the disk, plain for who may hear it, whole after a kill, and no use without the key."""

import datetime
import hashlib
import io
import json
import secrets
import subprocess
import time
import urllib.error
import urllib.request

import soundfile

import spectrum
from conftest import EXTRA, ROOMS
from server import PROGRAM, Server, wait_until
from softphone import Phone
from test_archive import call
from test_rooms import speech_tone

MAGIC = b"TRILSEA1"
#: Seconds that a kill may cost, as without a key.
LOST = 0.3


class Sealed(Server):
    """A server whose recordings are sealed by the keys of a file."""

    def __init__(self, folder, keys, recordings=None):
        super().__init__(ROOMS, extra=EXTRA, folder=folder, recordings=recordings)
        text = self.configuration.read_text()
        if keys is not None:
            path = folder / "archive.keys"
            path.write_text("\n".join(keys))
            text = text.replace("  warn_below_free: 0", f"  keys_file: {path}\n  warn_below_free: 0")
        self.configuration.write_text(text)

    def file(self, entry, name, **headers):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.private}/api/v1/recordings/{entry['id']}/files/{name}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def where(self, entry):
        return next(self.recordings.glob(f"*/*/*/{entry['id']}"))


def test_a_sealed_archive_is_plain_to_who_may_hear_it_and_to_nobody_else(tmp_path):
    old, new = secrets.token_hex(32), secrets.token_hex(32)
    with Sealed(tmp_path, [old]) as server:
        entry = call(server, "3000", 4711, tones=(500, 1100))
        folder = server.where(entry)
        wait_until((folder / "peaks.json").exists, "the wave form")
        # On the disk there is nothing to be heard, nor to be seen.
        sounds = [file["name"] for file in entry["files"]]
        assert len(sounds) == 3
        for name in sounds + ["peaks.json"]:
            assert (folder / name).read_bytes().startswith(MAGIC), name
        # Whoever may hear it gets what was said, whole and from any place.
        mix = server.file(entry, "mix.wav")
        known = next(file for file in entry["files"] if file["name"] == "mix.wav")
        assert len(mix) == known["octets"] and hashlib.sha256(mix).hexdigest() == known["sha256"]
        samples, rate = soundfile.read(io.BytesIO(mix))
        assert abs(len(samples) / rate - entry["duration"]) < 0.01
        half = len(samples) // 2
        assert spectrum.tone_level(samples[rate // 2:half - rate // 4], rate, 500, 0.2) > -40
        assert spectrum.tone_level(samples[half + rate // 4:-rate // 4], rate, 1100, 0.2) > -40
        assert server.file(entry, "mix.wav", Range="bytes=5000-70000") == mix[5000:70001]
        assert json.loads(server.file(entry, "peaks.json"))["data"]
        # The command line: examined, handed over, and opened without the server.
        assert "as they were left" in server.cli("recordings", "verify").stdout
        server.cli("recordings", "export", entry["id"], "--to", str(tmp_path))
        assert (tmp_path / f"{entry['id']}-mix.wav").read_bytes() == mix
        plain = tmp_path / "plain"
        decrypt = [PROGRAM, "recordings", "decrypt", str(folder / "mix.wav"), "--to", str(plain), "--keys"]
        subprocess.run([*decrypt, str(tmp_path / "archive.keys")], check=True, capture_output=True)
        assert (plain / "mix.wav").read_bytes() == mix
        (tmp_path / "other.keys").write_text(new)
        (plain / "mix.wav").unlink()
        refused = subprocess.run([*decrypt, str(tmp_path / "other.keys")], capture_output=True, text=True)
        assert refused.returncode == 1 and "sealed by key" in refused.stdout and not (plain / "mix.wav").exists()
        # Killed in the middle of another one.
        phone = Phone(server.sip, "recorded-1")
        assert phone.call() == 200
        wait_until(lambda: list(server.recordings.glob("*/*/*/*/*.part")), "the recording")
        phone.talk(speech_tone(8000, 700, 1.5))
        server.process.kill()
        killed = time.time()
        server.process.wait()
        phone.close()
    # The key has been changed meanwhile: what is new gets the new one, what is old stays readable, and is repaired.
    with Sealed(tmp_path, [new, old], recordings=server.recordings) as server:
        assert server.file(entry, "mix.wav") == mix
        found = server.rest("GET", "recordings?room=recorded-1")[1]["items"][0]
        assert found["state"] == "recovered" and len(found["files"]) == 2
        started = datetime.datetime.fromisoformat(found["started"].replace("Z", "+00:00")).timestamp()
        for file in found["files"]:
            sound = server.file(found, file["name"])
            assert hashlib.sha256(sound).hexdigest() == file["sha256"]
            samples, rate = soundfile.read(io.BytesIO(sound))
            assert spectrum.tone_level(samples[-rate // 2:], rate, 700, 0.1) > -40
        assert -0.1 < killed - started - found["duration"] < LOST
        latest = call(server, "3000", 4712, tones=(600, 600))
        assert (server.where(latest) / "mix.wav").read_bytes()[8:16] != (server.where(entry) / "mix.wav").read_bytes()[8:16]
        assert "as they were left" in server.cli("recordings", "verify").stdout
        # One octet of a sealed file.
        path = server.where(latest) / "mix.wav"
        octets = bytearray(path.read_bytes())
        octets[len(octets) // 2] ^= 1
        path.write_bytes(octets)
        bad = server.cli("recordings", "verify", check=False)
        assert bad.returncode == 1 and [line.split(":")[0] for line in bad.stdout.splitlines() if latest["id"] in line] == [
            "fileAltered"], bad.stdout
    # Without its key nothing of it comes out, and the answer says why.
    with Sealed(tmp_path, None, recordings=server.recordings) as server:
        try:
            server.file(entry, "mix.wav")
            raise AssertionError("served without a key")
        except urllib.error.HTTPError as error:
            assert "sealed by key" in json.loads(error.read())["detail"]
        assert "sealed by key" in server.cli("recordings", "verify", check=False).stdout


def test_keys_that_are_none_are_told_before_the_start(tmp_path):
    server = Sealed(tmp_path, ["no key"])
    told = subprocess.run([PROGRAM, "check", str(server.configuration)], capture_output=True, text=True)
    assert told.returncode != 0 and "recording.keys" in told.stdout + told.stderr
    assert "64 hex digits" in told.stdout + told.stderr
