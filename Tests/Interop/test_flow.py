"""A voice menu walked by phones with keys, in two languages; the simulator goes the same way."""

import json
import re
import shutil
import socket
import struct
import subprocess
import threading
import urllib.request

import numpy as np
import pytest
from scipy.io import wavfile

import spectrum
from capture import Capture, is_rtcp, rtp_payload
from likeness import likeness
from server import PROGRAM, ROOT, Server, free_sip_port, wait_until
from softphone import Phone, ulaw_decode

FLOW = ROOT / "docs/flows/shop.yaml"
ROOMS = '  - {pattern: "support", greeting: none, announce_joining: false, hold_music: false}'


MAILBOX = """
blocks:
  main:
    - gather: {into: order, prompt: enter-order, digits: 4}
    - record: {maximum: 30}
    - play: thank-you
"""

AGENT = """
blocks:
  main:
    - set: {order: "4711"}
    - dial: {uri: "sip:agent@127.0.0.1:PORT", timeout: 5, otherwise: sorry}
  sorry:
    - play: specialist-unavailable
    - conference: support
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    mailbox = tmp_path_factory.mktemp("flows") / "mailbox.yaml"
    mailbox.write_text(MAILBOX)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind(("127.0.0.1", 0))
        agent.settimeout(10)
        dialling = tmp_path_factory.mktemp("flows") / "agent.yaml"
        dialling.write_text(AGENT.replace("PORT", str(agent.getsockname()[1])))
        extra = f"""
flows: [{{name: shop, file: {FLOW}}}, {{name: mailbox, file: {mailbox}}}, {{name: agent, file: {dialling}}}]
routes:
  - {{match: "5001", action: flow shop}}
  - {{match: "5002", action: flow mailbox}}
  - {{match: "5003", action: flow agent}}
  - {{match: "agent", action: dial}}
"""
        with Server(ROOMS, extra=extra) as running:
            running.agent = agent
            yield running


class Steps(threading.Thread):
    """Collects the events of the flow from the server's event stream: `path` in their order, `paths` by call."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.path, self.paths = [], {}
        self.stream = urllib.request.urlopen(f"http://127.0.0.1:{server.private}/api/v1/events", timeout=60)
        self.start()

    def run(self):
        try:
            for line in self.stream:
                if not line.startswith(b"data:"):
                    continue
                event = json.loads(line[5:])
                values = event.get("values", event)
                if "keyword" in values:
                    step = (values["block"], int(values["step"]), values["keyword"])
                    self.path.append(step)
                    self.paths.setdefault(values["call"], []).append(step)
        except (OSError, ValueError, AttributeError):
            pass


def simulate(keys, *more):
    answer = subprocess.run(
        [PROGRAM, "flow", "run", str(FLOW), "--dtmf", keys, "--json", *more], capture_output=True, text=True, check=True)
    result = json.loads(answer.stdout)
    return [(step["block"], step["step"], step["keyword"]) for step in result["path"]], result["variables"]


def test_a_phone_and_the_simulator_walk_the_same_way(shop):
    keys, language, order = "199#4712#21234#1", "en", "1234"
    path, variables = simulate(keys)
    assert len(path) >= 12 and path[-1] == ("people", 2, "conference")
    steps = Steps(shop)
    phone = Phone(shop.sip, "5001")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    wait_until(lambda: len(phone.received) > 20, "the welcome")
    for digit in keys:
        phone.key(digit)
    wait_until(lambda: shop.members("support"), "the caller among the people who help", seconds=30)
    wait_until(lambda: len(steps.path) >= len(path), "all steps of the flow")
    assert steps.path == path
    assert variables["order"] == order
    heard = phone.heard()
    rate, said = wavfile.read(ROOT / "build/prompts" / language / "transferring.wav")
    assert likeness(said, rate, heard, 8000) > 0.9, "put through, in the caller's language"
    phone.hang_up()
    wait_until(lambda: not shop.members("support"), "the end of the call")


#: A call of sipp: it presses its keys by RFC 4733 (its payload type for them is 96) once the first prompt is there, and waits for the BYE.
SIPP = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="keys">
  <send retrans="500"><![CDATA[

    INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:sipp@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 0 96
    a=rtpmap:96 telephone-event/8000
    a=fmtp:96 0-15

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[

    ACK [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <pause milliseconds="300"/>
  <nop><action><exec play_dtmf="KEYS"/></action></nop>
  <recv request="BYE" timeout="30000"/>
  <send><![CDATA[

    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
"""


def sipp_with_keys(keys, folder):
    """The command of a call, but for its addressee; and where its sound goes."""
    port, media = free_sip_port(), free_sip_port()
    scenario = folder / "keys.xml"
    scenario.write_text(SIPP.replace("KEYS", keys))
    return ["sipp", "-sf", str(scenario), "-m", "1", "-i", "127.0.0.1", "-p", str(port), "-mp", str(media), "-nostdin",
            "-timeout", "40"], media


def sound_to(port, capture):
    """What went to a port as PCMU, in the order of its packets."""
    packets = [octets for _, destination, octets in list(capture.udp)
               if destination[1] == port and len(octets) > 12 and not is_rtcp(octets) and octets[1] & 0x7F == 0]
    packets.sort(key=lambda packet: struct.unpack("!H", packet[2:4]))
    return ulaw_decode(b"".join(rtp_payload(packet) for packet in packets))


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed")
def test_sipp_and_the_simulator_walk_the_same_way_in_two_languages(shop, tmp_path):
    walks = {"24711#1": "de", "199#4712#21234#1": "en"}
    try:
        capture = Capture()
    except PermissionError:
        pytest.skip("sipp and this test may not use raw sockets here")
    steps, callers = Steps(shop), {}
    with capture:
        for keys in walks:
            folder = tmp_path / keys.strip("#")
            folder.mkdir()
            command, media = sipp_with_keys(keys, folder)
            callers[keys] = media, subprocess.Popen(
                command + ["-s", "5001", f"127.0.0.1:{shop.sip}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, cwd=folder)
        try:
            wait_until(lambda: len(shop.members("support")) == 2, "both among the people who help", seconds=30)
            for member in shop.members("support"):
                shop.rest("DELETE", f"rooms/support/members/{member['id']}")
            for _, caller in callers.values():
                output, _ = caller.communicate(timeout=15)
                assert caller.returncode == 0, output[-2000:]
        finally:
            for _, caller in callers.values():
                caller.kill()
    paths = [simulate(keys)[0] for keys in walks]
    assert all(len(path) >= 12 and path[-1] == ("people", 2, "conference") for path in paths)
    wait_until(lambda: len(steps.path) >= sum(map(len, paths)), "all steps of both")
    assert sorted(steps.paths.values()) == sorted(paths)
    for keys, language in walks.items():
        heard = sound_to(callers[keys][0], capture)
        rate, said = wavfile.read(ROOT / "build/prompts" / language / "transferring.wav")
        assert likeness(said, rate, heard, 8000) > 0.9, "put through, in the caller's language"


def test_a_message_is_left_and_found_by_its_order(shop):
    phone = Phone(shop.sip, "5002")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    for digit in "4711":
        phone.key(digit)
    wait_until(lambda: shop.rest("GET", "recordings")[1]["items"], "the recording")
    phone.talk((8000 * np.sin(2 * np.pi * 440 * np.arange(3 * 8000) / 8000)).astype(np.int16))
    phone.key("#")
    while not (text := phone.hear()).startswith("BYE"):
        pass
    phone._answer(text)
    phone.close()
    found = lambda: [item for item in shop.rest("GET", "recordings")[1]["items"] if item["state"] == "finished"]
    wait_until(found, "the finished message")
    (message,) = found()
    assert message["room"] == "mailbox" and message["context"]["order"] == "4711"
    rate, said = wavfile.read(next(shop.recordings.rglob("mix.wav")))
    assert 3 <= len(said) / rate < 6
    assert spectrum.tone_level(said.astype(float) / 32768, rate, 440, 0.5) > -30


def respond(server, request, status, extra="", body=""):
    """Answers a request that came to the agent's socket."""
    lines = [line for line in request.split("\r\n") if re.match(r"(?i)(via|from|call-id|cseq):", line)]
    to = re.search(r"(?im)^to:.*", request).group(0).strip() + ";tag=agent"
    text = f"SIP/2.0 {status}\r\n" + "\r\n".join(lines) + f"\r\n{to}\r\n{extra}Content-Length: {len(body)}\r\n\r\n{body}"
    server.agent.sendto(text.encode(), ("127.0.0.1", server.sip))


def next_request(server, method):
    while True:
        text = server.agent.recv(65536).decode()
        if text.startswith(method + " "):
            return text


def test_an_agent_who_is_dialled_gets_the_order_and_the_caller(shop):
    phone = Phone(shop.sip, "5003")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    invite = next_request(shop, "INVITE")
    assert re.search(r"(?im)^x-call-order: 4711\r?$", invite)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp:
        rtp.bind(("127.0.0.1", 0))
        sdp = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
               f"m=audio {rtp.getsockname()[1]} RTP/AVP 0\r\n")
        port = shop.agent.getsockname()[1]
        respond(shop, invite, "200 OK", f"Contact: <sip:agent@127.0.0.1:{port}>\r\nContent-Type: application/sdp\r\n", sdp)
        rooms = lambda: [room for room in shop.rest("GET", "rooms")[1]["items"] if room["name"].startswith("call-")]
        wait_until(lambda: rooms() and len(rooms()[0]["members"]) == 2, "both in a room of their own")
        phone.hang_up()
        wait_until(lambda: all(len(room["members"]) < 2 for room in rooms()), "the caller is gone")
        for room in rooms():
            for member in room["members"]:
                shop.rest("DELETE", f"rooms/{room['name']}/members/{member['id']}")
        bye = next_request(shop, "BYE")
        respond(shop, bye, "200 OK")
        wait_until(lambda: not rooms(), "the end of the room")


def test_an_agent_who_is_busy_leaves_the_caller_with_the_flow(shop):
    phone = Phone(shop.sip, "5003")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    respond(shop, next_request(shop, "INVITE"), "486 Busy Here")
    wait_until(lambda: shop.members("support"), "the caller where the flow leads then", seconds=20)
    rate, said = wavfile.read(ROOT / "build/prompts/en/specialist-unavailable.wav")
    assert likeness(said, rate, phone.heard(), 8000) > 0.9
    phone.hang_up()


def test_nobody_rings_for_a_caller_who_has_hung_up(shop):
    phone = Phone(shop.sip, "5003")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    respond(shop, next_request(shop, "INVITE"), "180 Ringing")
    phone.hang_up()
    assert next_request(shop, "CANCEL")


def test_what_is_wrong_with_a_flow_is_said_with_its_line(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("blocks:\n  main:\n    - say: welcome\n    - go: mian\n")
    answer = subprocess.run([PROGRAM, "check", str(broken)], capture_output=True, text=True)
    assert answer.returncode == 2
    assert answer.stderr == f"{broken}:2: blocks.main: leads to 'mian', which is no block; did you mean 'main'?\n"
    right = subprocess.run([PROGRAM, "check", str(FLOW)], capture_output=True, text=True, check=True)
    assert "a voice flow of 7 blocks" in right.stdout
