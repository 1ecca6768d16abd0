"""The callers of `loadtest --webrtc` and `call --webrtc` are browsers to the server: ICE, DTLS, SRTP; checked by what they hear."""

import json
import subprocess

import pytest

import spectrum
from server import PROGRAM, ROOT, Server, free_sip_port

TONES = {440: "opus", 700: "opus", 1100: "pcmu"}


@pytest.fixture(scope="module")
def server():
    rooms = '  - {pattern: "300*", greeting: none, announce_joining: false, hold_music: false}\n'
    with Server(rooms, browser_port=free_sip_port()) as running:
        yield running


def test_two_browsers_hear_three_others_in_a_room(server, tmp_path):
    calls = []
    for frequency, codec in TONES.items():
        spectrum.write_tone(tmp_path / f"{frequency}.wav", frequency, 6)
        calls.append([server.uri("3000"), "--codec", codec, "--say", str(tmp_path / f"{frequency}.wav"), "--after", "0.5", "--seconds", "5"])
    uris = {"opus": server.uri("3000"), "g722": f"sip:3000@127.0.0.1:{server.private}"}
    for codec in ("opus", "g722"):
        calls.append([uris[codec], "--codec", codec, "--hear", str(tmp_path / f"{codec}.wav"), "--seconds", "4.5"])
    # One of them as browsers do, over a WebSocket.
    calls[-1] += ["--transport", "ws"]
    running = [subprocess.Popen([PROGRAM, "call", "--webrtc", *arguments], cwd=ROOT,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for arguments in calls]
    for process in running:
        output, _ = process.communicate(timeout=30)
        assert process.returncode == 0, output
    for codec in ("opus", "g722"):
        samples, rate = spectrum.load(tmp_path / f"{codec}.wav")
        heard = samples[2 * rate:4 * rate]
        for frequency in TONES:
            assert spectrum.tone_level(heard, rate, frequency) > -40, (codec, frequency)
        assert spectrum.tone_level(heard, rate, 1900) < -55, codec


def test_a_load_of_browsers_is_measured_as_phones_are(server):
    result = subprocess.run(
        [PROGRAM, "loadtest", f"sip:3001@127.0.0.1:{server.private}", "--transport", "ws", "--webrtc", "--size", "5", "--codec",
         "opus", "--pattern", "3", "--warm-up", "1", "--duration", "2", "--pid", str(server.process.pid), "--json"], cwd=ROOT, capture_output=True,
        text=True, timeout=60)
    report = json.loads(result.stdout)
    assert result.returncode == 0 or report["stalls"] or report["ownDrops"], report
    assert (report["media"], report["answered"], report["secured"]) == ("webrtc", 5, 5), report
    assert report["failures"] == {} and report["silent"] == 0 and report["securedPerSecond"] > 0
    assert report["cpuMillisecondsPerSetup"] > 0
    assert all(level["level"] > -60 for level in report["levels"]), report["levels"]
