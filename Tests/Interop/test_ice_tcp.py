"""A network that lets no UDP through: the visitor's voice goes by TCP (RFC 6544), both ways."""

import re
import subprocess
import time

import numpy as np
import pytest

from browser import PROGRAM
from network import own_network
from server import Server, free_sip_port, wait_until
from test_browser import BUTTON
from test_reconnect import GAP, WATCH, hears_the_tone, ufrags, visitor

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def server():
    rooms = '  - {pattern: "support*", greeting: none, announce_joining: false, hold_music: false}\n'
    try:
        with own_network():
            port = free_sip_port()
            for side in ("--sport", "--dport"):
                subprocess.run(["iptables", "-A", "INPUT", "-p", "udp", side, str(port), "-j", "DROP"], check=True)
            with Server(rooms, browser_port=port) as running:
                running.browser_port = port
                yield running
    except PermissionError as error:
        pytest.skip(f"no network of the test's own: {error}")


def way(browser):
    """The transport of the selected pair, and the ports of its two ends."""
    return browser.run("""peers.at(-1).getStats().then((stats) => {
      const way = [...stats.values()].find((one) => one.type === 'transport');
      const pair = stats.get(way.selectedCandidatePairId);
      if (!pair) return null;
      const [near, far] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
      return [near.protocol, near.tcpType, far.protocol, far.port];
    })""")


def connections(server):
    """Of media by TCP, as the server counts them once a second."""
    return float(re.search(r"^trialogue_media_streams (\S+)$", server.text("/metrics"), re.MULTILINE)[1])


def hears_speech(phone):
    """Nobody but the visitor can be heard there."""
    heard = phone.heard(since=time.monotonic() - 0.5)
    return len(heard) > 0 and np.abs(heard.astype(int)).max() > 1000


def reset(server):
    """Has the kernel refuse all that comes over the media connections that are there; gives their number."""
    lines = subprocess.run(["ss", "-tnH", "sport", "=", f":{server.browser_port}"], check=True, capture_output=True, text=True)
    ports = [line.split()[4].rsplit(":", 1)[1] for line in lines.stdout.splitlines()]
    for port in ports:
        subprocess.run(["iptables", "-A", "INPUT", "-p", "tcp", "--sport", port, "--dport", str(server.browser_port),
                        "-j", "REJECT", "--reject-with", "tcp-reset"], check=True)
    return len(ports)


def test_voice_goes_both_ways_by_tcp_and_over_a_new_connection(server):
    with visitor(server) as (browser, cable, phone):
        seat = sorted(member["id"] for member in server.members("support"))
        wait_until(lambda: hears_the_tone(browser), "the agent's tone")
        assert way(browser) == ["tcp", "active", "tcp", server.browser_port]
        wait_until(lambda: hears_speech(phone), "the visitor's voice")
        # One from each of the browser's addresses.
        wait_until(lambda: connections(server) >= 1, "the connection")
        # The connections break, and the WebSocket: the browser comes again with new credentials.
        browser.run(WATCH)
        browser.wait_for("arrivals.length > 5", "the agent's packets")
        before = ufrags(browser)
        assert reset(server) >= 1
        cable.cut()
        wait_until(lambda: all(now != then for now, then in zip(ufrags(browser), before)), "new credentials of both sides")
        browser.wait_for(f"{BUTTON}.state === 'connected'", "the call again", seconds=10)
        wait_until(lambda: hears_the_tone(browser), "the agent's tone again")
        browser.wait_for(f"arrivals.length > {browser.run('arrivals.length')} + 10", "the agent's packets again")
        print(f"{browser.run(GAP):.2f} s without the agent's voice")
        assert browser.run(GAP) <= 2
        wait_until(lambda: hears_speech(phone), "the visitor's voice again")
        assert sorted(member["id"] for member in server.members("support")) == seat
        assert way(browser)[0] == "tcp"
        browser.run(f"{BUTTON}.hangup()")
        wait_until(lambda: len(server.members("support")) == 1, "the visitor's leaving")
        wait_until(lambda: connections(server) == 0, "the end of the connections")
