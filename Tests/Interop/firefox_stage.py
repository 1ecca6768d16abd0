"""What tests with Firefox have in common: a network, a server, browsers, a phone that talks, and whether both are heard."""

import contextlib

import numpy as np
import pytest

import spectrum
from capture import Capture
from firefox import PROGRAM, Firefox, Sound
from network import ADDRESS, own_network
from server import Server, wait_until
from softphone import Phone, talking

MARKS = [pytest.mark.skipif(PROGRAM is None, reason="firefox-esr is not installed"),
         pytest.mark.skipif(Sound.PROGRAM is None, reason="pulseaudio is not installed")]

#: What the browser's microphone and the phone say, in Hz.
BROWSER, PHONE = 1000, 440
SHADOW = "document.querySelector('call-me').shadowRoot"
#: Put before the page's scripts: keeps the connections, of which the page tells nobody.
KEEP = """
    window.peers = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...all) { super(...all); peers.push(this); }
    };
"""
#: Levels of frequency bins of 48,000 / 8192 Hz in what the browser plays, in dB.
LISTEN = """(async () => {
  const { track } = peers.at(-1).getReceivers()[0];
  if (globalThis.ear?.track !== track) {
    const context = new AudioContext({ sampleRate: 48000 });
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    globalThis.ear = { track, context, analyser };
  }
  await ear.context.resume();
  const bins = new Float32Array(ear.analyser.frequencyBinCount);
  ear.analyser.getFloatFrequencyData(bins);
  return Array.from(bins.slice(0, 512), (level) => Math.max(level, -200));
})()"""


@pytest.fixture(scope="module", autouse=True)
def network():
    """Firefox talks neither from nor to a loopback address: it gets another one."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(own_network())
        except PermissionError as error:
            pytest.skip(f"no network of its own: {error}")
        yield


@pytest.fixture(scope="module")
def server(network):
    rooms = '  - {pattern: "support*", greeting: none, announce_joining: false, hold_music: false}\n'
    extra = "registrar: {users: [{name: alice, password: wonderland}]}\n"
    with Server(rooms, extra=extra, media_address=ADDRESS) as running:
        yield running


@pytest.fixture(scope="module")
def browsers(network):
    """The light and the dark one, each started when it is wanted."""
    with contextlib.ExitStack() as stack:
        started = {}

        def browser(dark=False):
            if dark not in started:
                started[dark] = stack.enter_context(Firefox(dark=dark, tone=BROWSER))
                started[dark].before_scripts(KEEP)
            started[dark].console.clear()
            started[dark].resize(1280, 900)
            return started[dark]

        yield browser


def talker(server, room):
    """A phone that says its tone until the end of the block."""
    return talking(Phone(server.sip, room), PHONE)


def open_shop(browser, server):
    browser.open(f"https://127.0.0.1:{server.web}/demo/shop")
    browser.wait_for(f"{SHADOW}?.querySelector('button.start')", "the button")


def call_by_button(browser, server):
    open_shop(browser, server)
    browser.click(f"{SHADOW}.querySelector('button.start')")
    browser.wait_for("document.querySelector('call-me').state === 'connected'", "the call", 15)


def both_are_heard(browser, phone):
    """The phone hears what the browser's microphone does, and the browser what the phone says, by the spectrum."""
    def is_heard_there():
        samples = phone.heard()[-8000:] / 32768
        return len(samples) == 8000 and spectrum.tone_level(samples, 8000, BROWSER) > -40 and (
            spectrum.tone_level(samples, 8000, BROWSER) > spectrum.tone_level(samples, 8000, BROWSER * 1.5) + 20)

    def is_heard_here():
        bins = np.array(browser.run(LISTEN))
        return bins.max() > -45 and abs(np.argmax(bins) * 48000 / 8192 - PHONE) < 12

    wait_until(is_heard_there, "the browser's tone at the phone")
    wait_until(is_heard_here, "the phone's tone in the browser")


def media_port(browser):
    """The server's port of the last call."""
    return int(browser.run("/^m=audio (\\d+)/m.exec(peers.at(-1).remoteDescription.sdp)[1]"))


@contextlib.contextmanager
def listening():
    try:
        capture = Capture()
    except PermissionError:
        pytest.skip("a program may not listen on the wire here")
    with capture:
        yield capture
