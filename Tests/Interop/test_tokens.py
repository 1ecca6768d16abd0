"""Widgets and tokens: who comes from a page calls its widget and nothing else, and what its shop has signed is known as such
before anybody answers."""

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

import browser
from server import PROGRAM, ROOT, Server, free_port, free_sip_port, wait_until
from websocket_phone import WebSocketPhone

SHOP = "https://shop.example"
SECRET = "a secret that the shop has, of 32 octets or more"
ROOMS = """
  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "support", greeting: none, announce_joining: false, hold_music: false}
"""
EXTRA = """
registrar: {users: [{name: alice, password: wonderland}]}
web:
  origins: ["https://shop.example"]
  widgets:
    - {name: help, destination: support, network_calls_per_minute: 1000}
    - {name: three, destination: "3003"}
    - {name: busy, destination: support, network_calls_per_minute: 2}
    - {name: elsewhere, destination: support, origins: ["https://other.example"]}
    - {name: agent, destination: "5003"}
  tokens:
    keys: [{secret_file: SECRET_FILE}]
flows: [{name: agent, file: FLOW_FILE}]
routes:
  - {match: "5003", action: flow agent}
  - {match: "agent", action: dial}
"""
FLOW = """
blocks:
  main:
    - set: {order: "1", wish: repair}
    - dial: {uri: "sip:agent@127.0.0.1:PORT", timeout: 5, otherwise: end}
  end:
    - hangup
"""


def encoded(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def token(widget="help", origin=SHOP, lifetime=120, secret=SECRET, algorithm="HS256", **claims):
    """As the shop's back end makes it (RFC 7519), with nothing of the server's."""
    now = int(time.time())
    payload = {"widget": widget, "origin": origin, "iat": now, "exp": now + lifetime} | claims
    parts = [encoded(json.dumps(part).encode()) for part in ({"alg": algorithm, "typ": "JWT"}, payload)]
    signature = hmac.digest(secret.encode(), ".".join(parts).encode(), hashlib.sha256)
    return ".".join([*parts, encoded(signature) if algorithm != "none" else ""])


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "secret").write_text(SECRET + "\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind(("127.0.0.1", 0))
        agent.settimeout(10)
        (folder / "agent.yaml").write_text(FLOW.replace("PORT", str(agent.getsockname()[1])))
        extra = EXTRA.replace("SECRET_FILE", str(folder / "secret")).replace("FLOW_FILE", str(folder / "agent.yaml"))
        with Server(ROOMS, extra=extra) as running:
            running.agent = agent
            running.secret = folder / "secret"
            yield running


def call(phone, user, bearer=None, headers=""):
    extra = headers + (f"Authorization: Bearer {bearer}\r\n" if bearer is not None else "")
    status, text = phone.ask("INVITE", f"sip:{user}@trialogue.test", body=phone.sdp(), extra=extra)
    phone.remote_tag = re.search(r"(?im)^to:.*;tag=([^;\s>]+)", text).group(1)
    if status == 200:
        phone.remote = re.search(r"(?im)^contact:\s*<([^>]+)>", text).group(1)
        phone.target = f"sip:{user}@trialogue.test"
        phone.socket.send(phone.message("ACK", phone.remote, to=phone.target, cseq=phone.cseq))
    return status, text


def tried(shop, user, bearer=None, origin=SHOP):
    """The status of one try, which is hung up if it came through."""
    with WebSocketPhone(shop, origin=origin) as phone:
        status, text = call(phone, user, bearer)
        if status == 200:
            assert phone.hang_up() == 200
        return status, text


def test_a_token_opens_its_widget_and_leads_to_its_room(shop):
    with WebSocketPhone(shop, origin=SHOP) as phone:
        assert call(phone, "help", token())[0] == 200
        wait_until(lambda: len(shop.members("support")) == 1, "the visitor")
        widgets = {widget["name"]: widget for widget in shop.rest("GET", "widgets")[1]["items"]}
        assert widgets["help"]["calls"] == 1 and widgets["help"]["needsToken"] and widgets["three"]["calls"] == 0
        # Not even from within the call does it lead elsewhere.
        status, _ = phone.ask("REFER", phone.remote, to=phone.target, extra="Refer-To: <sip:3000@trialogue.test>\r\n")
        assert status == 403
        assert phone.hang_up() == 200
    wait_until(lambda: not shop.members("support"), "the end")


@pytest.mark.parametrize("user, made, origin, status", [
    ("three", lambda: token("help"), SHOP, 403), ("3000", lambda: token("help"), SHOP, 404),
    ("help", lambda: token(lifetime=-60), SHOP, 401), ("help", lambda: token(lifetime=86_400), SHOP, 401),
    ("help", lambda: token(secret="another secret, of somebody else altogether"), SHOP, 401),
    ("help", lambda: token(algorithm="none"), SHOP, 401), ("help", lambda: "rubbish", SHOP, 401),
    ("help", lambda: token(origin="https://evil.example"), SHOP, 403),
    ("elsewhere", lambda: token("elsewhere"), SHOP, 403),
    ("help", lambda: token(origin="https://other.example"), "https://other.example", 403),
    ("elsewhere", lambda: token("elsewhere", "https://other.example"), "https://other.example", 200),
    ("help", lambda: token(), None, 403), ("help", lambda: None, SHOP, 401), ("3000", lambda: None, SHOP, 403),
    ("3000", lambda: None, None, 200),
], ids=lambda value: None)
def test_what_is_not_meant_is_refused(shop, user, made, origin, status):
    got, text = tried(shop, user, made(), origin)
    assert got == status, text
    if status == 401:
        assert "WWW-Authenticate: Bearer realm=" in text
    assert "secret" not in text


def test_a_token_with_a_name_is_good_for_one_call(shop):
    made = token(jti="one")
    assert tried(shop, "help", made)[0] == 200
    assert tried(shop, "help", made)[0] == 403


def test_a_network_that_calls_too_often_is_told_when_to_come_again(shop):
    assert [tried(shop, "busy", token("busy"))[0] for _ in range(2)] == [200, 200]
    status, text = tried(shop, "busy", token("busy"))
    assert status == 429 and 1 <= int(re.search(r"(?im)^retry-after:\s*(\d+)", text).group(1)) <= 30
    assert tried(shop, "help", token())[0] == 200


def test_a_user_with_a_password_calls_from_any_page(shop):
    with WebSocketPhone(shop, "alice", password="wonderland", origin=SHOP) as phone:
        assert phone.call("3001") == 200
        assert phone.hang_up() == 200


def test_the_agents_phone_knows_what_is_signed_before_it_answers(shop):
    bearer = token("agent", context={"order": "4711", "customer": "Juliana Köhler"})
    said = ("X-Call-Order: 9\r\nX-Call-Page: https%3A%2F%2Fshop.example%2Fjeans\r\nX-Call-Signed: page\r\n"
            "X-Call-Customer: Somebody\r\n")
    with WebSocketPhone(shop, origin=SHOP) as phone:
        assert call(phone, "agent", bearer, said)[0] == 200
        octets, server = shop.agent.recvfrom(65536)
        invite = octets.decode()
        assert invite.startswith("INVITE sip:agent@")
        lines = [line + (";tag=agent" if line.lower().startswith("to:") else "") for line in invite.split("\r\n")
                 if re.match(r"(?i)(via|from|to|call-id|cseq):", line)]
        shop.agent.sendto("\r\n".join(["SIP/2.0 180 Ringing", *lines, "Content-Length: 0", "", ""]).encode(), server)
        fields = dict(re.findall(r"(?m)^(X-Call-\w+): (.*?)\r$", invite))
        assert fields == {
            "X-Call-Customer": "Juliana%20K%C3%B6hler", "X-Call-Order": "4711", "X-Call-Wish": "repair",
            "X-Call-Page": "https%3A%2F%2Fshop.example%2Fjeans", "X-Call-Signed": "customer,order"}

        def rings():
            nonlocal calls
            calls = [one for one in shop.rest("GET", "calls")[1]["items"] if one["state"] != "ended"]
            return any(one["state"] == "ringing" for one in calls)

        calls = []
        wait_until(rings, "the agent's phone, which rings")
        incoming, = [one for one in calls if one["direction"] == "incoming"]
        outgoing, = [one for one in calls if one["direction"] == "outgoing"]
        assert outgoing["state"] == "ringing" and outgoing["contextID"] == incoming["contextID"]
        assert incoming["signed"] == outgoing["signed"] == ["customer", "order"]
        status, context = shop.rest("GET", f"contexts/{incoming['contextID']}")
        assert status == 200 and context["signed"] == {"customer": "Juliana Köhler", "order": "4711"}
        assert context["unsigned"] == {"page": "https://shop.example/jeans", "wish": "repair"}
        assert set(context["calls"]) == {incoming["id"], outgoing["id"]}
        assert phone.hang_up() == 200
    shop.agent.settimeout(5)
    while not shop.agent.recvfrom(65536)[0].startswith(b"CANCEL"):
        pass


def test_the_command_line_makes_the_tokens_that_the_server_takes(shop):
    made = subprocess.run(
        [PROGRAM, "token", "mint", "--widget", "help", "--origin", SHOP, "--context", "order=4711", "--secret-file",
         str(shop.secret)], capture_output=True, text=True, check=True).stdout.strip()
    check = [PROGRAM, "token", "check", "--config", str(shop.configuration)]
    answer = subprocess.run([*check, made], capture_output=True, text=True)
    assert answer.returncode == 0 and "context.order: 4711\n" in answer.stdout
    assert subprocess.run([*check, made + "x"], capture_output=True).returncode == 1
    assert tried(shop, "help", made)[0] == 200


def test_widgets_change_while_the_server_runs(shop):
    assert tried(shop, "late", token("late"))[0] == 404
    text = shop.configuration.read_text()
    shop.configuration.write_text(text.replace("  widgets:\n", '  widgets:\n    - {name: late, destination: "3002"}\n'))
    shop.process.send_signal(signal.SIGHUP)
    wait_until(lambda: any(one["name"] == "late" for one in shop.rest("GET", "widgets")[1]["items"]), "the widget")
    assert tried(shop, "late", token("late"))[0] == 200


class Demo:
    """`trialogue demo` on ports of its own."""

    def __init__(self, folder):
        self.private = free_port()
        self.base = f"http://127.0.0.1:{self.private}"
        listen = {"SIP": f"udp 127.0.0.1:{free_sip_port()}", "WEB": "none", "PRIVATE": f"127.0.0.1:{self.private}"}
        environment = os.environ | {f"TRIALOGUE_LISTEN_{name}": value for name, value in listen.items()} | {
            "TRIALOGUE_RECORDING_DIRECTORY": str(folder / "recordings"),
            "TRIALOGUE_PROMPTS_DIRECTORY": str(ROOT / "build/prompts")}
        (folder / "recordings").mkdir()
        self.process = subprocess.Popen(
            [PROGRAM, "demo"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        wait_until(self.is_ready, "the demo", seconds=20)

    def is_ready(self):
        try:
            return self.ask("/readyz") is not None
        except (urllib.error.URLError, ConnectionError):
            return False

    def ask(self, path):
        with urllib.request.urlopen(self.base + path, timeout=5) as answer:
            return answer.read().decode()

    def calls(self):
        return [one for one in json.loads(self.ask("/api/v1/calls"))["items"] if one["state"] != "ended"]


@pytest.fixture
def demo(tmp_path):
    running = Demo(tmp_path)
    yield running
    running.process.send_signal(signal.SIGINT)
    running.process.wait(10)


@pytest.mark.skipif(browser.PROGRAM is None, reason="chromium is not installed")
def test_the_demos_shop_signs_what_it_knows_of_its_visitor(demo):
    with browser.Browser() as visitor:
        visitor.open(f"{demo.base}/demo/shop")
        start = "document.getElementById('button').shadowRoot?.querySelector('button.start')"
        visitor.wait_for(start, "the button")
        visitor.click(start)
        wait_until(lambda: any(one["state"] == "answered" for one in demo.calls()), "the visitor's call", seconds=15)
        call, = demo.calls()
        assert call["room"] == "support" and call["signed"] == ["customer", "item", "order"]
        assert call["context"]["order"] == "4711" and call["context"]["page"] == f"{demo.base}/demo/shop"
        assert visitor.console == []
