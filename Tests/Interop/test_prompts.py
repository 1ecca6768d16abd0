"""The spoken prompts: complete in every language, one format, one level, silence at both ends."""

import re
import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from server import ROOT

SOURCES = ROOT / "prompts"
MADE = ROOT / "build/prompts"
LANGUAGES = sorted(path.stem for path in SOURCES.glob("*.txt"))
LONGEST = {"keys-help": 20, "keys-help-moderator": 33, "callers-talk": 30}  # seconds; others 12


def names_of(language):
    lines = (SOURCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [re.split(r"[:\t]", line)[0].strip() for line in lines if line.strip() and line[0] not in "#@"]


def prompts():
    return [(language, name) for language in LANGUAGES for name in names_of(language)]


def decibels(value):
    return 20 * np.log10(max(value, 1e-9))


def rms(samples):
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


def speech_of(path):
    """The samples between the two silences, and the lengths of the silences in milliseconds."""
    samples, rate = soundfile.read(path, dtype="float64")
    sounding = np.flatnonzero(samples)
    assert len(sounding), f"{path} is silent"
    first, last = sounding[0], sounding[-1]
    return samples[first:last + 1], first * 1000 / rate, (len(samples) - 1 - last) * 1000 / rate


def test_english_and_german_are_there():
    assert {"en", "de"} <= set(LANGUAGES)


def test_every_language_has_the_same_prompts():
    for language in LANGUAGES:
        assert sorted(names_of(language)) == sorted(names_of("en")), language


def test_every_prompt_that_the_server_plays_exists():
    source = (ROOT / "Sources/trialogue/Assembly/PromptFiles.swift").read_text()
    required = re.findall(r'"([a-z0-9-]+)"', source[source.index("enum RequiredPrompts"):])
    assert len(required) > 10
    for language in LANGUAGES:
        assert set(required) <= set(names_of(language)), language


@pytest.mark.parametrize("language, name", prompts())
def test_a_prompt_is_levelled_trimmed_and_short(language, name):
    path = MADE / language / f"{name}.wav"
    assert path.exists(), f"{path} is missing: run 'make prompts'"
    form = soundfile.info(path)
    assert (form.format, form.subtype, form.samplerate, form.channels) == ("WAV", "PCM_16", 16_000, 1)
    assert 0.3 <= form.duration <= LONGEST.get(name, 12)
    speech, before, after = speech_of(path)
    assert 49 <= before <= 51 and 49 <= after <= 51
    assert decibels(np.abs(speech).max()) <= -3
    assert abs(decibels(rms(speech)) + 20) <= 0.5
    # Without the pauses between sentences it is about as loud: a long prompt is not shouted to make up for them.
    frames = [rms(speech[i:i + 320]) for i in range(0, len(speech), 320)]
    talking = rms([frame for frame in frames if decibels(frame) > -45])
    assert abs(decibels(talking) + 20) <= 1


def test_no_two_prompts_sound_the_same():
    contents = {}
    for language, name in prompts():
        contents.setdefault((MADE / language / f"{name}.wav").read_bytes(), []).append(f"{language}/{name}")
    assert [names for names in contents.values() if len(names) > 1] == []


def test_making_them_again_makes_nothing_and_a_changed_text_makes_one(tmp_path):
    sources = tmp_path / "prompts"
    sources.mkdir()
    for name in ("make.sh", "make.py"):
        shutil.copy(SOURCES / name, sources)
    text = sources / "en.txt"
    text.write_text("@voice en-gb\nyes: Yes.\nno: No.\n")

    def make():
        return subprocess.run(
            [sources / "make.sh", tmp_path / "made"], capture_output=True, text=True, timeout=60)
    assert make().stdout == "Prompts: 2 made, 0 up to date (en)\n"
    first = {path.name: path.read_bytes() for path in (tmp_path / "made/en").glob("*.wav")}
    assert make().stdout == "Prompts: 0 made, 2 up to date (en)\n"
    (tmp_path / "made/en/own.wav").write_bytes(first["yes.wav"])
    text.write_text("@voice en-gb\nyes: Yes, please.\n")
    assert make().stdout == "Prompts: 1 made, 0 up to date (en)\n"
    assert (tmp_path / "made/en/yes.wav").read_bytes() != first["yes.wav"]
    assert sorted(path.name for path in (tmp_path / "made/en").glob("*.wav")) == ["own.wav", "yes.wav"]


@pytest.mark.parametrize("text, message", [
    ("@voice en-gb\nno colon here\n", "prompts/en.txt:2: 'no colon here' is no prompt"),
    ("@voice en-gb\nyes: Yes.\nyes: Yes.\n", "prompts/en.txt:3: 'yes' is here twice"),
    ("@voise en-gb\nyes: Yes.\n", "prompts/en.txt:1: '@voise en-gb' is no setting"),
    ("yes: Yes.\n", "prompts/en.txt: no voice"),
    ("@voice xx-none\nyes: Yes.\n", "prompts/en.txt: 'yes' espeak-ng:"),
    ("@voice en-gb\nyes: -\n", "prompts/en.txt: 'yes' "),
])
def test_a_wrong_text_is_named_with_its_place(tmp_path, text, message):
    sources = tmp_path / "prompts"
    sources.mkdir()
    for name in ("make.sh", "make.py"):
        shutil.copy(SOURCES / name, sources)
    (sources / "en.txt").write_text(text)
    result = subprocess.run([sources / "make.sh", tmp_path / "made"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr
