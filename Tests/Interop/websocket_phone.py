"""A small SIP phone over WebSocket (RFC 7118), as a browser's: no address of its own, one connection for everything."""

import contextlib
import hashlib
import random
import re
import socket
import ssl

from websockets.sync.client import connect


def connection(server, secure=True, origin=None, subprotocols=("sip",), path="/sip", **options):
    """Opens a WebSocket to the server's HTTPS port, or without TLS to its private one."""
    context = None
    if secure:
        context = ssl.create_default_context(cafile=str(server.certificate))
    scheme, port = ("wss", server.web) if secure else ("ws", server.private)
    return connect(
        f"{scheme}://localhost:{port}{path}", sock=socket.create_connection(("127.0.0.1", port), timeout=5),
        ssl=context, origin=origin, subprotocols=list(subprotocols) or None, compression=None, open_timeout=5,
        proxy=None, **options)


class WebSocketPhone:
    """One user agent; `received` keeps each message that came."""

    def __init__(self, server, user="visitor", secure=True, password=None, **options):
        self.server = server
        self.opened = contextlib.ExitStack()
        self.socket = self.opened.enter_context(connection(server, secure, **options))
        self.transport = "WSS" if secure else "WS"
        self.user, self.password = user, password
        self.host = f"{random.getrandbits(40):x}.invalid"
        # Nobody is a user without a password: whoever says so is asked for it.
        self.domain = "trialogue.test" if password else self.host
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind(("127.0.0.1", 0))
        self.tag = f"{random.getrandbits(48):x}"
        self.call_id = f"{random.getrandbits(64):x}"
        self.cseq = 0
        self.remote_tag = ""
        self.received = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.opened.close()
        self.rtp.close()

    def sdp(self):
        port = self.rtp.getsockname()[1]
        return (f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
                "a=rtpmap:0 PCMU/8000\r\n")

    def browser_sdp(self, offer):
        """The answer of a browser to an offer of ours, in words only: nobody connects."""
        number = re.search(r"(?m)^a=mid:(\S+)", offer).group(1)
        return ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                f"a=group:BUNDLE {number}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:0 PCMU/8000\r\n"
                f"a=mid:{number}\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:active\r\n"
                f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}\r\na=rtcp-mux\r\na=sendrecv\r\n")

    def message(self, method, target, to=None, body="", extra="", cseq=None,
                kind="application/sdp"):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        to = to or target
        to_tag = f";tag={self.remote_tag}" if self.remote_tag and method != "REGISTER" else ""
        content = f"Content-Type: {kind}\r\n" if body else ""
        return (f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/{self.transport} {self.host};branch=z9hG4bK"
                f"{random.getrandbits(64):x}\r\nMax-Forwards: 70\r\nFrom: <sip:{self.user}@{self.domain}>;tag={self.tag}\r\n"
                f"To: <{to}>{to_tag}\r\nCall-ID: {self.call_id}\r\nCSeq: {cseq} {method}\r\n"
                f"Contact: <sip:{self.user}@{self.host};transport=ws>\r\n{extra}{content}"
                f"Content-Length: {len(body.encode())}\r\n\r\n{body}")

    def next(self, seconds=10):
        text = self.socket.recv(timeout=seconds)
        text = text if isinstance(text, str) else text.decode()
        self.received.append(text)
        return text

    def final(self, method):
        while True:
            text = self.next()
            status = re.match(r"SIP/2.0 (\d+)", text)
            if status and int(status.group(1)) >= 200 and re.search(rf"(?im)^cseq:\s*{self.cseq} {method}", text):
                return int(status.group(1)), text

    def ask(self, method, target, send=None, **more):
        """Sends a request, answers a challenge, and returns the final response; `send` puts the text on the wire."""
        send = send or self.socket.send
        send(self.message(method, target, **more))
        status, text = self.final(method)
        if status in (401, 407) and self.password:
            extra = more.pop("extra", "") + self.credentials(method, target, text)
            if method == "INVITE":
                send(self.message("ACK", target, cseq=self.cseq))
            send(self.message(method, target, extra=extra, **more))
            status, text = self.final(method)
        return status, text

    def credentials(self, method, target, challenge):
        name, value = re.search(r"(?im)^(www|proxy)-authenticate:\s*digest\s+(.*)$", challenge).groups()
        given = dict(re.findall(r'(\w+)="?([^",\s]+)"?', value))
        digest = hashlib.sha256 if given.get("algorithm", "MD5").upper() == "SHA-256" else hashlib.md5
        def hashed(text):
            return digest(text.encode()).hexdigest()
        realm, nonce = given["realm"], given["nonce"]
        response = hashed(":".join([
            hashed(f"{self.user}:{realm}:{self.password}"), nonce, "00000001", "abcdef", "auth",
            hashed(f"{method}:{target}")]))
        field = "Authorization" if name.lower() == "www" else "Proxy-Authorization"
        return (f'{field}: Digest username="{self.user}", realm="{realm}", nonce="{nonce}", uri="{target}", qop=auth, '
                f'nc=00000001, cnonce="abcdef", response="{response}", algorithm={given.get("algorithm", "MD5")}\r\n')

    def register(self):
        status, text = self.ask("REGISTER", "sip:trialogue.test", to=f"sip:{self.user}@trialogue.test")
        return status

    def call(self, room, send=None):
        status, text = self.ask("INVITE", f"sip:{room}@trialogue.test", send=send, body=self.sdp())
        self.remote_tag = re.search(r"(?im)^to:.*;tag=([^;\s>]+)", text).group(1)
        if status == 200:
            self.remote = re.search(r"(?im)^contact:\s*<([^>]+)>", text).group(1)
            self.target = f"sip:{room}@trialogue.test"
            self.socket.send(self.message("ACK", self.remote, to=self.target, cseq=self.cseq))
        return status

    def answer(self, invite, status=200, body=""):
        """Responds to a request that came."""
        lines = [line for line in invite.split("\r\n") if re.match(r"(?i)(via|from|to|call-id|cseq|record-route):", line)]
        lines = [line + f";tag={self.tag}" if line.lower().startswith("to:") and "tag=" not in line else line
                 for line in lines]
        content = "Content-Type: application/sdp\r\n" if body else ""
        self.socket.send(
            f"SIP/2.0 {status} OK\r\n" + "\r\n".join(lines) + f"\r\nContact: <sip:{self.user}@{self.host};transport=ws>\r\n"
            f"{content}Content-Length: {len(body)}\r\n\r\n{body}")

    def hang_up(self):
        status, _ = self.ask("BYE", self.remote, to=self.target)
        return status
