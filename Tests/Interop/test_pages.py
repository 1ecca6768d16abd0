"""The pages in a real browser: what they show of real calls, what their buttons do, that they fit a phone and break no rule."""

import json
import threading
import time
import urllib.request

import pytest

from baresip import INSTALLED, Baresip
from browser import AXE, PROGRAM, Browser
from server import Server, wait_until
from softphone import Phone, talking
from spectrum import rms_level, write_tone

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")

PAGES = ["/", "/desk", "/demo/shop"]
TALKING = "document.querySelector('person-row[data-talking]')"


def talker(server, room):
    """A phone that says a tone until the end of the block."""
    return talking(Phone(server.sip, room), 440)


def card(room):
    return f"document.querySelector('room-card[data-key=\"{room}\"]')"


def address(server, path="/"):
    return f"http://127.0.0.1:{server.private}{path}"


@pytest.fixture(scope="module")
def console(server):
    with Browser() as browser:
        browser.open(address(server))
        browser.wait_for("document.querySelector('[data-state=live]')", "the event stream")
        yield browser
        assert browser.console == []


def test_the_console_shows_a_talking_member_within_three_seconds_of_the_call(server, console):
    start = time.monotonic()
    with talker(server, "3001"):
        console.wait_for(TALKING, "the ring of the talker")
        assert time.monotonic() - start < 3
        assert "3001" in console.run("document.querySelector('room-card h2').textContent")
        assert console.run(f"{TALKING}.querySelector('.name').textContent") == "Test"
    console.wait_for("!document.querySelector('person-row')", "the end of the member")


def test_a_click_mutes_and_another_lets_talk_again(server, console):
    button = card("3001") + "?.querySelector('.person button[aria-pressed]')"
    with talker(server, "3001"):
        console.wait_for(button, "the member")
        console.click(button)
        wait_until(lambda: server.members("3001")[0]["muted"], "the muted member")
        console.wait_for(f"{button}.getAttribute('aria-pressed') === 'true'", "the pressed button")
        console.click(button)
        wait_until(lambda: not server.members("3001")[0]["muted"], "the member that may talk")


def test_the_room_is_locked_recorded_and_spoken_to_by_buttons(server, console):
    def button(name):
        return f"{card('3002')}?.querySelector('button[title*=\"{name}\"]')"

    def room():
        return server.rest("GET", "rooms/3002")[1]

    with talker(server, "3002") as phone:
        console.wait_for(button("Lock"), "the room")
        console.click(button("Lock"))
        wait_until(lambda: room()["locked"], "the locked room")
        console.wait_for(button("Open"), "the way back")
        console.click(button("Open"))
        wait_until(lambda: not room()["locked"], "the open room")
        console.click(button("Start recording"))
        wait_until(lambda: room().get("recording"), "the recording")
        console.wait_for(button("Stop recording"), "the way to end it")
        console.click(button("Stop recording"))
        wait_until(lambda: not room().get("recording"), "the end of the recording")
        console.click(card("3002") + ".querySelector('.tools button')")
        before = len(phone.received)
        console.click(card("3002") + ".querySelector('.tools form:not([hidden]) button')")
        console.wait_for("document.querySelector('notice-board p:not(.bad)')", "the word that it is played")
        wait_until(lambda: len(phone.received) > before + 20, "the announcement")


def test_who_talks_shows_how_loud(server, console):
    with talker(server, "3000"):
        # 9000 of 32768 is -14 dBFS of a sine: three quarters of the bar, which begins at -60.
        bar = f"Number({card('3000')}?.querySelector('[data-talking] .level')?.style.getPropertyValue('--level'))"
        console.wait_for(f"{bar} > 0.6 && {bar} < 0.9", "the level of the talker")
        call = server.members("3000")[0]["call"]
        wait_until(lambda: server.rest("GET", f"calls/{call}")[1].get("quality", {}).get("packetsReceived"), "its quality")


def test_an_announcement_is_stopped(server, console):
    with talker(server, "3008") as phone:
        def is_quiet():
            return rms_level(phone.heard(since=time.monotonic() - 0.6) / 32768) < -70

        wait_until(lambda: not is_quiet(), "what one is told who is alone")
        tools = card("3008") + ".querySelector('.tools')"
        console.wait_for(card("3008"), "the room")
        console.click(tools + ".querySelector('button')")
        console.run(tools + ".querySelector('select').value = 'announcement-demo'")
        wait_until(is_quiet, "the end of that")
        console.click(tools + ".querySelector('form:not([hidden]) button.main')")
        wait_until(lambda: not is_quiet(), "the announcement")
        stop = tools + ".querySelector('form:not([hidden]) button:not(.main)')"
        console.wait_for(f"!{stop}.hidden", "the way to stop it")
        console.click(stop)
        # It lasts 8 s by itself.
        wait_until(is_quiet, "the end of it", 3)


@pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")
def test_somebody_is_brought_in_and_hung_up_and_the_room_is_closed(server, console, tmp_path):
    microphone = tmp_path / "specialist.wav"
    write_tone(microphone, 620, 20, 8000)
    with talker(server, "3009") as phone, \
            Baresip(tmp_path, "specialist", microphone, "pcmu", answers=True) as specialist:
        tools = card("3009") + "?.querySelector('.tools')"
        console.wait_for(tools, "the room")
        console.click(tools + ".querySelectorAll('button')[1]")
        assert console.run(tools + ".contains(document.activeElement)")
        console.type(f"specialist@127.0.0.1:{specialist.sip}")
        console.press("Enter")
        specialist.wait_for("CALL_ESTABLISHED")
        wait_until(lambda: len(server.members("3009")) == 2, "the specialist in the room")
        end = "document.querySelector('#calls [aria-label=\"End the call of specialist\"]:not([hidden])')"
        console.wait_for(end, "the call's row")
        console.click(end)
        specialist.wait_for("CALL_CLOSED")
        wait_until(lambda: len(server.members("3009")) == 1, "the specialist's leaving")
        console.click(card("3009") + ".querySelector('[aria-label=\"Close the room\"]')")
        console.wait_for("document.querySelector('dialog[open]')", "the question")
        console.click("document.querySelector('dialog[open] button.danger')")
        wait_until(lambda: server.rest("GET", "rooms/3009")[0] == 404, "the end of the room")
        phone.remote_tag = ""


def test_everybody_is_muted_at_once(server, console):
    with talker(server, "3007"):
        button = card("3007") + "?.querySelector('[aria-label^=\"Mute everybody\"]')"
        console.wait_for(button, "the room")
        console.click(button)
        wait_until(lambda: server.members("3007")[0]["muted"], "the muted member")
        back = card("3007") + ".querySelector('[aria-label^=\"Let everybody\"]')"
        console.wait_for(back, "the way back")
        console.click(back)
        wait_until(lambda: not server.members("3007")[0]["muted"], "the member that may talk")


def test_a_member_is_removed_after_a_question(server, console):
    with talker(server, "3003"):
        remove = card("3003") + "?.querySelector('.person button.danger')"
        console.wait_for(remove, "the member")
        console.click(remove)
        console.wait_for("document.querySelector('dialog[open]')", "the question")
        console.click("document.querySelector('dialog[open] button.danger')")
        wait_until(lambda: not server.members("3003"), "the end of the call")


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "&lt;b&gt;{{7*7}}${1}"])
def test_a_name_that_is_a_script_stays_a_name(server, console, name):
    phone = Phone(server.sip, "3004", name=name)
    assert phone.call() == 200
    try:
        shown = card("3004") + "?.querySelector('.name')?.textContent"
        console.wait_for(f"{shown} === {json.dumps(name)}", "the name as it is")
        assert console.run("document.querySelectorAll('main img, main script, main b').length") == 0
    finally:
        phone.hang_up()


def events_of(server, names):
    """Collects events of the server in a list that grows."""
    seen = []

    def read():
        with urllib.request.urlopen(address(server, "/api/v1/events"), timeout=60) as answer:
            for line in answer:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    if event["name"] in names:
                        seen.append(event)

    threading.Thread(target=read, daemon=True).start()
    # The server says at once that the stream is open; a little later is after it for sure.
    time.sleep(0.2)
    return seen


SHADOW = "document.querySelector('call-me').shadowRoot"
STATES = """
    window.states = [];
    for (const name of ["call-state", "call-error"])
      document.querySelector("call-me").addEventListener(name, ({detail}) => states.push(detail.code ?? detail.state));
"""


def test_the_shops_button_calls_by_keyboard_with_what_the_page_knows(server):
    calls = events_of(server, {"call-attempt"})
    with Browser() as browser:
        browser.open(address(server, "/demo/shop"))
        browser.wait_for(f"{SHADOW}?.querySelector('button.start')", "the button")
        browser.run(STATES)
        browser.run("document.querySelector('call-me').setAttribute('widget', '3007')")
        for _ in range(20):
            if browser.run("document.activeElement?.localName") == "call-me":
                break
            browser.press("Tab")
        assert browser.run("document.activeElement.localName") == "call-me"
        browser.press("Enter")
        wait_until(lambda: calls, "the call")
        values = calls[0]["values"]
        assert values["to"].startswith("sip:3007@")
        assert values["context.order"] == "4711"
        assert values["context.customer"] == "Juliana Weber"
        assert values["context.page"] == address(server, "/demo/shop")
        # Without WebRTC media on the server the call is refused, in words; with it, it is connected.
        browser.wait_for("['connected', 'nomedia'].includes(states.at(-1)) && states", "an answer")
        assert browser.run("states.slice(0, 2)") == ["preparing", "calling"]
        if browser.run("states.at(-1)") == "nomedia":
            assert browser.run(f"{SHADOW}.querySelector('[role=alert]').textContent")
            assert browser.run(f"{SHADOW}.activeElement.className") == "start"
        else:
            browser.run(f"{SHADOW}.querySelector('[part=hangup]').focus()")
            browser.press("Enter")
            browser.wait_for("states.at(-1) === 'ended'", "the end of the call by the keyboard")
        assert browser.console == []


def test_a_widget_that_is_unknown_is_told_so(server):
    with Browser() as browser:
        browser.open(address(server, "/demo/shop"))
        browser.wait_for(f"{SHADOW}?.querySelector('button.start')", "the button")
        browser.run(STATES)
        browser.run("document.querySelector('call-me').setAttribute('widget', 'nobody-has-this')")
        browser.click(f"{SHADOW}.querySelector('button.start')")
        browser.wait_for("states.at(-1) === 'unknown'", "the refusal")
        assert browser.run(f"{SHADOW}.querySelector('[role=alert]').textContent") == "Nobody can be reached here."
        browser.click(f"{SHADOW}.querySelector('button.start')")
        browser.wait_for("states.filter((state) => state === 'unknown').length === 2", "the second refusal")


@pytest.mark.parametrize("language, word", [("en", "microphone is blocked"), ("de", "Mikrofon ist gesperrt")])
def test_a_microphone_that_is_denied_is_told_so(server, language, word):
    with Browser(allows_microphone=False, language=language) as browser:
        browser.open(address(server, "/demo/shop"))
        browser.wait_for(f"{SHADOW}?.querySelector('button.start')", "the button")
        browser.run(STATES)
        browser.click(f"{SHADOW}.querySelector('button.start')")
        browser.wait_for("states.at(-1) === 'denied'", "the refusal")
        assert word in browser.run(f"{SHADOW}.querySelector('[role=alert]').textContent")


def sign_in(browser, server, user, password):
    browser.open(address(server, "/desk"))
    browser.wait_for("document.querySelector('#sign-in-form')", "the desk")
    for name, value in (("user", user), ("password", password)):
        browser.run(f"document.querySelector('[name={name}]').focus()")
        browser.type(value)
    browser.press("Enter")


def test_the_desk_shows_the_customer_before_it_answers(server):
    with Browser() as browser:
        sign_in(browser, server, "alice", "wonderland")
        browser.wait_for("document.querySelector('#sign-in').hidden", "the registration")
        status, call = server.rest("POST", "calls", {
            "uri": "sip:alice@trialogue.test", "room": "3006",
            "context": {"customer": "Juliana <b>Weber</b>", "order": "4711", "page": "javascript:alert(1)"}})
        assert status == 201, call
        browser.wait_for("document.querySelector('.ring')", "the call that rings")
        card = browser.run("document.querySelector('customer-card').innerText")
        assert "Juliana <b>Weber</b>" in card and "4711" in card and "javascript:alert(1)" in card
        assert browser.run("document.querySelectorAll('customer-card a, customer-card b').length") == 0
        wait_until(lambda: server.rest("GET", f"calls/{call['id']}")[1]["state"] == "ringing", "that it rings")
        browser.click("document.querySelector('.ring button.danger')")
        wait_until(lambda: server.rest("GET", f"calls/{call['id']}")[1].get("cause") == "603", "the refusal")
        browser.wait_for("!document.querySelector('.ring')", "the end of the ringing")
        assert browser.console == []


def test_a_wrong_password_does_not_sign_in(server):
    with Browser() as browser:
        sign_in(browser, server, "alice", "looking-glass")
        browser.wait_for("document.querySelector('#sign-in-form .fault').textContent", "the refusal")
        assert not browser.run("document.querySelector('#sign-in').hidden")


def test_where_there_are_tokens_the_console_asks_for_one(tmp_path):
    rooms = '  - {pattern: "3000", greeting: none}'
    extra = "api:\n  tokens:\n    - {token: a-token-of-a-viewer, role: viewer}\n"
    with Server(rooms, extra=extra, folder=tmp_path) as guarded, Browser() as browser:
        browser.open(address(guarded))
        for token, answer in (("wrong", "dialog[open] .notice"), ("a-token-of-a-viewer", "[data-state=live]")):
            browser.wait_for("document.querySelector('dialog[open] input')", "the question")
            browser.type(token)
            browser.press("Enter")
            browser.wait_for(f"document.querySelector('{answer}')", f"what follows on {token}")
        browser.wait_for("document.querySelector('#facts dd').textContent === '0'", "the figures")


@pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_serious_fault_of_accessibility(server, path, dark):
    with Browser(dark=dark) as browser, talker(server, "3005"):
        browser.open(address(server, path))
        browser.wait_for("document.querySelector('room-card, #waiting .person, call-me')", "what the page shows")
        assert browser.faults() == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_phone_and_complain_about_nothing(server, path, language):
    with Browser(width=390, height=844, dark=language == "de", language=language) as browser, talker(server, "3005"):
        for width in (390, 360):
            browser.resize(width, 800)
            browser.open(address(server, path))
            browser.wait_for("document.querySelector('main, call-me') && document.title", "the page")
            # What is loaded late has come, or has complained.
            time.sleep(0.5)
            assert browser.run("document.documentElement.lang") == language
            assert browser.run("document.documentElement.scrollWidth") <= width
        assert browser.console == []
