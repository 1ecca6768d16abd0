"""Starts the server under test on loopback, with ports of its own, and ends it by its pid."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TRIALOGUE", str(ROOT / ".build/release/trialogue"))


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False


HAS_IPV6 = has_ipv6()


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    """For UDP and TCP, by IPv4 and, where the machine has it, IPv6."""
    kinds = [(socket.AF_INET, "127.0.0.1", socket.SOCK_DGRAM)]
    if HAS_IPV6:
        kinds += [(socket.AF_INET6, "::1", socket.SOCK_DGRAM), (socket.AF_INET6, "::1", socket.SOCK_STREAM)]
    for family, address, kind in kinds:
        with socket.socket(family, kind) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def free_sip_port():
    """A port that is free for UDP and TCP."""
    while True:
        port = free_port()
        if is_free(port):
            return port


class Server:
    """One running server. `rooms` is YAML for the list of rooms; `extra` any more sections."""

    def __init__(self, rooms, extra="", folder=None, recordings=None, web_address="127.0.0.1", certificate=None,
                 media_address="127.0.0.1", browser_port=0):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="trialogue-"))
        self.sip = free_sip_port()
        self.private = free_port()
        self.web = free_port()
        self.sips = free_port()
        self.recordings = pathlib.Path(recordings or self.folder / "recordings")
        self.recordings.mkdir(parents=True, exist_ok=True)
        #: What clients may trust; without one of the test's own, the one that the server makes at its start.
        self.certificate = certificate or self.recordings.parent / "tls/certificate.pem"
        self.log_path = self.folder / "server.log"
        self.configuration = self.folder / "trialogue.yaml"
        six_sip = f', "udp [::1]:{self.sip}", "tcp [::1]:{self.sip}"' if HAS_IPV6 else ""
        six_media = ', "::1"' if HAS_IPV6 else ""
        self.configuration.write_text(f"""
server:
  domain: trialogue.test
listen:
  sip: ["udp 127.0.0.1:{self.sip}", "tcp 127.0.0.1:{self.sip}", "tls 127.0.0.1:{self.sips}"{six_sip}]
  web: "{web_address}:{self.web}"
  media: ["{media_address}"{six_media}]
  private: "127.0.0.1:{self.private}"
  browser_port: {browser_port}
prompts:
  directory: {ROOT / 'build/prompts'}
recording:
  directory: {self.recordings}
  warn_below_free: 0
  refuse_below_free: 0
rooms:
{rooms}
{extra}
""")
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--config", str(self.configuration)], stdout=self.log, stderr=self.log, cwd=ROOT)
        deadline = time.monotonic() + 20
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"server ended: {self.log_path.read_text()}")
            try:
                if self.text("/readyz") == "ready\n":
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            assert time.monotonic() < deadline, f"not ready: {self.log_path.read_text()}"
            select_wait(0.05)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGTERM)
                try:
                    self.process.wait(7)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()
                    raise AssertionError("the server did not end after two SIGTERM")
        self.log.close()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def uri(self, name):
        return f"sip:{name}@127.0.0.1:{self.sip}"

    def text(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.private}{path}", timeout=5) as answer:
            return answer.read().decode()

    def rest(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.private}/api/v1/{path}", method=method,
            data=None if body is None else json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            content = error.read()
            return error.code, json.loads(content) if content else None

    def members(self, room):
        status, body = self.rest("GET", f"rooms/{room}")
        return body["members"] if status == 200 else []

    def cli(self, *arguments, check=True):
        result = subprocess.run(
            [PROGRAM, *arguments, "--server", f"http://127.0.0.1:{self.private}"], capture_output=True, text=True,
            timeout=20)
        assert not check or result.returncode == 0, result.stderr
        return result

    def resident(self):
        """Kilobytes."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])


def select_wait(seconds):
    """Lets other processes work while a condition outside this process is polled."""
    import select
    select.select([], [], [], seconds)


def wait_until(condition, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"did not come in {seconds} s: {what}"
        select_wait(0.02)
