"""A real Firefox calls and is called: voice both ways, the desk, the keyboard alone, and what the pages look like to axe."""

import pytest

from firefox_stage import ADDRESS, KEEP, MARKS, SHADOW, browsers, both_are_heard, call_by_button, listening, media_port
from firefox_stage import network, open_shop, server, talker
from page import AXE
from server import wait_until

pytest.importorskip("websockets")
pytestmark = MARKS

#: The far end of what Firefox is offered opens the handshake, so Firefox waits for it.
WAITS = """
    const take = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
      return take.call(this, { type, sdp: sdp.replace("a=setup:actpass", "a=setup:active") });
    };
"""
#: What must be over in the page after a call.
IS_OVER = """peers.every((peer) => peer.connectionState === 'closed'
    && peer.getSenders().every(({ track }) => track?.readyState !== 'live'))"""


def calls(server, state="answered"):
    return [call for call in server.rest("GET", "calls")[1]["items"] if call["state"] == state]


def sign_in(browser, server):
    browser.open(f"https://127.0.0.1:{server.web}/desk")
    browser.wait_for("document.querySelector('#sign-in-form')", "the desk")
    for name, value in (("user", "alice"), ("password", "wonderland")):
        browser.run(f"document.querySelector('[name={name}]').focus()")
        browser.type(value)
    browser.press("Enter")
    browser.wait_for("document.querySelector('#sign-in').hidden", "the registration")


def tab_to(browser, element):
    for _ in range(30):
        if browser.run(f"document.activeElement !== document.body && ({element})"):
            return
        browser.press("Tab")
    raise AssertionError(f"the keyboard does not get to {element}")


def test_the_shops_button_brings_firefox_and_a_phone_together(server, browsers):
    browser = browsers()
    with talker(server, "support") as phone:
        call_by_button(browser, server)
        wait_until(lambda: len(server.members("support")) == 2, "both members")
        visitor = next(member for member in server.members("support") if member["name"] != "Test")
        assert (visitor["name"], visitor["codec"]) == ("Juliana Weber", "opus")
        both_are_heard(browser, phone)
        browser.click(f"{SHADOW}.querySelector('[part=hangup]')")
        browser.wait_for(IS_OVER, "the end of media and microphone in the browser")
        wait_until(lambda: len(server.members("support")) == 1, "the visitor's leaving")
    wait_until(lambda: not calls(server), "the end of all calls")
    assert browser.console == []


def test_the_keyboard_alone_places_and_ends_a_call(server, browsers):
    browser = browsers()
    open_shop(browser, server)
    tab_to(browser, f"{SHADOW}.activeElement?.matches('button.start')")
    browser.press("Enter")
    browser.wait_for("document.querySelector('call-me').state === 'connected'", "the call", 15)
    tab_to(browser, f"{SHADOW}.activeElement?.matches('[part=hangup]')")
    browser.press("Enter")
    browser.wait_for("document.querySelector('call-me').state === 'ended'", "the end of the call")
    wait_until(lambda: not calls(server), "the end of the call at the server")


@pytest.mark.parametrize("opens", ["firefox", "server"])
def test_the_desk_is_called_shows_the_customer_and_either_side_opens_the_handshake(server, browsers, opens):
    browser = browsers()
    sign_in(browser, server)
    if opens == "server":
        browser.run(WAITS + "; 0")
    with talker(server, "support-desk") as phone, listening() as wire:
        status, call = server.rest("POST", "calls", {
            "uri": "sip:alice@trialogue.test", "room": "support-desk",
            "context": {"customer": "Juliana Weber", "order": "4711"}})
        assert status == 201, call
        browser.wait_for("document.querySelector('.ring')", "the call that rings")
        shown = browser.run("document.querySelector('customer-card').innerText")
        assert "Juliana Weber" in shown and "4711" in shown
        assert [other["id"] for other in calls(server, "ringing")] == [call["id"]]
        browser.wait_for("document.activeElement.textContent === 'Answer'", "the focus")
        browser.press("Enter")
        browser.wait_for("document.querySelector('call-view')", "the call")
        both_are_heard(browser, phone)
        assert {member["uri"] for member in server.members("support-desk")} >= {"sip:alice@trialogue.test"}
        browser.resize(390, 844)
        browser.wait_for("document.querySelectorAll('call-view member-row').length === 2", "who is in the room")
        assert browser.run("document.documentElement.scrollWidth") <= 390
        port = media_port(browser)
        assert server.rest("DELETE", f"calls/{call['id']}")[0] == 204
        browser.wait_for("!document.querySelector('call-view')", "the end of the call")
        browser.wait_for(IS_OVER, "the end of media and microphone in the browser")
        wait_until(lambda: len(calls(server)) == 1, "the end of the call at the server")
    hellos = [source for source, _, octets in wire.udp if octets[:1] == b"\x16" and octets[13:14] == b"\x01"]
    assert hellos and (hellos[0] == (ADDRESS, port)) == (opens == "server"), hellos
    assert browser.console == []


@pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed")
@pytest.mark.parametrize("dark", [False, True])
def test_pages_fit_a_phone_and_have_no_serious_fault(server, browsers, dark):
    browser = browsers(dark)
    with talker(server, "support"):
        for path in ("/", "/desk", "/demo/shop"):
            for width in (1280, 390):
                browser.resize(width, 844)
                browser.open(f"https://127.0.0.1:{server.web}{path}")
                browser.wait_for("document.querySelector('room-card, #waiting .person, call-me')", "what the page shows")
                assert browser.run("document.documentElement.scrollWidth") <= width, path
                assert browser.faults() == [], (path, width)
    assert browser.run("matchMedia('(prefers-color-scheme: dark)').matches") == dark
    assert browser.console == []
