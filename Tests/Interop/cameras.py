"""What browsers of tests film: moving noise on a plain colour, to be told apart by its pixels."""

import numpy as np

#: Y, U, V of each camera, and which of red, green and blue is its strongest.
COLOURS = {"red": (82, 90, 240), "green": (145, 54, 34), "blue": (41, 240, 110)}
CHANNEL = {"red": 0, "green": 1, "blue": 2}


def camera(folder, colour, width=640, height=360):
    """A file for a browser's camera: a picture without change would cost nothing to send."""
    path = folder / f"{colour}-{width}.y4m"
    if path.exists():
        return path
    random = np.random.default_rng(1)
    planes = COLOURS[colour]
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F15:1 Ip A1:1 C420\n".encode())
        for _ in range(8):
            noise = np.kron(random.integers(-24, 24, (height // 20, width // 20)), np.ones((20, 20), dtype=np.int64))
            luma = np.clip(planes[0] + noise, 16, 235).astype(np.uint8)
            file.write(b"FRAME\n" + luma.tobytes())
            for value in planes[1:]:
                file.write(np.full(width * height // 4, value, dtype=np.uint8).tobytes())
    return path


def colour(pixel):
    """The camera that filmed a pixel of red, green and blue; None if none of ours did."""
    strongest = max(range(3), key=lambda channel: pixel[channel])
    if pixel[strongest] <= max(value for channel, value in enumerate(pixel) if channel != strongest) + 60:
        return None
    return next(name for name, channel in CHANNEL.items() if channel == strongest)
