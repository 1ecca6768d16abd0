"""The first run with nothing changed, in Firefox: the demo on loopback, its shop, the button; both ends hear each other."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import types
import urllib.error
import urllib.request

import pytest

from firefox_stage import ADDRESS, MARKS, SHADOW, browsers, both_are_heard, media_port, network, talker
from server import PROGRAM, ROOT, wait_until

pytest.importorskip("websockets")
pytestmark = MARKS
PAGES = "http://127.0.0.1:9090"


@pytest.fixture(scope="module")
def demo(network, tmp_path_factory):
    """In a network of its own the usual ports are free."""
    folder = tmp_path_factory.mktemp("demo")
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([PROGRAM, "demo"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   env=os.environ | {"TRIALOGUE_RECORDING_DIRECTORY": str(folder / "recordings")})
        try:
            def is_ready():
                assert process.poll() is None, (folder / "log").read_text()
                try:
                    return urllib.request.urlopen(f"{PAGES}/readyz", timeout=2).status == 200
                except (urllib.error.URLError, ConnectionError):
                    return False
            wait_until(is_ready, "the demo", 20)
            yield types.SimpleNamespace(sip=5060, pid=process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(15)


@contextlib.contextmanager
def strangers():
    """A neighbour who says to the browsers' port what needs an answer, and knows no secret."""
    ufrag = b"aaaaaaaa:bbbb"
    username = struct.pack(">HH", 6, len(ufrag)) + ufrag + bytes(-len(ufrag) % 4)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((ADDRESS, 0))
        for attributes in (b"", username):
            stranger.sendto(struct.pack(">HHI", 1, len(attributes), 0x2112A442) + os.urandom(12) + attributes, (ADDRESS, 10000))
        # The beginning of a ClientHello, a packet of RTP.
        stranger.sendto(b"\x16\xfe\xfd" + bytes(8) + b"\x00\x2a\x01" + bytes(41), (ADDRESS, 10000))
        stranger.sendto(b"\x80\x00" + bytes(170), (ADDRESS, 10000))
        yield stranger


def test_the_demos_button_brings_firefox_and_a_phone_together(demo, browsers):
    browser = browsers()
    with talker(demo, "support") as phone, strangers() as stranger:
        browser.open(f"{PAGES}/demo/shop")
        browser.wait_for(f"{SHADOW}?.querySelector('button.start')", "the button")
        browser.click(f"{SHADOW}.querySelector('button.start')")
        browser.wait_for("document.querySelector('call-me').state === 'connected'", "the call", 15)
        both_are_heard(browser, phone)
        # Only the browsers' port is where others could reach it.
        sockets = subprocess.run(["ss", "-lntupH"], check=True, capture_output=True, text=True).stdout.splitlines()
        addresses = {line.split()[4] for line in sockets if f"pid={demo.pid}," in line}
        assert {one for one in addresses if not one.startswith(("127.", "[::1]"))} == {f"{ADDRESS}:{media_port(browser)}"}
        stranger.setblocking(False)
        with pytest.raises(BlockingIOError):
            stranger.recv(2048)
        browser.click(f"{SHADOW}.querySelector('[part=hangup]')")
