"""Recordings are copied to an object store: whole, signed, after an outage and after a restart, and nobody waits for it."""

import hashlib
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from conftest import EXTRA, ROOMS
from server import Server, free_port, wait_until
from test_archive import call

pytest.importorskip("moto.server")

SECRET = "the-secret-of-the-store"
#: What we ask with: objects are private, and moto looks only whether there is a signature. Ours is judged by an example.
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=0"}


class Store:
    """moto's server on a port of ours: what it holds is gone with it."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [str(pathlib.Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: self.ask("GET", "/moto-api/") is not None, "the store", 30)
            wait_until(lambda: self.ask("PUT", "/calls") is not None, "its bucket", 30)
        except BaseException:
            self.__exit__()
            raise

    def ask(self, method, path):
        try:
            request = urllib.request.Request(self.url + path, method=method, headers=SIGNED)
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.read()
        except OSError:
            return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def serve(folder, port, recordings=None):
    upload = (f'  upload: {{endpoint: "http://127.0.0.1:{port}", bucket: calls, prefix: trialogue, access_key: key, '
              f'secret: {SECRET}}}\n')
    server = Server(ROOMS, extra=EXTRA, folder=folder, recordings=recordings)
    text = server.configuration.read_text()
    server.configuration.write_text(text.replace("  warn_below_free: 0", upload + "  warn_below_free: 0"))
    return server


def copied(store, server, entry):
    """Whether the store has the whole recording; each object is then what lies here."""
    folder = next(server.recordings.glob(f"*/*/*/{entry['id']}"))
    place = f"/calls/trialogue/{folder.relative_to(server.recordings)}"
    if store.ask("HEAD", f"{place}/recording.json") is None:
        return False
    for file in entry["files"]:
        content = store.ask("GET", f"{place}/{file['name']}")
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file["name"]
        assert content == (folder / file["name"]).read_bytes()
    assert json.loads(store.ask("GET", f"{place}/recording.json"))["id"] == entry["id"]
    return True


def test_recordings_reach_the_store_after_an_outage_and_a_restart(tmp_path):
    port = free_port()
    with serve(tmp_path, port) as server:
        # There is no store yet: nobody notices but the operator.
        first = call(server, "3000", 4711)
        wait_until(lambda: "not copied to the object store" in server.log_path.read_text(), "the operator's news", 15)
        assert SECRET not in server.log_path.read_text()
    with Store(port) as store:
        with serve(tmp_path, port, recordings=server.recordings) as server:
            wait_until(lambda: copied(store, server, first), "the recording from before the restart", 20)
            second = call(server, "3000", 4712)
            wait_until(lambda: copied(store, server, second), "the next one", 20)
            assert "as they were left" in server.cli("recordings", "verify").stdout
