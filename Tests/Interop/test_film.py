"""Pictures in recordings: what Chromiums show is found in the files by its colour, on the clock of the mix, also after a kill."""

import json
import subprocess
import time
import urllib.request

import numpy as np
import pytest

from browser import PROGRAM
from server import Server, select_wait, wait_until
from test_recording_kill import wall
from cameras import CHANNEL
from test_video import folder, member, seen  # noqa: F401  (folder is a fixture)

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")

ROOMS = '  - {pattern: "film*", greeting: none, announce_joining: false, hold_music: false, record_video: true}\n'


def run(*arguments):
    """The output of a program that has nothing to complain of."""
    result = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    assert result.returncode == 0 and result.stderr == b"", result.stderr.decode()
    return result.stdout


def duration(path):
    return float(run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)))


def times(path):
    """When each picture is shown, in seconds."""
    packets = json.loads(run("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time",
                             "-of", "json", str(path)))["packets"]
    return [float(packet["pts_time"]) for packet in packets]


def pictures(path):
    """Every picture, decoded, as one picture element of red, green and blue."""
    octets = run("ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-fps_mode", "passthrough",
                 "-enc_time_base", "-1", "-vf", "scale=1:1:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    return np.frombuffer(octets, dtype=np.uint8).reshape(-1, 3).astype(int)


def check(path, colour, seconds):
    shown = times(path)
    assert shown == sorted(shown) and shown[0] < 1.5
    # 15 a second are sent, or what a busy machine leaves of them.
    assert np.median(np.diff(shown)) < 0.15
    found = pictures(path)
    assert len(found) == len(shown) > 3 * (seconds - shown[0]), (len(found), len(shown), seconds)
    strongest = CHANNEL[colour]
    others = [channel for channel in range(3) if channel != strongest]
    assert (found[:, strongest] > found[:, others].max(axis=1) + 60).all(), found
    # The voice lies beside it, whole.
    run("ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a", "-f", "null", "-")


def test_pictures_are_recorded_on_the_clock_of_the_mix_and_outlive_a_kill(folder, tmp_path):  # noqa: F811
    archive = tmp_path / "archive"
    with Server(ROOMS, folder=tmp_path, recordings=archive) as server:
        def record():
            status, entry = server.rest("POST", "rooms/film-1/recordings", {"notice": False, "format": "wav"})
            assert status == 201, entry
            return entry["id"]

        def parts(recording):
            return list(archive.glob(f"*/*/*/{recording}/*.webm.part"))

        with member(server, folder, "red", "film-1") as red, member(server, folder, "blue", "film-1") as blue:
            wait_until(lambda: all(seen(one) and seen(one)[0]["frames"] > 5 for one in (red, blue)), "both pictures", 15)
            first = record()
            wait_until(lambda: len(parts(first)) == 2, "both films", 5)
            before = seen(red)[0]["frames"]
            wait_until(lambda: seen(red)[0]["frames"] > before + 40, "seconds of pictures", 20)
            assert server.rest("PATCH", f"recordings/{first}", {"action": "stop"})[0] == 200

            def entry():
                return server.rest("GET", f"recordings/{first}")[1]

            wait_until(lambda: entry().get("seal"), "the closed recording", 5)
            names = [file["name"] for file in entry()["files"]]
            films = sorted(name for name in names if name.endswith(".webm"))
            assert len(films) == 2 and set(names) == {"mix.wav", *films}
            assert sorted(entry()["tracks"]) == sorted(name.removesuffix(".webm") for name in films)
            for name in names:
                address = f"http://127.0.0.1:{server.private}/api/v1/recordings/{first}/files/{name}"
                with urllib.request.urlopen(address, timeout=5) as answer:
                    assert answer.headers["Content-Type"] == ("audio/wav" if name == "mix.wav" else "video/webm")
                    (tmp_path / name).write_bytes(answer.read())
            seconds = duration(tmp_path / "mix.wav")
            # Red came first: its leg has the lower number.
            for name, colour in zip(sorted(films, key=lambda name: int(name.split(".")[0])), ("red", "blue")):
                assert abs(duration(tmp_path / name) - seconds) < 0.1
                check(tmp_path / name, colour, seconds)

            second = record()
            wait_until(lambda: len(parts(second)) == 2, "both films", 5)
            select_wait(1.5)
            server.kill()
            killed = time.time()
        directory = parts(second)[0].parent
        lasted = killed - wall(json.loads((directory / "recording.json").read_text())["started"])
        server.start()
        found = server.rest("GET", f"recordings/{second}")[1]
        assert found["state"] == "recovered"
        films = sorted(directory.glob("*.webm"), key=lambda path: int(path.stem))
        assert sorted(path.name for path in films) == sorted(
            file["name"] for file in found["files"] if file["name"].endswith(".webm"))
        for path, colour in zip(films, ("red", "blue"), strict=True):
            assert -0.1 < lasted - duration(path) < 0.5, (lasted, duration(path))
            check(path, colour, duration(path))
