"""What a piece of sound contains: levels of tones, in dBFS."""

import numpy as np
import soundfile


def load(path):
    samples, rate = soundfile.read(str(path), dtype="float64")
    return (samples if samples.ndim == 1 else samples.mean(axis=1)), rate


def tone_level(samples, rate, frequency, frame=0.2):
    """The level of a tone in dBFS: the median over frames of `frame` seconds, in a ±8 Hz band, sine = its RMS + 3 dB."""
    size = int(frame * rate)
    window = np.hanning(size)
    time = np.arange(size) / rate
    levels = []
    for start in range(0, len(samples) - size, size):
        piece = samples[start:start + size] * window
        best = max(
            abs(np.dot(piece, np.exp(-2j * np.pi * (frequency + offset) * time))) for offset in (-6, -3, 0, 3, 6))
        levels.append(2 * best / window.sum())
    return 20 * np.log10(max(np.median(levels), 1e-9)) if levels else -180.0


def rms_level(samples):
    return 20 * np.log10(max(np.sqrt(np.mean(np.square(samples))), 1e-9)) if len(samples) else -180.0


def loudest(samples, rate, candidates, frame=0.1):
    """How many frames each of the candidate tones dominates."""
    counts = {frequency: 0 for frequency in candidates}
    size = int(frame * rate)
    for start in range(0, len(samples) - size, size):
        piece = samples[start:start + size]
        levels = {f: tone_level(np.tile(piece, 2), rate, f, frame) for f in candidates}
        winner = max(levels, key=levels.get)
        if levels[winner] > -45:
            counts[winner] += 1
    return counts


def write_tone(path, frequency, seconds, rate=16000, level=-12.0):
    """A tone that comes and goes (0.6 s of sound, 0.1 s of pause), as a voice does."""
    time = np.arange(int(seconds * rate)) / rate
    envelope = np.clip(np.minimum((time % 0.7) / 0.02, (0.6 - (time % 0.7)) / 0.02), 0, 1)
    soundfile.write(
        str(path), 10 ** (level / 20) * np.sin(2 * np.pi * frequency * time) * envelope, rate, subtype="PCM_16")
