"""`trialogue transcode`: every pair of files, checked by what is heard; other programs read what it writes, and it what they write."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import numpy as np
import pytest
import soundfile

from server import PROGRAM, ROOT
from spectrum import load, rms_level, tone_level

VECTORS = pathlib.Path(os.environ.get("TRIALOGUE_VECTORS", ROOT.parent / "shared/vectors"))
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"no vectors in {VECTORS}")

SECONDS = 3.0
TONES = {400: -15.0, 1000: -18.0}

#: ending, arguments that write it, arguments that read it, decibels that a tone may change by, milliseconds of a frame.
#: Speech codecs model one voice: of two tones they keep the pitch, of their levels less.
FORMATS = {
    "wav": ("wav", [], [], 0.2, 0),
    "wav-pcmu": ("wav", ["--codec", "pcmu"], [], 0.3, 0),
    "wav-pcma": ("wav", ["--codec", "pcma"], [], 0.3, 0),
    "raw": ("raw", ["--rate", "16000"], ["--input-rate", "16000"], 0.2, 0),
    "sln": ("sln", [], [], 0.2, 0),
    "ul": ("ul", [], [], 0.3, 0),
    "al": ("al", [], [], 0.3, 0),
    "opus": ("opus", [], [], 1, 0),
    "spx": ("spx", [], [], 3, 0),
    "spx-8k": ("spx", ["--rate", "8000"], [], 3, 0),
    "lbc": ("lbc", [], [], 3, 20),
    "lbc-30": ("lbc", ["--frame", "30"], [], 3, 30),
    "amr": ("amr", [], [], 3, 20),
    "awb": ("awb", [], [], 3, 20),
    "gsm": ("gsm", [], [], 3, 20),
    "g722": ("g722", [], [], 0.5, 1),
    "g726-16": ("g726-16", [], [], 1, 1),
    "g726-24": ("g726-24", [], [], 1, 1),
    "g726-32": ("g726-32", [], [], 1, 1),
    "g726-40": ("g726-40", [], [], 1, 1),
    "aal2-g726-16": ("aal2-g726-16", [], [], 1, 1),
    "aal2-g726-24": ("aal2-g726-24", [], [], 1, 1),
    "aal2-g726-32": ("aal2-g726-32", [], [], 1, 1),
    "aal2-g726-40": ("aal2-g726-40", [], [], 1, 1),
}


def transcode(*arguments, status=0):
    result = subprocess.run(
        [PROGRAM, "transcode", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert result.returncode == status, (arguments, result.returncode, result.stdout, result.stderr)
    return result


def tool(*arguments):
    if not shutil.which(arguments[0]):
        pytest.skip(f"{arguments[0]} is not installed")
    result = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, (arguments, result.stderr[-400:])


def ffmpeg(*arguments):
    tool("ffmpeg", "-nostdin", "-y", "-v", "error", *arguments)


def two_tones(rate, seconds=SECONDS):
    moments = np.arange(int(seconds * rate)) / rate
    return sum(10 ** (level / 20) * np.sin(2 * np.pi * f * moments) for f, level in TONES.items())


def check(path, within, longer=0.0, seconds=SECONDS, rate=None):
    """The file has both tones at their levels, and nothing as loud beside them; it lasts as long as it should (ms)."""
    samples, found = load(path)
    assert rate in (None, found)
    assert abs(len(samples) / found - seconds) <= longer / 1000 + 1.5 / found, f"{path}: {len(samples) / found} s"
    middle = samples[found // 4:-found // 4]
    for frequency, level in TONES.items():
        assert abs(tone_level(middle, found, frequency) - level) <= within, (path, frequency)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    strongest = np.argsort(spectrum)[::-1]
    first = strongest[0] * found / len(middle)
    second = next(f for f in strongest * found / len(middle) if abs(f - first) > 50)
    assert sorted((round(first / 10) * 10, round(second / 10) * 10)) == sorted(TONES), (path, first, second)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The two tones in each format that is written."""
    folder = tmp_path_factory.mktemp("sources")
    soundfile.write(str(folder / "tones.wav"), two_tones(16000), 16000, subtype="PCM_16")
    made = {}
    for name, (ending, write, _, _, _) in FORMATS.items():
        (folder / name).mkdir()
        made[name] = folder / name / f"source.{ending}"
        transcode(folder / "tones.wav", made[name], *write)
    return made


# Every pair

@pytest.mark.parametrize("name", FORMATS)
def test_a_format_becomes_every_format(sources, tmp_path, name):
    _, _, read, lost, frame = FORMATS[name]
    for other, (ending, write, read_other, more, other_frame) in FORMATS.items():
        output = tmp_path / f"{other}.{ending}"
        transcode(sources[name], output, *read, *write)
        final = tmp_path / f"{other}-heard.wav"
        transcode(output, final, *read_other)
        check(final, within=lost + more, longer=frame + other_frame)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_as_loud_as_before_after_ten_generations(sources, tmp_path, name):
    ending, write, read, lost, frame = FORMATS[name]
    path = sources[name]
    for generation in range(10):
        following = tmp_path / f"{generation}.{ending}"
        transcode(path, following, *read, *write)
        path = following
    transcode(path, tmp_path / "heard.wav", *read)
    samples, rate = load(tmp_path / "heard.wav")
    # Frames are filled up once, not once more in each generation.
    assert abs(len(samples) / rate - SECONDS) <= (frame + 20) / 1000, len(samples) / rate
    assert abs(rms_level(samples) - rms_level(two_tones(rate))) <= max(4 * lost, 1)


@needs_vectors
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_comes_late(tmp_path, name):
    ending, write, read, _, _ = FORMATS[name]
    original = VECTORS / "speech/s01_en_f_allison.16k.wav"
    transcode(original, tmp_path / f"x.{ending}", *write)
    transcode(tmp_path / f"x.{ending}", tmp_path / "x16.wav", "--rate", "16000", *read)
    before, rate = load(original)
    after, _ = load(tmp_path / "x16.wav")
    count = min(len(before), len(after))
    product = np.fft.irfft(np.fft.rfft(after[:count], 2 * count) * np.conj(np.fft.rfft(before[:count], 2 * count)))
    lag = int(np.argmax(product))
    lag = lag if lag < count else lag - 2 * count
    # Speech codecs move phases by themselves.
    assert abs(lag) / rate <= 0.0005, lag


# What other programs read and write

WRITTEN = {
    "wav": ("wav", [], []), "wav-pcmu": ("wav", ["--codec", "pcmu"], []), "wav-pcma": ("wav", ["--codec", "pcma"], []),
    "raw": ("raw", ["--rate", "8000"], ["-f", "s16le", "-ar", "8000", "-ac", "1"]),
    "ul": ("ul", [], ["-f", "mulaw", "-ar", "8000", "-ac", "1"]),
    "al": ("al", [], ["-f", "alaw", "-ar", "8000", "-ac", "1"]),
    "opus": ("opus", [], []), "opus-60": ("opus", ["--frame", "60", "--rate", "48000"], []), "spx": ("spx", [], []),
    "spx-8k": ("spx", ["--rate", "8000"], []), "spx-32k": ("spx", ["--rate", "32000"], []), "amr": ("amr", [], []),
    "amr-4.75": ("amr", ["--bit-rate", "4750"], []),
    "awb": ("awb", [], []), "g722": ("g722", [], ["-f", "g722"]), "gsm": ("gsm", [], ["-f", "gsm"]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_ffmpeg_reads_what_is_written(tmp_path, name):
    ending, write, read = WRITTEN[name]
    soundfile.write(str(tmp_path / "tones.wav"), two_tones(16000), 16000, subtype="PCM_16")
    transcode(tmp_path / "tones.wav", tmp_path / f"x.{ending}", *write)
    ffmpeg(*read, "-i", tmp_path / f"x.{ending}", tmp_path / "heard.wav")
    check(tmp_path / "heard.wav", within=5, longer=70)


@needs_vectors
@pytest.mark.parametrize("frame", [20, 30])
def test_ffmpeg_reads_ilbc_as_it_reads_the_reference(tmp_path, frame):
    """Its decoder is far from the RFC's, but that equally for our files and for those of the RFC's encoder."""
    transcode(VECTORS / "speech/s02_it_m_carlo.8k.wav", tmp_path / "x.lbc", "--frame", frame)
    ffmpeg("-i", tmp_path / "x.lbc", tmp_path / "ours.wav")
    ffmpeg("-i", VECTORS / f"codec/ilbc/s02_it_m_carlo.ilbc{frame}.rfc3951.lbc", tmp_path / "theirs.wav")
    ours, theirs = load(tmp_path / "ours.wav")[0], load(tmp_path / "theirs.wav")[0]
    assert 0 <= len(ours) - len(theirs) <= 2 * frame * 8
    frames = range(0, len(theirs), frame * 8)
    levels = [[rms_level(x[start:start + frame * 8]) for start in frames] for x in (ours, theirs)]
    assert np.mean(np.abs(np.subtract(*levels)) < 1) >= 0.95


@pytest.mark.parametrize("ending, arguments", [("wav", []), ("wav", ["--codec", "pcmu"]), ("gsm", []), ("ul", []), ("al", [])])
def test_sox_reads_what_is_written(tmp_path, ending, arguments):
    soundfile.write(str(tmp_path / "tones.wav"), two_tones(8000), 8000, subtype="PCM_16")
    transcode(tmp_path / "tones.wav", tmp_path / f"x.{ending}", *arguments)
    tool("sox", "-D", tmp_path / f"x.{ending}", "-e", "signed", "-b", "16", tmp_path / "heard.wav")
    check(tmp_path / "heard.wav", within=3, longer=20, rate=8000)


@pytest.mark.parametrize("decoder, arguments", [
    ("opusdec", ["x.opus", "--rate", "8000"]), ("opusdec", ["x.opus", "--rate", "48000", "--frame", "10"]),
    ("speexdec", ["x.spx", "--rate", "8000"]), ("speexdec", ["x.spx", "--rate", "16000"]),
    ("speexdec", ["x.spx", "--rate", "32000"]),
])
def test_the_codecs_own_programs_read_what_is_written(tmp_path, decoder, arguments):
    soundfile.write(str(tmp_path / "tones.wav"), two_tones(16000), 16000, subtype="PCM_16")
    transcode(tmp_path / "tones.wav", tmp_path / arguments[0], *arguments[1:])
    tool(decoder, tmp_path / arguments[0], tmp_path / "heard.wav")
    # To the sample: the files say where the sound begins and ends.
    check(tmp_path / "heard.wav", within=3, longer=0.1)


READ = {
    "wav-24": (["-c:a", "pcm_s24le"], "wav", [], 1), "wav-float": (["-c:a", "pcm_f32le"], "wav", [], 1),
    "wav-8": (["-c:a", "pcm_u8"], "wav", [], 1), "wav-mulaw": (["-c:a", "pcm_mulaw"], "wav", [], 1),
    "wav-22k": (["-ar", "22050"], "wav", ["--rate", "16000"], 1), "wav-11k": (["-ar", "11025"], "wav", ["--rate", "8000"], 1),
    "wav-44k": (["-ar", "44100"], "wav", ["--rate", "8000"], 1), "wav-96k": (["-ar", "96000"], "wav", ["--rate", "48000"], 1),
    "wav-gsm": (["-ar", "8000", "-c:a", "libgsm_ms"], "wav", [], 3), "au": ([], "au", [], 1),
    "au-mulaw": (["-c:a", "pcm_mulaw"], "au", [], 1), "rf64": (["-rf64", "always"], "wav", [], 1),
    "opus": (["-c:a", "libopus", "-b:a", "32k"], "opus", [], 1),
    "opus-stereo": (["-af", "pan=stereo|c0=c0|c1=c0", "-c:a", "libopus", "-b:a", "64k"], "ogg", [], 1),
    "spx": (["-ar", "16000", "-c:a", "libspeex"], "spx", [], 3), "g722": (["-ar", "16000", "-c:a", "g722"], "g722", [], 1),
    "gsm": (["-ar", "8000", "-c:a", "libgsm"], "gsm", [], 3),
    # ffmpeg's G.726 is not that of the ITU bit by bit, but tones pass.
    "g726-32": (["-ar", "8000", "-c:a", "g726le", "-b:a", "32k", "-f", "g726le"], "g726-32", [], 1),
    "aal2-g726-24": (["-ar", "8000", "-c:a", "g726", "-b:a", "24k", "-f", "g726"], "aal2-g726-24", [], 1),
}


@pytest.mark.parametrize("name", READ)
def test_what_ffmpeg_writes_is_read(tmp_path, name):
    write, ending, read, within = READ[name]
    soundfile.write(str(tmp_path / "tones.wav"), two_tones(48000), 48000, subtype="PCM_16")
    ffmpeg("-i", tmp_path / "tones.wav", *write, tmp_path / f"x.{ending}")
    transcode(tmp_path / f"x.{ending}", tmp_path / "heard.wav", *read)
    check(tmp_path / "heard.wav", within=within, longer=45)


@pytest.mark.parametrize("arguments", [["-n"], ["-w"], ["-u"], ["-w", "--nframes", "4"], ["-w", "--vbr"], ["-n", "--bitrate", "4000"]])
def test_what_speexenc_writes_is_read(tmp_path, arguments):
    rate = {"-n": 8000, "-w": 16000, "-u": 32000}[arguments[0]]
    soundfile.write(str(tmp_path / "tones.wav"), two_tones(rate), rate, subtype="PCM_16")
    tool("speexenc", "--quiet", *arguments, tmp_path / "tones.wav", tmp_path / "x.spx")
    report = json.loads(transcode(tmp_path / "x.spx", tmp_path / "heard.wav", "--json").stdout)["files"][0]
    assert report["warnings"] == []
    check(tmp_path / "heard.wav", within=4, longer=25, rate=rate)


def test_what_opusenc_writes_is_read_to_the_sample(tmp_path):
    soundfile.write(str(tmp_path / "tones.wav"), two_tones(16000), 16000, subtype="PCM_16")
    tool("opusenc", "--quiet", "--bitrate", "32", tmp_path / "tones.wav", tmp_path / "x.opus")
    transcode(tmp_path / "x.opus", tmp_path / "heard.wav")
    check(tmp_path / "heard.wav", within=1, rate=16000)


# Stereo and rates

def test_stereo_is_mixed_down_or_kept(tmp_path):
    moments = np.arange(48000) / 16000
    left, right = (0.25 * np.sin(2 * np.pi * frequency * moments) for frequency in (400, 1000))
    soundfile.write(str(tmp_path / "s.wav"), np.stack([left, right], axis=1), 16000, subtype="PCM_16")
    transcode(tmp_path / "s.wav", tmp_path / "mono.wav")
    transcode(tmp_path / "s.wav", tmp_path / "stereo.wav", "--channels", "2", "--rate", "8000")
    transcode(tmp_path / "s.wav", tmp_path / "ulaw.wav", "--channels", "2", "--codec", "pcmu")
    mono, rate = soundfile.read(str(tmp_path / "mono.wav"))
    assert mono.ndim == 1
    for frequency in (400, 1000):
        assert abs(tone_level(mono, rate, frequency) + 18.06) < 0.2
    for name in ("stereo", "ulaw"):
        both, rate = soundfile.read(str(tmp_path / f"{name}.wav"))
        assert both.shape == (24000, 2) and rate == 8000
        assert abs(tone_level(both[:, 0], rate, 400) + 12.04) < 0.2 and tone_level(both[:, 0], rate, 1000) < -45
        assert abs(tone_level(both[:, 1], rate, 1000) + 12.04) < 0.2 and tone_level(both[:, 1], rate, 400) < -45


# Broken files

@needs_vectors
def test_odd_files_are_read_or_named_with_the_place(tmp_path):
    speech, _ = soundfile.read(str(VECTORS / "speech/s01_en_f_allison.8k.wav"), dtype="int16")
    found = sorted((VECTORS / "containers/odd").iterdir())
    assert found
    for path in found:
        output = tmp_path / (path.stem + ".wav")
        if path.name == "no-data.wav":
            message = transcode(path, output, status=1).stderr
            assert str(path) in message and "at octet 36" in message and "data chunk" in message
            assert list(tmp_path.glob(path.stem + "*")) == []
            continue
        transcode(path, output)
        samples, rate = soundfile.read(str(output), dtype="int16")
        assert rate == 8000 and len(samples) == 8000
        assert bytes(samples) in bytes(speech), path


def with_last_position(ogg, position):
    """An Ogg file whose last page says another position, with its checksum made right (RFC 3533, section 6)."""
    start = ogg.rindex(b"OggS")
    page = bytearray(ogg[start:])
    page[6:14], page[22:26] = position.to_bytes(8, "little", signed=True), bytes(4)
    crc = 0
    for octet in page:
        crc ^= octet << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x104C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    page[22:26] = crc.to_bytes(4, "little")
    return ogg[:start] + bytes(page)


@pytest.mark.parametrize("name", ["opus", "spx"])
@pytest.mark.parametrize("position", [0, 1, 2 ** 62, 2 ** 63 - 1, -2 ** 63])
def test_positions_that_nobody_can_mean_trap_nothing(sources, tmp_path, name, position):
    path = tmp_path / f"x.{name}"
    path.write_bytes(with_last_position(sources[name].read_bytes(), position))
    transcode(path, tmp_path / "heard.wav")
    samples, rate = load(tmp_path / "heard.wav")
    # No position shortens a file by more than its last page.
    assert SECONDS - 1.1 <= len(samples) / rate <= SECONDS + 0.05


def test_an_interrupted_run_leaves_no_half_file(tmp_path):
    soundfile.write(str(tmp_path / "long.wav"), two_tones(16000, 600), 16000, subtype="PCM_16")
    output = tmp_path / "long.awb"
    # Whatever started this test in the background may have had the signal ignored.
    process = subprocess.Popen(
        [PROGRAM, "transcode", tmp_path / "long.wav", output], stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    deadline = time.monotonic() + 20
    while not (tmp_path / "long.awb.part").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=20)
    assert process.returncode == 1 and "long.wav: given up" in message
    assert [path.name for path in tmp_path.iterdir()] == ["long.wav"]


def test_three_channels_of_g711_are_mixed(tmp_path):
    soundfile.write(
        str(tmp_path / "x.wav"), np.stack([two_tones(8000)] * 3, axis=1), 8000, format="WAV", subtype="ULAW")
    transcode(tmp_path / "x.wav", tmp_path / "heard.wav")
    check(tmp_path / "heard.wav", within=0.2)


def broken(sources):
    """Names, contents, what the message has; None where the rest is converted with a warning."""
    opus, amr, wav = sources["opus"].read_bytes(), sources["amr"].read_bytes(), sources["wav"].read_bytes()
    lbc, spx = sources["lbc"].read_bytes(), sources["spx"].read_bytes()
    return [
        ("empty.wav", b"", "at octet 0"), ("text.wav", b"hello " * 99, "at octet 0"), ("text.opus", b"hello " * 99, "at octet 0"),
        ("text.spx", b"hello " * 99, "at octet 0"), ("text.amr", b"hello " * 99, "at octet 0"),
        ("text.lbc", b"hello " * 99, "at octet 0"), ("text.gsm", b"hello " * 99, "at octet 0"),
        ("unknown.xyz", b"hello " * 99, "at octet 0"), ("headonly.wav", wav[:20], "at octet"),
        ("headonly.opus", opus[:40], "at octet"), ("headonly.spx", spx[:60], "at octet"),
        ("type.amr", amr[:6 + 32 * 50] + b"\x48" + amr[6 + 32 * 50:], f"at octet {6 + 32 * 50}"),
        ("torn.wav", wav[:len(wav) // 2], None), ("torn.opus", opus[:len(opus) // 2], None),
        ("torn.spx", spx[:len(spx) // 2], None), ("torn.amr", amr[:-5], None), ("torn.lbc", lbc[:-5], None),
        ("hole.opus", opus[:len(opus) // 2] + b"\0" * 64 + opus[len(opus) // 2 + 64:], None),
    ]


def test_broken_files_are_named_with_the_place_and_leave_nothing(sources, tmp_path):
    for name, content, message in broken(sources):
        path = tmp_path / name
        path.write_bytes(content)
        output = tmp_path / f"{name}.out.wav"
        if message is None:
            report = json.loads(transcode(path, output, "--json").stdout)["files"][0]
            assert report["warnings"] and "error" not in report, name
            check_torn = load(output)
            assert len(check_torn[0]) > check_torn[1], name
            continue
        error = transcode(path, output, status=1).stderr
        assert str(path) in error and message in error, (name, error)
        assert list(tmp_path.glob(f"{name}.out.wav*")) == [], name


def test_rubbish_traps_nothing(sources, tmp_path):
    generator = np.random.default_rng(11)
    for name, path in sources.items():
        whole = bytearray(path.read_bytes())
        for attempt in range(6):
            damaged = bytearray(whole)
            for place in generator.integers(0, len(damaged), 1 + attempt * 10):
                damaged[place] = generator.integers(0, 256)
            target = tmp_path / path.name
            target.write_bytes(damaged[:generator.integers(1, len(damaged) + 1)])
            result = subprocess.run(
                [PROGRAM, "transcode", str(target), str(tmp_path / "out.wav"), "--force", *FORMATS[name][2]],
                capture_output=True, text=True, timeout=60)
            assert result.returncode in (0, 1), (name, attempt, result.stderr)
            assert result.returncode == 0 or "at octet" in result.stderr or "Hz" in result.stderr, (name, result.stderr)
            assert not (tmp_path / "out.wav.part").exists()


# The command line

def test_a_batch_converts_all_and_names_what_it_could_not(sources, tmp_path):
    inputs = []
    for number, name in enumerate(("wav", "opus", "g722", "amr")):
        path = tmp_path / f"{number}.{FORMATS[name][0]}"
        shutil.copy(sources[name], path)
        inputs.append(path)
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF\0\0\0\0WAVE")
    result = transcode(*inputs, bad, "--to", tmp_path / "made", "--codec", "speex", "--jobs", "3", "--json", status=1)
    reports = json.loads(result.stdout)["files"]
    assert [report["input"] for report in reports] == [str(path) for path in [*inputs, bad]]
    assert [("error" in report) for report in reports] == [False] * 4 + [True]
    assert str(bad) in result.stderr and "at octet 12" in result.stderr
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["0.spx", "1.spx", "2.spx", "3.spx"]
    for report in reports[:4]:
        assert report["outputFormat"]["codec"] == "speex" and report["outputFormat"]["container"] == "Ogg Speex"
        assert abs(report["duration"] - SECONDS) < 0.03
        transcode(report["output"], tmp_path / "heard.wav", "--force")
        check(tmp_path / "heard.wav", within=5, longer=25)


def test_the_report_tells_levels_lengths_and_speed(tmp_path):
    samples = np.clip(1.5 * np.sin(2 * np.pi * 500 * np.arange(16000) / 8000), -1, 1)
    soundfile.write(str(tmp_path / "loud.wav"), samples, 8000, subtype="PCM_16")
    report = json.loads(transcode(tmp_path / "loud.wav", tmp_path / "x.g726-32", "--json").stdout)["files"][0]
    assert report["duration"] == 2 and report["peak"] == 0 and abs(report["rms"] - rms_level(samples)) < 0.1
    stored, _ = soundfile.read(str(tmp_path / "loud.wav"), dtype="int16")
    assert report["clipped"] == int(np.sum((stored == 32767) | (stored == -32768))) > 0
    assert report["inputFormat"] == {"container": "WAV", "codec": "PCM", "sampleRate": 8000, "channels": 1}
    assert report["outputFormat"]["bitRate"] == 32000 and report["speed"] > 1 and report["seconds"] > 0


def test_what_cannot_be_understood_is_2_and_says_what_to_write(sources, tmp_path):
    wav, raw = sources["wav"], sources["raw"]
    for arguments, message in [
        ([wav], "one input and one output"), ([wav, tmp_path / "x.mp3"], ".opus"), ([wav, tmp_path / "x.au"], ".wav"),
        ([wav, tmp_path / "x.wav", "--codec", "opus"], ".opus"), ([wav, tmp_path / "x.gsm", "--rate", "16000"], "8000"),
        ([wav, tmp_path / "x.lbc", "--frame", "40"], "20, 30"), ([wav, tmp_path / "x.ul", "--bit-rate", "9000"], "--bit-rate"),
        ([wav, tmp_path / "x.opus", "--complexity", "11"], "0 to 10"), ([wav, wav], "itself"),
        ([wav, tmp_path / "x.wav", "--rate", "7000"], "48000"), ([wav, "--to", tmp_path], "--codec"),
        ([wav, sources["opus"], "--to", tmp_path, "--codec", "g722"], "two directories"),
    ]:
        assert message in transcode(*arguments, status=2).stderr, arguments
    assert "--input-rate" in transcode(raw, tmp_path / "x.wav", status=1).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_without_force(sources, tmp_path):
    output = tmp_path / "x.wav"
    output.write_bytes(b"mine")
    assert "--force" in transcode(sources["g722"], output, status=1).stderr
    assert output.read_bytes() == b"mine"
    transcode(sources["g722"], output, "--force")
    check(output, within=1, longer=1)


def peak_memory(process):
    """Kilobytes that a program had at most, read until it ends."""
    peak = 0
    while process.poll() is None:
        try:
            for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM"):
                    peak = int(line.split()[1])
        except OSError:
            pass
        time.sleep(0.002)
    return peak


def test_long_files_need_no_more_memory(tmp_path):
    used = {}
    for seconds in (30, 600):
        soundfile.write(str(tmp_path / "long.wav"), two_tones(16000, seconds), 16000, subtype="PCM_16")
        for ending, source in (("g722", "long.wav"), ("wav", "long.g722"), ("spx", "long.wav"), ("opus", "long.g722")):
            process = subprocess.Popen(
                [PROGRAM, "transcode", str(tmp_path / source), str(tmp_path / f"long.{ending}"), "--force"] +
                (["--complexity", "1"] if ending in ("spx", "opus") else []), stdout=subprocess.DEVNULL)
            used.setdefault(ending, []).append(peak_memory(process))
            assert process.returncode == 0
    for ending, (short, long) in used.items():
        assert long <= short + 8_000, (ending, used)


@pytest.mark.parametrize("rate", [16000, 48000])
def test_stereo_stays_stereo_through_opus_if_asked_for(tmp_path, rate):
    time = np.arange(int(rate * SECONDS)) / rate
    both = np.stack([10 ** (level / 20) * np.sin(2 * np.pi * tone * time) for tone, level in TONES.items()], axis=1)
    soundfile.write(tmp_path / "in.wav", both, rate)
    report = json.loads(transcode(
        tmp_path / "in.wav", tmp_path / "stereo.opus", "--channels", "2", "--json").stdout)["files"][0]
    assert abs(report["duration"] - SECONDS) < 0.001
    transcode(tmp_path / "stereo.opus", tmp_path / "stereo.wav", "--channels", "2")
    transcode(tmp_path / "stereo.opus", tmp_path / "mono.wav")
    ffmpeg("-i", tmp_path / "stereo.opus", tmp_path / "theirs.wav")
    for name in ("stereo.wav", "theirs.wav"):
        samples, at = soundfile.read(tmp_path / name)
        assert samples.shape[1] == 2, name
        assert abs(len(samples) / at - SECONDS) < 0.001, name
        for channel, own in enumerate(TONES):
            for tone, level in TONES.items():
                heard = tone_level(samples[:, channel], at, tone)
                assert abs(heard - level) < 1 if tone == own else heard < level - 25, (name, channel, tone, heard)
    samples, at = soundfile.read(tmp_path / "mono.wav")
    assert samples.ndim == 1
    for tone, level in TONES.items():
        assert abs(tone_level(samples, at, tone) - level + 6.02) < 1, tone
