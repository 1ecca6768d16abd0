"""The story that the house is built for, whole, with both browsers: a visitor of the shop calls by its button; the agent's phone
rings with what the shop knows; a second agent sees the customer before answering at the desk, and brings the manager in by
SIP URI; all hear each other and are in the recording; and when they hang up nothing is left anywhere.

Parts of it by themselves: either side opens the DTLS handshake in `test_firefox.py`, ICE over TCP alone in `test_ice_tcp.py`,
signed context in `test_tokens.py`, a network that changes in `test_reconnect.py`, what is on the wire in `test_tls.py`.
"""

import contextlib
import pathlib
import re
import time

import numpy as np
import pytest

import browser as chromium
import spectrum
from baresip import INSTALLED, Baresip
from browser import Browser
from firefox import Firefox
from firefox_stage import ADDRESS, KEEP, LISTEN, MARKS, SHADOW, listening, network
from server import Server, wait_until

pytest.importorskip("websockets")
pytestmark = [*MARKS, pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed"),
              pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")]

#: What each says, in Hz.
TONES = {"chromium": 1500, "firefox": 1000, "agent": 440, "manager": 2200}
#: Put before the page's scripts: the WebSockets too are kept, and Chromium takes no steady tone for noise.
WATCH = KEEP + """
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
      constructor(...all) { super(...all); sockets.push(this); }
    };
    const take = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (take && navigator.userAgent.includes("Chrome")) {
      navigator.mediaDevices.getUserMedia = ({ video }) => take({
        video, audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    }
"""
IS_OVER = """peers.length > 0 && peers.every((peer) => peer.connectionState === 'closed'
    && peer.getSenders().every(({ track }) => track?.readyState !== 'live'))"""
FLOW = """
blocks:
  main:
    - dial: {uri: "sip:agent@127.0.0.1:PORT", timeout: 20, otherwise: end}
  end:
    - hangup
"""


class Scene:
    """The server, two phones and two browsers, each with its own tone."""

    def __init__(self, folder, stack):
        phones = {}
        for name in ("agent", "manager"):
            microphone = folder / f"{name}.wav"
            spectrum.write_tone(microphone, TONES[name], 120, 8000)
            phones[name] = stack.enter_context(Baresip(folder, name, microphone, "pcmu"))
        self.agent, self.manager = phones["agent"], phones["manager"]
        flow = folder / "support.yaml"
        flow.write_text(FLOW.replace("PORT", str(self.agent.sip)))
        self.server = stack.enter_context(Server(
            '  - {pattern: "3000", greeting: none}\n', media_address=ADDRESS, extra=f"""
registrar: {{users: [{{name: alice, password: wonderland}}]}}
web: {{widgets: [{{name: support, destination: support}}]}}
flows: [{{name: support, file: {flow}}}]
routes:
  - {{match: support, action: flow support}}
  - {{match: agent, action: dial}}
  - {{match: manager, action: dial}}
"""))
        microphone = folder / "chromium.wav"
        spectrum.write_tone(microphone, TONES["chromium"], 60, 48000)
        self.browsers = {
            "chromium": stack.enter_context(Browser(microphone=microphone)),
            "firefox": stack.enter_context(Firefox(tone=TONES["firefox"]))}
        for page in self.browsers.values():
            page.before_scripts(WATCH)

    def calls(self, state="answered"):
        return [call for call in self.server.rest("GET", "calls")[1]["items"] if call["state"] == state]

    def rooms(self):
        return self.server.rest("GET", "rooms")[1]["items"]

    def counts(self):
        status = self.server.rest("GET", "status")[1]
        return status["calls"], status["members"], status["recordings"]

    def flows(self):
        """Connections that SIP goes over."""
        return int(re.search(r"(?m)^trialogue_sip_connections (\d+)", self.server.text("/metrics")).group(1))

    def ports(self):
        """How many UDP sockets the server has."""
        process = pathlib.Path(f"/proc/{self.server.process.pid}")
        own = set()
        for file in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                own.add(str(file.readlink()).removeprefix("socket:[").removesuffix("]"))
        lines = [line.split() for name in ("udp", "udp6") for line in (process / "net" / name).read_text().splitlines()[1:]]
        return sum(line[9] in own for line in lines)


@pytest.fixture(scope="module")
def scene(network, tmp_path_factory):
    with contextlib.ExitStack() as stack:
        yield Scene(tmp_path_factory.mktemp("story"), stack)


def hears(page, who):
    """Whether a page plays the tones of all of them at once."""
    bins = np.array(page.run(LISTEN))
    places = [round(TONES[name] * 8192 / 48000) for name in who]
    return all(bins[place - 1:place + 2].max() > max(-60, np.median(bins) + 20) for place in places)


def field(message, name):
    """The value of a header of a SIP message."""
    lines = [line.split(":", 1) for line in message.split("\r\n\r\n")[0].split("\r\n")[1:]]
    return next((value.strip() for key, value in lines if key.lower() == name.lower()), None)


def invite(wire, phone):
    """The INVITE that a phone got."""
    found = [octets.decode() for _, target, octets in wire.udp if target[1] == phone.sip and octets.startswith(b"INVITE")]
    return found[0] if found else None


def sign_in(page, server):
    page.open(f"https://127.0.0.1:{server.web}/desk")
    page.wait_for("document.querySelector('#sign-in-form')", "the desk")
    for name, value in (("user", "alice"), ("password", "wonderland")):
        page.run(f"document.querySelector('[name={name}]').focus()")
        page.type(value)
    page.press("Enter")
    page.wait_for("document.querySelector('#sign-in').hidden", "the registration")


def last_call(phone, seconds):
    """The end of what a phone heard in its last call, without its very last words."""
    samples, rate = spectrum.load(max(phone.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime_ns))
    return samples[-int((seconds + 0.5) * rate):-int(0.5 * rate)], rate


def contains(samples, rate, who):
    levels = {name: spectrum.tone_level(samples, rate, TONES[name], 0.1) for name in who}
    assert all(level > -50 for level in levels.values()), levels


@pytest.mark.parametrize("visits, serves", [("chromium", "firefox"), ("firefox", "chromium")])
def test_from_the_shops_button_to_the_recording(scene, visits, serves):
    server, agent, manager = scene.server, scene.agent, scene.manager
    visitor, desk = scene.browsers[visits], scene.browsers[serves]
    for page in (visitor, desk):
        page.console.clear()
    ports, flows = scene.ports(), scene.flows()
    sign_in(desk, server)
    with listening() as wire:
        # The visitor calls, and the agent's phone rings with what the page knows.
        visitor.open(f"https://127.0.0.1:{server.web}/demo/shop")
        visitor.wait_for(f"{SHADOW}?.querySelector('button.start')", "the button")
        visitor.click(f"{SHADOW}.querySelector('button.start')")
        agent.wait_for("CALL_INCOMING")
        wait_until(lambda: invite(wire, agent), "the INVITE at the agent's phone")
        rung = invite(wire, agent)
        assert field(rung, "X-Call-Customer") == "Juliana%20Weber" and field(rung, "X-Call-Order") == "4711"
        assert field(rung, "X-Call-Page").endswith("%2Fdemo%2Fshop"), rung
        agent.command("accept")
        visitor.wait_for("document.querySelector('call-me').state === 'connected'", "the call", 15)
        wait_until(lambda: len(scene.rooms()) == 1 and len(scene.rooms()[0]["members"]) == 2, "both in one room")
        wait_until(lambda: hears(visitor, ["agent"]), "the agent's voice at the visitor")
        room = scene.rooms()[0]["name"]
        customer = next(call for call in scene.calls() if call["direction"] == "incoming")

        # A second agent is called, and sees who it is before answering.
        status, call = server.rest("POST", "calls", {
            "uri": "sip:alice@trialogue.test", "room": room, "role": "agent", "contextID": customer["contextID"]})
        assert status == 201, call
        desk.wait_for("document.querySelector('.ring')", "the call that rings")
        card = desk.run("document.querySelector('.ring customer-card').innerText")
        assert "Juliana Weber" in card and "4711" in card and "/demo/shop" in card
        assert call["id"] in [ringing["id"] for ringing in scene.calls("ringing")], "it was shown before the answer"
        desk.wait_for("document.activeElement.textContent === 'Answer'", "the focus")
        desk.press("Enter")
        desk.wait_for("document.querySelectorAll('call-view member-row').length === 3", "who is in the room")

        # Everything from here on is recorded; the manager is brought in by SIP URI.
        desk.click("document.querySelector('record-bar button')")
        wait_until(lambda: scene.rooms()[0].get("recording"), "the recording")
        started, recording = time.monotonic(), scene.rooms()[0]["recording"]
        desk.run("document.querySelector('bring-in [name=uri]').focus()")
        desk.type(f"sip:manager@127.0.0.1:{manager.sip}")
        desk.press("Enter")
        manager.wait_for("CALL_INCOMING")
        assert field(invite(wire, manager), "X-Call-Order") == "4711"
        manager.command("accept")
        desk.wait_for("document.querySelectorAll('call-view member-row').length === 4", "the manager in the room")
        wait_until(lambda: hears(visitor, [serves, "agent", "manager"]), "all voices at the visitor")
        wait_until(lambda: hears(desk, [visits, "agent", "manager"]), "all voices at the desk")
        together = time.monotonic() - started
        time.sleep(2.5)

        # They hang up, and nothing is left.
        visitor.click(f"{SHADOW}.querySelector('[part=hangup]')")
        visitor.wait_for(IS_OVER, "the end of media and microphone at the visitor")
        visitor.wait_for("sockets.length > 0 && sockets.every(({ readyState }) => readyState === 3)", "its last connection's end")
        for phone in (agent, manager):
            phone.command("hangup")
        desk.click("document.querySelector('.talk .end')")
        desk.wait_for(IS_OVER, "the end of media and microphone at the desk")
        wait_until(lambda: not scene.rooms() and not scene.calls() and not scene.calls("ringing"), "the end of all")
        wait_until(lambda: scene.ports() == ports, "the return of the ports")
        wait_until(lambda: scene.counts() == (0, 0, 0), "a server with nothing to do")

    contains(*last_call(agent, 2.0), [visits, serves, "manager"])
    contains(*last_call(manager, 2.0), [visits, serves, "agent"])
    wait_until(lambda: server.rest("GET", f"recordings/{recording}")[1]["state"] == "finished", "the recording's end")
    samples, rate = spectrum.load(next(server.recordings.glob(f"*/*/*/{recording}")) / "mix.wav")
    contains(samples[int((together + 0.3) * rate):int((together + 2.3) * rate)], rate, TONES)
    assert server.rest("GET", f"recordings/{recording}")[1]["context"]["order"] == "4711"
    desk.click("document.querySelector('[title=\"Sign out\"]')")
    desk.wait_for("sockets.every(({ readyState }) => readyState === 3)", "the desk's last connection's end")
    wait_until(lambda: scene.flows() == flows, "the end of all connections of SIP")
    assert visitor.console == [] and desk.console == []
