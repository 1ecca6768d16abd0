"""rtpengine in user space: two-sided calls by its ng protocol (bencoding over UDP), transcoding if the codecs differ."""

import re
import secrets
import socket
import subprocess
import tempfile
import time

import endpoints
from ours import free_port


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        octets = value.encode()
        return b"%d:%s" % (len(octets), octets)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"


def bdecode(octets, at=0):
    kind = octets[at:at + 1]
    if kind == b"i":
        end = octets.index(b"e", at)
        return int(octets[at + 1:end]), end + 1
    if kind in (b"l", b"d"):
        items, at = [], at + 1
        while octets[at:at + 1] != b"e":
            item, at = bdecode(octets, at)
            items.append(item)
        return (items if kind == b"l" else dict(zip(items[::2], items[1::2]))), at + 1
    colon = octets.index(b":", at)
    end = colon + 1 + int(octets[at:colon])
    return octets[colon + 1:end].decode(errors="replace"), end


class RTPEngine:
    """One process and a call for each room of two."""

    def __init__(self, rooms, size, codecs, bit_rate=24000):
        if size != 2:
            raise RuntimeError("rtpengine's calls have two sides")
        self.endpoints = endpoints.make(rooms, size, codecs)
        self.opus = f"opus/48000/1/{bit_rate}/20"
        self.port = free_port(socket.SOCK_DGRAM)

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bench-rtpengine-")
        self.log = open(self.folder.name + "/log", "wb")
        self.process = subprocess.Popen(
            ["rtpengine", "--config-file=none", "--table=-1", "--foreground", "--log-stderr", "--log-level=3",
             "--interface=127.0.0.1", f"--listen-ng=127.0.0.1:{self.port}", "--port-min=26000", "--port-max=35999",
             f"--pidfile={self.folder.name}/pid"], stdout=self.log, stderr=self.log)
        self.pid = self.process.pid
        try:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.connect(("127.0.0.1", self.port))
            self.socket.settimeout(1)
            self._wait()
            for first, second in zip(self.endpoints[::2], self.endpoints[1::2]):
                self._call(first, second)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        endpoints.end(self.process)
        self.socket.close()
        self.log.close()
        self.folder.cleanup()

    def plan(self):
        return endpoints.plan(self.endpoints)

    def _wait(self):
        deadline = time.monotonic() + 10
        while True:
            try:
                self._ask(command="ping")
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("rtpengine does not start: " + open(self.folder.name + "/log").read()[-300:])
                time.sleep(0.1)

    def _ask(self, **body):
        cookie = secrets.token_hex(6).encode()
        self.socket.send(cookie + b" " + bencode(body))
        while True:
            got, text = self.socket.recv(65535).split(b" ", 1)
            if got == cookie:
                answer, _ = bdecode(text)
                if answer.get("result") not in ("ok", "pong"):
                    raise RuntimeError(f"rtpengine: {answer}")
                return answer

    def _call(self, first, second):
        call = secrets.token_hex(8)
        common = {"call-id": call, "from-tag": "a", "ICE": "remove", "replace": ["origin", "session-connection"]}
        offer = dict(common, command="offer", sdp=self._sdp(first))
        if first.codec != second.codec:
            # Mono and of our bit rate; its complexity cannot be told (libavcodec's is 10).
            name = self.opus if second.codec == "opus" else endpoints.RTPMAPS[second.codec].split("/")[0]
            offer["codec"] = {"mask": ["all"], "transcode": [name]}
        offered = self._ask(**offer)["sdp"]
        second.remote = self._remote(offered)
        for number, name in re.findall(r"(?m)^a=rtpmap:(\d+) (\S+)", offered):
            if name.split("/")[0].lower() == second.codec:
                second.payload_type = int(number)
        answered = self._ask(**dict(common, command="answer", sdp=self._sdp(second), **{"to-tag": "b"}))["sdp"]
        first.remote = self._remote(answered)

    @staticmethod
    def _sdp(endpoint):
        lines = ["v=0", f"o=- {endpoint.port} 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
                 f"m=audio {endpoint.port} RTP/AVP {endpoint.payload_type}",
                 f"a=rtpmap:{endpoint.payload_type} {endpoints.RTPMAPS[endpoint.codec]}", "a=ptime:20", "a=sendrecv", ""]
        return "\r\n".join(lines)

    @staticmethod
    def _remote(sdp):
        return (re.search(r"(?m)^c=IN IP4 (\S+)", sdp).group(1), int(re.search(r"(?m)^m=audio (\d+)", sdp).group(1)))
