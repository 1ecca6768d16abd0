"""Who sprays the ports of a running server is neither heard nor hears, of phones nor of browsers, whatever he has found out."""

import socket
import struct
import subprocess
import threading
import time

import numpy as np
import pytest

import spectrum
from reference_call import ReferenceCall
from server import PROGRAM, ROOT, Server, free_sip_port
from softphone import Phone, ulaw_encode

CALLER, BROWSER, STRANGER = 440, 700, 1900


@pytest.fixture(scope="module")
def server():
    rooms = '  - {pattern: "40*", greeting: none, announce_joining: false, hold_music: false}\n'
    port = free_sip_port()
    with Server(rooms, browser_port=port) as running:
        running.browser_port = port
        yield running


def tone(frequency, seconds, rate=8000):
    return (9000 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)).astype(np.int16)


class Stranger:
    """Sends his tone every 20 ms to each of the ports, and takes what comes back."""

    def __init__(self, local, ports, phone):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((local, 0))
        self.socket.setblocking(False)
        self.ports, self.phone = ports, phone
        self.got, self.sent, self.going = [], 0, True

    def __enter__(self):
        self.thread = threading.Thread(target=self.spray, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.going = False
        self.thread.join()
        self.socket.close()

    def spray(self):
        samples = tone(STRANGER, 10)
        for index in range(500):
            if not self.going:
                return
            payload = ulaw_encode(samples[index * 160:(index + 1) * 160])
            # A source of his own, and the caller's very numbers.
            for ssrc, sequence, timestamp in ((0x5EED, index, index * 160),
                                              (self.phone.ssrc, self.phone.sequence, self.phone.timestamp)):
                packet = struct.pack("!BBHII", 0x80, 0, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload
                for port in self.ports:
                    self.socket.sendto(packet, ("127.0.0.1", port))
                    self.sent += 1
            while True:
                try:
                    self.got.append(self.socket.recv(2048))
                except BlockingIOError:
                    break
            time.sleep(0.02)


def test_a_stranger_on_every_port_is_neither_heard_nor_hears(server, tmp_path):
    caller, listener = Phone(server.sip, "4000"), Phone(server.sip, "4000")
    assert caller.call() == 200 and listener.call() == 200
    spectrum.write_tone(tmp_path / "said.wav", BROWSER, 7)
    browsers = [subprocess.Popen(
        [PROGRAM, "call", "--webrtc", server.uri("4000"), "--codec", "pcmu", "--after", "0.2", "--seconds", "5.5", *more],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for more in (["--say", str(tmp_path / "said.wav")], ["--hear", str(tmp_path / "heard.wav")])]
    # Who says nothing at all could be anywhere behind NAT, and is looked for.
    silence = threading.Thread(target=listener.talk, args=(np.zeros(6 * 8000, dtype=np.int16),))
    silence.start()
    caller.talk(tone(CALLER, 1))
    ports = [server.browser_port]
    for phone in (caller, listener):
        ports += [phone.media[1], phone.media[1] + 1]
    with ReferenceCall(server, "4001") as reference, Stranger("127.0.0.2", ports, caller) as elsewhere, \
            Stranger("127.0.0.1", ports, caller) as neighbour:
        caller.talk(tone(CALLER, 4))
        assert reference.lost() == 0
    assert elsewhere.sent > 1000 and neighbour.sent > 1000
    assert elsewhere.got == [] and neighbour.got == []
    for process in browsers:
        output, _ = process.communicate(timeout=30)
        assert process.returncode == 0, output
    silence.join()
    caller.hang_up()
    listener.hang_up()
    for samples, rate in ((listener.heard() / 32768, 8000), spectrum.load(tmp_path / "heard.wav")):
        heard = samples[2 * rate:int(4.5 * rate)]
        assert spectrum.tone_level(heard, rate, CALLER) > -30
        assert spectrum.tone_level(heard, rate, BROWSER) > -40
        assert spectrum.tone_level(heard, rate, STRANGER) < -60
