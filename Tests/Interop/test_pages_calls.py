"""The button and the desk in a call, with real media in the browser; the far end of their WebSocket is `far_end.js`."""

import pathlib

import pytest

from browser import AXE, PROGRAM, Browser

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")

FAR_END = (pathlib.Path(__file__).parent / "far_end.js").read_text()
SHADOW = "document.querySelector('call-me').shadowRoot"


def open_page(browser, server, path):
    browser.ask("Page.addScriptToEvaluateOnNewDocument", source=FAR_END)
    browser.open(f"http://127.0.0.1:{server.private}{path}")


def requests(browser, method):
    return browser.run(f"farEnd.requests.filter((text) => text.startsWith('{method} '))")


@pytest.fixture
def button(server):
    """The shop's button in a call."""
    with Browser() as browser:
        open_page(browser, server, "/demo/shop")
        browser.wait_for(f"{SHADOW}?.querySelector('button.start')", "the button")
        browser.run("""
            window.states = [];
            document.querySelector('call-me').addEventListener('call-state', ({detail}) => states.push(detail.state));""")
        browser.click(f"{SHADOW}.querySelector('button.start')")
        browser.wait_for("states.at(-1) === 'connected'", "the connection")
        yield browser
        assert browser.console == []


def test_the_button_calls_and_voice_goes_both_ways(button):
    assert button.run("states") == ["preparing", "calling", "ringing", "connected"]
    invite = requests(button, "INVITE")[0]
    assert "X-Call-Order: 4711\r\n" in invite and "a=candidate:" in invite and "Supported: outbound" in invite
    button.wait_for("farEnd.heard().then((octets) => octets > 500)", "the visitor's voice")
    video = f"{SHADOW}.querySelector('audio')"
    button.wait_for(f"{video}.srcObject?.getAudioTracks().length === 1 && !{video}.paused && {video}.currentTime > 0.3",
                    "the other side's voice")
    assert button.run(f"{SHADOW}.querySelector('[part=hangup]').textContent") == "Hang up"


def test_mute_sends_silence(button):
    button.wait_for("farEnd.peak().then((peak) => peak > 0.02)", "the visitor's voice")
    button.click(f"{SHADOW}.querySelector('[part=mute]')")
    assert button.run(f"{SHADOW}.querySelector('[part=mute]').ariaPressed") == "true"
    button.wait_for("farEnd.peak().then((peak) => peak < 0.0005)", "the silence")
    button.run("document.querySelector('call-me').mute(false)")
    button.wait_for("farEnd.peak().then((peak) => peak > 0.02)", "the voice again")


def test_digits_and_chat(button):
    button.run("document.querySelector('call-me').sendDigits('4#')")
    button.wait_for("farEnd.requests.filter((text) => text.startsWith('INFO')).length === 2", "the digits")
    assert ["Signal=4" in text or "Signal=#" in text for text in requests(button, "INFO")] == [True, True]
    button.run("farEnd.ask('MESSAGE', 'text/plain', '<b>Hello</b> from the agent')")
    button.wait_for(f"{SHADOW}.querySelector('[role=log]').textContent.includes('<b>Hello</b> from the agent')", "the message")
    button.run(f"{SHADOW}.querySelector('input').focus()")
    button.type("My jeans are torn")
    button.press("Enter")
    if AXE:
        assert button.faults() == []
    button.wait_for("farEnd.requests.some((text) => text.startsWith('MESSAGE') && text.endsWith('My jeans are torn'))",
                    "the visitor's message")


@pytest.mark.parametrize("who", ["visitor", "agent"])
def test_the_call_ends_and_the_microphone_is_given_back(button, who):
    button.run(f"window.stream = {SHADOW}.querySelector('audio').srcObject")
    if who == "visitor":
        button.click(f"{SHADOW}.querySelector('[part=hangup]')")
        button.wait_for("farEnd.requests.some((text) => text.startsWith('BYE'))", "the BYE")
    else:
        button.run("farEnd.ask('BYE')")
    button.wait_for("states.at(-1) === 'ended'", "the end")
    assert button.run(f"{SHADOW}.querySelector('audio').srcObject") is None
    assert button.run(f"!{SHADOW}.querySelector('button.start').hidden")
    button.wait_for("farEnd.sockets.at(-1).readyState === 3", "the end of the connection")


def test_a_broken_connection_is_opened_again_and_the_call_keeps_its_seat(button):
    first = requests(button, "INVITE")[0]
    button.run("farEnd.sockets.at(-1).close()")
    button.wait_for("states.includes('reconnecting') && states.at(-1) === 'connected'", "the call again", 5)
    again = requests(button, "INVITE")[-1]
    assert button.run("farEnd.sockets.length") == 2

    def field(text, name):
        return next(line for line in text.split("\r\n") if line.startswith(name + ": ") or line.startswith("a=" + name))

    assert field(again, "Call-ID") == field(first, "Call-ID") and ";tag=far" in field(again, "To")
    assert field(again, "ice-ufrag") != field(first, "ice-ufrag"), "no ICE restart"
    before = button.run("farEnd.heard()")
    button.wait_for(f"farEnd.heard().then((octets) => octets > {before} + 500)", "the voice again", 5)


@pytest.fixture
def desk(server):
    """The desk with a call that rings."""
    with Browser() as browser:
        open_page(browser, server, "/desk")
        browser.wait_for("document.querySelector('#sign-in-form')", "the desk")
        browser.run("document.querySelector('[name=user]').value = 'agent'")
        browser.run("document.querySelector('#sign-in-form').requestSubmit()")
        browser.wait_for("document.querySelector('#sign-in').hidden", "the guest")
        browser.run("farEnd.ring()")
        browser.wait_for("document.querySelector('.ring')", "the call that rings")
        yield browser
        assert browser.console == []


def test_the_desk_answers_holds_and_ends(desk):
    card = "document.querySelector('customer-card')"
    signed, said = (desk.run(f"{card}.querySelector('dl.{kind}').innerText") for kind in ("signed", "said"))
    assert "4711" in signed and "Juliana Weber" in signed and "Page" in said and "4711" not in said
    assert "Signed by the shop" in desk.run(f"{card}.innerText")
    assert desk.run("document.activeElement.textContent") == "Answer"
    desk.press("Enter")
    desk.wait_for("document.querySelector('call-view')", "the call")
    assert desk.run("document.activeElement.localName") == "call-view"
    desk.wait_for("farEnd.heard().then((octets) => octets > 500)", "the agent's voice")
    assert "4711" in desk.run("document.querySelector('call-view customer-card').innerText")
    if AXE:
        assert desk.faults() == []
    desk.run("farEnd.invite = farEnd.requests.find((text) => text.startsWith('SIP/2.0 200'))")
    desk.run("farEnd.ask('MESSAGE', 'text/plain', '<i>torn</i> jeans')")
    desk.wait_for("document.querySelector('.chat-log').textContent.includes('<i>torn</i> jeans')", "the message")
    assert "tag=" not in desk.run("document.querySelector('.chat-log').textContent")
    hold = "[...document.querySelectorAll('.talk button')].find((button) => /Hold|Take back/.test(button.textContent))"
    desk.click(hold)
    desk.wait_for(f"{hold}.getAttribute('aria-pressed') === 'true'", "the hold")
    assert "a=inactive" in requests(desk, "INVITE")[-1]
    desk.click(hold)
    desk.wait_for(f"{hold}.getAttribute('aria-pressed') === 'false'", "the call again")
    assert "a=sendrecv" in requests(desk, "INVITE")[-1]
    desk.click("document.querySelector('.talk .end')")
    desk.wait_for("farEnd.requests.some((text) => text.startsWith('BYE'))", "the BYE")
    desk.wait_for("!document.querySelector('call-view')", "the end of the call")


def test_the_desk_is_busy_in_a_call(desk):
    desk.press("Enter")
    desk.wait_for("document.querySelector('call-view')", "the call")
    desk.run("""farEnd.send(["INVITE sip:x@y.invalid SIP/2.0", "Via: SIP/2.0/WS far;branch=z9hG4bKsecond",
        "From: <sip:b@far.example>;tag=b", "To: <sip:agent@far.example>", "Call-ID: second", "CSeq: 1 INVITE",
        "Contact: <sip:b@far.example>", "", ""].join("\\r\\n"))""")
    desk.wait_for("farEnd.requests.some((text) => text.startsWith('SIP/2.0 486'))", "the refusal")
