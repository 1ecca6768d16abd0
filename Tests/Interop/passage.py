"""One voice through a room, from one phone to another, in a process of its own: its pace is not that of the other phones of a test."""

import json
import threading
import time
import urllib.request

import numpy as np

from softphone import Phone


def members(private, room):
    with urllib.request.urlopen(f"http://127.0.0.1:{private}/api/v1/rooms/{room}", timeout=5) as answer:
        return json.load(answer)["members"]


def passage(sip, private, room, samples, codec, network):
    """Returns what the silent listener heard and how late the talker was by its own clock, in seconds."""
    talker, listener = Phone(sip, room, codec, **network), Phone(sip, room, codec)
    assert listener.call() == 200 and talker.call() == 200
    # The listener stays silent, but sends, as phones do.
    stop = threading.Event()

    def hum():
        while not stop.is_set():
            listener.talk(np.zeros(listener.rate // 5, dtype=np.int16))
    background = threading.Thread(target=hum, daemon=True)
    background.start()
    deadline = time.monotonic() + 5
    while len(members(private, room)) != 2:
        assert time.monotonic() < deadline, "the two are not in the room"
        time.sleep(0.02)
    talker.talk(np.zeros(talker.rate // 2, dtype=np.int16))
    start = time.monotonic()
    talker.talk(samples, silence_after=0.5)
    heard = listener.heard(since=start)
    stop.set()
    background.join()
    talker.hang_up()
    listener.hang_up()
    return heard, talker.lateness
