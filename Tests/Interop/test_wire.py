"""Who listens on the wire hears nothing of a protected call, and nobody can talk its protection away."""

import base64
import collections
import os
import re

import numpy as np
import pytest

import spectrum
from capture import is_rtcp, rtp_payload
from firefox_stage import ADDRESS, BROWSER, MARKS, PHONE, browsers, both_are_heard, call_by_button, listening, media_port
from firefox_stage import network, server, talker
from server import wait_until
from softphone import Opus, Phone, ulaw_decode

pytest.importorskip("websockets")
pytestmark = MARKS


def tone_in_noise(samples, rate, frequency):
    """How far a tone is above everything that is heard, in dB: 3 for the tone alone."""
    return spectrum.tone_level(samples, rate, frequency) - spectrum.rms_level(samples)


def opus_decoded(payloads):
    decoder = Opus()
    return np.concatenate([decoder.decode(payload) for payload in payloads]) / 32768


def test_nobody_on_the_wire_hears_a_browsers_call(server, browsers):
    browser = browsers()
    with listening() as wire, talker(server, "support") as phone:
        call_by_button(browser, server)
        both_are_heard(browser, phone)
        before = len(wire.udp)
        wait_until(lambda: len(wire.udp) > before + 600, "some seconds of the call")
        port = media_port(browser)
        browser.run("document.querySelector('call-me').hangup()")
        wait_until(lambda: len(server.members("support")) == 1, "the visitor's leaving")
        others = {phone.rtp.getsockname()[1], phone.rtp.getsockname()[1] + 1, phone.sip.getsockname()[1]}
        said_by_phone = [octets for source, _, octets in wire.udp if source[1] == phone.rtp.getsockname()[1]]
    datagrams = [(source, octets) for source, destination, octets in wire.udp
                 if not {source[1], destination[1]} & others]
    # RFC 7983: by the first octet.
    kinds = collections.Counter(
        "STUN" if octets[0] < 4 else "DTLS" if 20 <= octets[0] < 64 else "SRTP" if 128 <= octets[0] < 192 else "other"
        for _, octets in datagrams)
    assert kinds["STUN"] >= 2 and kinds["DTLS"] >= 4 and kinds["SRTP"] > 200 and not kinds["other"], kinds
    assert any(octets[0] < 4 and octets[4:8] == b"\x21\x12\xa4\x42" for _, octets in datagrams)
    # An ear on the wire would hear a call that is in the clear.
    plain = np.concatenate([ulaw_decode(rtp_payload(octets)) for octets in said_by_phone[:200]]) / 32768
    assert tone_in_noise(plain, 8000, PHONE) > 2
    tone = 9000 * np.sin(2 * np.pi * BROWSER * np.arange(48000) / 48000)
    coder = Opus()
    clear = [coder.encode(tone[start:start + 960]) for start in range(0, 48000, 960)]
    assert tone_in_noise(opus_decoded(clear)[9600:], 48000, BROWSER) > 2
    assert len({payload[0] for payload in clear}) < 5
    for from_server, frequency in ((True, PHONE), (False, BROWSER)):
        payloads = [rtp_payload(octets) for source, octets in datagrams
                    if octets[0] >= 128 and not is_rtcp(octets) and (source == (ADDRESS, port)) == from_server]
        assert len(payloads) > 100
        octets = b"".join(payloads)
        share = np.bincount(np.frombuffer(octets, dtype=np.uint8), minlength=256) / len(octets)
        # Bits per octet; 8 means that none can be told from chance. The first one is the same in each clear packet of Opus.
        assert -(share[share > 0] * np.log2(share[share > 0])).sum() > 7.9
        assert len({payload[0] for payload in payloads}) > 60
        # With the tag of AES-GCM or of HMAC-SHA1 at its end, or without.
        for tag in (0, 10, 16):
            heard = opus_decoded([payload[:len(payload) - tag] for payload in payloads])
            assert tone_in_noise(heard, 48000, frequency) < -6, tag
        assert tone_in_noise(ulaw_decode(octets) / 32768, 8000, frequency) < -6
    # What a page and its WebSocket say begins with a handshake of TLS, and holds no word that a phone's signalling holds in the clear.
    words = (b"SIP/2.0", b"INVITE sip:", b"a=rtpmap:", b"GET /")
    pieces = [octets for source, destination, octets in wire.tcp if server.web in (source[1], destination[1])]
    assert any(octets[:2] == b"\x16\x03" and octets[5] == 1 for octets in pieces)
    assert not [word for word in words for octets in pieces if word in octets]
    assert any(words[0] in octets for _, destination, octets in wire.udp if destination[1] == server.sip)


class KeyedPhone(Phone):
    """Tells keys in its description (RFC 4568) as long as `profile` says so."""

    profile = "RTP/SAVP"
    keys = base64.b64encode(os.urandom(30)).decode()

    def sdp(self):
        text = super().sdp().replace("RTP/AVP", self.profile)
        return text + f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{self.keys}\r\n" if "SAVP" in self.profile else text


def test_a_phone_with_keys_cannot_offer_to_talk_in_the_clear(server):
    phone = KeyedPhone(server.sip, "support-keys")
    assert phone.call() == 200, phone.answer
    ours = re.search(r"a=crypto:(.*)", phone.answer).group(1)
    with talker(server, "support-keys"):
        phone.profile = "RTP/AVP"
        assert phone.reinvite("sendrecv") == 488
        # The call goes on with its keys: 160 octets of speech, and a tag, that nobody can play.
        before = len(phone.received)
        phone.profile = "RTP/SAVP"
        wait_until(lambda: len(phone.received) > before + 3, "media after the refusal")
        payloads = [payload for _, _, _, _, payload in phone.received]
        assert {len(payload) for payload in payloads} == {170}
        heard = np.concatenate([ulaw_decode(payload[:160]) for payload in payloads]) / 32768
        assert tone_in_noise(np.tile(heard, 10), 8000, PHONE) < -6
        assert phone.reinvite("sendrecv") == 200
        assert re.search(r"a=crypto:(.*)", phone.answer).group(1) == ours
        phone.hang_up()
