"""A browser is a member like any other: the shop's button, a real Chromium with a microphone, and a SIP phone in one room."""

import pathlib
import tempfile
import threading
import time

import numpy as np
import pytest
import soundfile

from browser import PROGRAM, Browser
from likeness import likeness
from server import ROOT, Server, wait_until
from softphone import Phone

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")

BUTTON = "document.getElementById('button')"
#: Levels of frequency bins in what the browser plays, in dB.
LISTEN = f"""(async () => {{
  const stream = {BUTTON}.shadowRoot.querySelector('audio').srcObject;
  globalThis.ear ??= (() => {{
    const context = new AudioContext({{ sampleRate: 48000 }});
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    context.createMediaStreamSource(stream).connect(analyser);
    return {{ context, analyser }};
  }})();
  await ear.context.resume();
  const bins = new Float32Array(ear.analyser.frequencyBinCount);
  ear.analyser.getFloatFrequencyData(bins);
  return Array.from(bins.slice(0, 1024));
}})()"""


@pytest.fixture(scope="module")
def server():
    rooms = '  - {pattern: "support*", greeting: none, announce_joining: false, hold_music: false}\n'
    with Server(rooms) as running:
        yield running


def spoken(seconds=12):
    """A microphone's file: a prompt, over and over. Speech, because browsers take steady tones for noise."""
    path = next((ROOT / "build/prompts/en").glob("announcement-demo.wav"))
    samples, rate = soundfile.read(path, dtype="int16")
    count = int(seconds * rate)
    samples = np.tile(np.concatenate([samples, np.zeros(rate // 2, dtype=np.int16)]), 1 + count // len(samples))[:count]
    target = pathlib.Path(tempfile.mkdtemp(prefix="microphone-")) / "microphone.wav"
    soundfile.write(target, samples, rate, subtype="PCM_16")
    return target, samples, rate


class Talker:
    """A phone that says a tone until it is told to stop."""

    def __init__(self, server, room, codec="PCMU"):
        self.phone = Phone(server.sip, room, codec)
        assert self.phone.call() == 200, self.phone.answer
        self.going = True
        rate = self.phone.rate
        self.tone = (9000 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)).astype(np.int16)
        self.thread = threading.Thread(target=self._talk, daemon=True)
        self.thread.start()

    def _talk(self):
        while self.going:
            self.phone.talk(self.tone)

    def stop(self):
        self.going = False
        self.thread.join()
        self.phone.hang_up()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_shops_button_brings_a_visitor_and_a_phone_together(server, scheme):
    microphone, said, rate = spoken()
    port = server.private if scheme == "http" else server.web
    agent = Talker(server, "support")
    try:
        with Browser(microphone=microphone) as browser:
            browser.open(f"{scheme}://127.0.0.1:{port}/demo/shop")
            browser.wait_for(f"{BUTTON}.shadowRoot?.querySelector('button')", "the button")
            browser.click(f"{BUTTON}.shadowRoot.querySelector('button')")
            browser.wait_for(f"{BUTTON}.state === 'connected'", "the call", seconds=15)
            wait_until(lambda: len(server.members("support")) == 2, "both members")
            visitor = next(m for m in server.members("support") if m["name"] != "Test")
            assert visitor["name"] == "Juliana Weber"
            assert visitor["codec"] == "opus"
            # The phone hears the visitor's words.
            # The browser takes some seconds to find its volume.
            time.sleep(4)
            start = time.monotonic()
            time.sleep(5)
            heard = agent.phone.heard(since=start)
            # Other prompts are below 0.3.
            assert likeness(np.tile(said, 2), rate, heard, 8000) > 0.6
            # The visitor hears the phone's tone, and nothing else so loud.
            bins = np.array(browser.run(LISTEN))
            time.sleep(0.5)
            bins = np.array(browser.run(LISTEN))
            peak = int(np.argmax(bins)) * 48000 / 8192
            assert abs(peak - 440) < 12, peak
            assert bins.max() > -45
            browser.run(f"{BUTTON}.hangup()")
            wait_until(lambda: len(server.members("support")) == 1, "the visitor's leaving")
            assert browser.console == []
    finally:
        agent.stop()
