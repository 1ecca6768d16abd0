"""Drives the SIP phone baresip: a WAV goes in as its microphone, what it hears is kept as a WAV."""

import json
import pathlib
import shutil
import socket
import subprocess

from server import free_port, free_sip_port, select_wait, wait_until

MODULES = ["/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules"]
INSTALLED = shutil.which("baresip") is not None


class Baresip:
    """One phone. `codec` is baresip's name of the only codec that it offers: `pcmu`, `pcma`, `g722`, `l16/16000`, `opus`, `gsm`, `G726-32`, `amr`, `amr-wb`."""

    def __init__(self, folder, name, microphone, codec, answers=False, extra="", transport="udp",
                 encryption=None):
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir(parents=True)
        self.name = name
        self.control = free_port()
        #: TLS is one above it.
        self.sip = free_sip_port()
        modules = next(path for path in MODULES if pathlib.Path(path).is_dir())
        module = {"pcmu": "g711", "pcma": "g711", "g722": "g722", "opus": "opus", "gsm": "gsm", "amr": "amr",
                  "amr-wb": "amr"}.get(
            codec, "g726" if codec.startswith("G726") else "l16")
        # SDES by `srtp-mand`.
        extra += "module srtp.so\n" if encryption else ""
        (self.folder / "config").write_text(f"""
poll_method epoll
sip_listen 127.0.0.1:{self.sip}
call_local_timeout 120
call_max_calls 4
audio_player aubridge,ear
audio_source aufile,{microphone}
audio_alert aufile,/dev/null
ausrc_srate {48000 if codec == 'opus' else 16000 if codec in ('g722', 'l16/16000', 'amr-wb') else 8000}
auplay_srate {48000 if codec == 'opus' else 16000 if codec in ('g722', 'l16/16000', 'amr-wb') else 8000}
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
rtp_tos 184
rtp_ports 31000-39000
rtcp_mux no
jitter_buffer_delay 1-4
module_path {modules}
module {module}.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path {self.folder}
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{self.control}
net_interface 127.0.0.1
opus_stereo no
opus_sprop_stereo no
{extra}
""")
        mode = "auto" if answers else "manual"
        (self.folder / "accounts").write_text(
            f"<sip:{name}@127.0.0.1:{self.sip}{'' if transport == 'udp' else f';transport={transport}'}>;regint=0;answermode={mode};audio_codecs={codec}"
            + (f";mediaenc={encryption}\n" if encryption else "\n"))
        (self.folder / "contacts").write_text("")
        self.process = None
        self.events = []

    @property
    def heard(self):
        """What came out of its decoder in the first call, as the module `sndfile` keeps it."""
        return sorted(self.folder.glob("dump-*-dec.wav"))[0]

    def __enter__(self):
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            ["baresip", "-f", str(self.folder), "-4"], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.connection = None
        wait_until(self._connect, f"{self.name} control port", 10)
        return self

    def _connect(self):
        try:
            self.connection = socket.create_connection(("127.0.0.1", self.control), timeout=5)
            self.buffer = b""
            return True
        except OSError:
            return False

    def __exit__(self, *_):
        try:
            self.command("quit")
        except (OSError, AssertionError):
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.connection.close()
        self.log.close()

    def command(self, name, params=""):
        """Sends a command and returns baresip's answer; events that come before it are kept in `events`."""
        message = json.dumps({"command": name, "params": params, "token": name}).encode()
        self.connection.sendall(str(len(message)).encode() + b":" + message + b",")
        while True:
            answer = self._receive(5)
            if answer.get("response"):
                return answer
            self.events.append(answer)

    def _receive(self, seconds):
        self.connection.settimeout(seconds)
        while True:
            head, colon, rest = self.buffer.partition(b":")
            if colon and len(rest) > int(head):
                size = int(head)
                self.buffer = rest[size + 1:]
                return json.loads(rest[:size])
            data = self.connection.recv(65536)
            assert data, f"{self.name} closed its control connection"
            self.buffer += data

    def wait_for(self, event, seconds=10):
        """The next event of a type, `CALL_ESTABLISHED`, `CALL_INCOMING`, `CALL_CLOSED` …"""
        import time
        deadline = time.monotonic() + seconds
        while True:
            for index, item in enumerate(self.events):
                if item.get("type") == event:
                    return self.events.pop(index)
            left = deadline - time.monotonic()
            assert left > 0, f"{self.name}: no {event} in {seconds} s; log: {(self.folder / 'log').read_text()[-3000:]}"
            try:
                self.events.append(self._receive(left))
            except TimeoutError:
                continue

    def dial(self, uri):
        self.command("dial", uri)
        self.wait_for("CALL_ESTABLISHED")
