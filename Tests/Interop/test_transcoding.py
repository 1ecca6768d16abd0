"""Every codec with every other through the running server, by our own phones and by baresip, and keys in descriptions (SDES)."""

import concurrent.futures
import contextlib
import itertools
import subprocess

import pytest
import soundfile

import spectrum
from baresip import INSTALLED, Baresip
from likeness import likeness
from server import PROGRAM, ROOT, Server, select_wait, wait_until

CODECS = ["pcmu", "pcma", "g722", "opus", "l16", "g726", "speex", "speex-wb", "ilbc", "gsm", "amr", "amr-wb"]
#: Calls at a time.
AT_ONCE = 4
SAYS = ["hold-still", "room-locked"]


@pytest.fixture(scope="module")
def server():
    # Baresip packs G.726 as AAL2 does.
    rooms = '  - {pattern: "pair-baresip-g726*", g726_packing: aal2, greeting: none, announce_joining: false, hold_music: false}\n'
    rooms += '  - {pattern: "pair-*", greeting: none, announce_joining: false, hold_music: false}\n'
    codecs = "codecs:\n  allowed: [opus, G722, PCMU, PCMA, G726, speex, iLBC, GSM, AMR, AMR-WB, L16]\n"
    with Server(rooms, extra=codecs) as running:
        yield running


def voice(name):
    return soundfile.read(ROOT / f"build/prompts/en/{name}.wav", dtype="int16")


def meet(server, folder, pair):
    """Two of our own phones in a room of theirs, each with another prompt; what each heard."""
    room = "pair-" + "-".join(pair)
    heard = []
    phones = []
    for index, codec in enumerate(pair):
        heard.append(folder / f"{room}-{index}.wav")
        phones.append(subprocess.Popen(
            [PROGRAM, "call", server.uri(room), "--codec", codec, "--say", ROOT / f"build/prompts/en/{SAYS[index]}.wav",
             "--after", "2", "--seconds", "8", "--hear", heard[-1]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    for phone in phones:
        output, _ = phone.communicate(timeout=30)
        assert phone.returncode == 0, (pair, output)
    return [soundfile.read(path, dtype="int16") for path in heard]


def test_every_pair_of_codecs_carries_speech_both_ways(server, tmp_path):
    pairs = list(itertools.combinations_with_replacement(CODECS, 2))
    said = [voice(name) for name in SAYS]
    worst = []
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as runner:
        for pair, heard in zip(pairs, runner.map(lambda pair: meet(server, tmp_path, pair), pairs)):
            for index, (samples, rate) in enumerate(heard):
                other, own = said[1 - index], said[index]
                score = likeness(samples, rate, *other)
                # Both are in the room long before the first word.
                worst.append((score, f"{pair[1 - index]} > {pair[index]}"))
                assert score > 0.7, (pair, index, score)
                assert likeness(samples, rate, *own) < score - 0.15, (pair, index, score)
    worst.sort()
    print(f"\n{len(worst)} directions; the least like what was said: {[(round(s, 2), name) for s, name in worst[:5]]}")


@pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")
@pytest.mark.parametrize("codec, encryption", [
    ("gsm", None), ("G726-16", None), ("G726-24", None), ("G726-32", None), ("G726-40", None), ("amr", None), ("amr-wb", None), ("pcma", "srtp-mand"), ("opus", "srtp-mand")])
def test_baresip_in_this_manner_hears_and_is_heard(server, tmp_path, codec, encryption):
    room = f"pair-baresip-{codec.lower()}-{encryption or 'plain'}"
    microphones = {"pcmu": 620, codec + "!": 910}
    with contextlib.ExitStack() as stack:
        phones = {}
        for name, tone in microphones.items():
            own = name.rstrip("!")
            path = tmp_path / f"{tone}.wav"
            spectrum.write_tone(path, tone, 30, {"opus": 48000, "amr-wb": 16000}.get(own, 8000))
            phones[tone] = stack.enter_context(Baresip(
                tmp_path, f"phone-{tone}", path, own, encryption=encryption if tone == 910 else None))
            phones[tone].dial(server.uri(room))
        wait_until(lambda: len(server.members(room)) == 2, "both members")
        select_wait(3)
        for phone in phones.values():
            phone.command("hangup")
    for tone, phone in phones.items():
        samples, rate = spectrum.load(phone.heard)
        samples = samples[-2 * rate:]
        other = 1530 - tone
        heard = spectrum.tone_level(samples, rate, other)
        assert heard > -25, (codec, tone)
        # What is at its own frequency is noise of the codec.
        assert spectrum.tone_level(samples, rate, tone) < heard - 20, (codec, tone)
