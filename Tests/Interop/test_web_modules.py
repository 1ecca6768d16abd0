"""The modules of the pages that need no browser, by node's own test runner: `Tests/Web`."""

import re
import shutil
import subprocess

import pytest

from server import ROOT


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_modules_pass_their_tests_and_the_button_is_small():
    # Timers of 32 s, which RFC 3261 wants, are not waited for where node is young enough to be told.
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    major, minor = (int(number) for number in re.match(r"v(\d+)\.(\d+)", version).groups())
    force = ["--test-force-exit"] if (major, minor) >= (20, 14) else []
    tests = sorted(str(path) for path in (ROOT / "Tests/Web").glob("*.test.mjs"))
    result = subprocess.run(
        ["node", "--test", *force, "--test-reporter=tap", *tests], capture_output=True, text=True,
        timeout=120, cwd=ROOT)
    assert result.returncode == 0, result.stdout[-6000:]
    assert int(re.search(r"(?m)^# pass (\d+)", result.stdout).group(1)) >= 41
    print(re.search(r"(?m)^# (\d+ files, \d+ octets gzipped)", result.stdout).group(1))
