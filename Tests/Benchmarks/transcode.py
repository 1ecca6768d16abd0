"""`trialogue transcode` of an hour of speech against ffmpeg at the same codec settings, in one run: CPU seconds and wall clock."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import wave

from load import PROGRAM, ROOT

VECTORS = pathlib.Path(os.environ.get("TRIALOGUE_VECTORS", ROOT.parent / "shared/vectors"))
SECONDS = int(os.environ.get("BENCH_TRANSCODE_SECONDS", "3600"))
VOIP = ["-c:a", "libopus", "-application", "voip", "-compression_level", "5", "-b:a", "24k"]
OURS_OPUS = ["--complexity", "5", "--bit-rate", "24000"]

#: name, rate of the WAV that all begins with, what the input is made with (ours), its ending, our output and arguments, ffmpeg's.
ITEMS = [
    ("WAV 8k to Opus", 8000, None, "wav", "o.opus", OURS_OPUS, VOIP + ["o.opus"]),
    ("WAV 48k to G.722", 48000, None, "wav", "o.g722", [], ["-ar", "16000", "-c:a", "g722", "o.g722"]),
    ("WAV to G.726-32", 8000, None, "wav", "o.g726-32", [],
     ["-c:a", "g726le", "-b:a", "32k", "-f", "g726le", "o.g726"]),
    ("G.722 to Opus", 48000, [], "g722", "o.opus", OURS_OPUS, VOIP + ["o.opus"]),
    ("Opus to WAV PCMU", 48000, OURS_OPUS, "opus", "o.wav", ["--codec", "pcmu"], ["-ar", "8000", "-c:a", "pcm_mulaw", "o.wav"]),
    ("WAV to GSM", 8000, None, "wav", "o.gsm", [], ["-c:a", "libgsm", "-f", "gsm", "o.gsm"]),
]


def repeat(source, seconds, path):
    """A WAV of so many seconds: speech, over and over."""
    with wave.open(str(source)) as speech, wave.open(str(path), "wb") as out:
        out.setparams(speech.getparams())
        rate, frames = speech.getframerate(), speech.readframes(speech.getnframes())
        left = seconds * rate * 2
        while left > 0:
            out.writeframesraw(frames[:left])
            left -= len(frames)


def run(arguments, folder):
    """CPU seconds, wall-clock seconds; raises if the program fails."""
    start = time.monotonic()
    process = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, arguments))}: {message.strip()[-300:]}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start


def bench(only=""):
    """Prints a table; returns what did not work."""
    items = [item for item in ITEMS if only in f"transcode {item[0]}"]
    if not items:
        return []
    if not (VECTORS / "speech").is_dir():
        print(f"\ntranscode: skipped, no speech in {VECTORS}")
        return []
    theirs = shutil.which("ffmpeg")
    print(f"\n{SECONDS} s of speech, one core{'' if theirs else '; ffmpeg is not installed (apt-get install ffmpeg)'}")
    print(f"{'work':20} {'ours CPU s':>10} {'wall s':>7} {'ffmpeg CPU':>10} {'wall s':>7} {'CPU ratio':>9} {'wall':>6}")
    failed = []
    with tempfile.TemporaryDirectory(prefix="trialogue-bench-") as name:
        folder = pathlib.Path(name)
        speech = {8000: "s01_en_f_allison.8k.wav", 48000: "s07_en_f_alsa.48k.wav"}
        for rate, file in speech.items():
            if any(item[1] == rate for item in items):
                repeat(VECTORS / "speech" / file, SECONDS, folder / f"{rate}.wav")
        for title, rate, made, ending, output, ours, others in items:
            try:
                source = f"{rate}.{ending}"
                if not (folder / source).exists():
                    run([PROGRAM, "transcode", f"{rate}.wav", source, *made], folder)
                cpu, wall = run([PROGRAM, "transcode", source, output, "--force", *ours], folder)
                if not theirs:
                    print(f"{title:20} {cpu:10.2f} {wall:7.2f}", flush=True)
                    continue
                their_cpu, their_wall = run(
                    [theirs, "-nostdin", "-y", "-v", "error", "-threads", "1", "-i", source, *others], folder)
                note = "" if min(their_cpu / cpu, their_wall / wall) >= 1 else "  goal 1.0: MISSED"
                print(f"{title:20} {cpu:10.2f} {wall:7.2f} {their_cpu:10.2f} {their_wall:7.2f} {their_cpu / cpu:9.2f} "
                      f"{their_wall / wall:6.2f}{note}", flush=True)
            except (OSError, RuntimeError) as error:
                failed.append(f"{title}: {error}")
    return failed


if __name__ == "__main__":
    raise SystemExit("\n".join(bench()) or 0)
