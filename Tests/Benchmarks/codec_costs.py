"""Our codecs against the C libraries of Debian, on the same speech in the same run: microseconds of one core for 20 ms."""

import json
import pathlib
import shutil
import subprocess
import tempfile

from load import PROGRAM, ROOT
from transcode import VECTORS

SPEECH = "s01_en_f_allison"
#: library, its Debian package, the header that shows that it is there, the compiler's arguments.
LIBRARIES = [
    ("spandsp", "libspandsp-dev", "spandsp.h", ["-DWITH_SPANDSP", "-lspandsp"]),
    ("libgsm", "libgsm1-dev", "gsm.h", ["-DWITH_GSM", "-lgsm"]),
]
OF_LIBRARY = {"G722": "spandsp", "G726-16": "spandsp", "G726-24": "spandsp", "G726-32": "spandsp", "G726-40": "spandsp",
              "GSM": "libgsm"}
#: Runs of each, taken in turn; the fastest counts, since other programs only ever add.
ROUNDS = 3


def compiled(folder):
    """The peers' program with the libraries that are installed, and their names."""
    found, flags = [], []
    for name, package, header, arguments in LIBRARIES:
        probe = subprocess.run(
            ["gcc", "-fsyntax-only", "-x", "c", "-"], input=f"#include <stdint.h>\n#include <{header}>\n", text=True,
            capture_output=True)
        if probe.returncode == 0:
            found.append(name)
            flags += arguments
        else:
            print(f"{name}: not installed (apt-get install {package})", flush=True)
    program = folder / "codec_peers"
    subprocess.run(
        ["gcc", "-O2", "-o", program, pathlib.Path(__file__).with_name("codec_peers.c"), *flags], check=True, timeout=60)
    return program, found


def theirs(program, narrow, wide):
    text = subprocess.run([program, narrow, wide], check=True, capture_output=True, text=True, timeout=60).stdout
    return {name: (float(encode), float(decode)) for name, encode, decode in map(str.split, text.splitlines())}


def ours(speech):
    text = subprocess.run(
        [PROGRAM, "codecs", "--json", "--speech", speech], check=True, capture_output=True, text=True, cwd=ROOT,
        timeout=120).stdout
    # The first of a name: speex is there at three rates, none of which counts here.
    return {line["name"]: (line["encodeMicroseconds"], line["decodeMicroseconds"], line["sampleRate"])
            for line in reversed(json.loads(text)) if line["isBuilt"]}


def best(results):
    return {name: tuple(min(result[name][way] for result in results) for way in (0, 1)) for name in results[0]}


def bench(only=""):
    """Prints a table; returns what did not work."""
    if only not in "codecs":
        return []
    wide, narrow = VECTORS / f"speech/{SPEECH}.16k.wav", VECTORS / f"speech/{SPEECH}.8k.wav"
    if not wide.exists() or not shutil.which("gcc"):
        print(f"\ncodecs: skipped, {'gcc is not installed' if wide.exists() else f'no speech in {VECTORS}'}")
        return []
    print("\nCodecs, microseconds for 20 ms of speech, median frame")
    with tempfile.TemporaryDirectory(prefix="trialogue-bench-") as name:
        try:
            program, libraries = compiled(pathlib.Path(name))
            mine, peers = [], []
            for _ in range(ROUNDS):
                # Each rate of ours is measured with speech that is as wide as it: the peers' files.
                narrowband, wideband = ours(narrow), ours(wide)
                mine.append({name: (narrowband if narrowband[name][2] == 8000 else wideband)[name]
                             for name in OF_LIBRARY})
                peers.append(theirs(program, narrow, wide))
        except (OSError, subprocess.SubprocessError, KeyError) as error:
            return [f"codecs: {error}"]
    print(f"{'codec':10} {'ours enc':>9} {'dec':>7} {'library':>9} {'enc':>7} {'dec':>7} {'enc ratio':>9} {'dec':>6}")
    mine, peers = best(mine), best(peers)
    for name, library in OF_LIBRARY.items():
        encode, decode = mine[name]
        if library not in libraries:
            print(f"{name:10} {encode:9.2f} {decode:7.2f} {library:>9}  not installed")
            continue
        their_encode, their_decode = peers[name]
        ratios = (their_encode / max(encode, 1e-9), their_decode / max(decode, 1e-9))
        note = "  goal 1.0: MISSED" if min(ratios) < 1 else ""
        print(f"{name:10} {encode:9.2f} {decode:7.2f} {library:>9} {their_encode:7.2f} {their_decode:7.2f} "
              f"{ratios[0]:9.2f} {ratios[1]:6.2f}{note}", flush=True)
    return []


if __name__ == "__main__":
    raise SystemExit("\n".join(bench()) or 0)
