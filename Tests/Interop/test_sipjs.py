"""SIP.js, another SIP client of others for browsers, works with the server as it is: in a real Chromium, by the bundle that `SIPJS`
names (`dist/sip.min.js` of version 0.20.0, out of the history of its repository); without one these tests are left out."""

import pytest

import spectrum
from baresip import INSTALLED, Baresip
from browser import PROGRAM
from client_stage import alice, bundle, page_with, said
from firefox_stage import both_are_heard, talker
from server import wait_until
from softphone import Phone

pytest.importorskip("websockets")
BUNDLE = bundle("SIPJS")
pytestmark = [pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed"),
              pytest.mark.skipif(not BUNDLE.is_file(), reason="SIPJS names no bundle of SIP.js")]

PREPARE = """
    window.options = { sessionDescriptionHandlerOptions: { constraints: { audio, video: false } } };
    window.follow = (session) => {
      window.session = session;
      session.stateChange.addListener((state) => note(state)());
      return session;
    };
    window.uri = (text) => SIP.UserAgent.makeURI(text);
    window.line = (message) => { note("message")(message.request.body); message.accept(); };
    0
"""


@pytest.fixture(scope="module")
def browser(server, tmp_path_factory):
    """A page with a SIP.js that is registered as alice."""
    with page_with(BUNDLE, server, tmp_path_factory.mktemp("sipjs")) as page:
        page.run(PREPARE)
        page.run(f"""(async () => {{
            window.agent = new SIP.UserAgent({{
              uri: uri("sip:alice@trialogue.test"), authorizationUsername: "alice", authorizationPassword: "wonderland",
              transportOptions: {{ server: "ws://127.0.0.1:{server.private}/sip" }}, logBuiltinEnabled: false,
              delegate: {{ onMessage: line, onInvite: (invitation) => {{ follow(invitation); note("rings")(); }} }} }});
            await agent.start();
            window.registerer = new SIP.Registerer(agent);
            registerer.stateChange.addListener((state) => note(state)());
            await registerer.register();
          }})()""")
        page.wait_for("happened.includes('Registered')", "the registration")
        yield page
        page.run("registerer.unregister(); 0")
        page.wait_for("happened.includes('Unregistered')", "its end")


@pytest.fixture
def call(server, browser):
    """SIP.js in room 3001 with a phone that talks."""
    with talker(server, "3001") as phone:
        browser.run("""happened.length = 0;
            follow(new SIP.Inviter(agent, uri('sip:3001@trialogue.test'), options)).invite(); session.delegate = { onMessage: line }; 0""")
        browser.wait_for("happened.includes('Established')", "the call")
        wait_until(lambda: len(server.members("3001")) == 2, "both members")
        yield phone
        browser.run("session.state === 'Established' && session.bye(); 0")
        browser.wait_for("happened.includes('Terminated')", "the end of the call")
        wait_until(lambda: len(server.members("3001")) == 1, "the phone alone")


def test_it_calls_a_room_and_both_are_heard(browser, call):
    both_are_heard(browser, call)
    assert said(browser, "sent", "/^INVITE.*Supported: [^\\r]*outbound/s")


@pytest.mark.parametrize("press", [
    """session.info({ requestOptions: { body: { contentDisposition: "render", contentType: "application/dtmf-relay",
       content: "Signal=1\\r\\nDuration=160" } } })""",
    "session.sessionDescriptionHandler.sendDtmf('1')"], ids=["INFO", "RFC 4733"])
def test_digits_arrive_by_info_and_by_rtp(server, browser, call, press):
    browser.run(press + "; 0")
    wait_until(lambda: alice(server)["muted"], "the key that mutes")
    browser.run(press + "; 0")
    wait_until(lambda: not alice(server)["muted"], "the key that lets talk")


def test_it_holds_and_comes_back(server, browser, call):
    for hold in (True, False):
        browser.run(f"""session.invite({{
            sessionDescriptionHandlerOptions: {{ hold: {str(hold).lower()}, constraints: {{ audio, video: false }} }},
            requestDelegate: {{ onAccept: note("agreed {hold}") }} }}); 0""")
        browser.wait_for(f"happened.includes('agreed {hold}')", "the agreement")
        wait_until(lambda: alice(server)["held"] == hold, "the hold")
    both_are_heard(browser, call)


@pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")
def test_it_brings_somebody_in_by_refer_and_is_told_how_it_went(server, browser, call, tmp_path):
    microphone = tmp_path / "specialist.wav"
    spectrum.write_tone(microphone, 620, 30, 8000)
    with Baresip(tmp_path, "specialist", microphone, "pcmu", answers=True) as phone:
        browser.run(f"""window.told = [];
            session.refer(uri('sip:specialist@127.0.0.1:{phone.sip}'), {{
              requestDelegate: {{ onAccept: note("referred") }},
              onNotify: (notification) => {{ told.push(notification.request.body.trim()); notification.accept(); }} }}); 0""")
        phone.wait_for("CALL_ESTABLISHED")
        browser.wait_for("told.at(-1) === 'SIP/2.0 200 OK'", "the report")
        assert browser.run("happened.includes('referred') && told[0]") == "SIP/2.0 100 Trying"
        wait_until(lambda: len(server.members("3001")) == 3, "the specialist in the room")
        phone.command("hangup")
        wait_until(lambda: len(server.members("3001")) == 2, "the specialist's leaving")


def test_lines_of_chat_go_both_ways(server, browser, call):
    reader = Phone(server.sip, "3001", headers="Allow: INVITE, ACK, BYE, MESSAGE\r\n", name="Reader")
    assert reader.call() == 200
    wait_until(lambda: len(server.members("3001")) == 3, "the reader")
    browser.run("new SIP.Messager(agent, uri('sip:3001@trialogue.test'), 'beside the call').message(); 0")
    assert reader.read() == ("alice", "beside the call")
    browser.run("""session.message({ requestOptions: { body: {
        contentDisposition: "render", contentType: "text/plain", content: "within it" } } }); 0""")
    assert reader.read() == ("alice", "within it")
    assert reader.say("from the phone") < 300
    browser.wait_for("happened.includes('message') && last === 'from the phone'", "the phone's line")
    reader.hang_up()
    wait_until(lambda: len(server.members("3001")) == 2, "the reader's leaving")


def test_it_is_called_sees_the_context_answers_and_the_other_side_ends(server, browser):
    with talker(server, "3002") as phone:
        browser.run("happened.length = 0; 0")
        status, call = server.rest("POST", "calls", {
            "uri": "sip:alice@trialogue.test", "room": "3002", "context": {"customer": "Juliana Weber", "order": "4711"}})
        assert status == 201, call
        browser.wait_for("happened.includes('rings')", "the call that rings")
        assert browser.run("session.request.getHeader('X-Call-Order')") == "4711"
        browser.run("session.accept(options); 0")
        browser.wait_for("happened.includes('Established')", "the call")
        both_are_heard(browser, phone)
        assert server.rest("DELETE", f"calls/{call['id']}")[0] == 204
        browser.wait_for("happened.includes('Terminated')", "the end of the call")


def test_it_declines(server, browser):
    browser.run("happened.length = 0; 0")
    status, call = server.rest("POST", "calls", {"uri": "sip:alice@trialogue.test", "room": "3002"})
    assert status == 201, call
    browser.wait_for("happened.includes('rings')", "the call that rings")
    browser.run("session.reject({ statusCode: 486 }); 0")
    wait_until(lambda: server.rest("GET", f"calls/{call['id']}")[1].get("cause") == "486", "the refusal")
