"""Who hears whom in a real call: listening in, whispers, consultations and masks, by tones in what each phone gets."""

import json
import threading
import time

import numpy as np
import pytest

from server import Server, wait_until
from softphone import Phone
from spectrum import load, tone_level

ROOMS = """
  - {pattern: "desk", greeting: none, announce_joining: false, hold_music: false, pin: "1111", moderator_pin: "2222"}
"""
TONES = {"customer": 700.0, "agent": 1100.0, "supervisor": 1900.0}
#: In an ear that must not hear it, dBFS.
SILENCE = -60


@pytest.fixture(scope="module")
def server():
    with Server(ROOMS) as running:
        yield running


class Scene:
    """Three phones that talk all the time, each on its own tone."""

    def __init__(self, server):
        self.server = server
        self.phones = {who: Phone(server.sip, "desk", codec="L16", name=who) for who in TONES}
        for who, phone in self.phones.items():
            assert phone.call() == 200
            phone.talk(np.zeros(phone.rate // 10, dtype=np.int16))
            wait_until(lambda: len(phone.received) > 20, "the question for the PIN")
            # A moderator hears whispers, as an agent does.
            for digit in "2222#" if who == "agent" else "1111#":
                phone.key(digit)
        wait_until(lambda: len(self.inside()) == 3, "three members")
        status, body = server.rest("POST", "rooms/desk/recordings", {"notice": False})
        assert status == 201, body
        self.recording = body["id"]
        self.ids = {member["name"]: member["id"] for member in server.members("desk")}

    def inside(self):
        return [member for member in self.server.members("desk") if "heardBy" not in member]

    def supervise(self, mode):
        status, body = self.server.rest(
            "PUT", f"rooms/desk/members/{self.ids['supervisor']}/supervision", {"mode": mode})
        assert status == 200, body
        return body

    def talk(self, seconds=0.6):
        """All talk at once; what each has heard in the last part of it, by who said it."""
        threads = []
        for who, phone in self.phones.items():
            count = int(phone.rate * seconds)
            samples = (3000 * np.sin(2 * np.pi * TONES[who] * np.arange(count) / phone.rate)).astype(np.int16)
            threads.append(threading.Thread(target=phone.talk, args=(samples,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        result = {}
        for who, phone in self.phones.items():
            heard = phone.heard(since=time.monotonic() - 0.3) / 32768
            result[who] = {other: tone_level(heard, phone.rate, TONES[other], frame=0.1) for other in TONES if other != who}
        return result

    def settle(self):
        """Past the buffers and the fade of a change."""
        self.talk(0.4)

    def hang_up(self):
        for phone in self.phones.values():
            phone.hang_up()


@pytest.fixture
def scene(server):
    scene = Scene(server)
    yield scene
    scene.hang_up()


def check(heard, wanted):
    """`wanted`: listener -> those whom it hears; nobody else is heard there."""
    for listener, levels in heard.items():
        for talker, level in levels.items():
            if talker in wanted[listener]:
                assert level > -35, (listener, talker, level)
            else:
                assert level <= SILENCE, (listener, talker, level)


def test_tones_reach_only_whom_they_are_for(server, scene):
    assert scene.supervise("listen")["heardBy"] == []
    scene.settle()
    check(scene.talk(), {"customer": {"agent"}, "agent": {"customer"}, "supervisor": {"customer", "agent"}})

    assert scene.supervise("whisper")["heardBy"] == [scene.ids["agent"]]
    scene.settle()
    check(scene.talk(), {"customer": {"agent"}, "agent": {"customer", "supervisor"}, "supervisor": {"customer", "agent"}})

    status, body = server.rest("POST", "rooms/desk/consult", {"members": [scene.ids["agent"], scene.ids["supervisor"]]})
    assert status == 201 and body["consult"] == [scene.ids["agent"], scene.ids["supervisor"]]
    scene.settle()
    check(scene.talk(), {"customer": set(), "agent": {"supervisor"}, "supervisor": {"agent"}})

    assert server.rest("DELETE", "rooms/desk/consult")[0] == 200
    # By the supervisor's own keys.
    scene.phones["supervisor"].key("*")
    scene.phones["supervisor"].key("3")
    wait_until(lambda: any(m.get("supervision") == "barge" for m in server.members("desk")), "the key")
    scene.settle()
    check(scene.talk(), {who: set(TONES) - {who} for who in TONES})

    # Masked, the customer is heard by nobody, and its keys do nothing.
    member = f"rooms/desk/members/{scene.ids['customer']}"
    assert server.rest("PATCH", member, {"masked": True})[0] == 200
    scene.phones["customer"].key("1")
    scene.settle()
    check(scene.talk(), {"customer": {"agent", "supervisor"}, "agent": {"supervisor"}, "supervisor": {"agent"}})
    status, body = server.rest("PATCH", member, {"masked": False})
    assert status == 200 and not body["muted"]

    recording = scene.recording
    assert server.rest("PATCH", f"recordings/{recording}", {"action": "stop"})[0] == 200
    wait_until(lambda: server.rest("GET", f"recordings/{recording}")[1]["state"] == "finished", "the end of the recording")
    folder = next(server.recordings.glob(f"*/*/*/{recording}"))
    entry = json.loads((folder / "recording.json").read_text())
    samples, rate = load(folder / "mix.wav")
    (mask,) = entry["masks"]
    assert mask["party"] and abs(len(samples) / rate - entry["duration"]) < 0.02
    during = samples[int((mask["from"] + 0.1) * rate):int((mask["to"] - 0.05) * rate)]
    assert tone_level(during, rate, TONES["customer"]) <= SILENCE
    assert tone_level(during, rate, TONES["agent"], frame=0.1) > -40
