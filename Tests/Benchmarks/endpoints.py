"""RTP ports for the load generator, and the end of a peer's process."""

import socket
import subprocess

PAYLOAD_TYPES = {"pcmu": 0, "pcma": 8, "opus": 111}
RTPMAPS = {"pcmu": "PCMU/8000", "pcma": "PCMA/8000", "opus": "opus/48000/2"}


class Endpoint:
    """One participant: its own port, and what the peer says to send to."""

    def __init__(self, room, codec, port):
        self.room, self.codec, self.port = room, codec, port
        self.payload_type = PAYLOAD_TYPES[codec]
        self.remote = None

    def stream(self):
        if self.remote is None:
            raise RuntimeError(f"the participant at port {self.port} got no address")
        return {"room": self.room, "local": f"127.0.0.1:{self.port}", "remote": f"{self.remote[0]}:{self.remote[1]}",
                "codec": self.codec, "payloadType": self.payload_type}


def make(rooms, size, codecs, first=46000):
    """Members of a room take the codecs in turn. Even ports that are free now."""
    found, port = [], first
    while len(found) < rooms * size:
        if port > 59998:
            raise RuntimeError("not enough free ports from 46000 to 59998")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                found.append(Endpoint(len(found) // size, codecs[len(found) % size % len(codecs)], port))
            except OSError:
                pass
        port += 2
    return found


def plan(endpoints):
    return {"streams": [endpoint.stream() for endpoint in endpoints]}


def end(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
