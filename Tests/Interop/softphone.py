"""A small SIP phone for tests: one call over UDP, PCMU, PCMA, L16 or Opus, whose packets the test can lose and delay."""

import contextlib
import ctypes
import ctypes.util
import heapq
import random
import re
import socket
import struct
import threading
import time

import numpy as np

FORMATS = {
    "PCMU": (0, "PCMU/8000", 8000, 8000), "PCMA": (8, "PCMA/8000", 8000, 8000),
    "L16": (96, "L16/16000", 16000, 16000), "L16-44": (11, "L16/44100", 44100, 44100),
    "L16-stereo": (10, "L16/44100/2", 44100, 44100), "opus": (111, "opus/48000/2", 48000, 48000),
}


def ulaw_encode(samples):
    """ITU-T G.711 µ-law by its segments."""
    x = np.clip(np.asarray(samples, dtype=np.int32), -32635, 32635)
    sign = np.where(x < 0, 0x80, 0)
    magnitude = np.abs(x) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return (~(sign | exponent << 4 | mantissa) & 0xFF).astype(np.uint8).tobytes()


def ulaw_decode(octets):
    x = ~np.frombuffer(octets, dtype=np.uint8).astype(np.int32) & 0xFF
    magnitude = (((x & 0x0F) << 3) + 132) << ((x >> 4) & 7)
    return np.where(x & 0x80, 132 - magnitude, magnitude - 132).astype(np.int16)


class Opus:
    """libopus through ctypes."""

    library = None

    def __init__(self, bit_rate=32000, fec=False):
        """32 kbit/s is what browsers send of one voice."""
        if Opus.library is None:
            Opus.library = ctypes.CDLL(ctypes.util.find_library("opus") or "libopus.so.0")
            Opus.library.opus_encoder_create.restype = ctypes.c_void_p
            Opus.library.opus_decoder_create.restype = ctypes.c_void_p
        error = ctypes.c_int()
        self.encoder = ctypes.c_void_p(Opus.library.opus_encoder_create(48000, 1, 2048, ctypes.byref(error)))
        self.decoder = ctypes.c_void_p(Opus.library.opus_decoder_create(48000, 1, ctypes.byref(error)))
        Opus.library.opus_encoder_ctl(self.encoder, 4002, ctypes.c_int(bit_rate))
        if fec:
            Opus.library.opus_encoder_ctl(self.encoder, 4012, ctypes.c_int(1))
            Opus.library.opus_encoder_ctl(self.encoder, 4014, ctypes.c_int(10))

    def encode(self, samples):
        frame = np.ascontiguousarray(samples, dtype=np.int16)
        out = ctypes.create_string_buffer(1500)
        count = Opus.library.opus_encode(
            self.encoder, frame.ctypes.data_as(ctypes.c_void_p), len(frame), out, len(out))
        return out.raw[:max(count, 0)]

    def decode(self, payload):
        frame = np.zeros(5760, dtype=np.int16)
        count = Opus.library.opus_decode(
            self.decoder, payload if payload else None, len(payload), frame.ctypes.data_as(ctypes.c_void_p),
            len(frame) if payload else 960, 0)
        return frame[:max(count, 0)]


class Phone:
    """Calls `uri`; `speech` is what it says, 16-bit samples at the codec's rate, once from the start of `talk()`."""

    def __init__(self, server_port, user, codec="PCMU", local="127.0.0.1", headers="", loss=0.0, jitter=0.0, seed=1,
                 fec=False, name="Test", packet_time=20, lines="", others=""):
        """`lines` go behind the `m=` line of the offer, `others` are payload types before the phone's own; `packet_time` is asked for and sent."""
        self.server = ("127.0.0.1", server_port)
        self.user = user
        self.name = name
        self.codec = codec
        self.packet_time, self.lines, self.others = packet_time, lines, others
        self.headers = headers
        self.payload_type, self.rtpmap, self.rate, self.clock = FORMATS[codec]
        self.opus = Opus(fec=fec) if codec == "opus" else None
        self.fmtp = f"a=fmtp:{self.payload_type} useinbandfec=1\r\n" if codec == "opus" else ""
        self.loss, self.jitter, self.random = loss, jitter, random.Random(seed)
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sip.bind((local, 0))
        self.sip.settimeout(5)
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind((local, 0))
        self.local = local
        self.tag = f"{random.getrandbits(48):x}"
        self.call_id = f"{random.getrandbits(64):x}@test"
        self.cseq = 0
        self.remote_tag = ""
        self.contact = f"sip:{user}@127.0.0.1:{server_port}"
        self.direction = "sendrecv"
        self.sequence = random.getrandbits(15)
        self.timestamp = random.getrandbits(31)
        self.ssrc = random.getrandbits(32)
        #: (arrival in seconds, sequence, timestamp, payload type, payload) of every RTP packet.
        self.received = []
        self.running = True
        #: When the last frame that was sent is over, and the worst delay of a packet by this phone itself, in seconds.
        self.said_until = 0.0
        self.lateness = 0.0
        self.responses = []
        self.sip_lock = threading.Lock()

    # SIP

    def sdp(self):
        return (f"v=0\r\no=- 1 {self.cseq + 1} IN IP4 {self.local}\r\ns=-\r\nc=IN IP4 {self.local}\r\nt=0 0\r\n"
                f"m=audio {self.rtp.getsockname()[1]} RTP/AVP {self.others}{self.payload_type} 101\r\n{self.lines}"
                f"a=rtpmap:{self.payload_type} {self.rtpmap}\r\n{self.fmtp}"
                f"a=rtpmap:101 telephone-event/{self.clock}\r\na=fmtp:101 0-16\r\na=ptime:{self.packet_time}\r\n"
                f"a={self.direction}\r\n")

    def request(self, method, body="", content="application/sdp", extra="", cseq=None):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        target = self.contact if self.remote_tag else f"sip:{self.user}@127.0.0.1:{self.server[1]}"
        to_tag = f";tag={self.remote_tag}" if self.remote_tag else ""
        host, port = self.sip.getsockname()
        content_type = f"Content-Type: {content}\r\n" if body else ""
        message = (f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK"
                   f"{random.getrandbits(64):x}\r\nMax-Forwards: 70\r\nFrom: \"{self.name}\" <sip:test@{host}>;tag={self.tag}\r\n"
                   f"To: <sip:{self.user}@127.0.0.1>{to_tag}\r\nCall-ID: {self.call_id}\r\nCSeq: {cseq} {method}\r\n"
                   f"Contact: <sip:test@{host}:{port}>\r\n{extra}{content_type}Content-Length: {len(body.encode())}\r\n\r\n{body}")
        self.sip.sendto(message.encode(), self.server)

    def hear(self):
        """The next SIP message. Late RTCP of another call may come to a port that a phone of that call had before."""
        while True:
            datagram = self.sip.recv(65536)
            if datagram and datagram[0] < 0x80:
                return datagram.decode()

    def final(self, method, seconds=10):
        """The final response to the last request of a method; requests that come in between get a 200."""
        deadline = time.monotonic() + seconds
        while True:
            assert time.monotonic() < deadline, f"no final response to {method}"
            text = self.hear()
            first = text.split("\r\n", 1)[0]
            if not first.startswith("SIP/2.0"):
                self._answer(text)
                continue
            status = int(first.split()[1])
            cseq = re.search(r"(?im)^cseq:\s*(\d+)\s+(\w+)", text)
            if status >= 200 and cseq and cseq.group(2) == method and int(cseq.group(1)) == self.cseq:
                return status, text

    def _answer(self, text):
        lines = [line for line in text.split("\r\n") if re.match(r"(?i)(via|from|to|call-id|cseq):", line)]
        if text.startswith("ACK"):
            return
        self.sip.sendto(("SIP/2.0 200 OK\r\n" + "\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode(), self.server)
        self.responses.append(text)

    def call(self):
        self.request("INVITE", self.sdp(), extra=self.headers)
        status, text = self.final("INVITE")
        tag = re.search(r"(?im)^to:.*;tag=([^;\s>]+)", text)
        self.remote_tag = tag.group(1) if tag else ""
        if status == 200:
            contact = re.search(r"(?im)^contact:\s*<([^>]+)>", text)
            self.contact = contact.group(1)
            port = re.search(r"m=audio (\d+)", text)
            self.media = (re.search(r"c=IN IP4 (\S+)", text).group(1), int(port.group(1)))
            self.request("ACK", cseq=self.cseq)
            self.receiver = threading.Thread(target=self._receive, daemon=True)
            self.receiver.start()
        self.answer = text
        return status

    def reinvite(self, direction):
        self.direction = direction
        self.request("INVITE", self.sdp())
        status, text = self.final("INVITE")
        if status == 200:
            self.request("ACK", cseq=self.cseq)
        self.answer = text
        return status

    def info(self, digit):
        self.request("INFO", f"Signal={digit}\r\nDuration=160\r\n", content="application/dtmf-relay")
        return self.final("INFO")[0]

    def say(self, text, content="text/plain"):
        """A line of chat (RFC 3428)."""
        self.request("MESSAGE", text, content=content)
        return self.final("MESSAGE")[0]

    def read(self, seconds=5):
        """The next line of chat: who wrote it, and what."""
        deadline = time.monotonic() + seconds
        while True:
            assert time.monotonic() < deadline, "no line of chat came"
            text = next((text for text in self.responses if text.startswith("MESSAGE")), None)
            if text is None:
                text = self.hear()
                if not text.startswith("SIP/2.0"):
                    self._answer(text)
                continue
            self.responses.remove(text)
            return re.search(r'(?im)^from: *"([^"]*)"', text).group(1), text.split("\r\n\r\n", 1)[1]

    def hang_up(self):
        self.running = False
        if self.remote_tag:
            self.request("BYE")
            self.final("BYE")
        self.close()

    def close(self):
        self.running = False
        self.rtp.close()
        self.sip.close()

    # RTP

    def _receive(self):
        while self.running:
            try:
                self.rtp.settimeout(0.5)
                packet = self.rtp.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                return
            if len(packet) >= 12 and packet[0] >> 6 == 2 and not 64 <= packet[1] & 0x7F <= 95:
                _, kind, sequence, timestamp = struct.unpack("!BBHI", packet[:8])
                self.received.append((time.monotonic(), sequence, timestamp, kind & 0x7F, packet[12:]))

    def encode(self, frame):
        if self.codec == "opus":
            return self.opus.encode(frame)
        if self.codec == "PCMU":
            return ulaw_encode(frame)
        if self.codec == "L16-stereo":
            # On the left alone.
            frame = np.stack([frame, np.zeros_like(frame)], axis=1)
        return np.asarray(frame, dtype=">i2").tobytes()

    def talk(self, samples, silence_after=0.0):
        """Sends samples paced by the clock, with the loss and jitter of the phone's network; returns when the last one's time is over.

        Speech that follows at once goes on without a jump. `lateness` tells how late, in seconds, this phone itself was.
        """
        length = self.packet_time / 1000
        size = self.rate * self.packet_time // 1000
        frames = [samples[i:i + size] for i in range(0, len(samples) - size + 1, size)]
        frames += [np.zeros(size, dtype=np.int16)] * int(silence_after / length)
        start = max(time.monotonic(), self.said_until)
        self.said_until = start + len(frames) * length
        queue = []
        for index, frame in enumerate(frames):
            # Coded when it is spoken: to code all before would hold the first one up.
            header = struct.pack(
                "!BBHII", 0x80, self.payload_type, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.ssrc)
            packet = header + self.encode(frame)
            self.sequence += 1
            self.timestamp += self.clock * self.packet_time // 1000
            if self.random.random() >= self.loss:
                heapq.heappush(queue, (start + index * length + self.random.random() * self.jitter, index, packet))
            self._send(queue, until=start + (index + 1) * length)
        self._send(queue, until=float("inf"))
        pause = self.said_until - time.monotonic()
        if pause > 0:
            time.sleep(pause)

    def _send(self, queue, until):
        while queue and queue[0][0] <= until:
            due, _, packet = heapq.heappop(queue)
            pause = due - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            self.rtp.sendto(packet, self.media)
            self.lateness = max(self.lateness, time.monotonic() - due)

    def key(self, digit):
        """A digit by RFC 4733: 5 packets, the last three with the end bit."""
        event = "0123456789*#ABCD".index(digit)
        timestamp = self.timestamp & 0xFFFFFFFF
        for step in range(1, 8):
            duration = min(step, 5) * self.clock // 50
            end = 0x80 if step >= 5 else 0
            header = struct.pack(
                "!BBHII", 0x80, 101 | (0x80 if step == 1 else 0), self.sequence & 0xFFFF, timestamp, self.ssrc)
            self.rtp.sendto(header + struct.pack("!BBH", event, end | 10, duration), self.media)
            self.sequence += 1
            time.sleep(0.02)
        self.timestamp += self.clock // 50 * 8

    def heard(self, since=0.0):
        """What came in, as samples on the sender's clock; gaps are silence, 16-bit at the codec's rate."""
        packets = [p for p in self.received if p[3] == self.payload_type and p[0] >= since]
        if not packets:
            return np.zeros(0, dtype=np.int16)
        origin = packets[0][2]
        # By timestamp, as a signed distance: the first one that came need not be the first one that was sent.
        packets.sort(key=lambda p: ((p[2] - origin + (1 << 31)) & 0xFFFFFFFF))
        first = packets[0][2]
        pieces, position = [], 0
        for _, _, timestamp, _, payload in packets:
            at = ((timestamp - first) & 0xFFFFFFFF) * self.rate // self.clock
            if at >= 1 << 30:
                continue
            if at > position:
                pieces.append(np.zeros(min(at - position, self.rate * 60), dtype=np.int16))
                position = at
            if self.codec == "opus":
                samples = self.opus.decode(payload)
            elif self.codec == "PCMU":
                samples = ulaw_decode(payload)
            else:
                samples = np.frombuffer(payload, dtype=">i2").astype(np.int16)
                if self.codec == "L16-stereo":
                    samples = samples.reshape(-1, 2).mean(axis=1).astype(np.int16)
            pieces.append(samples)
            position += len(samples)
        return np.concatenate(pieces)


@contextlib.contextmanager
def talking(phone, frequency, seconds=1.0):
    """Calls, and says a tone until the end of the block; `seconds` of it go out in one piece."""
    assert phone.call() == 200, phone.answer
    tone = (9000 * np.sin(2 * np.pi * frequency * np.arange(int(8000 * seconds)) / 8000)).astype(np.int16)
    going = True

    def talk():
        while going:
            phone.talk(tone)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield phone
    finally:
        going = False
        thread.join()
        phone.hang_up()
