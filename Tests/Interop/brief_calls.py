"""Many short calls over UDP from one thread: each says a tone between two moments of silence and hangs up."""

import random
import re
import socket
import struct
import time

import numpy as np

from softphone import ulaw_encode

FRAME = 0.02
QUIET = ulaw_encode(np.zeros(160, dtype=np.int16))
#: A whole number of periods in 20 ms: the same frame again and again is a steady tone.
TONE = ulaw_encode((8000 * np.sin(2 * np.pi * 500 * np.arange(160) / 8000)).astype(np.int16))
#: Seconds until a request that nobody answered is sent again, and until a call that was refused is tried again.
AGAIN, PAUSE = 0.5, 1.0


class BriefCall:
    def __init__(self, number):
        self.number = number
        self.call_id = f"{number}-{random.getrandbits(48):x}@test"
        self.ssrc = random.getrandbits(32)
        self.frame, self.state, self.due = 0, "ready", 0.0
        self.branch = self.to = self.target = self.media = None


class BriefCalls:
    """`count` calls to `user`, `at_once` at a time, each with the header X-Call-Number; `quiet` and `tone` are seconds."""

    def __init__(self, port, user, count, at_once, quiet=0.2, tone=1.5):
        self.server, self.user, self.at_once = ("127.0.0.1", port), user, at_once
        self.quiet, self.tone = round(quiet / FRAME), round(tone / FRAME)
        self.waiting = [BriefCall(number) for number in reversed(range(count))]
        self.going, self.done, self.refused = {}, 0, 0
        #: The worst delay of a frame by these phones themselves, in seconds.
        self.lateness = 0.0
        self.sip, self.rtp = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for each in self.sip, self.rtp:
            each.bind(("127.0.0.1", 0))
            each.setblocking(False)
        self.sip.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)

    def run(self, between=lambda: None):
        """Until all have hung up; `between` is called each second."""
        due, second = time.monotonic(), 0
        rounds = -(-len(self.waiting) // self.at_once)
        deadline = due + 30 + 4 * rounds * (2 * self.quiet + self.tone) * FRAME
        while self.waiting or self.going:
            assert time.monotonic() < deadline, f"{len(self.waiting)} wait, {len(self.going)} go on"
            # Few begin at the same moment, so that they do not end so either.
            for _ in range(min(2, self.at_once - len(self.going), len(self.waiting))):
                call = self.waiting.pop()
                self.going[call.call_id] = call
            now = time.monotonic()
            self.lateness = max(self.lateness, now - due)
            for call in list(self.going.values()):
                self._tick(call, now)
            self._read()
            if now - second >= 1:
                second = now
                between()
            due += FRAME
            pause = due - time.monotonic()
            if pause > 0:
                time.sleep(pause)
        self.sip.close()
        self.rtp.close()

    def _tick(self, call, now):
        if call.state == "talking":
            if call.frame < 2 * self.quiet + self.tone:
                payload = TONE if self.quiet <= call.frame < self.quiet + self.tone else QUIET
                header = struct.pack("!BBHII", 0x80, 0, call.frame & 0xFFFF, call.frame * 160, call.ssrc)
                self.rtp.sendto(header + payload, call.media)
                call.frame += 1
                return
            call.state, call.branch, call.due = "ending", None, now
        if call.state in ("ready", "calling", "ending") and now >= call.due:
            call.state = "calling" if call.state == "ready" else call.state
            call.due = now + AGAIN
            self._send(call, "BYE" if call.state == "ending" else "INVITE")

    def _send(self, call, method):
        if method != "ACK" and call.branch is None:
            call.branch = f"z9hG4bK{random.getrandbits(64):x}"
        host, port = self.sip.getsockname()
        body = "" if method != "INVITE" else (
            f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {self.rtp.getsockname()[1]} RTP/AVP 0\r\na=ptime:20\r\n")
        content = "Content-Type: application/sdp\r\n" if body else ""
        branch = f"z9hG4bK{random.getrandbits(64):x}" if method == "ACK" else call.branch
        self.sip.sendto((
            f"{method} {call.target or f'sip:{self.user}@{self.server[0]}'} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {host}:{port};rport;branch={branch}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:brief@{host}>;tag={call.ssrc:x}\r\nTo: {call.to or f'<sip:{self.user}@{self.server[0]}>'}\r\n"
            f"Call-ID: {call.call_id}\r\nCSeq: {2 if method == 'BYE' else 1} {method}\r\n"
            f"Contact: <sip:brief@{host}:{port}>\r\nX-Call-Number: {call.number}\r\n{content}"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode(), self.server)

    def _read(self):
        while True:
            try:
                text = self.sip.recv(65536).decode()
            except BlockingIOError:
                return
            status, found = re.match(r"SIP/2.0 (\d+)", text), re.search(r"(?im)^call-id:\s*(\S+)", text)
            call = self.going.get(found.group(1)) if found else None
            if call is None or status is None or int(status.group(1)) < 200:
                continue
            self._answered(call, int(status.group(1)), re.search(r"(?im)^cseq:\s*\d+\s+(\w+)", text).group(1), text)

    def _answered(self, call, status, method, text):
        to = re.search(r"(?im)^to:\s*(.*?)\r", text).group(1)
        if method == "BYE" and call.state == "ending":
            del self.going[call.call_id]
            self.done += 1
        elif method == "INVITE" and status == 200:
            call.to, call.target = to, re.search(r"(?im)^contact:\s*<([^>]+)>", text).group(1)
            self._send(call, "ACK")
            if call.state == "calling":
                call.media = ("127.0.0.1", int(re.search(r"m=audio (\d+)", text).group(1)))
                call.state = "talking"
        elif method == "INVITE" and call.state == "calling":
            # An ACK of the same transaction (RFC 3261, section 17.1.1.3).
            host, port = self.sip.getsockname()
            self.sip.sendto((
                f"ACK sip:{self.user}@{self.server[0]} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};rport;branch={call.branch}\r\n"
                f"Max-Forwards: 70\r\nFrom: <sip:brief@{host}>;tag={call.ssrc:x}\r\nTo: {to}\r\nCall-ID: {call.call_id}\r\n"
                "CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n").encode(), self.server)
            assert status == 503, f"call {call.number}: {status}"
            self.refused += 1
            del self.going[call.call_id]
            fresh = BriefCall(call.number)
            fresh.due = time.monotonic() + PAUSE
            self.going[fresh.call_id] = fresh
