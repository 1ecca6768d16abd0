"""What an offer says of codecs, packet times and bandwidth shows in the answer and in the packets."""

import concurrent.futures
import re
import threading

import numpy as np
import pytest

import spectrum
from server import Server, wait_until
from softphone import Opus, Phone

ROOMS = """
  - {pattern: "wide*", relay: false, greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "no-pcmu", codecs_denied: [PCMU, opus], greeting: none, announce_joining: false, hold_music: false}
  - {pattern: "a-law-first", codecs: [PCMA, PCMU], greeting: none, announce_joining: false, hold_music: false}
"""


@pytest.fixture(scope="module")
def server():
    with Server(ROOMS) as running:
        yield running


def codecs(answer):
    """Payload types of the answer, those of digits and noise left out."""
    return [number for number in re.search(r"m=audio \d+ \S+ (.*)", answer).group(1).split() if number not in ("13", "101")]


@pytest.mark.parametrize("room, others, own, expected", [
    ("no-pcmu", "0 ", "PCMA", ["8"]), ("a-law-first", "0 ", "PCMA", ["8", "0"]), ("wide-order", "0 ", "PCMA", ["0", "8"]),
    ("no-pcmu", "", "PCMU", None), ("no-pcmu", "", "opus", None)])
def test_a_rooms_lists_decide_what_is_answered(server, room, others, own, expected):
    phone = Phone(server.sip, room, own, others=others)
    if expected is None:
        assert phone.call() == 488
        return phone.close()
    assert phone.call() == 200
    assert codecs(phone.answer) == expected
    phone.hang_up()


def tone(frequency, rate, seconds):
    return (0.2 * 32767 * np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)).astype(np.int16)


def meet(server, room, **asked):
    """A phone that asks for something, and one that does not, say a tone each; returns both."""
    phones = {620: Phone(server.sip, room, **asked), 910: Phone(server.sip, room, "PCMU")}
    for phone in phones.values():
        assert phone.call() == 200, phone.answer
    wait_until(lambda: len(server.members(room)) == 2, "both members")
    talkers = [threading.Thread(target=phone.talk, args=(tone(frequency, phone.rate, 2.5),))
               for frequency, phone in phones.items()]
    for talker in talkers:
        talker.start()
    for talker in talkers:
        talker.join()
    for frequency, phone in phones.items():
        heard = phone.heard()[-int(1.8 * phone.rate):] / 32768
        # On a busy machine there are gaps: where it is best it must be good.
        pieces = [heard[start:start + phone.rate // 2] for start in range(0, len(heard) - phone.rate // 2, phone.rate // 10)]
        other, own = max(
            [spectrum.tone_level(piece, phone.rate, f, frame=0.1) for f in (1530 - frequency, frequency)] for piece in pieces)
        assert other > -32 and own < other - 20, (room, frequency, own, other)
        phone.hang_up()
    return phones[620]


def octets(phone):
    """Of a sample of all channels."""
    return {"L16-44": 2, "L16-stereo": 4}.get(phone.codec, 1)


def times(phone):
    """How long the packets last that came, in milliseconds."""
    payloads = [packet[4] for packet in phone.received if packet[3] == phone.payload_type]
    if phone.codec == "opus":
        return {Opus.library.opus_packet_get_nb_samples(payload, len(payload), 48000) / 48 for payload in payloads}
    return {len(payload) * 1000 / phone.rate / octets(phone) for payload in payloads}


def rate(phone):
    """Bit/s that came to the phone, with the headers of IP, UDP and RTP, over the time that the packets last."""
    packets = [packet[4] for packet in phone.received if packet[3] == phone.payload_type]
    return sum(len(payload) + 40 for payload in packets) * 8000 / len(packets) / max(times(phone))


CASES = {
    "opus-10": dict(codec="opus", packet_time=10), "opus-40": dict(codec="opus", packet_time=40),
    "opus-60": dict(codec="opus", packet_time=60), "opus-30": dict(codec="opus", lines="a=ptime:30\r\n"),
    "opus-max-10": dict(codec="opus", lines="a=maxptime:10\r\n"),
    "pcmu-10": dict(codec="PCMU", packet_time=10),
    "pcmu-40": dict(codec="PCMU", packet_time=40), "pcmu-60": dict(codec="PCMU", packet_time=60),
    "pcmu-max-10": dict(codec="PCMU", lines="a=maxptime:10\r\n"), "l16-44": dict(codec="L16-44", packet_time=10), "l16-stereo": dict(codec="L16-stereo", packet_time=10),
    "opus-as-20": dict(codec="opus", lines="b=AS:20\r\n"), "opus-tias-10": dict(codec="opus", lines="b=TIAS:10000\r\n"),
}


def test_packet_times_and_bandwidths_are_kept_and_carry_what_is_said(server):
    with concurrent.futures.ThreadPoolExecutor(4) as runner:
        phones = dict(zip(CASES, runner.map(lambda case: meet(server, f"wide-{case}", **CASES[case]), CASES)))
    for case, phone in phones.items():
        wanted = {"opus-30": 20, "opus-as-20": 40, "opus-tias-10": 20, "l16-44": 10, "l16-stereo": 10}.get(case) or int(case.split("-")[-1])
        assert times(phone) == {wanted}, (case, times(phone))
    assert 10_000 < rate(phones["opus-as-20"]) <= 20_000, rate(phones["opus-as-20"])
    # Without headers: 16 kbit/s are left out.
    assert 5_000 < rate(phones["opus-tias-10"]) - 16_000 <= 10_200, rate(phones["opus-tias-10"])
