"""JsSIP, a SIP client of others for browsers, works with the server as it is: in a real Chromium, by the bundle that `JSSIP` names
(`dist/jssip.min.js` of version 3.10.10, out of the history of its repository); without one these tests are left out."""

import re

import pytest

import spectrum
from baresip import INSTALLED, Baresip
from browser import PROGRAM
from client_stage import alice, bundle, page_with, said
from firefox_stage import both_are_heard, talker
from server import wait_until
from softphone import Phone

pytest.importorskip("websockets")
BUNDLE = bundle("JSSIP")
pytestmark = [pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed"),
              pytest.mark.skipif(not BUNDLE.is_file(), reason="JSSIP names no bundle of JsSIP")]

PREPARE = """
    window.options = { sessionTimersExpires: 90, mediaConstraints: { video: false, audio } };
    window.follow = (session) => {
      window.session = session;
      for (const name of ["progress", "accepted", "confirmed", "ended", "failed", "hold", "unhold", "reinvite", "update"])
        session.on(name, note(name));
    };
    0
"""


@pytest.fixture(scope="module")
def browser(server, tmp_path_factory):
    """A page with a JsSIP that is registered as alice."""
    with page_with(BUNDLE, server, tmp_path_factory.mktemp("jssip")) as page:
        page.run(PREPARE)
        page.run(f"""(() => {{
            window.agent = new JsSIP.UA({{
              sockets: [new JsSIP.WebSocketInterface("ws://127.0.0.1:{server.private}/sip")],
              uri: "sip:alice@trialogue.test", password: "wonderland", session_timers_force_refresher: true }});
            for (const name of ["registered", "registrationFailed", "newMessage"]) agent.on(name, note(name));
            agent.on("newRTCSession", ({{ originator, session, request }}) => {{
              if (originator !== "remote") return;
              window.invitation = request;
              follow(session);
              note("rings")();
            }});
            agent.start();
          }})()""")
        page.wait_for("happened.includes('registered')", "the registration")
        yield page
        page.run("agent.stop()")
        page.wait_for("sent.some((text) => /^REGISTER/.test(text) && /expires[:=] ?0/i.test(text))", "its end")


@pytest.fixture
def call(server, browser):
    """JsSIP in room 3001 with a phone that talks."""
    with talker(server, "3001") as phone:
        browser.run("happened.length = 0; follow(agent.call('sip:3001@trialogue.test', options)); 0")
        browser.wait_for("happened.includes('confirmed')", "the call")
        wait_until(lambda: len(server.members("3001")) == 2, "both members")
        yield phone
        browser.run("session.isEnded() || session.terminate(); 0")
        browser.wait_for("happened.includes('ended')", "the end of the call")
        wait_until(lambda: len(server.members("3001")) == 1, "the phone alone")


def test_it_calls_a_room_and_both_are_heard(browser, call):
    both_are_heard(browser, call)
    invite = said(browser, "sent", "/^INVITE/")[-1]
    assert re.search(r"(?m)^Session-Expires: 90", invite) and re.search(r"(?m)^Supported: .*outbound", invite)


def test_the_session_is_refreshed_by_update(browser, call):
    count = "sent.filter((text) => /^UPDATE/.test(text)).length"
    before = browser.run(count)
    browser.wait_for(f"{count} > {before}", "the UPDATE")
    browser.wait_for("got.some((text) => /^SIP\\/2.0 200/.test(text) && /CSeq: \\d+ UPDATE/i.test(text))", "its answer")
    assert not said(browser, "got", r"/^SIP\/2.0 [456].*CSeq: \d+ UPDATE/is")


@pytest.mark.parametrize("way", ["INFO", "RFC2833"])
def test_digits_arrive_by_info_and_by_rtp(server, browser, call, way):
    browser.run(f"session.sendDTMF('1', {{ transportType: '{way}' }}); 0")
    wait_until(lambda: alice(server)["muted"], "the key that mutes")
    browser.run(f"session.sendDTMF('1', {{ transportType: '{way}' }}); 0")
    wait_until(lambda: not alice(server)["muted"], "the key that lets talk")


def test_it_holds_comes_back_and_offers_anew(server, browser, call):
    assert browser.run("session.hold()")
    wait_until(lambda: alice(server)["held"], "the member on hold")
    browser.wait_for("session.isReadyToReOffer()", "the end of the exchange")
    assert browser.run("session.unhold()")
    wait_until(lambda: not alice(server)["held"], "the member back")
    browser.wait_for("session.isReadyToReOffer()", "the end of the exchange")
    for use in ("false", "true"):
        browser.run(f"window.isDone = false; session.renegotiate({{ useUpdate: {use} }}, () => {{ isDone = true; }}); 0")
        browser.wait_for("isDone && session.isReadyToReOffer()", "the new agreement")
    both_are_heard(browser, call)
    assert browser.run("session.isEstablished()")


@pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")
def test_it_brings_somebody_in_by_refer_and_is_told_how_it_went(server, browser, call, tmp_path):
    microphone = tmp_path / "specialist.wav"
    spectrum.write_tone(microphone, 620, 30, 8000)
    refer = """(target) => {
      window.told = [];
      const eventHandlers = {};
      for (const name of ["requestSucceeded", "requestFailed", "trying", "progress", "accepted", "failed"])
        eventHandlers[name] = (event) => told.push([name, event.status_line?.status_code ?? event.response?.status_code]);
      session.refer(target, { eventHandlers });
      return 0;
    }"""
    with Baresip(tmp_path, "specialist", microphone, "pcmu", answers=True) as phone:
        browser.run(f"({refer})('sip:specialist@127.0.0.1:{phone.sip}')")
        phone.wait_for("CALL_ESTABLISHED")
        browser.wait_for("told.some(([name]) => name === 'accepted')", "the report")
        assert browser.run("told")[0] == ["requestSucceeded", 202]
        wait_until(lambda: len(server.members("3001")) == 3, "the specialist in the room")
        phone.command("hangup")
        wait_until(lambda: len(server.members("3001")) == 2, "the specialist's leaving")
    browser.run(f"({refer})('sip:nobody@elsewhere.invalid')")
    browser.wait_for("told.some(([name]) => name === 'failed' || name === 'requestFailed')", "the bad news", 40)


def test_lines_of_chat_go_both_ways(server, browser, call):
    reader = Phone(server.sip, "3001", headers="Allow: INVITE, ACK, BYE, MESSAGE\r\n", name="Reader")
    assert reader.call() == 200
    wait_until(lambda: len(server.members("3001")) == 3, "the reader")
    browser.run("""window.outcome = null; agent.sendMessage('sip:3001@trialogue.test', 'from JsSIP', { eventHandlers: {
        succeeded: () => { outcome = 'taken'; }, failed: ({ cause }) => { outcome = cause; } } }); 0""")
    assert reader.read() == ("alice", "from JsSIP")
    browser.wait_for("outcome === 'taken'", "that it is taken")
    assert reader.say("from the phone") < 300
    browser.wait_for("happened.includes('newMessage') && last.request?.body === 'from the phone'", "the phone's line")
    reader.hang_up()
    wait_until(lambda: len(server.members("3001")) == 2, "the reader's leaving")


def test_it_is_called_sees_the_context_answers_and_the_other_side_ends(server, browser):
    with talker(server, "3002") as phone:
        browser.run("happened.length = 0; 0")
        status, call = server.rest("POST", "calls", {
            "uri": "sip:alice@trialogue.test", "room": "3002", "context": {"customer": "Juliana Weber", "order": "4711"}})
        assert status == 201, call
        browser.wait_for("happened.includes('rings')", "the call that rings")
        assert browser.run("invitation.getHeader('X-Call-Order')") == "4711"
        browser.run("session.answer(options); 0")
        browser.wait_for("happened.includes('confirmed')", "the call")
        both_are_heard(browser, phone)
        assert server.rest("DELETE", f"calls/{call['id']}")[0] == 204
        browser.wait_for("happened.includes('ended')", "the end of the call")


def test_it_declines(server, browser):
    browser.run("happened.length = 0; 0")
    status, call = server.rest("POST", "calls", {"uri": "sip:alice@trialogue.test", "room": "3002"})
    assert status == 201, call
    browser.wait_for("happened.includes('rings')", "the call that rings")
    browser.run("session.terminate({ status_code: 486 }); 0")
    wait_until(lambda: server.rest("GET", f"calls/{call['id']}")[1].get("cause") == "486", "the refusal")


def test_a_room_that_is_none_is_refused_in_its_words(browser):
    browser.run("happened.length = 0; follow(agent.call('sip:nobody-has-this@trialogue.test', options)); 0")
    browser.wait_for("happened.includes('failed')", "the refusal")
    assert browser.run("last.cause") == "Not Found"
