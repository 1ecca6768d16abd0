"""A voice menu walked by a phone with keys, in two languages; the simulator goes the same way."""

import json
import subprocess
import threading
import urllib.request

import numpy as np
import pytest
from scipy.io import wavfile

import spectrum
from likeness import likeness
from server import PROGRAM, ROOT, Server, wait_until
from softphone import Phone

FLOW = ROOT / "docs/flows/shop.yaml"
ROOMS = '  - {pattern: "support", greeting: none, announce_joining: false, hold_music: false}'


MAILBOX = """
blocks:
  main:
    - gather: {into: order, prompt: enter-order, digits: 4}
    - record: {maximum: 30}
    - play: thank-you
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    mailbox = tmp_path_factory.mktemp("flows") / "mailbox.yaml"
    mailbox.write_text(MAILBOX)
    extra = f"""
flows: [{{name: shop, file: {FLOW}}}, {{name: mailbox, file: {mailbox}}}]
routes: [{{match: "5001", action: flow shop}}, {{match: "5002", action: flow mailbox}}]
"""
    with Server(ROOMS, extra=extra) as running:
        yield running


class Steps(threading.Thread):
    """Collects the events of the flow from the server's event stream."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.path = []
        self.stream = urllib.request.urlopen(f"http://127.0.0.1:{server.private}/api/v1/events", timeout=60)
        self.start()

    def run(self):
        try:
            for line in self.stream:
                if not line.startswith(b"data:"):
                    continue
                event = json.loads(line[5:])
                values = event.get("values", event)
                if "keyword" in values:
                    self.path.append((values["block"], int(values["step"]), values["keyword"]))
        except (OSError, ValueError, AttributeError):
            pass


def simulate(keys, *more):
    answer = subprocess.run(
        [PROGRAM, "flow", "run", str(FLOW), "--dtmf", keys, "--json", *more], capture_output=True, text=True, check=True)
    result = json.loads(answer.stdout)
    return [(step["block"], step["step"], step["keyword"]) for step in result["path"]], result["variables"]


@pytest.mark.parametrize(
    "keys, language, order", [("14711#1", "en", "4711"), ("24711#1", "de", "4711"), ("199#4712#21234#1", "en", "1234")])
def test_a_phone_and_the_simulator_walk_the_same_way(shop, keys, language, order):
    path, variables = simulate(keys)
    assert len(path) >= 12 and path[-1] == ("people", 2, "conference")
    steps = Steps(shop)
    phone = Phone(shop.sip, "5001")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    wait_until(lambda: len(phone.received) > 20, "the welcome")
    for digit in keys:
        phone.key(digit)
    wait_until(lambda: shop.members("support"), "the caller among the people who help", seconds=30)
    wait_until(lambda: len(steps.path) >= len(path), "all steps of the flow")
    assert steps.path == path
    assert variables["order"] == order
    heard = phone.heard()
    rate, said = wavfile.read(ROOT / "build/prompts" / language / "transferring.wav")
    assert likeness(said, rate, heard, 8000) > 0.9, "put through, in the caller's language"
    phone.hang_up()
    wait_until(lambda: not shop.members("support"), "the end of the call")


def test_a_message_is_left_and_found_by_its_order(shop):
    phone = Phone(shop.sip, "5002")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    for digit in "4711":
        phone.key(digit)
    wait_until(lambda: shop.rest("GET", "recordings")[1]["items"], "the recording")
    phone.talk((8000 * np.sin(2 * np.pi * 440 * np.arange(3 * 8000) / 8000)).astype(np.int16))
    phone.key("#")
    while not (text := phone.hear()).startswith("BYE"):
        pass
    phone._answer(text)
    phone.close()
    found = lambda: [item for item in shop.rest("GET", "recordings")[1]["items"] if item["state"] == "finished"]
    wait_until(found, "the finished message")
    (message,) = found()
    assert message["room"] == "mailbox" and message["context"]["order"] == "4711"
    rate, said = wavfile.read(next(shop.recordings.rglob("mix.wav")))
    assert 3 <= len(said) / rate < 6
    assert spectrum.tone_level(said.astype(float) / 32768, rate, 440, 0.5) > -30


def test_what_is_wrong_with_a_flow_is_said_with_its_line(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("blocks:\n  main:\n    - say: welcome\n    - go: mian\n")
    answer = subprocess.run([PROGRAM, "check", str(broken)], capture_output=True, text=True)
    assert answer.returncode == 2
    assert answer.stderr == f"{broken}:2: blocks.main: leads to 'mian', which is no block; did you mean 'main'?\n"
    right = subprocess.run([PROGRAM, "check", str(FLOW)], capture_output=True, text=True, check=True)
    assert "a voice flow of 7 blocks" in right.stdout
