"""What players make of a file: the seconds that each of them decodes."""

import shutil
import subprocess

import soundfile

HAS_OPUSDEC = shutil.which("opusdec") is not None


def decoded(command, rate):
    """The seconds of 16-bit mono that a command writes to its standard output."""
    result = subprocess.run(command, capture_output=True)
    assert result.returncode == 0, f"{command}: {result.stderr.decode(errors='replace')}"
    return len(result.stdout) / 2 / rate


def libsndfile(path):
    with soundfile.SoundFile(str(path)) as file:
        count = 0
        for block in file.blocks(blocksize=1 << 16, dtype="int16"):
            count += len(block)
        return count / file.samplerate


def ffmpeg(path):
    return decoded(["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-ar", "16000", "-"], 16000)


def sox(path):
    return decoded(["sox", "-V1", str(path), "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", "16000", "-"], 16000)


def opusdec(path):
    return decoded(["opusdec", "--quiet", "--rate", "16000", "--force-wav", str(path), "-"], 16000)


def opened(path):
    """Seconds by player. Debian's sox reads no Ogg Opus: there opusdec, of the codec's own makers, stands in for it."""
    found = {"libsndfile": libsndfile(path), "ffmpeg": ffmpeg(path)}
    if str(path).endswith(".opus"):
        if HAS_OPUSDEC:
            found["opusdec"] = opusdec(path)
    else:
        found["sox"] = sox(path)
    return found


def opened_part(path, folder):
    """The same of a file that is still called `.part`, untouched, under a name that the players recognise."""
    link = folder / ("unrepaired-" + path.name.removesuffix(".part"))
    link.unlink(missing_ok=True)
    link.symlink_to(path)
    try:
        return opened(link)
    finally:
        link.unlink()
