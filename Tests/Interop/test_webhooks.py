"""Webhooks of the real server to a receiver of Python's: signed, in order, tried again, logged; and where nothing goes."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

from server import Server, wait_until
from softphone import Phone

ROOM = '  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}'
SECRET = "the-secret-of-the-test-0123456789abcdef"


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what it gets; `answers` are the statuses that it gives first, 204 after them."""

    def __init__(self, answers=()):
        self.answers = list(answers)
        self.got = []
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.got.append((self.headers, body))
            self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def claims(headers, body):
    """The claims of the token, whose signature and digest must be right."""
    token = headers["Authorization"].removeprefix("Bearer ")
    head, payload, signature = token.split(".")
    def octets(text):
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert json.loads(octets(head)) == {"alg": "HS256", "typ": "JWT"}
    expected = hmac.new(SECRET.encode(), f"{head}.{payload}".encode(), hashlib.sha256).digest()
    assert hmac.compare_digest(expected, octets(signature))
    read = json.loads(octets(payload))
    assert read["sha256"] == hashlib.sha256(body).hexdigest()
    assert abs(read["iat"] - time.time()) < 30 and read["exp"] == read["iat"] + 300 and read["iss"] == "trialogue.test"
    return read


def section(hooks, networks="127.0.0.1/32"):
    return f"webhooks:\n  networks: [{networks}]\n  hooks:\n" + "".join(
        f"    - {{name: {name}, url: \"{url}\", secret: {SECRET}{more}}}\n" for name, url, more in hooks)


def test_a_call_is_told_in_order_signed_and_tried_again(tmp_path):
    with Receiver(answers=[500, 503]) as receiver, Receiver() as joins:
        extra = section([("crm", receiver.url, ""), ("joins", joins.url, ", events: [conf-join]")])
        with Server(ROOM, folder=tmp_path, extra=extra) as server:
            phone = Phone(server.sip, "3001", headers="X-Call-Order: 4711\r\n")
            assert phone.call() == 200
            wait_until(lambda: server.members("3001"), "the phone in its room")
            phone.hang_up()
            def names():
                return [json.loads(body)["name"] for _, body in list(receiver.got)]
            wait_until(lambda: "call-end" in names() and "conf-leave" in names(), "everything told", 20)
            told = [(claims(headers, body), json.loads(body)) for headers, body in receiver.got]
            # The first was answered with 500 and 503, and came again with the same identifier.
            assert [token["jti"] for token, _ in told[:3]] == [told[0][0]["jti"]] * 3
            events = [event for _, event in told[2:]]
            assert [event["id"] for event in events] == sorted({event["id"] for event in events})
            assert {"call-attempt", "call-start", "conf-join"} <= {event["name"] for event in events}
            assert "talker" not in names()
            assert all(headers["Content-Type"] == "application/json" for headers, _ in receiver.got)
            wait_until(lambda: joins.got, "the other one told")
            assert [json.loads(body)["name"] for _, body in joins.got] == ["conf-join"]

            status, page = server.rest("GET", "webhooks/crm/deliveries")
            assert status == 200
            first = next(item for item in page["items"] if item["id"] == told[0][0]["jti"])
            assert first["state"] == "delivered" and first["attempts"] == 3 and first["result"] == "204"
            hooks = {hook["name"]: hook for hook in server.rest("GET", "webhooks")[1]["items"]}
            assert hooks["crm"]["lost"] == 0 and hooks["joins"]["events"] == ["conf-join"]
            assert server.rest("GET", "webhooks/nobody/deliveries")[0] == 404
        assert SECRET not in server.log_path.read_text()


def test_nothing_is_sent_to_what_only_this_machine_reaches(tmp_path):
    with Receiver() as receiver:
        # Loopback is nobody's own network here.
        extra = section([("crm", f"https://localhost:{receiver.server_port}/", ""), ("erp", receiver.url, "")], "10.0.0.0/8")
        with Server(ROOM, folder=tmp_path, extra=extra) as server:
            phone = Phone(server.sip, "3001")
            assert phone.call() == 200
            phone.hang_up()
            for name in ("crm", "erp"):
                def refused():
                    items = server.rest("GET", f"webhooks/{name}/deliveries")[1]["items"]
                    return items and all(item["state"] == "failed" for item in items)
                wait_until(refused, "nothing is sent")
                item = server.rest("GET", f"webhooks/{name}/deliveries")[1]["items"][0]
                assert item["attempts"] == 1 and "webhooks.networks" in item["result"]
        assert receiver.got == []
