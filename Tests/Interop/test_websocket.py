"""SIP over WebSocket at the server's web ports: calls, and what a door to the whole world has to refuse."""

import contextlib
import http.client
import json
import os
import re
import socket
import ssl
import struct

import pytest
from websockets.exceptions import ConnectionClosed

from server import wait_until
from softphone import Phone
from websocket_phone import WebSocketPhone, connection

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Protocol": "sip",
}


def ask(server, secure, path="/sip", **changes):
    """An upgrade as HTTP, with header fields changed or (None) left out: status, fields, body."""
    fields = {name: value for name, value in (UPGRADE | {k.replace("_", "-"): v for k, v in changes.items()}).items()
              if value is not None}
    if secure:
        client = http.client.HTTPSConnection(
            "localhost", server.web, context=ssl.create_default_context(cafile=str(server.certificate)), timeout=5)
    else:
        client = http.client.HTTPConnection("localhost", server.private, timeout=5)
    with contextlib.closing(client):
        client.request("GET", path, headers=fields)
        answer = client.getresponse()
        return answer.status, answer.headers, answer.read() if answer.status != 101 else b""


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_a_user_registers_calls_a_room_and_hangs_up(server, secure):
    with WebSocketPhone(server, "alice", secure, password="wonderland") as phone:
        assert phone.register() == 200
        assert phone.call("3000") == 200
        contact = re.search(r"(?im)^contact:\s*(.*)$", phone.received[-1]).group(1)
        assert ";transport=ws" in contact and "isfocus" in contact
        wait_until(lambda: len(server.members("3000")) == 1, "the member")
        assert phone.hang_up() == 200
        wait_until(lambda: not server.members("3000"), "the end of the room")


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_a_registered_user_is_called_by_the_connection_of_its_registration(server, secure):
    with WebSocketPhone(server, "alice", secure, password="wonderland") as phone:
        assert phone.register() == 200
        status, call = server.rest("POST", "calls", {"uri": "sip:alice@trialogue.test", "room": "3001"})
        assert status == 201, call
        invite = phone.next()
        assert invite.startswith("INVITE sip:alice@") and f"SIP/2.0/{phone.transport} " in invite
        assert re.search(r"(?im)^contact:.*;transport=ws", invite)
        # Who registered by WebSocket is a browser, and is offered what browsers speak.
        assert " UDP/TLS/RTP/SAVPF " in invite and "a=setup:actpass" in invite and "a=ice-lite" in invite
        phone.answer(invite, body=phone.browser_sdp(invite))
        assert phone.next().startswith("ACK ")
        wait_until(lambda: len(server.members("3001")) == 1, "the member")
        assert server.rest("DELETE", f"calls/{call['id']}")[0] == 204
        bye = phone.next()
        assert bye.startswith("BYE ")
        phone.answer(bye)
        wait_until(lambda: not server.members("3001"), "the end of the room")


def test_one_room_takes_udp_ws_and_wss(server):
    phone = Phone(server.sip, "3002")
    assert phone.call() == 200
    with WebSocketPhone(server, secure=False) as plain, WebSocketPhone(server, secure=True) as secure:
        assert plain.call("3002") == 200 and secure.call("3002") == 200
        wait_until(lambda: len(server.members("3002")) == 3, "the members")
        assert plain.hang_up() == 200 and secure.hang_up() == 200
    phone.hang_up()


def test_a_message_may_come_in_pieces_and_as_octets(server):
    with WebSocketPhone(server) as phone:
        def pieces(text):
            phone.socket.send(text[i:i + 100] for i in range(0, len(text), 100))
        assert phone.call("3003", send=pieces) == 200
        assert phone.hang_up() == 200
    with WebSocketPhone(server) as phone:
        assert phone.call("3003", send=lambda text: phone.socket.send(text.encode())) == 200
        assert phone.hang_up() == 200


def test_both_keep_alives_are_answered(server):
    with WebSocketPhone(server) as phone:
        assert phone.socket.ping(b"there?").wait(5)
        phone.socket.send("\r\n\r\n")
        assert phone.next() == "\r\n"


def closes_with(socket, code):
    with pytest.raises(ConnectionClosed) as raised:
        while True:
            socket.recv(timeout=10)
    assert raised.value.rcvd is not None and raised.value.rcvd.code == code


def test_a_frame_of_a_mebibyte_closes_its_connection_and_no_other(server):
    with WebSocketPhone(server) as other:
        assert other.call("3004") == 200
        resident = server.resident()
        for _ in range(3):
            with connection(server) as big:
                with contextlib.suppress(ConnectionClosed):
                    big.send("x" * (1 << 20))
                closes_with(big, 1009)
        assert server.resident() - resident < 32 << 10
        assert len(server.members("3004")) == 1
        assert other.hang_up() == 200


def test_many_small_fragments_are_no_way_around_the_cap(server):
    with connection(server) as big:
        with contextlib.suppress(ConnectionClosed):
            big.send("x" * 1000 for _ in range(100))
        closes_with(big, 1009)


def test_what_is_no_sip_breaks_no_connection(server):
    with WebSocketPhone(server) as phone:
        phone.socket.send("hello?")
        phone.socket.send(b"\x00\xff\x00")
        assert phone.call("3005") == 200
        assert phone.hang_up() == 200


def frame(opcode, data, fin=True, masked=True, reserved=0):
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    mask = os.urandom(4)
    body = bytes(b ^ mask[i % 4] for i, b in enumerate(data)) if masked else data
    return bytes([first, (0x80 if masked else 0) | len(data)]) + (mask if masked else b"") + body


@pytest.mark.parametrize("octets, code", [
    (frame(1, b"x", masked=False), 1002), (frame(1, b"x", reserved=4), 1002), (frame(3, b"x"), 1002),
    (frame(0, b"x"), 1002), (frame(1, b"x", fin=False) + frame(1, b"y"), 1002), (frame(9, b"x", fin=False), 1002),
    (frame(1, b"\xff\xfe"), 1007), (frame(8, b"x"), 1002), (frame(8, b"\x03\xe8"), 1000), (frame(8, b""), 1000),
])
def test_what_breaks_the_protocol_is_closed_with_its_code(server, octets, code):
    with socket.create_connection(("127.0.0.1", server.private), timeout=10) as stream:
        fields = "".join(f"{name}: {value}\r\n" for name, value in UPGRADE.items())
        # What comes in one piece with the upgrade counts too.
        stream.sendall(f"GET /sip HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode() + octets)
        answer = b""
        while piece := stream.recv(4096):
            answer += piece
        head, _, rest = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        assert rest == bytes([0x88, 2]) + struct.pack("!H", code)


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
@pytest.mark.parametrize("changes, status", [
    ({"Upgrade": None, "Connection": None}, 426), ({"Upgrade": "h2c"}, 426), ({"Connection": "close"}, 400),
    ({"Sec_WebSocket_Version": "8"}, 426), ({"Sec_WebSocket_Version": None}, 426),
    ({"Sec_WebSocket_Key": None}, 400), ({"Sec_WebSocket_Key": "short"}, 400),
    ({"Sec_WebSocket_Protocol": None}, 400), ({"Sec_WebSocket_Protocol": "chat, xmpp"}, 400),
    ({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403), ({"Origin": "https://localhost.evil.example"}, 403),
    ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
])
def test_a_refused_upgrade_is_a_proper_answer(server, secure, changes, status):
    got, fields, body = ask(server, secure, **changes)
    assert got == status
    assert fields["Content-Type"] == "application/problem+json"
    problem = json.loads(body)
    assert problem["status"] == status and problem["detail"]
    if status == 426:
        assert fields["Upgrade"] == "websocket" and fields["Sec-WebSocket-Version"] == "13"


def test_pages_of_ours_and_those_that_are_listed_may_call(server):
    for secure, origin in [(True, f"https://localhost:{server.web}"), (False, f"http://localhost:{server.private}"),
                           (True, "https://shop.example"), (False, "https://shop.example"), (True, "https://SHOP.example")]:
        with connection(server, secure, origin=origin) as socket:
            assert socket.subprotocol == "sip"


def test_no_compression_is_agreed(server):
    status, fields, _ = ask(server, True, **{"Sec_WebSocket_Extensions": "permessage-deflate; client_max_window_bits"})
    assert status == 101 and "Sec-WebSocket-Extensions" not in fields
    assert fields["Sec-WebSocket-Protocol"] == "sip"


def test_an_upgrade_elsewhere_is_an_ordinary_request(server):
    status, fields, body = ask(server, True, path="/openapi.yaml")
    assert status == 200 and body.startswith(b"openapi:")
    status, fields, body = ask(server, True, path="/nothing")
    assert status == 404 and json.loads(body)["status"] == 404
    assert ask(server, True, path="/sippy")[0] == 404
    assert ask(server, False, path="/healthz", Upgrade="h2c")[0] == 200


def test_connections_beyond_the_cap_of_their_source_get_503(server):
    with contextlib.ExitStack() as stack:
        open_ones = 0
        refused = None
        for _ in range(300):
            stream = stack.enter_context(
                socket.create_connection(("127.0.0.1", server.private), 5, ("127.0.0.9", 0)))
            fields = "".join(f"{name}: {value}\r\n" for name, value in UPGRADE.items())
            stream.sendall(f"GET /sip HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode())
            answer = stream.recv(4096)
            if answer.startswith(b"HTTP/1.1 101 "):
                open_ones += 1
            else:
                refused = answer
                break
        assert open_ones == 256
        assert refused.startswith(b"HTTP/1.1 503 ") and b"Retry-After: 10" in refused
        # Far beyond it nobody is answered.
        for _ in range(400):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.private), 5, ("127.0.0.9", 0)))
        assert stream.recv(1) == b""
        # Others are not concerned.
        with WebSocketPhone(server) as phone:
            assert phone.call("3006") == 200
            assert phone.hang_up() == 200
