"""Real phones meet in rooms: who hears whom is found in the sound that each of them got."""

import contextlib
import pathlib
import re
import shutil
import subprocess
import time

import numpy as np
import pytest

import spectrum
from baresip import INSTALLED, Baresip
from server import HAS_IPV6, free_sip_port, select_wait, wait_until
from softphone import Phone

pytestmark = pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")

TONES = {"pcmu": 400, "pcma": 620, "g722": 910, "l16/16000": 1250, "opus": 1700}


def settle(seconds):
    """Lets a call go on: what it carries in that time is what the test measures."""
    select_wait(seconds)


def meet(server, tmp_path, room, codecs, seconds=4.0):
    """Calls a room with one phone for each codec, each with its own tone; the tones' levels in what each heard."""
    with contextlib.ExitStack() as stack:
        phones = {}
        for codec in codecs:
            microphone = tmp_path / f"{codec.replace('/', '-')}.wav"
            rate = 48000 if codec == "opus" else 16000 if codec in ("g722", "l16/16000") else 8000
            spectrum.write_tone(microphone, TONES[codec], 30, rate)
            phone = stack.enter_context(Baresip(tmp_path, codec.replace("/", "-"), microphone, codec))
            phone.dial(server.uri(room))
            phones[codec] = phone
        wait_until(lambda: len(server.members(room)) == len(codecs), "all members")
        settle(seconds)
        for phone in phones.values():
            phone.command("hangup")
    levels = {}
    for codec, phone in phones.items():
        samples, rate = spectrum.load(phone.heard)
        # The last seconds, when everybody was in.
        samples = samples[-int((seconds - 1.0) * rate):]
        levels[codec] = {other: spectrum.tone_level(samples, rate, TONES[other]) for other in codecs}
    return levels


def test_each_of_three_callers_hears_the_two_others_and_not_itself(server, tmp_path):
    levels = meet(server, tmp_path, "3000", ["pcmu", "pcma", "opus"])
    for codec, heard in levels.items():
        for other, level in heard.items():
            if other == codec:
                assert level < -45, f"{codec} hears itself: {levels}"
            else:
                assert level > -35, f"{codec} does not hear {other}: {levels}"


def test_five_codecs_mix_in_one_room(server, tmp_path):
    levels = meet(server, tmp_path, "3001", list(TONES), seconds=5.0)
    for codec, heard in levels.items():
        for other, level in heard.items():
            if other == codec:
                assert level < -40, f"{codec} hears itself: {levels}"
            else:
                assert level > -38, f"{codec} does not hear {other}: {levels}"


def speech_tone(rate, frequency, seconds, level=0.25):
    t = np.arange(int(rate * seconds)) / rate
    return (32767 * level * np.sin(2 * np.pi * frequency * t)).astype(np.int16)


@contextlib.contextmanager
def pair(server, room, codec="PCMU"):
    talker, listener = Phone(server.sip, room, codec), Phone(server.sip, room, codec)
    assert talker.call() == 200
    assert listener.call() == 200
    wait_until(lambda: len(server.members(room)) == 2, "both members")
    try:
        # Both send a little, so that the server knows where they are.
        listener.talk(np.zeros(talker.rate // 5, dtype=np.int16))
        yield talker, listener
    finally:
        for phone in (talker, listener):
            if phone.running:
                phone.hang_up()


def level_while_talking(talker, listener, frequency=700, seconds=1.2):
    start = time.monotonic()
    talker.talk(speech_tone(talker.rate, frequency, seconds))
    heard = listener.heard(since=start + 0.5).astype(float) / 32768
    return spectrum.tone_level(heard, listener.rate, frequency, 0.1)


def test_a_room_answers_as_a_focus(server):
    with pair(server, "3002") as (talker, _):
        assert re.search(r"(?im)^contact:.*;isfocus", talker.answer)


@pytest.mark.parametrize("way", ["RFC 4733", "INFO"])
def test_key_1_mutes_and_unmutes(server, way):
    with pair(server, "3003") as (talker, listener):
        press = talker.key if way == "RFC 4733" else talker.info
        assert level_while_talking(talker, listener) > -35
        press("1")
        wait_until(lambda: any(m["muted"] for m in server.members("3003")), "muted member")
        assert level_while_talking(talker, listener) < -60
        press("1")
        wait_until(lambda: not any(m["muted"] for m in server.members("3003")), "unmuted member")
        assert level_while_talking(talker, listener) > -35


def test_hold_and_resume(server):
    with pair(server, "3004") as (talker, listener):
        assert level_while_talking(talker, listener) > -35
        assert listener.reinvite("sendonly") == 200
        assert "a=recvonly" in listener.answer
        held_at = time.monotonic()
        talker.talk(speech_tone(8000, 700, 0.8))
        assert not [p for p in listener.received if p[0] > held_at + 0.3], "media flows to a phone that holds"
        assert listener.reinvite("sendrecv") == 200
        assert level_while_talking(talker, listener) > -35


@pytest.mark.parametrize("way", ["RFC 4733", "INFO"])
def test_the_pin_is_asked_for_and_taken(server, way):
    phone = Phone(server.sip, "4000")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    press = phone.key if way == "RFC 4733" else phone.info
    wait_until(lambda: len(phone.received) > 20, "the question for the PIN")
    for digit in "1234#":
        press(digit)
    wait_until(lambda: server.rest("GET", "rooms/4000")[0] == 200 and server.members("4000"), "the member")
    other = Phone(server.sip, "4000")
    assert other.call() == 200
    other.talk(np.zeros(1600, dtype=np.int16))
    for digit in "9999#9999#9999#":
        other.key(digit)
        if digit == "#":
            select_wait(0.3)
    def ended():
        try:
            other.sip.settimeout(0.05)
            text = other.hear()
        except TimeoutError:
            return False
        if text.startswith("BYE"):
            other._answer(text)
            return True
        return False
    wait_until(ended, "the end of the call with three wrong PINs", 30)
    other.close()
    phone.hang_up()


def test_the_entry_leads_to_a_room(server):
    phone = Phone(server.sip, "entry")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    wait_until(lambda: len(phone.received) > 20, "the question for the room")
    for digit in "3005#":
        phone.key(digit)
    wait_until(lambda: server.members("3005"), "the member in the room that was keyed in")
    phone.hang_up()


def test_refer_moves_a_call_into_another_room(server):
    with pair(server, "3006") as (talker, _):
        talker.request("REFER", extra=f"Refer-To: <sip:3007@127.0.0.1:{server.sip}>\r\n")
        assert talker.final("REFER")[0] == 202
        wait_until(lambda: len(server.members("3007")) == 1, "the member in the other room")


def test_an_unknown_room_is_404_and_an_unknown_dialog_481(server):
    phone = Phone(server.sip, "nobody-has-this-room")
    assert phone.call() == 404
    phone.request("ACK", cseq=phone.cseq)
    phone.remote_tag = "made-up"
    phone.request("BYE")
    assert phone.final("BYE")[0] == 481
    phone.close()


def test_dialling_out_brings_a_phone_with_its_context_into_the_room(server, tmp_path):
    microphone = tmp_path / "agent.wav"
    spectrum.write_tone(microphone, 620, 30, 8000)
    with Phone_in(server, "3008") as customer, Baresip(tmp_path, "agent", microphone, "pcma", answers=True) as agent:
        status, call = server.rest("POST", "calls", {
            "uri": f"sip:agent@127.0.0.1:{agent.sip}", "room": "3008", "context": {"order": "4711"},
            "headers": {"X-Shop": "jeans"}})
        assert status == 201, call
        agent.wait_for("CALL_ESTABLISHED")
        wait_until(lambda: len(server.members("3008")) == 2, "the agent in the room")
        start = time.monotonic()
        customer.talk(np.zeros(8000 * 2, dtype=np.int16))
        heard = customer.heard(since=start + 0.5).astype(float) / 32768
        assert spectrum.tone_level(heard, 8000, 620, 0.1) > -35
        assert server.rest("GET", f"calls/{call['id']}")[1]["context"]["order"] == "4711"


@contextlib.contextmanager
def Phone_in(server, room, codec="PCMU"):
    phone = Phone(server.sip, room, codec)
    assert phone.call() == 200
    phone.talk(np.zeros(phone.rate // 5, dtype=np.int16))
    try:
        yield phone
    finally:
        if phone.running:
            phone.hang_up()


def test_the_greeting_speaks_and_music_plays_for_who_is_alone(server):
    with Phone_in(server, "greeted") as phone:
        phone.talk(np.zeros(8000 * 9, dtype=np.int16))
        heard = phone.heard().astype(float) / 32768
        assert spectrum.rms_level(heard[8000:8000 * 2]) > -40, "no greeting"
        assert spectrum.rms_level(heard[-8000:]) > -50, "no music"


def test_the_echo_returns_what_was_said(server):
    with Phone_in(server, "echo") as phone:
        wait_until(lambda: phone.received, "the introduction")
        phone.talk(np.zeros(8000 * 6, dtype=np.int16))
        start = time.monotonic()
        phone.talk(speech_tone(8000, 850, 1.5))
        heard = phone.heard(since=start + 0.5).astype(float) / 32768
        assert spectrum.tone_level(heard, 8000, 850, 0.1) > -35


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed")
@pytest.mark.parametrize("host, local", [
    ("127.0.0.1", "127.0.0.1"),
    pytest.param("[::1]", "::1", marks=pytest.mark.skipif(not HAS_IPV6, reason="this machine has no IPv6"))])
@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_sipp_places_a_hundred_calls(server, tmp_path, transport, host, local):
    result = subprocess.run(
        ["sipp", f"{host}:{server.sip}", "-s", "3009", "-sn", "uac", "-m", "100", "-r", "50", "-l", "50", "-d",
         "300", "-t", transport, "-i", local, "-p", str(free_sip_port()), "-mp", str(free_sip_port()), "-nostdin",
         "-timeout", "60"], capture_output=True, text=True, cwd=tmp_path, timeout=90)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    wait_until(lambda: not server.members("3009"), "all calls gone")
