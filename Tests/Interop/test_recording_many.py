"""Many short recorded calls of real SIP: none is missing, none has the wrong length; index, disk and call records say the same.

`CALLS` says how many (40; the long forms are `CALLS=500` and `CALLS=10000`), `CALLS_AT_ONCE` how many at a time.
"""

import json
import os
import re
import wave

import numpy as np
import pytest

from brief_calls import BriefCalls
from server import Server, wait_until
from test_recording_kill import entries, wall

CALLS = int(os.environ.get("CALLS", "40"))
AT_ONCE = int(os.environ.get("CALLS_AT_ONCE", "20"))
#: Seconds that a length may be off.
LENGTH = 0.02
TONE = 1.5

FLOW = "blocks: {main: [record: {maximum: 60}]}\n"


def tone_length(samples, rate):
    """Seconds from the first to the last sound of the tone, which has half its loudness in every period; the longest gap in it."""
    places = np.flatnonzero(np.abs(samples.astype(np.int32)) > 4000)
    assert len(places), "nothing was recorded"
    return (places[-1] - places[0] + 1) / rate, np.diff(places).max() / rate


def test_of_many_short_calls_none_is_missing_and_none_has_the_wrong_length(tmp_path):
    flow = tmp_path / "mailbox.yaml"
    flow.write_text(FLOW)
    extra = f'flows: [{{name: mailbox, file: {flow}}}]\nroutes:\n  - {{match: "5002", action: flow mailbox}}\n'
    records = {}
    with Server('  - {pattern: "3000"}', extra=extra, folder=tmp_path) as server:
        def look():
            records.update({call["id"]: call for call in server.rest("GET", "calls")[1]["items"]})

        seconds = 0
        def between():
            # Records of calls are kept for ten minutes, a thousand at most.
            nonlocal seconds
            seconds += 1
            if seconds % 10 == 0:
                look()

        calls = BriefCalls(server.sip, "5002", CALLS, AT_ONCE, tone=TONE)
        calls.run(between)
        wait_until(lambda: server.rest("GET", "status")[1]["recordings"] == 0, "the last recording is closed", 20)
        look()
        index = {}
        wait_until(lambda: index.update({entry["id"]: entry for entry in entries(server)}) or all(
            entry["state"] == "finished" for entry in index.values()) and len(index) >= CALLS, "all in the index", 60)
        metrics = server.text("/metrics")
        # Every entry is sealed, and follows the one before.
        server.cli("recordings", "verify")

    # A loop that the machine does not let run for more than 100 ms leaves out what it has missed, and says so.
    missed = float(re.search(r"(?m)^trialogue_media_quanta_missed_total(?:{[^}]*})? (\S+)", metrics).group(1))
    disk = {path.parent.name: path for path in server.recordings.glob("*/*/*/*/mix.wav")}
    assert not list(server.recordings.glob("*/*/*/*/*.part"))
    answered = {call["context"]["number"]: call for call in records.values() if call.get("answered")}
    numbers = {entry["context"]["number"]: entry for entry in index.values()}
    assert len(index) == len(disk) == len(numbers) == len(answered) == CALLS
    assert index.keys() == disk.keys() and numbers.keys() == answered.keys() == {str(each) for each in range(CALLS)}

    lengths, members, tones, holes, whole = [], [], [], [], []
    for identifier, entry in index.items():
        with wave.open(str(disk[identifier])) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        described = json.loads((disk[identifier].parent / "recording.json").read_text())
        left = next(mark["at"] for mark in described["markers"] if mark["kind"] == "left")
        call = answered[entry["context"]["number"]]
        said, hole = tone_length(samples, rate)
        lengths.append(abs(len(samples) / rate - entry["duration"]))
        members.append(abs(len(samples) / rate - left))
        tones.append(said - TONE)
        holes.append(hole)
        whole.append(abs(wall(call["ended"]) - wall(call["answered"]) - len(samples) / rate))
    print(f"{CALLS} calls, {calls.refused} refused at first; worst: index {max(lengths) * 1000:.1f} ms, time in the room "
          f"{max(members) * 1000:.1f} ms, tone {min(tones) * 1000:+.1f} to {max(tones) * 1000:+.1f} ms, hole {max(holes) * 1000:.1f} ms, call record "
          f"{max(whole) * 1000:.1f} ms; the phones themselves {calls.lateness * 1000:.1f} ms late; {missed:.0f} quanta missed; "
          f"{sum(each > LENGTH for each in members)} lengths and {sum(abs(each) > LENGTH for each in tones)} tones off")
    assert max(lengths) == 0, "the index says what the file is"
    if missed or calls.lateness > 0.05:
        pytest.skip("all calls are there, but this machine was too busy to judge how long they are")
    # What the phones send late may be heard late.
    assert max(members + holes + [abs(each) for each in tones]) <= LENGTH + calls.lateness
