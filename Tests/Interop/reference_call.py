"""A call that is up while others do their worst: two phones that talk to each other, and what they lost."""

import threading

import numpy as np

from softphone import Phone


class ReferenceCall:
    """Two members of a room who send without a pause from `with` to its end."""

    def __init__(self, server, room):
        self.phones = [Phone(server.sip, room), Phone(server.sip, room)]
        self.running = True

    def __enter__(self):
        for phone in self.phones:
            assert phone.call() == 200
        self.threads = [threading.Thread(target=self._talk, args=(phone,), daemon=True) for phone in self.phones]
        for thread in self.threads:
            thread.start()
        return self

    def _talk(self, phone):
        # Noise, so that silence suppression has nothing to suppress.
        noise = (np.random.default_rng(phone.ssrc).standard_normal(phone.rate // 2) * 2_000).astype(np.int16)
        while self.running:
            phone.talk(noise)

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()
        for phone in self.phones:
            phone.hang_up()

    def lost(self):
        """Packets that are missing in what both have received so far; fails if nearly none came."""
        missing = 0
        for phone in self.phones:
            numbers = [packet[1] for packet in list(phone.received)]
            assert len(numbers) > 25, "the reference call hears nothing"
            steps = [((b - a + 32768) & 0xFFFF) - 32768 for a, b in zip(numbers, numbers[1:])]
            places = np.concatenate([[0], np.cumsum(steps)])
            missing += int(places.max() - places.min()) + 1 - len(set(places.tolist()))
        return missing
