"""Chat by SIP MESSAGE on the real server: phones over UDP and over WebSocket read each other in a room."""

import re

import pytest

from event_stream import EventStream
from server import Server
from softphone import Phone
from websocket_phone import WebSocketPhone

ROOMS = """
  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "4000", pin: "1234", greeting: none, announce_joining: false, hold_music: false}
"""
ALLOW = "Allow: INVITE, ACK, BYE, MESSAGE\r\n"
SECRET = "my card is 4111 1111 1111 1111"


@pytest.fixture(scope="module")
def server():
    with Server(ROOMS, extra="registrar: {users: [{name: alice, password: wonderland}]}") as running:
        yield running


def phone(server, room, name, headers=ALLOW):
    made = Phone(server.sip, room, name=name, headers=headers)
    assert made.call() == 200
    return made


def line(text):
    """Who wrote a MESSAGE, and what."""
    return re.search(r'(?im)^from: *"([^"]*)"', text).group(1), text.split("\r\n\r\n", 1)[1]


def test_members_read_each_other_whatever_way_they_came(server):
    with EventStream(server) as events, WebSocketPhone(server, "visitor") as visitor:
        anna, ben = phone(server, "3001", "Anna"), phone(server, "3001", "Ben <x>")
        deaf = phone(server, "3001", "Without", headers="")
        status, text = visitor.ask("INVITE", "sip:3001@trialogue.test", body=visitor.sdp(), extra=ALLOW)
        assert status == 200 and "MESSAGE" in re.search(r"(?im)^allow: *(.*)$", text).group(1)
        visitor.remote_tag = re.search(r"(?im)^to:.*;tag=([^;\s>]+)", text).group(1)
        visitor.remote = re.search(r"(?im)^contact:\s*<([^>]+)>", text).group(1)
        visitor.target = "sip:3001@trialogue.test"
        visitor.socket.send(visitor.message("ACK", visitor.remote, to=visitor.target, cseq=visitor.cseq))
        for _ in range(4):
            events.wait_for("conf-join", room="3001")
        events.wait_for("conf-join", room="3001", uri=f"sip:visitor@{visitor.host}")

        assert anna.say("Grüße an alle") == 200
        assert ben.read() == ("Anna", "Grüße an alle")
        message = visitor.next()
        assert message.startswith("MESSAGE") and line(message) == ("Anna", "Grüße an alle")
        visitor.answer(message)

        status, _ = visitor.ask("MESSAGE", visitor.remote, to=visitor.target, body="hello from the page",
                                kind="text/plain;charset=utf-8")
        assert status == 200
        assert anna.read() == ("visitor", "hello from the page")
        assert ben.read() == ("visitor", "hello from the page")
        told = events.wait_for("chat", name="visitor")
        assert told["values"]["text"] == "hello from the page" and told["values"]["room"] == "3001"
        assert anna.say("<b>x</b>", content="text/html") == 415
        assert anna.say("x" * 4097) == 413
        assert ben.say(SECRET) == 200
        assert anna.read()[1] == SECRET
        message = visitor.next()
        assert line(message)[1] == SECRET
        visitor.answer(message)
        statuses = [anna.say(f"line {number}") for number in range(14)]
        assert statuses[:8] == [200] * 8 and 503 in statuses
        assert not [text for text in deaf.responses if text.startswith("MESSAGE")]
        visitor.hang_up()
        for each in (anna, ben, deaf):
            each.hang_up()
    # What people write is theirs.
    assert SECRET not in server.log_path.read_text()


def test_who_is_asked_for_a_pin_reads_and_writes_nothing(server):
    waiting = phone(server, "4000", "Waiting")
    assert waiting.say("let me in") == 403
    waiting.hang_up()


def test_outside_of_calls_only_users_write_to_rooms_that_they_are_in(server):
    with WebSocketPhone(server, "alice", password="wonderland") as alice:
        status, _ = alice.ask("MESSAGE", "sip:3002@trialogue.test", body="spam", kind="text/plain")
        assert status == 403
        bob = phone(server, "3002", "Bob")
        assert alice.call("3002") == 200
        tag, alice.remote_tag, call_id = alice.remote_tag, "", alice.call_id
        alice.call_id = call_id + "x"
        status, _ = alice.ask("MESSAGE", "sip:3002@trialogue.test", body="from outside", kind="text/plain")
        assert status == 200
        assert bob.read()[1] == "from outside"
        alice.remote_tag, alice.call_id = tag, call_id
        alice.hang_up()
        bob.hang_up()
    with WebSocketPhone(server, "stranger") as stranger:
        status, _ = stranger.ask("MESSAGE", "sip:3002@trialogue.test", body="spam", kind="text/plain")
        assert status == 401
