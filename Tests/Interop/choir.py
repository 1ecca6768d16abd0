"""Many phones that hold a tone, each in a room of its own, from one thread."""

import struct
import threading
import time

import numpy as np

from softphone import Phone, ulaw_encode


class Choir:
    """Calls each user once; every phone sends its tone from the first moment to `close`."""

    def __init__(self, port, users):
        self.phones = []
        self.running = True
        for index, user in enumerate(users):
            phone = Phone(port, user)
            assert phone.call() == 200, user
            # A whole number of periods in 20 ms: the same frame again and again is a steady tone.
            t = np.arange(160) / 8000
            phone.frame = ulaw_encode((8000 * np.sin(2 * np.pi * (400 + 50 * index) * t)).astype(np.int16))
            self.phones.append(phone)
            if index == 0:
                self.thread = threading.Thread(target=self._sing, daemon=True)
                self.thread.start()

    def _sing(self):
        due = time.monotonic()
        while self.running:
            for phone in list(self.phones):
                header = struct.pack(
                    "!BBHII", 0x80, 0, phone.sequence & 0xFFFF, phone.timestamp & 0xFFFFFFFF, phone.ssrc)
                phone.sequence += 1
                phone.timestamp += 160
                try:
                    phone.rtp.sendto(header + phone.frame, phone.media)
                except OSError:
                    pass
            due += 0.02
            pause = due - time.monotonic()
            if pause > 0:
                time.sleep(pause)

    def close(self):
        """Says no goodbye: what hangs up properly are the phones themselves."""
        self.running = False
        self.thread.join()
        for phone in self.phones:
            phone.close()
