"""The network changes in mid-call: the WebSocket is cut, and what was the browser's way to the media is no more."""

import contextlib
import select
import socket
import subprocess
import threading

import numpy as np
import pytest

from browser import PROGRAM, Browser
from network import own_network
from server import Server, wait_until
from test_browser import BUTTON, LISTEN, Talker, spoken

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")


class Cable(threading.Thread):
    """Carries TCP connections to a port, until it is cut; a new plug is there at once."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.pairs = {}
        self.lock = threading.Lock()
        self.start()

    def run(self):
        while True:
            with self.lock:
                sockets = [self.listener, *self.pairs]
            for ready in select.select(sockets, [], [], 0.05)[0]:
                with self.lock:
                    self._carry(ready)

    def _carry(self, ready):
        if ready is self.listener:
            near, far = ready.accept()[0], socket.create_connection(self.target)
            self.pairs.update({near: far, far: near})
        elif ready in self.pairs:
            try:
                octets = ready.recv(65536)
                if octets:
                    return self.pairs[ready].sendall(octets)
            except OSError:
                pass
            self._drop(ready)

    def _drop(self, end):
        for side in (end, self.pairs.pop(end)):
            self.pairs.pop(side, None)
            side.close()

    def cut(self):
        with self.lock:
            while self.pairs:
                self._drop(next(iter(self.pairs)))


@contextlib.contextmanager
def visitor(server):
    """A browser whose visitor talks with a phone in `support`; its way to the server is a cable."""
    microphone, _, _ = spoken()
    cable = Cable(server.private)
    agent = Talker(server, "support")
    try:
        with Browser(microphone=microphone) as browser:
            browser.open(f"http://127.0.0.1:{cable.port}/demo/shop")
            browser.wait_for(f"{BUTTON}.shadowRoot?.querySelector('button')", "the button")
            browser.run("""(() => {
              globalThis.peers = [];
              const Connection = RTCPeerConnection;
              globalThis.RTCPeerConnection = class extends Connection {
                constructor(...more) { super(...more); peers.push(this); }
              };
            })()""")
            browser.click(f"{BUTTON}.shadowRoot.querySelector('button')")
            browser.wait_for(f"{BUTTON}.state === 'connected'", "the call", seconds=15)
            wait_until(lambda: len(server.members("support")) == 2, "both members")
            yield browser, cable, agent.phone
    finally:
        agent.stop()


def port_of_the_way(browser):
    """The browser's UDP port that media goes over."""
    return browser.run("""peers.at(-1).getStats().then((stats) => {
      const way = [...stats.values()].find((one) => one.type === 'transport');
      const pair = stats.get(way.selectedCandidatePairId);
      return pair ? stats.get(pair.localCandidateId).port : 0;
    })""")


def ufrags(browser):
    return browser.run("""['localDescription', 'remoteDescription'].map((side) =>
      peers.at(-1)[side].sdp.match(/a=ice-ufrag:(\\S+)/)[1])""")


#: Notes when packets of the agent's voice come in.
WATCH = """(() => {
  globalThis.arrivals = [];
  let last = -1;
  setInterval(async () => {
    for (const one of (await peers.at(-1).getStats()).values()) {
      if (one.type === 'inbound-rtp' && one.packetsReceived !== last) {
        last = one.packetsReceived;
        arrivals.push(performance.now());
      }
    }
  }, 20);
})()"""
#: The longest time without any, in seconds.
GAP = "Math.max(...arrivals.slice(1).map((time, index) => time - arrivals[index])) / 1000"


def hears_the_tone(browser):
    # Silence has no decibels.
    bins = np.array([-200 if level is None else level for level in browser.run(LISTEN)])
    return abs(int(np.argmax(bins)) * 48000 / 8192 - 440) < 12 and bins.max() > -45


@pytest.fixture(scope="module")
def network():
    try:
        with own_network():
            yield
    except PermissionError as error:
        pytest.skip(f"no network of the test's own: {error}")


@pytest.fixture(scope="module")
def server(network):
    rooms = '  - {pattern: "support*", greeting: none, announce_joining: false, hold_music: false}\n'
    with Server(rooms) as running:
        yield running


def test_a_visitor_whose_network_changes_keeps_seat_and_voice(server):
    with visitor(server) as (browser, cable, _):
        seat = sorted(member["id"] for member in server.members("support"))
        before, port = ufrags(browser), port_of_the_way(browser)
        wait_until(lambda: hears_the_tone(browser), "the agent's tone")
        browser.run(WATCH)
        browser.wait_for("arrivals.length > 5", "the agent's packets")
        # From here on nothing passes on the old way, in either direction.
        for chain, side in (("OUTPUT", "--sport"), ("INPUT", "--dport")):
            subprocess.run(["iptables", "-A", chain, "-p", "udp", side, str(port), "-j", "DROP"], check=True)
        cable.cut()
        wait_until(lambda: all(now != then for now, then in zip(ufrags(browser), before)), "new credentials of both sides")
        browser.wait_for(f"{BUTTON}.state === 'connected'", "the call again", seconds=10)
        wait_until(lambda: port_of_the_way(browser) not in (0, port), "another way")
        wait_until(lambda: hears_the_tone(browser), "the agent's tone again")
        browser.wait_for(f"arrivals.length > {browser.run('arrivals.length')} + 10", "the agent's packets again")
        gap = browser.run(GAP)
        print(f"{gap:.2f} s without the agent's voice")
        assert gap <= 2
        assert sorted(member["id"] for member in server.members("support")) == seat
        browser.run(f"{BUTTON}.hangup()")
        wait_until(lambda: len(server.members("support")) == 1, "the visitor's leaving")
