"""How like what was heard is to what was said, wherever in it: the course of loudness in bands of speech."""

import numpy as np

#: Edges of the bands in hertz: what the narrowest codec lets through.
EDGES = np.geomspace(250, 3400, 13)


def course(samples, rate):
    """Loudness in decibels of each band in each 20 ms."""
    size = rate // 50
    frames = samples[:len(samples) // size * size].astype(float).reshape(-1, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, 4 * size)) ** 2
    frequencies = np.fft.rfftfreq(4 * size, 1 / rate)
    bands = [power[:, (frequencies >= low) & (frequencies < high)].sum(axis=1) for low, high in zip(EDGES, EDGES[1:])]
    # Below the floor nobody hears a difference.
    return np.log10(np.array(bands).T + 1e7)


def likeness(said, said_rate, heard, heard_rate):
    """The best correlation of the shorter one with any place of the longer: 1 is the same, other words are below 0.5."""
    long, short = course(said, said_rate), course(heard, heard_rate)
    if len(long) < len(short):
        long, short = short, long
    short = short - short.mean(axis=0)
    energy = np.sqrt((short ** 2).sum())
    best = 0.0
    for start in range(len(long) - len(short) + 1):
        part = long[start:start + len(short)]
        part = part - part.mean(axis=0)
        scale = np.sqrt((part ** 2).sum()) * energy
        best = max(best, float((part * short).sum() / scale) if scale else 0.0)
    return best
