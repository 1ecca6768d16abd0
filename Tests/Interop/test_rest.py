"""The real server over every endpoint of the contract, rightly and wrongly asked: no 5xx, and what the contract says."""

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import numpy as np
import pytest
import yaml

import spectrum
from server import ROOT, Server, wait_until
from softphone import Phone

ROOM = '  - {pattern: "3000-3009", greeting: none, announce_joining: false, hold_music: false}'
TOKENS = {role: f"token-of-the-{role}-0123" for role in ("viewer", "agent", "supervisor", "admin")}
CONTRACT = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
OPERATIONS = [(method.upper(), path) for path, item in CONTRACT["paths"].items() for method in item
              if method != "parameters"]


def ask(server, method, path, body=None, headers=None, raw=None):
    """Status, headers and content."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    fields = {"Content-Type": "application/json"} if data else {}
    fields.update(headers or {})
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.private}/api/v1/{path}", method=method, data=data, headers=fields)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def hears_speech(phone, seconds=6):
    """True when speech comes from now on; the phone sends silence meanwhile."""
    start = time.monotonic()
    while time.monotonic() < start + seconds:
        phone.talk(np.zeros(phone.rate // 5, dtype=np.int16))
        heard = phone.heard(since=start + 0.1).astype(float) / 32768
        if len(heard) > phone.rate // 5 and spectrum.rms_level(heard[-phone.rate // 5:]) > -40:
            return True
    return False


def is_silent(phone):
    return not hears_speech(phone, 0.6)


def test_a_member_is_told_what_control_and_keys_do_to_it(server):
    phone = Phone(server.sip, "4005")
    assert phone.call() == 200
    assert hears_speech(phone), "the question for the PIN"
    for digit in "4321#":
        phone.key(digit)
    assert hears_speech(phone), "that it is a moderator"
    wait_until(lambda: server.members("4005")[0]["role"] == "moderator", "the moderator")
    wait_until(lambda: is_silent(phone), "the end of the prompt", 15)
    who = server.members("4005")[0]["id"]
    for change in ({"muted": True}, {"muted": False}):
        assert server.rest("PATCH", f"rooms/4005/members/{who}", change)[0] == 200
        assert hears_speech(phone), f"that it is {change}"
        wait_until(lambda: is_silent(phone), "the end of the prompt", 15)
        # What is so already is not told again.
        assert server.rest("PATCH", f"rooms/4005/members/{who}", change)[0] == 200
        assert is_silent(phone)
    for key, prompt in (("0", "that there is no specialist"), ("#", "that it is masked"),
                        ("#", "that it is masked no longer"), ("5", "the recording's keys")):
        phone.key(key)
        assert hears_speech(phone), prompt
        wait_until(lambda: is_silent(phone), "the end of the prompt", 45)
    phone.hang_up()


@pytest.fixture(scope="module")
def member(server):
    """Somebody in room 3001."""
    phone = Phone(server.sip, "3001")
    assert phone.call() == 200
    phone.talk(np.zeros(1600, dtype=np.int16))
    wait_until(lambda: server.members("3001"), "the member")
    yield phone
    phone.running and phone.hang_up()


def test_the_contract_is_served_as_it_stands_in_the_documents(server):
    assert server.text("/openapi.yaml") == (ROOT / "docs/openapi.yaml").read_text()


def test_a_day_in_the_life_of_a_room(server, member):
    name = "3001"
    who = server.members(name)[0]["id"]
    assert server.rest("POST", "rooms", {"name": name})[0] == 409
    status, made = server.rest("POST", "rooms", {"name": "3003", "pin": "77", "language": "de"})
    assert status == 201 and made["name"] == "3003" and made["members"] == []
    assert {room["name"] for room in server.rest("GET", "rooms")[1]["items"]} >= {"3001", "3003"}
    for change in ({"muted": True}, {"muted": False}, {"deaf": True}, {"deaf": False}, {"held": True}, {"held": False},
                   {"masked": True}, {"masked": False}, {"listeningGain": -6, "talkingGain": 3}, {}):
        status, now = server.rest("PATCH", f"rooms/{name}/members/{who}", change)
        assert status == 200
        assert all(now[key] == value for key, value in change.items() if key in now)
    status, problem = server.rest("PATCH", f"rooms/{name}/members/{who}", {"talkingGain": 40})
    assert status == 400 and problem["field"] == "talkingGain"
    assert server.rest("PATCH", f"rooms/{name}", {"locked": True})[1]["locked"] is True
    late = Phone(server.sip, name)
    assert late.call() == 403
    late.close()
    assert server.rest("PATCH", f"rooms/{name}", {"locked": False, "allMuted": True})[0] == 200
    assert server.members(name)[0]["muted"] is True
    assert server.rest("PATCH", f"rooms/{name}", {"allMuted": False})[0] == 200
    status, play = server.rest("POST", f"rooms/{name}/plays", {"prompts": ["welcome", "goodbye"], "loop": True})
    assert status == 201 and play["room"] == name
    assert server.rest("DELETE", f"rooms/{name}/plays/{play['id']}")[0] == 204
    assert server.rest("POST", f"rooms/{name}/members/{who}/move", {"room": "3004"})[0] == 200
    assert [m["id"] for m in server.members("3004")] == [who]
    assert server.rest("POST", f"rooms/3004/members/{who}/move", {"room": name})[0] == 200
    call = server.members(name)[0]["call"]
    assert server.rest("GET", f"calls/{call}")[1]["state"] == "answered"
    assert any(entry["id"] == call for entry in server.rest("GET", "calls")[1]["items"])
    prompts = server.rest("GET", "prompts")[1]["items"]
    assert {"welcome", "masked", "recording-keys"} <= {prompt["name"] for prompt in prompts}
    assert {prompt["language"] for prompt in prompts} >= {"en", "de"}
    assert server.rest("DELETE", "rooms/3003")[0] == 204
    assert server.rest("GET", "rooms/3003")[0] == 404


def test_a_recording_from_its_start_to_its_deletion(server, member):
    status, recording = server.rest("POST", "rooms/3001/recordings", {"format": "wav", "notice": False})
    assert status == 201 and recording["state"] == "recording"
    path = f"recordings/{recording['id']}"
    assert server.rest("POST", "rooms/3001/recordings", {})[0] == 409
    assert server.rest("DELETE", path)[0] == 409, "a recording that is being made was deleted"
    member.talk(np.zeros(8000, dtype=np.int16))
    for action in ("pause", "resume", "stop"):
        status, now = server.rest("PATCH", path, {"action": action})
        assert status == 200, now
        member.talk(np.zeros(1600, dtype=np.int16))
    wait_until(lambda: server.rest("GET", path)[1]["state"] == "finished", "the end of the recording")
    assert server.rest("PATCH", path, {"action": "stop"})[0] == 409
    entry = server.rest("GET", path)[1]
    assert len(entry["pauses"]) == 1 and entry["masks"] == [] and entry["files"]
    found = server.rest("GET", "recordings?room=3001&limit=1")[1]
    assert [item["id"] for item in found["items"]] == [recording["id"]]
    file = f"{path}/files/{entry['files'][0]['name']}"
    status, headers, whole = ask(server, "GET", file)
    assert status == 200 and len(whole) == entry["files"][0]["octets"] and headers["Content-Type"] == "audio/wav"
    status, headers, part = ask(server, "GET", file, headers={"Range": "bytes=10-19"})
    assert status == 206 and part == whole[10:20] and headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert ask(server, "GET", file, headers={"Range": "bytes=-4"})[2] == whole[-4:]
    status, headers, _ = ask(server, "GET", file, headers={"Range": f"bytes={len(whole)}-"})
    assert status == 416 and headers["Content-Range"] == f"bytes */{len(whole)}"
    assert ask(server, "GET", f"{path}/files/recording.sqlite")[0] == 404
    assert server.rest("DELETE", path)[0] == 204
    assert server.rest("GET", path)[0] == 404
    assert ask(server, "GET", file)[0] == 404


def test_events_come_as_they_happen(server):
    with socket.create_connection(("127.0.0.1", server.private), timeout=10) as stream:
        stream.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        text = ""
        while ": open" not in text:
            text += stream.recv(4096).decode()
        assert "text/event-stream" in text
        phone = Phone(server.sip, "3005")
        assert phone.call() == 200
        while "event: conf-join" not in text:
            text += stream.recv(4096).decode()
        phone.hang_up()
        while "event: conf-leave" not in text or not text.endswith("\n\n\r\n"):
            text += stream.recv(4096).decode()
    events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    assert [event["id"] for event in events] == list(range(events[0]["id"], events[0]["id"] + len(events)))
    joined = next(event for event in events if event["name"] == "conf-join")
    assert joined["values"]["room"] == "3005" and joined["values"]["uri"].startswith("sip:test@")


WRONG_BODIES = [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"name": 1}', b'{"uri": [], "room": {}}',
                b'{"prompts": "welcome"}', b'{"prompts": []}', b'{"action": 1}', b'{"room": null}', b"{}" * 50_000,
                b'{"timeout": 1e999}', b'{"listeningGain": "loud"}', b"[" * 60_000, b'{"\\u0000": 1}']


@pytest.mark.parametrize("method, path", OPERATIONS)
def test_wrong_requests_are_refused_and_never_our_fault(server, member, method, path):
    names = {"room": "3001", "member": "m999999", "call": "none", "play": "x", "recording": "none", "file": "x.wav",
             "context": "none", "webhook": "none"}
    right = path.strip("/").format(**names)
    # An endless answer, and the end of the server, are no wrong requests.
    if path not in ("/events", "/drain"):
        for body in WRONG_BODIES if method in ("POST", "PUT", "PATCH") else [None]:
            status, headers, content = ask(server, method, right, raw=body)
            documented = CONTRACT["paths"][path][method.lower()]["responses"]
            assert status < 500 and str(status) in documented, f"{method} {right} {body and body[:20]}: {status}"
            if status >= 400:
                assert headers["Content-Type"] == "application/problem+json"
                assert json.loads(content)["status"] == status
    for key in names:
        if "{" + key + "}" in path:
            for value in ("%00", "..%2f..%2fetc%2fpasswd", "x" * 3000, "%ff", "'%20OR%201=1", "m18446744073709551616"):
                status, _, _ = ask(server, method, path.strip("/").format(**{**names, key: value}), raw=b"{}"
                                   if method in ("POST", "PUT", "PATCH") else None)
                assert status in (400, 404, 409, 414, 431), f"{method} {path} {key}={value[:20]}: {status}"
    for other in ("PUT", "TRACE"):
        if other.lower() in CONTRACT["paths"][path]:
            continue
        status, headers, _ = ask(server, other, right)
        assert status == 405 and method in headers["Allow"]


def test_roles_and_origins(tmp_path):
    extra = "api:\n  tokens:\n" + "".join(f"    - {{token: {token}, role: {role}}}\n" for role, token in TOKENS.items())
    with Server(ROOM, extra=extra, folder=tmp_path) as server:
        def status(method, path, role=None, body=None, **headers):
            fields = {"Authorization": f"Bearer {TOKENS[role]}"} if role else {}
            return ask(server, method, path, body, {**fields, **headers})[0]
        assert status("GET", "rooms") == 401 and status("GET", "rooms", "viewer") == 200
        assert status("POST", "rooms", "agent", {"name": "3000"}) == 403
        assert status("POST", "rooms", "supervisor", {"name": "3000"}) == 201
        assert status("GET", "recordings", "agent") == 403 and status("GET", "recordings", "supervisor") == 200
        assert status("POST", "drain", "supervisor") == 403
        assert status("GET", "rooms", "viewer", Origin="https://shop.example") == 200
        assert server.text("/healthz") == "ok\n", "health needs no token"
        # Done with a token, the last wish is granted.
        assert status("POST", "drain", "admin") == 202
        with pytest.raises(urllib.error.HTTPError) as error:
            server.text("/readyz")
        assert error.value.code == 503


def test_pages_and_foreign_names_are_refused_without_tokens(server):
    assert ask(server, "POST", "rooms", {"name": "3007"}, {"Origin": "https://evil.example"})[0] == 403
    assert ask(server, "GET", "rooms", headers={"Host": "evil.example"})[0] == 403
    assert ask(server, "POST", "rooms", raw=b"name=3007", headers={"Content-Type": "text/plain"})[0] == 415
    assert server.rest("GET", "rooms/3007")[0] == 404


def test_a_hundred_clients_at_a_time(server):
    results = []
    def client():
        results.append(all(ask(server, "GET", "rooms")[0] == 200 for _ in range(5)))
    threads = [threading.Thread(target=client) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 100


def test_the_contract_holds_under_schemathesis(tmp_path):
    schemathesis = shutil.which("schemathesis") or shutil.which("schemathesis", path=str(
        __import__("pathlib").Path(sys.executable).parent))
    if schemathesis is None:
        pytest.skip("schemathesis is not installed")
    with Server(ROOM, folder=tmp_path) as server:
        result = subprocess.run(
            [schemathesis, "run", str(ROOT / "docs/openapi.yaml"), "--url", f"http://127.0.0.1:{server.private}/api/v1",
             "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
             "--exclude-path", "/events", "--exclude-path", "/drain", "--phases", "examples,coverage,fuzzing",
             "--max-examples", "15", "--seed", "2026", "--request-timeout", "5", "--generation-database", "none"],
            capture_output=True, text=True, timeout=180, cwd=tmp_path)
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
        assert server.text("/healthz") == "ok\n"
