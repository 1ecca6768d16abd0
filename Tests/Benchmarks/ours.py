"""Our server under test: a release build on loopback with a configuration for benchmarks."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from load import PROGRAM, ROOT


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Runs as long as the `with` block; ended by its pid."""

    def __init__(self, folder, complexity, bit_rate):
        self.folder = folder
        self.sip, self.private = free_port(socket.SOCK_DGRAM), free_port()
        (folder / "bench.yaml").write_text(f"""
server: {{domain: 127.0.0.1}}
listen:
  sip: ["udp 127.0.0.1:{self.sip}"]
  media: ["127.0.0.1"]
  media_first_port: 36000
  media_last_port: 45999
  private: "127.0.0.1:{self.private}"
prompts: {{directory: {ROOT / 'build/prompts'}}}
recording: {{directory: {folder / 'recordings'}, warn_below_free: 0, refuse_below_free: 0}}
codecs: {{opus_complexity: {complexity}, opus_bit_rate: {bit_rate}}}
limits: {{load: 1, members: 20000}}
rooms:
  - {{pattern: "bench*", greeting: none, announce_joining: false, hold_music: false, maximum_members: 20000}}
""")

    def __enter__(self):
        self.log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--config", str(self.folder / "bench.yaml"), "--log-level", "warning"], stdout=self.log,
            stderr=self.log, cwd=ROOT)
        self.pid = self.process.pid
        deadline = time.monotonic() + 20
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server does not start: " + (self.folder / "server.log").read_text())
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.private}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
