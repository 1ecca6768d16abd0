"""Runs `trialogue loadtest` and reads its report."""

import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TRIALOGUE", str(ROOT / ".build/release/trialogue"))


def loadtest(arguments):
    """The report; also when the test found the server wanting (exit 1). Anything else raises."""
    result = subprocess.run([PROGRAM, "loadtest", *arguments, "--json"], cwd=ROOT, capture_output=True, text=True, timeout=600)
    if result.returncode not in (0, 1) or not result.stdout.startswith("{"):
        raise RuntimeError(f"loadtest: {result.stderr.strip() or result.returncode}")
    return json.loads(result.stdout)


def planned(plan, pattern, seconds, pid):
    """The same for RTP partners that are agreed on already."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(plan, file)
        file.flush()
        return loadtest(["--plan", file.name, "--pattern", pattern, "--duration", str(seconds), "--pid", str(pid)])
