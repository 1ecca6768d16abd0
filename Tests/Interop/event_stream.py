"""A client of the event stream (server-sent events), which can come back where it broke off."""

import json
import threading
import urllib.request

from server import wait_until


class EventStream:
    """Collects events in a thread; `after` is the identifier of the last one that an earlier stream had."""

    def __init__(self, server, after=None, token=None):
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"http://127.0.0.1:{server.private}/api/v1/events", headers=headers)
        self.events = []
        self.is_open = threading.Event()
        self.answer = urllib.request.urlopen(request, timeout=60)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        assert self.is_open.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read(self):
        try:
            for line in self.answer:
                if line.startswith(b": open"):
                    self.is_open.set()
                elif line.startswith(b"data: "):
                    self.events.append(json.loads(line[6:]))
        except (OSError, ValueError, AttributeError):
            pass

    def named(self, name):
        return [event for event in list(self.events) if event["name"] == name]

    def wait_for(self, name, /, seconds=10, **values):
        """The first event of a name whose values are these."""
        def found():
            return [event for event in self.named(name) if values.items() <= event["values"].items()]
        wait_until(found, f"the event {name} {values}", seconds)
        return found()[0]

    def close(self):
        self.answer.fp.raw._sock.shutdown(2)
        self.thread.join(5)
        self.answer.close()
