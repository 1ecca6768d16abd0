"""Speech quality through the room, by PESQ (ITU-T P.862) against the same codec without a server, and the added delay."""

import concurrent.futures
import multiprocessing
import os
import pathlib
import time

import numpy as np
import pytest
import soundfile

from concealment import by_libgsm, by_opencore, by_spandsp
from passage import passage
from server import ROOT, wait_until
from softphone import Opus, Phone, ulaw_decode, ulaw_encode

pesq = pytest.importorskip("pesq", reason="the Python package pesq could not be installed").pesq
VECTORS = pathlib.Path(os.environ.get("TRIALOGUE_VECTORS", ROOT.parent / "shared/vectors"))
VOICES = ["s01_en_f_allison", "s02_it_m_carlo", "s03_fr_f_june"]
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the conformance vectors are not beside the repository")


def speech(voice, rate):
    path = VECTORS / f"speech/{voice}.{'16k' if rate == 48000 else f'{rate // 1000}k'}.wav"
    samples, found = soundfile.read(path, dtype="int16")
    if rate == 48000:
        from scipy.signal import resample_poly
        samples = np.clip(resample_poly(samples.astype(float), 3, 1), -32768, 32767).astype(np.int16)
    return samples


def score(reference, degraded, rate):
    """PESQ at 8 or 16 kHz; 48 kHz is brought to 16."""
    from scipy.signal import resample_poly
    if rate == 48000:
        reference, degraded = (resample_poly(x.astype(float), 1, 3).astype(np.int16) for x in (reference, degraded))
        rate = 16000
    return pesq(rate, reference, degraded, "nb" if rate == 8000 else "wb")


def without_server(samples, codec):
    size = len(samples) // 50
    if codec == "PCMU":
        return ulaw_decode(ulaw_encode(samples))
    opus = Opus()
    return np.concatenate([opus.decode(opus.encode(samples[i:i + 960])) for i in range(0, len(samples) - 959, 960)])


#: Passages at a time, each of two phones in a process of their own.
AT_ONCE = 3
#: Passages of each voice: which packets a network loses decides as much as how many, so one passage shows little.
PASSAGES = 3
#: A phone that was itself this late, in seconds, spoiled its passage.
LATE = 0.01


def passages(server, codec, **network):
    """PESQ of each voice through a room of its own, several times with other seeds: one list for each voice."""
    rate = 8000 if codec == "PCMU" else 48000
    spoken = [(voice, speech(name, rate)) for voice, name in enumerate(VOICES) for _ in range(PASSAGES)]
    scores = [[] for _ in VOICES]
    with concurrent.futures.ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as processes:
        def attempt(number, samples):
            room = f"{'narrow' if codec == 'PCMU' else 'wide'}-{number}"
            return processes.submit(
                passage, server.sip, server.private, room, samples, codec, {"seed": number, **network})

        running = [attempt(number, samples) for number, (_, samples) in enumerate(spoken)]
        repeated = 0
        for number, (voice, samples) in enumerate(spoken):
            heard, late = running[number].result()
            while late > LATE and repeated < 5:
                repeated += 1
                heard, late = attempt(number, samples).result()
            scores[voice].append(score(samples, heard, rate))
    print(f"\n{codec}, {network}: {[[round(x, 2) for x in voice] for voice in scores]}, {repeated} repeated")
    return scores


@pytest.mark.parametrize("codec", ["PCMU", "opus"])
def test_a_talker_loses_at_most_a_tenth_through_the_room(server, codec):
    rate = 8000 if codec == "PCMU" else 48000
    losses = []
    for name, scores in zip(VOICES, passages(server, codec)):
        samples = speech(name, rate)
        # A room decodes and encodes: the same codec twice is what it can be compared with.
        direct = without_server(without_server(samples, codec), codec)
        losses.append(score(samples, direct, rate) - np.mean(scores))
    print(f"{codec}: PESQ lost against the codec without a server, each voice: {[round(x, 2) for x in losses]}")
    assert np.mean(losses) <= 0.1


@pytest.mark.parametrize("codec, bar", [("PCMU", 2.8), ("opus", 2.9)])
def test_speech_survives_five_percent_loss_and_sixty_milliseconds_of_jitter(server, codec, bar):
    assert np.mean(passages(server, codec, loss=0.05, jitter=0.06, fec=True)) >= bar


def left(name):
    """The samples that a unit test left under this name."""
    folder = pathlib.Path(os.environ.get("SPEECH_DIRECTORY", ROOT / ".build/speech"))
    if not folder.is_dir():
        pytest.skip("the unit tests were not run before with SPEECH_DIRECTORY")
    if "g729" in name and not (folder / f"{name}.s16").is_file():
        pytest.skip("G.729 is not built in")
    return np.fromfile(folder / f"{name}.s16", dtype="<i2")


@pytest.mark.parametrize("codec, network, bar", [
    ("PCMU", "perfect", 4.1), ("opus", "perfect", 3.4), ("PCMU", "lossy", 2.8), ("opus", "lossy", 2.9)])
def test_speech_is_good_in_virtual_time(codec, network, bar):
    """What the unit tests' `SpeechTests` left: the same room without a clock, so always the same samples."""
    rate = 8000 if codec == "PCMU" else 48000
    scores = [
        score(speech(voice, rate), left(f"{codec.lower()}-{network}-{index}"), rate)
        for index, voice in enumerate(VOICES)]
    print(f"\n{codec}, {network} network, virtual time: PESQ {[round(x, 2) for x in scores]}")
    assert np.mean(scores) >= bar


def reference_chains():
    path = VECTORS / "quality/chain-scores.tsv"
    rows = [line.split("\t") for line in path.read_text().splitlines()[1:]] if path.is_file() else []
    return [(row[0], row[1], float(row[5])) for row in rows if ">" in row[0]]


@pytest.mark.parametrize("chain, mode, reference", reference_chains())
def test_a_chain_of_codecs_loses_at_most_a_tenth(chain, mode, reference):
    """Against the reference codecs without a server; what the unit tests' `TranscodingTests` left."""
    rate = 8000 if mode == "nb" else 16000
    scores = [
        pesq(rate, speech(voice, rate), left(f"chain-{chain}-{index}"), mode) for index, voice in enumerate(VOICES)]
    print(f"\n{chain}: PESQ {[round(x, 2) for x in scores]}, mean {np.mean(scores):.2f}, reference {reference}")
    assert np.mean(scores) >= reference - 0.1


#: What the decoders that came with the codecs made of voices with losses; WebRTC's iLBC is a second opinion on the RFC's.
CONCEALED = sorted(
    path for path in VECTORS.glob("codec/*/s*.loss-*.wav") if not path.name.endswith("dec-webrtc.wav"))


@pytest.mark.parametrize("path", CONCEALED, ids=lambda path: path.stem)
def test_concealment_loses_at_most_a_tenth(path):
    """Against the reference decoder with the same losses; what the unit tests' `ConcealmentTests` left."""
    reference, rate = soundfile.read(path, dtype="int16")
    original = speech(path.name.split(".")[0], rate)
    ours = left(f"concealed-{path.stem}")
    mode = "nb" if rate == 8000 else "wb"
    count = min(len(original), len(reference))
    assert len(ours) == len(reference)
    mine, its = (pesq(rate, original[:count], samples[:count], mode) for samples in (ours, reference))
    print(f"\n{path.stem}: PESQ {mine:.2f}, reference {its:.2f}")
    assert mine >= its - 0.1


#: Stored frames of AMR: voice, its file's ending, octets of the head and of a frame.
STORED = {
    "amr": [("s01_en_f_allison", "amrnb-m7.amr", 6, 32), ("s02_it_m_carlo", "amrnb-m0.amr", 6, 13)],
    "amr-wb": [("s01_en_f_allison", "amrwb-m2.awb", 9, 33), ("s07_en_f_alsa", "amrwb-m8.awb", 9, 61)],
}
WITHOUT_A_FILE = ["pcmu", "pcma", "l16-8k", "l16-16k", "g722", "g726-16", "g726-32", "gsm", *STORED]


@pytest.mark.parametrize("loss", ["loss-r5", "loss-burst"])
@pytest.mark.parametrize("codec", WITHOUT_A_FILE)
def test_lost_packets_are_made_up_for_as_well_as_by_others(codec, loss):
    """Against spandsp, libgsm with GSM 06.11, or opencore-amr with the same losses; what the unit tests' `LostPacketTests` left."""
    from scipy.signal import resample_poly
    text = (VECTORS / f"codec/ilbc/s01_en_f_allison.ilbc20.{loss}.txt").read_text()
    pattern = [character == "1" for character in text if character in "01"]
    ours, theirs = [], []
    for voice, *stored in STORED.get(codec, [(voice,) for voice in VOICES]):
        made = left(f"made-up-{codec}-{loss}-{voice}")
        wide = codec in ("g722", "l16-16k", "amr-wb")
        arrivals = [pattern[i % len(pattern)] for i in range(len(made) // (320 if wide else 160))]
        if stored:
            ending, head, size = stored
            other = by_opencore((VECTORS / f"codec/amr/{voice}.{ending}").read_bytes(), head, size, arrivals, wide)
        elif codec == "gsm":
            other = by_libgsm(speech(voice, 8000), arrivals)
        else:
            # spandsp knows the telephone band only, so both are judged in it.
            arrived = left(f"arrived-{codec}-{loss}-{voice}")
            if wide:
                lost = np.repeat(~np.array(arrivals), 320)
                arrived = np.where(lost, made[:len(lost)], arrived[:len(lost)])
                made, arrived = (np.clip(resample_poly(x.astype(float), 1, 2), -32768, 32767).astype(np.int16)
                                 for x in (made, arrived))
                wide = False
            other = by_spandsp(arrived, arrivals)
        if other is None:
            pytest.skip("the library to compare with is not installed")
        rate = 16000 if wide else 8000
        original = speech(voice, rate)[:len(other)]
        for samples, scores in ((made, ours), (other, theirs)):
            scores.append(pesq(rate, original, samples[:len(original)], "wb" if wide else "nb"))
    print(f"\n{codec}, {loss}: PESQ {np.round(ours, 2)}, others' {np.round(theirs, 2)}")
    assert np.mean(ours) >= np.mean(theirs) - 0.1


def test_nobody_hears_packets_take_over_from_the_mix():
    """Against the same voice in a room that goes on mixing; what the unit tests' `RelayBeginningTests` left."""
    joined, mixed = (
        [pesq(16000, speech(voice, 16000)[:4 * 16000], left(f"relay-opus-{kind}-{index}"), "wb")
         for index, voice in enumerate(VOICES)] for kind in ("joined", "mixed"))
    print(f"\nopus: PESQ {np.round(joined, 2)}, mixed {np.round(mixed, 2)}")
    assert np.mean(joined) >= np.mean(mixed) - 0.1


def test_the_server_adds_at_most_forty_milliseconds(server):
    talker, listener = Phone(server.sip, "narrow2"), Phone(server.sip, "narrow2")
    assert talker.call() == 200 and listener.call() == 200
    wait_until(lambda: len(server.members("narrow2")) == 2, "both")
    listener.talk(np.zeros(1600, dtype=np.int16))
    talker.talk(np.zeros(16000, dtype=np.int16))
    delays = []
    tone = (12000 * np.sin(2 * np.pi * 1000 * np.arange(1600) / 8000)).astype(np.int16)
    # Not longer: who sends nothing for 15 s is hung up, and the listener only listens.
    for _ in range(15):
        start = max(time.monotonic(), talker.said_until)
        talker.talk(np.concatenate([tone, np.zeros(4000, dtype=np.int16)]))
        for arrival, _, _, kind, payload in list(listener.received):
            if arrival >= start and kind == 0 and np.abs(ulaw_decode(payload).astype(int)).max() > 3000:
                loud = int(np.argmax(np.abs(ulaw_decode(payload).astype(int)) > 3000))
                # From the sending of the tone's first sample's packet to the arrival of that sample.
                delays.append((arrival - start) * 1000 + loud / 8)
                break
    talker.hang_up()
    listener.hang_up()
    print(f"\nDelay added by the server: median {np.median(delays):.1f} ms, worst {max(delays):.1f} ms of {len(delays)}")
    assert len(delays) == 15
    assert np.median(delays) <= 40
