"""Speaks, trims and levels the prompts; called by make.sh. Standard library only.

A finished prompt is 16 kHz mono of 16 bits: 50 ms of digital silence, the speech, 50 ms of digital silence. The speech
has -20 dBFS RMS and no sample above -3 dBFS; where its peaks stand higher, they are limited.
"""

import array
import collections
import concurrent.futures
import hashlib
import math
import os
import pathlib
import re
import subprocess
import sys
import wave

RATE = 16_000  # hertz
SILENCE = RATE * 50 // 1000  # samples at each end
LEVEL = -20.0  # dBFS, RMS
PEAK = 10 ** (-3.1 / 20)  # a tenth of a decibel for rounding
EDGE = 10 ** (-50 / 20)  # relative to the peak: below it, the ends are silence
FADE = RATE * 2 // 1000  # samples, so that neither end clicks
LOOK_AHEAD = RATE * 4 // 1000  # samples over which the limiter comes and goes
FRAME = RATE * 20 // 1000  # samples
PAUSE = 10 ** (-25 / 20)  # RMS of a frame below which it is a pause, relative to the RMS of the whole
LONGEST_PAUSE = RATE * 280 // 1000  # samples; the synthesiser waits longer between sentences than a person does
SETTINGS = {"voice": None, "speed": "150", "pitch": "50", "gap": "0"}


class Problem(Exception):
    """A sentence for people."""


def read_texts(path):
    """The settings of a language and its texts by name."""
    settings, texts = dict(SETTINGS), {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"prompts/{path.name}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            key, _, value = line[1:].partition(" ")
            if key not in settings or not value.strip():
                raise Problem(f"{place}: '{line}' is no setting; write '@KEY VALUE' with one of {', '.join(settings)}")
            settings[key] = value.strip()
            continue
        found = re.fullmatch(r"([a-z0-9]+(?:-[a-z0-9]+)*)\s*[:\t]\s*(\S.*)", line)
        if not found:
            raise Problem(f"{place}: '{line}' is no prompt; write 'name: text', the name in a-z, 0-9 and '-'")
        name, text = found.groups()
        if name in texts:
            raise Problem(f"{place}: '{name}' is here twice; remove one")
        texts[name] = text.strip()
    if settings["voice"] is None:
        raise Problem(f"prompts/{path.name}: no voice; add '@voice en-gb' or another of 'espeak-ng --voices'")
    return settings, texts


def run(command, data):
    result = subprocess.run(command, input=data, capture_output=True, check=False)
    if result.returncode != 0 or not result.stdout:
        reason = result.stderr.decode(errors="replace").strip() or f"exit {result.returncode}, no output"
        raise Problem(f"{command[0]}: {reason}")
    return result.stdout


def speak(text, settings):
    """Samples between -1 and 1 at `RATE`."""
    spoken = run(
        ["espeak-ng", "-b", "1", "-a", "90", "-v", settings["voice"], "-s", settings["speed"], "-p", settings["pitch"],
         "-g", settings["gap"], "--stdin", "--stdout"], text.encode())
    raw = run(
        ["sox", "-V1", "-t", "wav", "--ignore-length", "-", "-t", "raw", "-e", "floating-point", "-b", "32", "-L",
         "-c", "1", "-", "gain", "-3", "highpass", "70", "rate", "-h", str(RATE)], spoken)
    samples = array.array("f", raw)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def trim(samples):
    """Without the silence at both ends, and faded in and out."""
    edge = max(map(abs, samples), default=0) * EDGE
    first = next((i for i, x in enumerate(samples) if abs(x) > edge), None)
    if first is None:
        raise Problem("nothing was spoken")
    last = next(i for i in range(len(samples) - 1, -1, -1) if abs(samples[i]) > edge)
    speech = samples[first:last + 1]
    for i in range(min(FADE, len(speech) // 2)):
        speech[i] *= (i + 1) / (FADE + 1)
        speech[-1 - i] *= (i + 1) / (FADE + 1)
    return speech


def shorten_pauses(samples):
    """Without the middle of pauses above `LONGEST_PAUSE`."""
    step, floor = FRAME // 4, rms(samples) * PAUSE
    result, pause = array.array("f"), array.array("f")
    for i in range(0, len(samples), step):
        piece = samples[i:i + step]
        if rms(piece) < floor:
            pause.extend(piece)
            continue
        if len(pause) > LONGEST_PAUSE:
            pause = pause[:LONGEST_PAUSE // 2] + pause[-(LONGEST_PAUSE // 2):]
        result += pause + piece
        pause = array.array("f")
    return result + pause


def rms(samples):
    return math.sqrt(math.fsum(x * x for x in samples) / len(samples)) if samples else 0.0


def loudness(samples):
    """dBFS RMS: the middle between the level of the whole and that of its frames without the pauses, so that both ways
    of measuring find the same level; the whole is never more than 0.4 dB beside it."""
    frames = [rms(samples[i:i + FRAME]) for i in range(0, len(samples), FRAME)]
    whole = rms(samples)
    talking = [x for x in frames if x > whole * PAUSE]
    share = rms(talking) / whole
    return 20 * math.log10(whole) + min(10 * math.log10(share), 0.4)


def limit(samples):
    """No sample above `PEAK`: the gain falls ahead of a peak and rises behind it, smoothly, so that it distorts little."""
    if max(map(abs, samples)) <= PEAK:
        return samples
    wanted = [min(1.0, PEAK / max(abs(x), 1e-9)) for x in samples]
    # The lowest gain wanted within the window around each sample …
    count, window, lowest = len(wanted), collections.deque(), []
    for i in range(count + LOOK_AHEAD):
        if i < count:
            while window and wanted[window[-1]] >= wanted[i]:
                window.pop()
            window.append(i)
        if window[0] < i - 2 * LOOK_AHEAD:
            window.popleft()
        if i >= LOOK_AHEAD:
            lowest.append(wanted[window[0]])
    # … averaged over half that window: never above what the sample in its middle wants.
    width = 2 * (LOOK_AHEAD // 2) + 1
    padded = [lowest[0]] * (width // 2) + lowest + [lowest[-1]] * (width // 2)
    total, result = math.fsum(padded[:width]), array.array("f")
    for i, x in enumerate(samples):
        result.append(x * min(1.0, total / width))
        if i + width < len(padded):
            total += padded[i + width] - padded[i]
    return result


def level(speech):
    """The speech at `LEVEL`; what limiting takes is given back by more gain before it."""
    gain = LEVEL - loudness(speech)
    for _ in range(12):
        factor = 10 ** (gain / 20)
        levelled = limit(array.array("f", (x * factor for x in speech)))
        error = LEVEL - loudness(levelled)
        if abs(error) < 0.05:
            return levelled
        gain += error
    raise Problem(f"stays {-error:+.1f} dB beside {LEVEL} dBFS: its peaks are too high for the level; change voice or text")


def make(job):
    """One prompt, from text to file; the file appears whole or not at all."""
    path, text, settings = job
    try:
        speech = level(shorten_pauses(trim(speak(text, settings))))
        samples = array.array("h", bytes(2 * SILENCE))
        samples.extend(max(-32_768, min(32_767, round(x * 32_768))) for x in speech)
        samples.extend(array.array("h", bytes(2 * SILENCE)))
        if sys.byteorder == "big":
            samples.byteswap()
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            with wave.open(str(part), "wb") as output:
                output.setnchannels(1)
                output.setsampwidth(2)
                output.setframerate(RATE)
                output.writeframes(samples.tobytes())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        return None
    except (Problem, OSError) as problem:
        return str(problem)


def read_made(path):
    """What an earlier run made: name to digest."""
    try:
        return dict(line.split("\t", 1) for line in path.read_text().splitlines() if "\t" in line)
    except FileNotFoundError:
        return {}


def main(sources, directory):
    script = b"".join((sources / name).read_bytes() for name in ("make.sh", "make.py"))
    languages = {path.stem: read_texts(path) for path in sorted(sources.glob("*.txt"))}
    if not languages:
        raise Problem(f"no texts: {sources}/LANGUAGE.txt is missing")
    jobs, made, wanted = {}, {}, {}
    for language, (settings, texts) in languages.items():
        folder = directory / language
        folder.mkdir(parents=True, exist_ok=True)
        made[language] = read_made(folder / ".made")
        wanted[language] = {
            name: hashlib.sha256(script + repr((sorted(settings.items()), text)).encode()).hexdigest()
            for name, text in texts.items()}
        for name, text in texts.items():
            path = folder / f"{name}.wav"
            if made[language].get(name) != wanted[language][name] or not path.exists():
                jobs[language, name] = (path, text, settings)
        # Prompts that this script made and whose text is gone; files of others stay.
        for name in made[language].keys() - texts.keys():
            (folder / f"{name}.wav").unlink(missing_ok=True)
            del made[language][name]
    with concurrent.futures.ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = dict(zip(jobs, pool.map(make, jobs.values(), chunksize=4))) if jobs else {}
    problems = []
    for (language, name), problem in results.items():
        if problem is None:
            made[language][name] = wanted[language][name]
        else:
            made[language].pop(name, None)
            problems.append(f"prompts/{language}.txt: '{name}' {problem}")
    for language, digests in made.items():
        part = directory / language / f".made.{os.getpid()}"
        part.write_text("".join(f"{name}\t{digest}\n" for name, digest in sorted(digests.items())))
        os.replace(part, directory / language / ".made")
    everything = set().union(*(texts for _, texts in languages.values()))
    for language, (_, texts) in languages.items():
        if lacking := sorted(everything - texts.keys()):
            print(f"prompts/{language}.txt lacks {', '.join(lacking)}: callers hear the default language there",
                  file=sys.stderr)
    if problems:
        raise Problem("\n".join(problems))
    total = sum(len(texts) for _, texts in languages.values())
    print(f"Prompts: {len(jobs)} made, {total - len(jobs)} up to date ({', '.join(languages)})")


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve())
    except (Problem, OSError) as failure:
        sys.exit(f"prompts: {failure}" if not str(failure).startswith("prompts/") else str(failure))
