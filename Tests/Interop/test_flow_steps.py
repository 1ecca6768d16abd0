"""Steps of voice menus that ask the clock, a program elsewhere, or somebody to take the caller; rooms that are closed."""

import http.server
import json
import socket
import threading

import numpy as np
import pytest
from scipy.io import wavfile

from likeness import likeness
from server import ROOT, Server, wait_until
from softphone import Phone
from test_flow import next_request, respond
from test_webhooks import SECRET, claims

ROOMS = """
  - {pattern: "support", greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "night", greeting: none, hours: never}
"""

FLOW = """
blocks:
  main:
    - hours: HOURS
      closed: night
    - gather: {into: order, prompt: enter-order, digits: 4}
    - http: {url: "http://127.0.0.1:HTTP/flows/next?shop=1", timeout: 3, otherwise: alone}
    - transfer: {uri: "sip:agent@127.0.0.1:AGENT", timeout: 5}
  alone:
    - play: service-unavailable
    - conference: support
  night:
    - play: closed
hours:
  always: {open: {mon-sun: "00:00-24:00"}}
  never: {open: {mon-sun: []}}
"""


class Program(http.server.ThreadingHTTPServer):
    """Answers questions of flows with `steps`; `gate` holds the answers back."""

    def __init__(self):
        self.got, self.steps, self.gate = [], [], threading.Event()
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.got.append((self.path, self.headers, body))
            self.server.gate.wait(10)
            answer = json.dumps({"steps": self.server.steps}).encode()
            try:
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except OSError:
                pass

        def log_message(self, *_):
            pass

    def __exit__(self, *_):
        self.gate.set()
        self.shutdown()
        self.server_close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flows")
    with Program() as program, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind(("127.0.0.1", 0))
        agent.settimeout(10)
        text = FLOW.replace("HTTP", str(program.server_port)).replace("AGENT", str(agent.getsockname()[1]))
        for name, hours in [("day", "always"), ("late", "never")]:
            (folder / f"{name}.yaml").write_text(text.replace("HOURS", hours))
        extra = f"""
flows: [{{name: day, file: {folder}/day.yaml}}, {{name: late, file: {folder}/late.yaml}}]
hours: {{never: {{open: {{mon-sun: []}}}}}}
routes:
  - {{match: "5001", action: flow day}}
  - {{match: "5002", action: flow late}}
  - {{match: "agent", action: dial}}
webhooks:
  networks: [127.0.0.1/32]
  flows: [{{url: "http://127.0.0.1:{program.server_port}/flows", secret: {SECRET}}}]
"""
        with Server(ROOMS, extra=extra) as running:
            running.agent, running.program = agent, program
            yield running


def call(server, user, headers=""):
    phone = Phone(server.sip, user, headers=headers)
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    return phone


def end(phone):
    """The server ends the call, after its last words."""
    phone.sip.settimeout(20)
    while not (text := phone.hear()).startswith("BYE"):
        pass
    phone._answer(text)
    phone.running = False


def words(name, language, phone):
    rate, said = wavfile.read(ROOT / "build/prompts" / language / f"{name}.wav")
    return likeness(said, rate, phone.heard(), 8000)


def test_a_program_says_what_comes_next_and_the_agent_is_told_of_it(shop):
    shop.program.gate.set()
    shop.program.got.clear()
    shop.program.steps = [{"language": "de"}, {"set": {"ticket": "T7"}}, {"play": "transferring"}]
    phone = call(shop, "5001", "X-Call-Cart: 3\r\n")
    for digit in "4711":
        phone.key(digit)
    invite = next_request(shop, "INVITE")
    for line in ["x-call-order: 4711", "x-call-ticket: t7", "x-call-cart: 3"]:
        assert f"\r\n{line}\r\n" in invite.lower(), line
    ((path, headers, body),) = shop.program.got
    token, question = claims(headers, body), json.loads(body)
    assert path == "/flows/next?shop=1" and token["jti"] == f"day-{question['call']}-1"
    assert question["values"] == {"order": "4711"} and question["context"]["cart"] == "3" and question["signed"] == []
    assert (question["flow"], question["block"], question["number"]) == ("day", "main", 1)
    assert words("transferring", "de", phone) > 0.9, "in the language that the program named"
    respond(shop, invite, "486 Busy Here")
    end(phone)
    assert words("transfer-failed", "de", phone) > 0.9
    phone.close()


def test_who_waits_for_a_program_holds_up_nobody(shop):
    shop.program.gate.clear()
    shop.program.got.clear()
    first = call(shop, "5001")
    for digit in "4711":
        first.key(digit)
    wait_until(lambda: shop.program.got, "the question")
    second = call(shop, "5002")
    end(second)
    assert words("closed", "en", second) > 0.9, "said while the first one waited"
    # No answer comes: the flow goes to the block that is there for it.
    wait_until(lambda: shop.members("support"), "the first one where the flow leads then", seconds=20)
    assert words("service-unavailable", "en", first) > 0.9
    shop.program.gate.set()
    first.hang_up()
    second.close()
    wait_until(lambda: not shop.members("support"), "the end of the call")


def test_a_closed_room_says_so_in_the_language_that_the_phone_wants(shop):
    phone = call(shop, "night", "Accept-Language: fr, en;q=0.3, de;q=0.8\r\n")
    end(phone)
    assert words("closed", "de", phone) > 0.9
    assert not shop.members("night")
    phone.close()
