"""Bad input gets a clear error with its place and a next step, and costs nobody else anything."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import numpy as np
import pytest

from reference_call import ReferenceCall
from server import PROGRAM, ROOT, Server, free_port, free_sip_port, wait_until
from softphone import Phone

ROOM = '  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}'


@pytest.fixture(scope="module", autouse=True)
def reference(server):
    """One call is up during all of these tests, and loses nothing."""
    with ReferenceCall(server, "3002") as call:
        wait_until(lambda: all(len(phone.received) > 50 for phone in call.phones), "sound in the reference call")
        yield call
        assert call.lost() == 0
        assert len(server.members("3002")) == 2


def run(*arguments, seconds=20, **options):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=seconds, cwd=ROOT, **options)


def check(tmp_path, text):
    path = tmp_path / "trialogue.yaml"
    path.write_text(text)
    return run("check", str(path))


def serve(tmp_path, text, **options):
    """What a server says that cannot start."""
    path = tmp_path / "trialogue.yaml"
    path.write_text(text)
    return run("serve", "--config", str(path), **options)


def listen(sip=None, transport="udp", private=None):
    return (f"listen:\n  sip: ['{transport} 127.0.0.1:{sip or free_sip_port()}']\n"
            f"  web: none\n  private: '127.0.0.1:{private or free_port()}'\n")


# Command line and configuration

@pytest.mark.parametrize("arguments", [
    ["nonsense"], ["serve", "--colour"], ["serve", "--log-level", "loud"], ["check"], ["loadtest"],
    ["loadtest", "sip:a@b", "--codec", "mp3"], ["status", "--server", "here"]])
def test_a_line_that_cannot_be_understood_ends_with_2(arguments):
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stderr.startswith("Error: ")


def test_a_server_that_does_not_answer_is_named_with_a_next_step():
    result = run("status", "--server", f"http://127.0.0.1:{free_port()}")
    assert result.returncode == 1
    assert "Is 'trialogue serve' running?" in result.stderr


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
    missing = run("check", str(tmp_path / "none.yaml"))
    assert missing.returncode == 2 and "none.yaml: cannot be read" in missing.stderr
    broken = check(tmp_path, "rooms: [\n")
    assert broken.returncode == 2 and re.search(r"trialogue\.yaml:\d+: \(file\): no valid YAML", broken.stderr)


def test_a_wrong_file_starts_nothing(tmp_path):
    port = free_sip_port()
    result = serve(tmp_path, listen(port) + "rooms:\n  - {patern: x}\n")
    assert result.returncode == 2 and "did you mean 'pattern'?" in result.stderr
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", port))


def test_a_reload_changes_everything_or_nothing(tmp_path):
    with Server(ROOM, folder=tmp_path) as server:
        text = server.configuration.read_text()
        server.configuration.write_text(text.replace("3000-3009", "4000-4009").replace("greeting", "greting"))
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "nothing was changed" in server.log_path.read_text(), "the refusal of the new file")
        assert "did you mean 'greeting'?" in server.log_path.read_text()
        before, after = Phone(server.sip, "3000"), Phone(server.sip, "4000")
        assert before.call() == 200 and after.call() == 404
        after.close()
        server.configuration.write_text(text.replace("3000-3009", "4000-4009"))
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "configuration reloaded" in server.log_path.read_text(), "the new configuration")
        after = Phone(server.sip, "4000")
        assert after.call() == 200
        assert len(server.members("3000")) == 1, "the call that was up is gone"
        for phone in (before, after):
            phone.hang_up()


# What the server finds at its start

def test_missing_prompts_are_named_with_a_next_step(tmp_path, monkeypatch):
    for folder, sentence in (("none", "cannot be read; run 'make prompts' or set prompts.directory"),
                             ("empty", "callers will hear nothing there")):
        (tmp_path / "empty/en").mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv("TRIALOGUE_PROMPTS_DIRECTORY", str(tmp_path / folder))
        home = tmp_path / f"server-{folder}"
        home.mkdir()
        with Server(ROOM, folder=home) as server:
            log = server.log_path.read_text()
            assert sentence in log and str(tmp_path / folder) in log
            # Calls go on without them.
            phone = Phone(server.sip, "3000")
            assert phone.call() == 200
            wait_until(lambda: server.members("3000"), "the member")
            phone.hang_up()
    assert "'enter-pin' is missing" in log


def test_a_prompt_that_is_no_wav_is_named(tmp_path, monkeypatch):
    (tmp_path / "prompts/en").mkdir(parents=True)
    (tmp_path / "prompts/en/welcome.wav").write_bytes(b"RIFF nonsense")
    monkeypatch.setenv("TRIALOGUE_PROMPTS_DIRECTORY", str(tmp_path / "prompts"))
    with Server(ROOM, folder=tmp_path) as server:
        assert "prompts/en/welcome.wav' is no WAV that can be played" in server.log_path.read_text()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_sip_port_in_use_is_named(server, tmp_path, transport):
    result = serve(tmp_path, listen(server.sip, transport) + f"recording:\n  directory: {tmp_path / 'r'}\n")
    assert result.returncode == 1
    assert "listen.sip" in result.stderr and f"127.0.0.1:{server.sip}" in result.stderr
    assert "in use" in result.stderr.lower()


def test_the_usual_browser_port_in_use_is_replaced_and_a_chosen_one_is_named(tmp_path):
    with contextlib.ExitStack() as stack:
        for port in (10_000, chosen := free_sip_port()):
            holder = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            # If another server has the usual port already, it is in use just the same.
            with contextlib.suppress(OSError):
                holder.bind(("127.0.0.1", port))
        (tmp_path / "usual").mkdir()
        with Server(ROOM, folder=tmp_path / "usual", browser_port=10_000) as server:
            assert re.search(r"listen.browser_port: 10000 is in use, browsers come by 10\d00 instead", server.log_path.read_text())
        listening = listen().replace("listen:\n", f"listen:\n  browser_port: {chosen}\n", 1)
        result = serve(tmp_path, listening + f"recording:\n  directory: {tmp_path / 'r'}\n")
        assert result.returncode == 1
        assert "listen.browser_port" in result.stderr and "Is another server running there?" in result.stderr


def test_a_private_port_in_use_is_named(server, tmp_path):
    result = serve(tmp_path, listen(private=server.private) + f"recording:\n  directory: {tmp_path / 'r'}\n")
    assert result.returncode == 1
    assert "listen.private" in result.stderr and f"127.0.0.1:{server.private}" in result.stderr
    assert "Is another server running there?" in result.stderr


def test_a_file_in_the_place_of_the_recordings_is_named(tmp_path):
    (tmp_path / "file").write_text("no directory")
    result = serve(tmp_path, listen() + f"recording:\n  directory: {tmp_path / 'file'}\n")
    assert result.returncode == 1
    assert "recording.directory" in result.stderr and str(tmp_path / "file") in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_recordings_that_may_not_be_written_are_named(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forbidden")
    (folder / "recordings").mkdir(mode=0o755)
    configuration = folder / "trialogue.yaml"
    configuration.write_text(listen() + f"recording:\n  directory: {folder / 'recordings'}\n")
    for path in (folder, *folder.parents):
        if path.stat().st_mode & 0o001 == 0 and path.owner() == "root" and str(path).startswith("/tmp/"):
            path.chmod(0o755)
    try:
        result = subprocess.run([PROGRAM, "serve", "--config", str(configuration)], capture_output=True, text=True,
                                timeout=20, user=65534, group=65534, cwd="/")
    except PermissionError:
        pytest.skip("the program cannot be run by somebody else")
    assert result.returncode == 1
    assert "recording.directory" in result.stderr and "permission" in result.stderr


def test_the_log_keeps_to_its_level_and_a_stop_is_no_error(tmp_path):
    path = tmp_path / "trialogue.yaml"
    private = free_port()
    path.write_text(listen(private=private) + f"recording: {{directory: {tmp_path / 'r'}}}\nrooms:\n{ROOM}\n"
                    f"prompts: {{directory: {ROOT / 'build/prompts'}}}\n")
    process = subprocess.Popen([PROGRAM, "serve", "--config", str(path), "--log-level", "error"], cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    def is_ready():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{private}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False
    wait_until(is_ready, "the server", 20)
    # A connection that is open when the server ends.
    with socket.create_connection(("127.0.0.1", private)) as connection:
        connection.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200" in connection.recv(4096)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert output == ""


# Calls

def test_a_trunk_that_cannot_be_reached_is_told_by_the_call_within_its_time(tmp_path):
    trunk = free_sip_port()
    extra = (f"trunks:\n  - {{name: carrier, host: 127.0.0.1, port: {trunk}}}\n"
             "routes:\n  - {match: '49*', action: dial}\n  - {match: '0900*', action: block}\n")
    with Server(ROOM, extra=extra, folder=tmp_path) as server:
        status, call = server.rest("POST", "calls", {"uri": "sip:4912345@127.0.0.1", "room": "3000", "timeout": 2})
        assert status == 201, call
        wait_until(lambda: server.rest("GET", f"calls/{call['id']}")[1]["state"] == "ended", "the end of the call", 6)
        ended = server.rest("GET", f"calls/{call['id']}")[1]
        assert ended["cause"] and ended["ended"]
        assert server.rest("GET", "rooms/3000")[0] == 404, "a room is left over"
        # What no route allows is told at once, with the key to change.
        status, problem = server.rest("POST", "calls", {"uri": "sip:1@127.0.0.1", "room": "3000"})
        assert status == 403 and "routes" in problem["detail"] and problem["field"] == "uri"
        status, problem = server.rest("POST", "calls", {"uri": "sip:0900123@127.0.0.1", "room": "3000"})
        assert status == 403 and problem["detail"] == "Blocked by a route"


class StrangePhone(Phone):
    """Offers what it is given."""

    def __init__(self, server, room, body):
        super().__init__(server.sip, room)
        self.body = body

    def sdp(self):
        return self.body.replace("PORT", str(self.rtp.getsockname()[1]))


OFFER = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio PORT RTP/AVP 18\r\n"
         "a=rtpmap:18 G729/8000\r\n")


@pytest.mark.parametrize("body, expected", [
    (OFFER, {488}),
    (OFFER.replace("RTP/AVP 18", "RTP/SAVP 0"), {488}),
    (OFFER.replace("m=audio", "m=video"), {488}),
    ("v=0\r\nnonsense\r\n", {400, 488}),
    ("x" * 3000, {400, 413, 488}),
    (OFFER.replace("IN IP4 127.0.0.1", "IN IP4 300.1.1.1"), {400, 488}),
])
def test_an_offer_that_cannot_be_taken_is_refused_properly(server, body, expected):
    phone = StrangePhone(server, "3000", body)
    assert phone.call() in expected
    phone.request("ACK", cseq=phone.cseq)
    phone.close()


def exchange(server, message, transport="udp"):
    """The first line that comes back, or nothing."""
    if transport == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            phone.bind(("127.0.0.1", 0))
            phone.settimeout(3)
            port = phone.getsockname()[1]
            phone.sendto(message.replace(b"PORT", str(port).encode()), ("127.0.0.1", server.sip))
            try:
                return phone.recv(65536).split(b"\r\n")[0].decode()
            except TimeoutError:
                return ""
    with socket.create_connection(("127.0.0.1", server.sip), timeout=3) as phone:
        try:
            phone.sendall(message.replace(b"PORT", str(phone.getsockname()[1]).encode()))
            return phone.recv(65536).split(b"\r\n")[0].decode()
        except OSError:
            return ""


REQUEST = (b"OPTIONS sip:3000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:PORT;branch=z9hG4bKx%d\r\n"
           b"Max-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:3000@127.0.0.1>\r\nCall-ID: e%d\r\n"
           b"CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("index, change, status", [
    (1, (b"", b""), "200"),
    (2, (b"CSeq: 1 OPTIONS", b"CSeq: one OPTIONS"), "400"),
    (3, (b"From: <sip:a@127.0.0.1>;tag=1\r\n", b""), "400"),
    (4, (b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE"), "400"),
    (5, (b"SIP/2.0\r\nVia", b"SIP/7.0\r\nVia"), "505"),
    (6, (b"OPTIONS", b"DANCE"), "405|501"),
    (7, (b"Max-Forwards: 70", b"Max-Forwards: 70\r\nRequire: telepathy"), "420"),
])
def test_malformed_requests_are_told_what_is_wrong(server, index, change, status):
    message = (REQUEST % (index, index)).replace(*change) if change[0] else REQUEST % (index, index)
    line = exchange(server, message)
    assert re.match(rf"SIP/2\.0 ({status}) \S", line), line


def test_a_body_that_is_too_large_is_refused_and_the_connection_goes(server):
    message = (REQUEST % (90, 90)).replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP").replace(
        b"Content-Length: 0", b"Content-Length: 99999999")
    line = exchange(server, message, "tcp")
    assert re.match(r"SIP/2\.0 (413|513) \S", line), line


# REST

def test_problems_of_the_rest_interface_name_the_member(server):
    assert server.rest("GET", "rooms/none")[0] == 404
    status, problem = server.rest("POST", "rooms", {"name": "3000", "pim": "1"})
    assert status == 400 and problem["field"] == "pim" and problem["status"] == 400
    status, problem = server.rest("POST", "rooms", {"name": "not allowed"})
    assert status == 400 and problem["field"] == "name"
    assert server.rest("POST", "rooms", {})[1]["field"] == "name"
    status, problem = server.rest("POST", "calls", {"uri": "nonsense", "room": "3000"})
    assert status == 400 and problem["field"] == "uri"
    status, problem = server.rest("POST", "rooms/3002/plays", {"prompts": ["none"]})
    assert status == 404 and "GET /api/v1/prompts" in problem["detail"]
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.private}/api/v1/rooms", method="POST", data=b"x" * 100_000)
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=5)
    assert error.value.code == 413


@pytest.mark.parametrize("name", ["../x", "a/b", "a b", "a\r\nb", "", ".hidden", "x" * 65, "a\0b", "%2e%2e", "ä"])
def test_names_that_are_no_names_make_no_room(server, name):
    assert server.rest("POST", "rooms", {"name": name})[0] == 400
    member = server.members("3002")[0]["id"]
    assert server.rest("POST", f"rooms/3002/members/{member}/move", {"room": name})[0] == 404
    assert server.rest("POST", "calls", {"uri": f"sip:a@127.0.0.1:{server.sip}", "room": name})[0] in (400, 403, 404)


# Everything at once

def test_rubbish_on_every_port_harms_no_call(server, reference):
    phone = Phone(server.sip, "3000")
    assert phone.call() == 200
    lost = reference.lost()
    generator = np.random.default_rng(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rubbish:
        for _ in range(500):
            content = generator.integers(0, 256, generator.integers(1, 1400), dtype=np.uint8).tobytes()
            rubbish.sendto(content, ("127.0.0.1", server.sip))
            rubbish.sendto(content, phone.media)
            rubbish.sendto(content, reference.phones[0].media)
        rubbish.sendto(b"INVITE sip:x SIP/2.0\r\nContent-Length: 99999\r\n\r\n", ("127.0.0.1", server.sip))
    with socket.create_connection(("127.0.0.1", server.sip)) as stream:
        stream.sendall(generator.integers(0, 256, 20_000, dtype=np.uint8).tobytes())
    phone.talk(np.zeros(8000, dtype=np.int16))
    assert len(phone.received) > 30
    phone.hang_up()
    assert server.text("/healthz") == "ok\n"
    assert reference.lost() == lost
