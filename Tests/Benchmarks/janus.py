"""Janus AudioBridge with plain-RTP participants, by its HTTP interface."""

import http.client
import json
import pathlib
import secrets
import subprocess
import tempfile
import threading
import time

import endpoints
from ours import free_port


class Janus:
    """One process, its rooms, and a participant for each endpoint."""

    def __init__(self, rooms, size, codecs):
        self.rooms = rooms
        self.endpoints = endpoints.make(rooms, size, codecs)
        self.rate = 48000 if "opus" in codecs else 8000
        self.port = free_port()

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bench-janus-")
        try:
            self._start()
            self._join()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stopping = True
        if getattr(self, "process", None):
            endpoints.end(self.process)
            self.log.close()
        self.folder.cleanup()

    def plan(self):
        return endpoints.plan(self.endpoints)

    def _start(self):
        folder = pathlib.Path(self.folder.name)
        (folder / "janus.jcfg").write_text("""
general: { debug_level = 2, interface = "127.0.0.1" }
media: { rtp_port_range = "26000-35999" }
plugins: { disable = "libjanus_echotest.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,\
libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so" }
transports: { disable = "libjanus_websockets.so,libjanus_pfunix.so,libjanus_mqtt.so,libjanus_rabbitmq.so,libjanus_nanomsg.so" }
events: { broadcast = false }
""")
        (folder / "janus.transport.http.jcfg").write_text(f"""
general: {{ json = "compact", base_path = "/janus", http = true, port = {self.port}, ip = "127.0.0.1", https = false }}
admin: {{ admin_http = false }}
""")
        (folder / "janus.plugin.audiobridge.jcfg").write_text('general: { local_ip = "127.0.0.1", rtp_port_range = "26000-35999" }\n')
        self.log = open(folder / "log", "wb")
        self.process = subprocess.Popen(["janus", "-F", str(folder)], stdout=self.log, stderr=self.log)
        self.pid = self.process.pid
        deadline = time.monotonic() + 15
        while True:
            try:
                self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                self.session = self._post("", {"janus": "create"})["data"]["id"]
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("Janus does not start: " + (folder / "log").read_text()[-300:])
                time.sleep(0.1)

    def _join(self):
        self.waiting, self.stopping, self.refused = {}, False, []
        threading.Thread(target=self._follow, daemon=True).start()
        manager = self._attach()
        for room in range(self.rooms):
            created = self._message(manager, {
                "request": "create", "room": 1000 + room, "permanent": False, "sampling_rate": self.rate,
                "allow_rtp_participants": True, "record": False})
            if created["plugindata"]["data"].get("audiobridge") != "created":
                raise RuntimeError(f"Janus makes no room: {created}")
        for endpoint in self.endpoints:
            handle = self._attach()
            self.waiting[handle] = endpoint
            self._message(handle, {
                "request": "join", "room": 1000 + endpoint.room, "codec": endpoint.codec,
                "rtp": {"ip": "127.0.0.1", "port": endpoint.port, "payload_type": endpoint.payload_type}})
        deadline = time.monotonic() + 30
        while self.waiting and not self.refused:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(self.waiting)} participants got no answer from Janus")
            time.sleep(0.02)
        if self.refused:
            raise RuntimeError(f"Janus: {self.refused[0]}")

    def _post(self, path, body):
        body = dict(body, transaction=secrets.token_hex(6))
        self.http.request("POST", "/janus" + path, json.dumps(body), {"Content-Type": "application/json"})
        answer = json.loads(self.http.getresponse().read())
        if answer.get("janus") == "error":
            raise RuntimeError(f"Janus: {answer['error']}")
        return answer

    def _attach(self):
        return self._post(f"/{self.session}", {"janus": "attach", "plugin": "janus.plugin.audiobridge"})["data"]["id"]

    def _message(self, handle, body):
        return self._post(f"/{self.session}/{handle}", {"janus": "message", "body": body})

    def _follow(self):
        """Long polls: they bring the participants' addresses and keep the session alive."""
        poll = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.stopping:
            try:
                poll.request("GET", f"/janus/{self.session}?maxev=50")
                events = json.loads(poll.getresponse().read())
            except (OSError, ValueError, http.client.HTTPException):
                if self.stopping:
                    return
                time.sleep(0.1)
                poll = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                continue
            for event in events if isinstance(events, list) else [events]:
                data = event.get("plugindata", {}).get("data", {})
                endpoint = self.waiting.get(event.get("sender"))
                if endpoint and data.get("rtp"):
                    endpoint.remote = ("127.0.0.1", data["rtp"]["port"])
                    endpoint.payload_type = data["rtp"].get("payload_type", endpoint.payload_type)
                    del self.waiting[event["sender"]]
                elif endpoint and data.get("error"):
                    self.refused.append(data["error"])
