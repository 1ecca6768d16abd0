"""The power goes in the middle of a recording: what was closed is whole, and what grew has lost its last second at most.

An ext4 of its own is shut down without writing back its journal (EXT4_IOC_SHUTDOWN), which is what a disk sees of a power cut.
"""

import contextlib
import datetime
import fcntl
import hashlib
import os
import secrets
import struct
import subprocess
import time

import pytest
import soundfile

import spectrum
from conftest import EXTRA, ROOMS
from server import Server, wait_until
from softphone import Phone
from test_archive import call
from test_rooms import speech_tone

EXT4_IOC_SHUTDOWN = 0x8004587D
#: EXT4_GOING_FLAGS_NOLOGFLUSH: what stands only in memory is gone.
WITHOUT_JOURNAL = 2
#: Seconds: one sync a second, and the piece that was being gathered.
LOST = 1.6


class Disk:
    """A file system whose power can be cut."""

    def __init__(self, folder):
        self.image, self.path = folder / "disk.img", folder / "disk"
        self.path.mkdir()
        with open(self.image, "wb") as file:
            file.truncate(96 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(self.image)], check=True, capture_output=True)

    def mount(self):
        result = subprocess.run(["mount", "-o", "loop", str(self.image), str(self.path)], capture_output=True, text=True)
        if result.returncode != 0:
            pytest.skip(f"no right to mount a file system: {result.stderr.strip()}")

    def cut(self):
        directory = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(directory, EXT4_IOC_SHUTDOWN, struct.pack("I", WITHOUT_JOURNAL))
        except OSError as error:
            pytest.skip(f"no right to shut a file system down: {error}")
        finally:
            os.close(directory)

    def unmount(self):
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)


@contextlib.contextmanager
def disk_of(folder):
    try:
        disk = Disk(folder)
    except FileNotFoundError:
        pytest.skip("mkfs.ext4 is not installed")
    disk.mount()
    try:
        yield disk
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            disk.unmount()


def serve(folder, recordings, key):
    server = Server(ROOMS, extra=EXTRA, folder=folder, recordings=recordings)
    text = server.configuration.read_text()
    server.configuration.write_text(text.replace("  warn_below_free: 0", f"  keys: {key}\n  warn_below_free: 0"))
    return server


def test_a_power_cut_costs_a_second_of_what_grew_and_nothing_of_what_was_closed(tmp_path):
    # A sealed file is written as a plain one is, and more happens on the way: it is the one to look at.
    key = secrets.token_hex(32)
    with disk_of(tmp_path) as disk:
        with serve(tmp_path, disk.path / "archive", key) as server:
            closed = call(server, "3000", 4711)
            phone = Phone(server.sip, "recorded-1")
            assert phone.call() == 200
            wait_until(lambda: list(server.recordings.glob("*/*/*/*/*.part")), "the recording")
            phone.talk(speech_tone(8000, 700, 4))
            disk.cut()
            gone = time.time()
            server.kill()
            phone.close()
        disk.unmount()
        disk.mount()
        with serve(tmp_path, disk.path / "archive", key) as server:
            assert server.rest("GET", f"recordings/{closed['id']}")[1]["files"] == closed["files"]
            found = server.rest("GET", "recordings?room=recorded-1")[1]["items"][0]
            assert found["state"] == "recovered"
            started = datetime.datetime.fromisoformat(found["started"].replace("Z", "+00:00")).timestamp()
            lost = gone - started - found["duration"]
            print(f"\n{lost * 1000:.0f} ms of {gone - started:.1f} s lost")
            assert -0.1 < lost < LOST
            for entry in (closed, found):
                server.cli("recordings", "export", entry["id"], "--to", str(tmp_path))
                for file in entry["files"]:
                    content = (tmp_path / f"{entry['id']}-{file['name']}").read_bytes()
                    assert hashlib.sha256(content).hexdigest() == file["sha256"]
            samples, rate = soundfile.read(tmp_path / f"{found['id']}-mix.wav")
            assert spectrum.tone_level(samples[rate:2 * rate], rate, 700, 0.1) > -40
            assert "as they were left" in server.cli("recordings", "verify").stdout
