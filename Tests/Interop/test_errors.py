"""Bad input gets a clear error with its place and a next step."""

import socket
import subprocess
import urllib.error
import urllib.request

import numpy as np

from conftest import ROOMS
from server import PROGRAM, ROOT, Server, free_port
from softphone import Phone


def check(tmp_path, text):
    path = tmp_path / "trialogue.yaml"
    path.write_text(text)
    return subprocess.run([PROGRAM, "check", str(path)], capture_output=True, text=True, timeout=20)


def test_an_unknown_key_is_named_with_its_line_and_the_likely_one(tmp_path):
    result = check(tmp_path, "server:\n  domain: example.com\nrooms:\n  - pattern: '30*'\n    hold_musik: true\n")
    assert result.returncode == 2
    assert ":5: rooms[0].hold_musik: unknown key; did you mean 'hold_music'?" in result.stderr


def test_a_wrong_type_and_an_unknown_codec_are_both_reported(tmp_path):
    result = check(tmp_path, "limits:\n  members: many\ncodecs:\n  allowed: [opus, G729]\n")
    assert result.returncode == 2
    assert ":2: limits.members: 'many' is no whole number" in result.stderr
    assert "codecs.allowed: unknown codec 'G729'" in result.stderr


def test_a_missing_file_and_broken_yaml_are_errors(tmp_path):
    missing = subprocess.run([PROGRAM, "check", str(tmp_path / "none.yaml")], capture_output=True, text=True)
    assert missing.returncode == 2 and "none.yaml" in missing.stderr
    assert check(tmp_path, "rooms: [\n").returncode == 2


def test_a_port_in_use_is_named(server, tmp_path):
    path = tmp_path / "trialogue.yaml"
    path.write_text(f"listen:\n  sip: ['udp 127.0.0.1:{server.sip}']\n  private: '127.0.0.1:{free_port()}'\n"
                    f"recording:\n  directory: {tmp_path}\n")
    result = subprocess.run([PROGRAM, "serve", "--config", str(path)], capture_output=True, text=True, timeout=20, cwd=ROOT)
    assert result.returncode == 1
    assert str(server.sip) in result.stderr


def test_problems_of_the_rest_interface_name_the_member(server):
    assert server.rest("GET", "rooms/none")[0] == 404
    status, problem = server.rest("POST", "rooms", {"name": "3000", "pim": "1"})
    assert status == 400 and problem["field"] == "pim" and problem["status"] == 400
    status, problem = server.rest("POST", "rooms", {"name": "not allowed"})
    assert status == 400 and problem["field"] == "name"
    assert server.rest("POST", "rooms", {})[1]["field"] == "name"
    status, problem = server.rest("POST", "calls", {"uri": "nonsense", "room": "3000"})
    assert status == 400 and problem["field"] == "uri"
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.private}/api/v1/rooms", method="POST", data=b"x" * 100_000)
    try:
        urllib.request.urlopen(request, timeout=5)
        raise AssertionError("accepted")
    except urllib.error.HTTPError as error:
        assert error.code == 413


def test_rubbish_on_every_port_harms_no_call(server):
    phone, other = Phone(server.sip, "3000"), Phone(server.sip, "3000")
    assert phone.call() == 200 and other.call() == 200
    generator = np.random.default_rng(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rubbish:
        for _ in range(500):
            content = generator.integers(0, 256, generator.integers(1, 1400), dtype=np.uint8).tobytes()
            rubbish.sendto(content, ("127.0.0.1", server.sip))
            rubbish.sendto(content, phone.media)
        rubbish.sendto(b"INVITE sip:x SIP/2.0\r\nContent-Length: 99999\r\n\r\n", ("127.0.0.1", server.sip))
    phone.talk(np.zeros(8000, dtype=np.int16))
    assert len(phone.received) > 30
    for p in (phone, other):
        p.hang_up()
    assert server.text("/healthz") == "ok\n"
