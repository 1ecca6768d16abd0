"""What an agent does at the desk in a real call: brings somebody in, asks apart, hands over, listens in, marks the recording."""

import pytest

import spectrum
from baresip import INSTALLED, Baresip
from browser import AXE, PROGRAM, Browser
from server import Server, wait_until
from softphone import Phone, talking

pytest.importorskip("websockets")
pytestmark = [pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed"),
              pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")]

ROOMS = """
  - {pattern: "support*", greeting: none, announce_joining: false, hold_music: false, agents: [alice]}
"""
EXTRA = """
registrar: {users: [{name: alice, password: wonderland}]}
"""
HEARD = "document.querySelector('.heard').textContent"
#: What the customer and the specialist say, in Hz.
CUSTOMER, SPECIALIST = 440, 1250


@pytest.fixture(scope="module")
def server():
    with Server(ROOMS, extra=EXTRA) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with Browser() as running:
        yield running


def customer(server, room):
    """A phone that says its tone, and brings a context along."""
    headers = "X-Call-Customer: Juliana%20Weber\r\nX-Call-Order: 4711\r\n"
    return talking(Phone(server.sip, room, headers=headers, name="Juliana"), CUSTOMER, seconds=0.2)


def is_heard(phone, tone):
    """Whether a phone has just heard a tone."""
    samples = phone.heard()[-3200:] / 32768
    return len(samples) == 3200 and spectrum.tone_level(samples, 8000, tone, 0.1) > -40


def sign_in(browser, server, name="alice", password="wonderland"):
    browser.console.clear()
    browser.open(f"http://127.0.0.1:{server.private}/desk")
    browser.wait_for("document.querySelector('#sign-in-form')", "the desk")
    for field, value in (("user", name), ("password", password)):
        browser.run(f"document.querySelector('[name={field}]').focus()")
        browser.type(value)
    browser.press("Enter")
    browser.wait_for("document.querySelector('#sign-in').hidden", "the user")


def button(name, place="document"):
    """The button that is called so, by its text or what a screen reader says, and can be pressed."""
    return (f"[...{place}.querySelectorAll('button')].find((one) => one.checkVisibility() && !one.disabled &&"
            f" (one.getAttribute('aria-label') ?? one.textContent).trim() === {name!r})")


def press(browser, name):
    """The keyboard's way to a button: the focus gets there by Tab, Enter presses it."""
    browser.wait_for(button(name), f"the button {name}")
    for _ in range(60):
        if browser.run(f"document.activeElement === {button(name)}"):
            return browser.press("Enter")
        browser.press("Tab")
    raise AssertionError(f"the keyboard does not get to {name}")


def join(browser, server, room, name="Join"):
    browser.wait_for(button(f"{name} room {room}"), "the room")
    browser.click(button(f"{name} room {room}"))
    browser.wait_for("document.querySelector('.talk [role=status]')?.textContent === 'Connected'", "the call")


def bring(browser, phone, way):
    """Types the specialist's address and presses one of the buttons below."""
    browser.run("document.querySelector('bring-in [name=uri]').focus()")
    browser.type(f"specialist@127.0.0.1:{phone.sip}")
    press(browser, way)


@pytest.fixture
def specialist(tmp_path):
    microphone = tmp_path / "specialist.wav"
    spectrum.write_tone(microphone, SPECIALIST, 60, 8000)
    with Baresip(tmp_path, "specialist", microphone, "pcmu") as phone:
        yield phone


def test_a_specialist_is_asked_apart_then_all_are_together_and_the_moment_is_marked(server, browser, specialist):
    with customer(server, "support") as phone:
        sign_in(browser, server)
        join(browser, server, "support", "Join")
        browser.wait_for("document.querySelector('call-view customer-card').innerText.includes('4711')", "the customer")
        browser.wait_for(f"{HEARD} === 'Everybody in the room hears you.'", "who hears the desk")
        press(browser, "Record")
        wait_until(lambda: server.rest("GET", "rooms/support")[1].get("recording"), "the recording")
        recording = server.rest("GET", "rooms/support")[1]["recording"]
        bring(browser, specialist, "Ask apart")
        specialist.wait_for("CALL_INCOMING")
        browser.wait_for("/Ringing.*Ask apart/.test(document.querySelector('bring-in .about')?.textContent)", "that it rings")
        specialist.command("accept")
        browser.wait_for(f"{HEARD} === 'You are heard only by specialist.'", "the consultation")
        assert len(server.rest("GET", "rooms/support")[1]["consult"]) == 2
        wait_until(lambda: not is_heard(phone, SPECIALIST), "silence at the customer")
        press(browser, "Bring all together")
        browser.wait_for(f"{HEARD} === 'Everybody in the room hears you.'", "the end of the consultation")
        wait_until(lambda: is_heard(phone, SPECIALIST), "the specialist's voice at the customer")
        if AXE:
            assert browser.faults() == []
        browser.run("document.querySelector('[name=mark]').focus()")
        browser.type("torn knee")
        browser.press("Enter")
        press(browser, "Pause")
        browser.wait_for("document.querySelector('record-bar .tag').textContent === 'Recording pauses'", "the pause")
        press(browser, "Go on")
        browser.wait_for("document.querySelector('record-bar .tag').textContent === 'Recording'", "the recording again")
        press(browser, "End recording")
        wait_until(lambda: server.rest("GET", f"recordings/{recording}")[1]["state"] == "finished", "the end of it")
        entry = server.rest("GET", f"recordings/{recording}")[1]
        assert [mark["name"] for mark in entry["markers"] if mark["kind"] == "mark"] == ["torn knee"]
        assert len(entry["pauses"]) == 1
        press(browser, "Keep Juliana from all and from the recording")
        wait_until(lambda: [m["masked"] for m in server.members("support") if m["name"] == "Juliana"] == [True], "the mask")
        press(browser, "Let Juliana be heard again")
        wait_until(lambda: not any(m["masked"] for m in server.members("support")), "the end of the mask")
        press(browser, "Mute")
        assert browser.run(HEARD) == "Nobody hears you: muted."
        press(browser, "Hang up")
        browser.wait_for("!document.querySelector('call-view')", "the end of the call")
        assert browser.console == []


def test_a_call_is_handed_over_with_what_is_known_of_the_customer(server, browser, specialist):
    with customer(server, "support-1") as phone:
        sign_in(browser, server)
        join(browser, server, "support-1")
        browser.wait_for(f"{HEARD} === 'Everybody in the room hears you.'", "who hears the desk")
        # Who does not come changes nothing.
        bring(browser, specialist, "Hand over")
        specialist.wait_for("CALL_INCOMING")
        specialist.command("hangup")
        browser.wait_for("document.querySelector('notice-board .bad')?.textContent.includes('was not reached')", "the refusal")
        assert browser.run("document.querySelector('call-view') !== null")
        bring(browser, specialist, "Hand over")
        specialist.wait_for("CALL_INCOMING")
        called = next(call for call in server.rest("GET", "calls")[1]["items"] if call["state"] == "ringing")
        assert called["context"]["order"] == "4711" and called["context"]["customer"] == "Juliana Weber"
        specialist.command("accept")
        browser.wait_for("!document.querySelector('call-view')", "that the desk leaves")
        wait_until(lambda: sorted(m["role"] for m in server.members("support-1")) == ["agent", "participant"], "who is left")
        wait_until(lambda: is_heard(phone, SPECIALIST), "the specialist's voice at the customer")
        assert browser.console == []


def test_a_supervisor_listens_whispers_and_speaks_to_all(server, browser):
    with customer(server, "support-2") as phone:
        sign_in(browser, server, "boss", "")
        join(browser, server, "support-2", "Listen in to")
        browser.wait_for(f"{HEARD} === 'Nobody hears you: you listen.'", "the listener")
        own = [member for member in server.members("support-2") if member["role"] == "supervisor"]
        assert [member["heardBy"] for member in own] == [[]]
        pressed = "document.querySelector('part-choice [aria-pressed=true]').textContent"
        assert browser.run(pressed) == "Listen"
        # Nobody is there to whisper to.
        press(browser, "Whisper")
        browser.wait_for("document.querySelector('notice-board .bad')", "the refusal")
        press(browser, "Speak to all")
        browser.wait_for(f"{HEARD} === 'Everybody in the room hears you.'", "the supervisor's voice")
        assert browser.run(pressed) == "Speak to all"
        assert phone.received


def test_the_desk_in_a_call_fits_a_phone_light_and_dark(server, browser):
    with customer(server, "support-3"):
        sign_in(browser, server)
        join(browser, server, "support-3")
        for dark in (False, True):
            browser.ask("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
            browser.resize(390, 844)
            browser.wait_for("document.querySelector('call-view member-row')", "who is in the room")
            assert browser.run("document.documentElement.scrollWidth") <= 390
            if AXE:
                assert browser.faults() == []
        browser.resize(1280, 900)
        assert browser.console == []
