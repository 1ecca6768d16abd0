"""What goes over loopback, as who listens on the wire sees it."""

import socket
import struct
import threading

_ALL_OF_IPV4 = 0x0800
#: Each packet goes out and comes in again on loopback: it is taken once, as it comes in.
_OUTGOING = 4
_LARGEST = 65_600


class Capture:
    """The datagrams (`udp`) and pieces of streams (`tcp`) of IPv4 on loopback, each as (source, destination, octets), until the end of the block.

    PermissionError where a program may not listen.
    """

    def __init__(self):
        self.udp, self.tcp = [], []
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL_OF_IPV4))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("lo", _ALL_OF_IPV4))
        self.socket.settimeout(0.1)
        self.going = True
        self.thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.going = False
        self.thread.join()
        self.socket.close()

    def _listen(self):
        while self.going:
            try:
                packet, address = self.socket.recvfrom(_LARGEST)
            except TimeoutError:
                continue
            if address[2] != _OUTGOING:
                self._note(packet)

    def _note(self, packet):
        length = (packet[0] & 15) * 4
        hosts = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
        content = packet[length:int.from_bytes(packet[2:4], "big") or len(packet)]
        source, destination = zip(hosts, struct.unpack("!HH", content[:4]))
        if packet[9] == socket.IPPROTO_UDP:
            self.udp.append((source, destination, content[8:]))
        elif packet[9] == socket.IPPROTO_TCP:
            octets = content[(content[12] >> 4) * 4:]
            if octets:
                self.tcp.append((source, destination, octets))


def rtp_payload(packet):
    """What follows the header of an RTP packet and its extension: RFC 3550, section 5.1."""
    start = 12 + 4 * (packet[0] & 15)
    if packet[0] & 0x10:
        start += 4 + 4 * int.from_bytes(packet[start + 2:start + 4], "big")
    return packet[start:]


def is_rtcp(packet):
    """By the second octet, where RTP and its reports share a port: RFC 5761, section 4."""
    return 64 <= packet[1] & 0x7F <= 95
