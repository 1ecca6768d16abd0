"""Two phones of one codec in a room get each other's packets bit by bit, and hear no break when a third one comes."""

import contextlib
import threading

import numpy as np
import pytest

import spectrum
from server import Server
from softphone import Phone

RATE = 48000
TONES = {"first": 713, "second": 1471}


@pytest.fixture(scope="module")
def server():
    plain = "greeting: none, announce_joining: false, hold_music: false"
    rooms = f'  - {{pattern: "passed-*", {plain}}}\n  - {{pattern: "mixed-*", {plain}, relay: false}}\n'
    with Server(rooms) as running:
        yield running


def tone(frequency, seconds):
    return (6000 * np.sin(2 * np.pi * frequency * np.arange(int(RATE * seconds)) / RATE)).astype(np.int16)


@contextlib.contextmanager
def pair(server, room):
    """Two phones with Opus whose payloads are kept as they are sent."""
    phones = [Phone(server.sip, room, codec="opus", name=name) for name in TONES]
    for phone in phones:
        phone.sent = []
        code = phone.opus.encode
        phone.opus.encode = lambda frame, code=code, sent=phone.sent: sent.append(code(frame)) or sent[-1]
        assert phone.call() == 200
    try:
        yield phones
    finally:
        for phone in phones:
            phone.hang_up()


def talk(phones, seconds):
    """Both say nothing for a second, and then their tones."""
    said = [np.concatenate([np.zeros(RATE, dtype=np.int16), tone(frequency, seconds)]) for frequency in TONES.values()]
    speakers = [threading.Thread(target=phone.talk, args=(samples,)) for phone, samples in zip(phones, said)]
    for speaker in speakers:
        speaker.start()
    return speakers


def payloads(phone):
    return [packet[4] for packet in phone.received if packet[3] == phone.payload_type]


def test_payloads_arrive_as_they_were_sent_and_in_an_unbroken_stream(server):
    with pair(server, "passed-1") as phones:
        for speaker in talk(phones, 2):
            speaker.join()
        for phone, other in (phones, phones[::-1]):
            # The end of what was said: silence at the beginning is mixed until the room has seen a pause.
            said = other.sent[-90:-5]
            heard = payloads(phone)
            start = heard.index(said[0])
            assert heard[start:start + len(said)] == said
            packets = [packet for packet in phone.received if packet[3] == phone.payload_type]
            steps = {(b[1] - a[1] & 0xFFFF, b[2] - a[2] & 0xFFFFFFFF) for a, b in zip(packets, packets[1:])}
            assert all(sequence == 1 and ticks % 480 == 0 for sequence, ticks in steps), steps
            assert {b[2] - a[2] & 0xFFFFFFFF for a, b in zip(packets[-90:], packets[-89:])} == {960}


def test_a_room_that_must_not_pass_on_codes_anew(server):
    with pair(server, "mixed-1") as phones:
        for speaker in talk(phones, 1):
            speaker.join()
        assert not set(phones[1].sent[-40:]) & set(payloads(phones[0])[-60:])


def test_a_third_member_hears_both_and_breaks_nothing(server):
    with pair(server, "passed-2") as phones:
        speakers = talk(phones, 3)
        # Until both are passed on.
        third = Phone(server.sip, "passed-2", codec="PCMU", name="Third")
        while not set(phones[0].sent[60:]) & set(payloads(phones[1])):
            speakers[0].join(0.05)
            assert speakers[0].is_alive(), "nothing was passed on"
        assert third.call() == 200
        try:
            third.talk(np.zeros(8000, dtype=np.int16))
            for speaker in speakers:
                speaker.join()
            for frequency in TONES.values():
                assert spectrum.tone_level(third.heard()[-4000:] / 32768, 8000, frequency) > -26
            for phone, frequency in zip(phones, reversed(TONES.values())):
                packets = [packet for packet in phone.received if packet[3] == phone.payload_type][-120:]
                assert all(b[1] - a[1] & 0xFFFF == 1 and b[2] - a[2] & 0xFFFFFFFF == 960
                           for a, b in zip(packets, packets[1:]))
                assert spectrum.tone_level(phone.heard()[-RATE // 2:] / 32768, RATE, frequency) > -26
        finally:
            third.hang_up()
