"""The doors for other systems: XML-RPC by Python's own client, against a running server with real calls."""

import xmlrpc.client

import pytest

from server import wait_until
from softphone import Phone


@pytest.fixture
def rpc(server):
    with xmlrpc.client.ServerProxy(f"http://127.0.0.1:{server.private}/RPC2", allow_none=True) as proxy:
        yield proxy


def test_a_room_is_made_watched_and_cleared(server, rpc):
    assert rpc.roomCreate("3009", {"pin": "99"})["name"] == "3009"
    assert "3009" in rpc.listRooms()
    server.rest("DELETE", "rooms/3009")
    phone = Phone(server.sip, "3008")
    assert phone.call() == 200
    wait_until(lambda: server.members("3008"), "the member")
    (member,) = rpc.roomInfo("3008")["members"]
    (found,) = rpc.findParticipant(member["uri"])
    assert found["room"] == "3008" and found["id"] == member["id"]
    assert rpc.mute("3008", member["id"])["muted"] is True
    assert server.members("3008")[0]["muted"] is True
    assert rpc.unmute("3008", member["id"])["muted"] is False
    assert rpc.kickout("3008", member["id"]) is True
    while not phone.hear().startswith("BYE"):
        pass
    phone.close()


def test_a_call_is_dialled_and_its_context_read_while_it_rings(server, rpc):
    with Phone_that_rings(server) as agent:
        call = rpc.dialout("3007", f"sip:agent@127.0.0.1:{agent.port}", {"context": {"order": "4711"}, "timeout": 20})
        invite = agent.next("INVITE")
        assert "X-Call-Order: 4711" in invite or "x-call-order: 4711" in invite.lower()
        assert rpc.context(call["id"]) == {"order": "4711"}
        server.rest("DELETE", f"calls/{call['id']}")
        agent.next("CANCEL")


def test_what_cannot_be_done_is_a_fault(rpc):
    with pytest.raises(xmlrpc.client.Fault) as nowhere:
        rpc.roomInfo("no-such-room")
    assert nowhere.value.faultCode == 404
    with pytest.raises(xmlrpc.client.Fault) as unknown:
        rpc.roomDestroy("3000")
    assert unknown.value.faultCode == -32601


class Phone_that_rings:
    """A socket that hears what comes; it never answers more than 180."""

    def __init__(self, server):
        import socket
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(10)
        self.port = self.socket.getsockname()[1]
        self.server = ("127.0.0.1", server.sip)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def next(self, method):
        while True:
            text = self.socket.recv(65536).decode()
            if text.startswith(method + " "):
                break
        if method == "INVITE":
            lines = [line for line in text.split("\r\n") if line.split(":")[0].lower() in ("via", "from", "call-id", "cseq")]
            to = next(line for line in text.split("\r\n") if line.lower().startswith("to:")) + ";tag=agent"
            ringing = "SIP/2.0 180 Ringing\r\n" + "\r\n".join(lines) + f"\r\n{to}\r\nContent-Length: 0\r\n\r\n"
            self.socket.sendto(ringing.encode(), self.server)
        return text
