"""SIP and HTTP over TLS: real clients, what they are shown, and certificates that change under a call."""

import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
import warnings

import pytest

import spectrum
from baresip import INSTALLED, Baresip
from conftest import ROOMS
from server import PROGRAM, Server, free_sip_port, wait_until
from softphone import Phone
from websocket_phone import WebSocketPhone

OPTIONS = ("OPTIONS sip:3000@trialogue.test SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5999;branch=z9hG4bK{0};rport\r\n"
           "Max-Forwards: 70\r\nFrom: <sip:a@a.test>;tag=1\r\nTo: <sip:3000@trialogue.test>\r\nCall-ID: {0}\r\n"
           "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


def open_tls(port, certificate, **changes):
    context = ssl.create_default_context(cafile=str(certificate))
    for name, value in changes.items():
        setattr(context, name, value)
    stream = socket.create_connection(("127.0.0.1", port), timeout=5)
    return context.wrap_socket(stream, server_hostname="localhost")


def options(stream, name):
    stream.sendall(OPTIONS.format(name).encode())
    return stream.recv(65536).decode()


def test_openssl_gets_an_answer_on_the_sip_port(server):
    with subprocess.Popen(
            ["openssl", "s_client", "-quiet", "-verify_return_error", "-verify_hostname", "trialogue.test", "-CAfile",
             str(server.certificate), "-connect", f"127.0.0.1:{server.sips}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as client:
        client.stdin.write(OPTIONS.format("openssl").encode())
        client.stdin.flush()
        answer = client.stdout.readline() + client.stdout.readline()
        client.stdin.close()
        client.kill()
    assert answer.startswith(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS "), client.stderr.read()


@pytest.mark.parametrize("port", ["sips", "web"])
def test_the_first_certificate_is_good_for_all_our_names_and_tls_is_not_old(server, port):
    number = getattr(server, port)
    with open_tls(number, server.certificate) as stream:
        assert stream.version() in ("TLSv1.2", "TLSv1.3")
        names = stream.getpeercert()["subjectAltName"]
    assert ("DNS", "localhost") in names and ("DNS", "trialogue.test") in names
    assert ("IP Address", "127.0.0.1") in names and ("IP Address", "0:0:0:0:0:0:0:1") in names
    assert os.stat(server.certificate.parent / "key.pem").st_mode & 0o777 == 0o600
    with open_tls(number, server.certificate, maximum_version=ssl.TLSVersion.TLSv1_2) as stream:
        assert stream.version() == "TLSv1.2"
    with pytest.raises((ssl.SSLError, OSError)):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore"):
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        context.wrap_socket(socket.create_connection(("127.0.0.1", number), timeout=5))


def test_what_speaks_no_tls_gets_nothing_and_hurts_nobody(server):
    for port in (server.sips, server.web):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                answer = stream.recv(4096)
            assert not answer.startswith((b"HTTP", b"SIP"))
    with open_tls(server.sips, server.certificate) as stream:
        assert options(stream, "after").startswith("SIP/2.0 200 ")


def fetch(server, path, token=None):
    request = urllib.request.Request(
        f"https://localhost:{server.web}{path}", headers={"Authorization": f"Bearer {token}"} if token else {})
    context = ssl.create_default_context(cafile=str(server.certificate))
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_rest_is_there_by_https(server):
    status, body = fetch(server, "/api/v1/rooms")
    assert status == 200 and json.loads(body)["items"] == []
    assert fetch(server, "/openapi.yaml")[1].startswith(b"openapi:")
    # What is for the operator's own machine is not.
    assert fetch(server, "/metrics")[0] == 404 and fetch(server, "/healthz")[0] == 404


def test_strangers_get_no_rest_without_tokens(tmp_path):
    with Server(ROOMS, folder=tmp_path, web_address="0.0.0.0") as server:
        status, body = fetch(server, "/api/v1/rooms")
        assert status == 401 and "api.tokens" in json.loads(body)["detail"]
        assert server.rest("GET", "rooms")[0] == 200
    extra = "api: {tokens: [{token: 0123456789abcdef, role: viewer}]}\n"
    with Server(ROOMS, extra=extra, folder=tmp_path, web_address="0.0.0.0") as server:
        assert fetch(server, "/api/v1/rooms")[0] == 401
        assert fetch(server, "/api/v1/rooms", "0123456789abcdef")[0] == 200


@pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")
def test_baresip_calls_a_room_by_tls_and_hears_a_caller_by_udp(server, tmp_path):
    microphone = tmp_path / "tone.wav"
    spectrum.write_tone(microphone, 620, 30, 8000)
    with Baresip(tmp_path, "secure", microphone, "pcmu", extra="sip_verify_server no\n", transport="tls") as phone, \
            Baresip(tmp_path, "plain", microphone, "pcmu") as other:
        other.dial(server.uri("3007"))
        phone.dial(f"sip:3007@127.0.0.1:{server.sips};transport=tls")
        wait_until(lambda: len(server.members("3007")) == 2, "the members")
        wait_until(lambda: metric(server, "trialogue_sip_connections") == 1, "the connection")
        wait_until(lambda: metric(server, "trialogue_rtp_packets_received_total") > 100, "sound")
        # The server ends the call over the connection.
        for call in server.rest("GET", "calls")[1]["items"]:
            server.rest("DELETE", f"calls/{call['id']}")
        phone.wait_for("CALL_CLOSED")
        other.wait_for("CALL_CLOSED")
    samples, rate = spectrum.load(phone.heard)
    assert spectrum.tone_level(samples[-rate:], rate, 620) > -35


@pytest.mark.skipif(not INSTALLED, reason="baresip is not installed")
def test_a_phone_is_called_by_tls_if_it_proves_its_name_or_nobody_asks(tmp_path):
    microphone = tmp_path / "tone.wav"
    spectrum.write_tone(microphone, 620, 30, 8000)
    make_certificate(tmp_path, "phone")
    extra = f"sip_certificate {tmp_path / 'phone.pem'}\n"
    for number, (section, status) in enumerate([
            ("tls: {verify: no}\n", "answered"), ("", "refused"),
            (f"tls: {{authorities: {tmp_path / 'phone.crt'}}}\n", "answered")]):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        with Server(ROOMS, extra=section, folder=folder) as server, \
                Baresip(folder, "called", microphone, "pcmu", answers=True, extra=extra, transport="tls") as phone:
            uri = f"sip:called@localhost:{phone.sip + 1};transport=tls"
            result, call = server.rest("POST", "calls", {"uri": uri, "room": "3008"})
            assert result == 201
            if status == "answered":
                phone.wait_for("CALL_ESTABLISHED")
                wait_until(lambda: len(server.members("3008")) == 1, "the member")
                assert server.rest("DELETE", f"calls/{call['id']}")[0] == 204
                phone.wait_for("CALL_CLOSED")
            else:
                wait_until(lambda: server.rest("GET", f"calls/{call['id']}")[1].get("cause"), "the end of the call")
                assert server.rest("GET", f"calls/{call['id']}")[1]["cause"] == "unreachable"
                assert "CALL_INCOMING" not in [event.get("type") for event in phone.events]


def metric(server, name):
    return float(re.search(rf"(?m)^{name} (.*)$", server.text("/metrics")).group(1))


def make_certificate(folder, name, days=365):
    """NAME.crt and NAME.key for localhost, signed by itself, and NAME.pem with both."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
         str(days), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
         str(folder / f"{name}.key"), "-out", str(folder / f"{name}.crt")], check=True, capture_output=True)
    (folder / f"{name}.pem").write_text((folder / f"{name}.key").read_text() + (folder / f"{name}.crt").read_text())


def serial(port, certificate):
    with open_tls(port, certificate) as stream:
        return stream.getpeercert()["serialNumber"]


def test_a_certificate_changes_under_calls(tmp_path):
    live, one, two = tmp_path / "live", tmp_path / "one", tmp_path / "two"
    for folder in (live, one, two):
        folder.mkdir()
        make_certificate(folder, "web")
    def install(folder):
        for name in ("web.crt", "web.key"):
            shutil.copy(folder / name, live / name)
    install(one)
    extra = f"tls: {{certificate: {live / 'web.crt'}, key: {live / 'web.key'}}}\n"
    with Server(ROOMS, extra=extra, folder=tmp_path, certificate=live / "web.crt") as server, \
            WebSocketPhone(server) as phone, open_tls(server.sips, live / "web.crt") as stream:
        assert phone.call("3000") == 200 and options(stream, "1").startswith("SIP/2.0 200 ")
        first = serial(server.web, one / "web.crt")
        install(two)
        assert serial(server.web, one / "web.crt") == first
        server.process.send_signal(signal.SIGHUP)
        def is_new():
            with contextlib.suppress(ssl.SSLError):
                return serial(server.web, two / "web.crt") != first
        wait_until(is_new, "the new certificate")
        assert serial(server.sips, two / "web.crt") == serial(server.web, two / "web.crt")
        # One that is of no use changes nothing, and is told.
        (live / "web.crt").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: str(live / "web.crt") in server.log_path.read_text(), "the reason in the log")
        assert serial(server.sips, two / "web.crt") != first
        # The key of another.
        shutil.copy(one / "web.crt", live / "web.crt")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "is not the key of the certificate" in server.log_path.read_text(), "the reason in the log")
        assert serial(server.sips, two / "web.crt") != first
        # Those who were there before are there still.
        assert options(stream, "2").startswith("SIP/2.0 200 ")
        assert len(server.members("3000")) == 1
        assert phone.hang_up() == 200


def doctor(path):
    result = subprocess.run([PROGRAM, "doctor", "--json", "--config", str(path)], capture_output=True, text=True, timeout=20)
    return next(finding for finding in json.loads(result.stdout) if finding["subject"] == "certificate")


def test_doctor_tells_when_a_certificate_ends(tmp_path):
    path = tmp_path / "trialogue.yaml"
    for days, verdict in [(100, "ok"), (5, "warn")]:
        make_certificate(tmp_path, "web", days)
        path.write_text(f"tls: {{certificate: {tmp_path / 'web.crt'}, key: {tmp_path / 'web.key'}}}\n")
        finding = doctor(path)
        assert finding["verdict"] == verdict
        ending = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
        assert ending.strftime("%Y-%m-%d") in finding["state"]
    make_certificate(tmp_path, "other")
    path.write_text(f"tls: {{certificate: {tmp_path / 'web.crt'}, key: {tmp_path / 'other.key'}}}\n")
    assert doctor(path)["verdict"] == "fail"


def test_a_certificate_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "trialogue.yaml"
    path.write_text(f"listen: {{sip: ['tls 127.0.0.1:{free_sip_port()}'], web: none, private: '127.0.0.1:{free_sip_port()}'}}\n"
                    f"recording: {{directory: {tmp_path / 'r'}}}\ntls: {{certificate: /nonexistent/c.pem, key: /nonexistent/k.pem}}\n")
    result = subprocess.run([PROGRAM, "serve", "--config", str(path)], capture_output=True, text=True, timeout=20)
    assert result.returncode == 1
    assert "tls: '/nonexistent/c.pem'" in result.stderr
    path.write_text(path.read_text().replace("certificate: /nonexistent/c.pem, key: /nonexistent/k.pem", "authorities: /nonexistent/a.pem"))
    result = subprocess.run([PROGRAM, "serve", "--config", str(path)], capture_output=True, text=True, timeout=20)
    assert result.returncode == 1 and "tls.authorities" in result.stderr


def test_tls_handshakes_without_end_leave_others_alone(server):
    """5,000 connections would be refused by number; here those that a source may have say nothing at all."""
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            for port in (server.web, server.sips):
                stack.enter_context(socket.create_connection(("127.0.0.1", port), 5, ("127.0.0.8", 0)))
        with WebSocketPhone(server) as phone:
            assert phone.call("3009") == 200
            assert phone.hang_up() == 200
        phone = Phone(server.sip, "3009")
        assert phone.call() == 200
        phone.hang_up()
