"""The archive: a call is found by what its customer asked for, heard in a browser, tagged, held, handed over and verified."""

import hashlib
import json
import tarfile
import urllib.request

import pytest

from browser import AXE, PROGRAM, Browser
from conftest import EXTRA, ROOMS
from firefox import PROGRAM as FIREFOX
from firefox import Firefox, Sound
from server import Server, wait_until
from softphone import Phone
from test_rooms import speech_tone

SECONDS = 4.0
AUDIO = "document.querySelector('audio')"
#: The tone that the page's player says, in Hz; 0 while it is silent.
TONE = f"""(async () => {{
  if (!globalThis.ear) {{
    const context = new AudioContext({{ sampleRate: 48000 }});
    const [source, analyser] = [context.createMediaElementSource({AUDIO}), context.createAnalyser()];
    analyser.fftSize = 8192;
    source.connect(analyser).connect(context.destination);
    globalThis.ear = {{ context, analyser }};
  }}
  await ear.context.resume();
  const bins = new Float32Array(ear.analyser.frequencyBinCount);
  ear.analyser.getFloatFrequencyData(bins);
  const loudest = bins.indexOf(Math.max(...bins));
  return bins[loudest] > -60 ? loudest * 48000 / 8192 : 0;
}})()"""


def call(server, room, order, customer="Juliana", tones=(500, 1100)):
    """A recorded call of two phones, one after the other; returns its entry."""
    header = f"X-Call-Order: {order}\r\nX-Call-Customer: {customer}\r\n"
    phones = [Phone(server.sip, room, headers=header, name="Juliana"), Phone(server.sip, room, name="Bea")]
    assert [phone.call() for phone in phones] == [200, 200]
    wait_until(lambda: len(server.members(room)) == 2, "both members")
    status, recording = server.rest("POST", f"rooms/{room}/recordings", {"notice": False, "tracks": True})
    assert status == 201, recording
    for phone, tone in zip(phones, tones):
        phone.talk(speech_tone(8000, tone, SECONDS / 2))
    assert server.rest("PATCH", f"recordings/{recording['id']}", {"action": "stop"})[0] == 200
    for phone in phones:
        phone.hang_up()

    def entry():
        return server.rest("GET", f"recordings/{recording['id']}")[1]

    # The last that is told of it is how well its legs were received.
    wait_until(lambda: entry().get("seal") and len(entry()["quality"]) == 2, "the closed recording")
    return entry()


@pytest.fixture(scope="module")
def archived(server):
    """Three calls, of which the second has order 4711."""
    return [call(server, "3000", order, customer) for order, customer in
            ((4710, "Anna"), (4711, "Juliana"), (4712, "Juliana"))]


def found(server, query):
    status, page = server.rest("GET", f"recordings?{query}")
    assert status == 200, page
    return [item["id"] for item in page["items"]]


def test_a_call_is_found_by_what_is_known_of_it(server, archived):
    ids = [entry["id"] for entry in archived]
    assert found(server, "order=4711") == [ids[1]]
    assert found(server, "contextKey=order&contextValue=4711") == [ids[1]]
    assert found(server, "customer=Juliana") == [ids[2], ids[1]]
    assert found(server, "customer=Juliana&sort=started") == [ids[1], ids[2]]
    assert found(server, "text=juli%204711") == [ids[1]]
    assert found(server, "agent=test&order=4711") == [ids[1]]
    assert found(server, f"order=4711&minimumDuration={SECONDS - 1}&maximumDuration={SECONDS + 2}") == [ids[1]]
    assert found(server, "order=4711&minimumDuration=3600") == []
    assert found(server, f"order=4711&from={archived[1]['started']}") == [ids[1]]
    assert found(server, f"order=4711&to={archived[1]['started']}") == []
    assert ids[1] in server.cli("recordings", "list", "--order", "4711").stdout
    assert ids[0] not in server.cli("recordings", "list", "--order", "4711").stdout
    assert ids[1] in server.cli("recordings", "list", "--text", "jul 471", "--context", "order=4711").stdout


def test_what_happened_is_marked(archived):
    markers = archived[1]["markers"]
    assert [marker["kind"] for marker in markers if marker["kind"] == "joined"] == ["joined"] * 2
    talks = [marker for marker in markers if marker["kind"] == "talking"]
    assert len({marker["party"] for marker in talks}) >= 1 and talks
    for marker in talks:
        assert 0 <= marker["at"] < marker["to"] <= archived[1]["duration"] + 0.1
    assert sum(marker["to"] - marker["at"] for marker in talks) > SECONDS * 0.5


def test_lists_are_short_and_details_whole(server, archived):
    item = server.rest("GET", "recordings?order=4711")[1]["items"][0]
    assert item["markers"] == [] and {**item, "markers": archived[1]["markers"]} == archived[1]


def test_tags_and_hold(server, archived):
    path = f"recordings/{archived[0]['id']}"
    status, entry = server.rest("PATCH", path, {"tags": ["complaint"], "legalHold": True, "reason": "court"})
    assert status == 200 and entry["tags"] == ["complaint"] and entry["legalHold"]
    assert found(server, "tag=complaint") == [archived[0]["id"]]
    status, problem = server.rest("DELETE", path)
    assert status == 409 and "hold" in problem["detail"]
    server.cli("recordings", "release", archived[0]["id"], "--yes", "--reason", "over")
    server.cli("recordings", "tag", archived[0]["id"], "done", "by phone")
    entry = server.rest("GET", path)[1]
    assert entry["tags"] == ["by phone", "done"] and not entry["legalHold"]


def test_everything_is_handed_over_with_its_sums(server, archived, tmp_path):
    entry = archived[2]
    path = server.cli("recordings", "export", entry["id"], "--tar", "--to", str(tmp_path)).stdout.strip()
    with tarfile.open(path) as archive:
        names = [name.split("/", 1)[1] for name in archive.getnames()]
        assert names[0] == "manifest.json" and {"mix.wav", "recording.json"} <= set(names)
        manifest = json.load(archive.extractfile(f"{entry['id']}/manifest.json"))
        for file in manifest["files"]:
            content = archive.extractfile(f"{entry['id']}/{file['name']}").read()
            assert len(content) == file["octets"] and hashlib.sha256(content).hexdigest() == file["sha256"]
        assert {file["name"]: file["sha256"] for file in entry["files"]}.items() <= {
            file["name"]: file["sha256"] for file in manifest["files"]}.items()
    kinds = [access["kind"] for access in server.rest("GET", f"recordings/{entry['id']}/accesses")[1]["items"]]
    assert kinds == ["exported"]


def hears(browser, tone):
    browser.wait_for(f"{TONE}.then((heard) => Math.abs(heard - {tone}) < 12)", f"{tone} Hz")


@pytest.mark.parametrize("kind", [
    pytest.param(Browser, marks=pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")),
    pytest.param(Firefox, marks=pytest.mark.skipif(
        FIREFOX is None or Sound.PROGRAM is None, reason="firefox-esr or pulseaudio is not installed"))])
def test_the_page_finds_plays_and_seeks(server, archived, kind):
    pytest.importorskip("websockets")
    entry = archived[1]
    audio = AUDIO
    with kind() as browser:
        browser.open(f"http://127.0.0.1:{server.private}/archive")
        browser.wait_for("document.querySelectorAll('.found li').length >= 3", "the list")
        # By keyboard alone: a word, Enter, on to the only row, Enter.
        browser.run("document.querySelector('[name=text]').focus()")
        browser.type("4711")
        browser.press("Enter")
        browser.wait_for("document.querySelectorAll('.found li').length === 1", "the call about order 4711")
        for _ in range(30):
            if browser.run("document.activeElement.classList.contains('found-link')"):
                break
            browser.press("Tab")
        browser.press("Enter")
        browser.wait_for(f"{audio}?.readyState >= 1 && {audio}.duration", "the sound")
        assert abs(browser.run(f"{audio}.duration") - entry["duration"]) < 0.1
        assert browser.run("location.hash").startswith(f"#r={entry['id']}")
        # It is heard: first the one phone, then the other.
        browser.click("document.querySelector('.controls button')")
        browser.wait_for(f"!{audio}.paused && {audio}.currentTime > 0.3", "that it plays")
        hears(browser, 500)
        browser.click("document.querySelector('.controls button')")
        browser.wait_for(f"{audio}.paused", "the pause")
        # The wave form is drawn; a click in its middle seeks there.
        canvas = "document.querySelector('wave-form canvas')"
        browser.wait_for("document.querySelector('wave-form[data-drawn]')", "the wave form")
        # A tone fills the height that silence leaves empty, nearly everywhere.
        assert browser.run(f"""(({{width}}) => {canvas}.getContext('2d').getImageData(0, 40, width, 1).data
            .filter((value, index) => index % 4 === 3 && value > 0).length > 0.6 * width)({canvas})""")
        browser.click("document.querySelector('wave-form')")
        browser.wait_for(f"Math.abs({audio}.currentTime - {audio}.duration / 2) < 0.1", "the middle")
        assert f"t={entry['duration'] / 2:.0f}"[:3] in browser.run("location.hash")
        browser.click("document.querySelector('.controls button')")
        hears(browser, 1100)
        browser.click("document.querySelector('.controls button')")
        browser.run("document.querySelector('wave-form').focus()")
        browser.press("Home")
        browser.wait_for(f"{audio}.currentTime === 0", "the beginning")
        # A moment of the list.
        browser.wait_for("document.querySelectorAll('.moments button').length > 2", "the moments")
        label = browser.run("document.querySelector('wave-form').getAttribute('aria-valuetext')")
        assert "0:00" in label
        if AXE:
            assert browser.faults() == []
        assert browser.console == []
        # A link leads to its moment.
        browser.open(f"http://127.0.0.1:{server.private}/archive?order=4711#r={entry['id']}&t=2.5")
        browser.wait_for(f"{audio} && Math.abs({audio}.currentTime - 2.5) < 0.05", "the moment of the link")
        assert browser.run("document.querySelectorAll('.found li').length") == 1
    rows = server.rest("GET", f"recordings/{entry['id']}/accesses")[1]["items"]
    assert rows and all(row["kind"] == "listened" and row["by"] == "local" for row in rows)


@pytest.mark.skipif(PROGRAM is None or AXE is None, reason="chromium or axe-core-python is not installed")
@pytest.mark.parametrize("dark", [False, True])
def test_the_page_fits_a_phone_and_has_no_serious_fault(server, archived, dark):
    pytest.importorskip("websockets")
    language = "de" if dark else "en"
    with Browser(width=390, height=844, dark=dark, language=language) as browser:
        for width in (390, 360):
            browser.resize(width, 800)
            browser.open(f"http://127.0.0.1:{server.private}/archive?width={width}#r={archived[1]['id']}")
            browser.wait_for("document.querySelector('.player .moments button')", "the player")
            browser.wait_for("document.querySelector('.accesses li')", "all that is loaded late")
            assert browser.run("document.documentElement.scrollWidth") <= width
            assert browser.run("document.documentElement.lang") == language
            assert browser.faults() == []
        assert browser.console == []


@pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")
def test_where_there_are_tokens_the_page_plays_by_ticket(tmp_path):
    pytest.importorskip("websockets")
    tokens = "api:\n  tokens:\n    - {token: a-token-of-a-supervisor, role: supervisor}\n"

    class Guarded(Server):
        def rest(self, method, path, body=None):
            request = urllib.request.Request(
                f"http://127.0.0.1:{self.private}/api/v1/{path}", method=method,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Content-Type": "application/json", "Authorization": "Bearer a-token-of-a-supervisor"})
            with urllib.request.urlopen(request, timeout=5) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None

    with Guarded(ROOMS, extra=EXTRA + tokens, folder=tmp_path) as guarded, Browser() as browser:
        entry = call(guarded, "3000", 4711)
        browser.open(f"http://127.0.0.1:{guarded.private}/archive#r={entry['id']}")
        browser.wait_for("document.querySelector('dialog[open] input')", "the question for a token")
        browser.type("a-token-of-a-supervisor")
        browser.press("Enter")
        browser.wait_for("document.querySelector('audio')?.duration > 1", "the sound")
        rows = guarded.rest("GET", f"recordings/{entry['id']}/accesses")[1]["items"]
        assert {row["by"][:6] for row in rows} == {"token "}, rows


def test_the_archive_is_examined_and_tells_what_was_done_to_it(tmp_path):
    with Server(ROOMS, extra=EXTRA, folder=tmp_path) as server:
        entries = [call(server, "3000", order, tones=(500, 700)) for order in (1, 2, 3)]
        clean = server.cli("recordings", "verify").stdout
        head = clean.rsplit("ledger: ", 1)[1].strip()
        assert "3 recordings" in clean and "as they were left" in clean
        folders = [next(server.recordings.glob(f"*/*/*/{entry['id']}")) for entry in entries]
        sound = folders[0] / "mix.wav"
        sound.write_bytes(sound.read_bytes()[:-100] + bytes(100))
        told = json.loads((folders[1] / "recording.json").read_text())
        told["context"]["order"] = "9"
        (folders[1] / "recording.json").write_text(json.dumps(told))
        bad = server.cli("recordings", "verify", "--head", head, check=False)
        assert bad.returncode == 1
        lines = [line for line in bad.stdout.splitlines() if entries[0]["id"] in line or entries[1]["id"] in line]
        assert [line.split(":")[0] for line in lines] == ["fileAltered", "recordingAltered", "indexDiffers"], bad.stdout
        assert entries[2]["id"] not in bad.stdout
        assert server.rest("DELETE", f"recordings/{entries[2]['id']}")[0] == 204
        # A crash in the middle of a recording is no tampering.
        phone = Phone(server.sip, "3001")
        assert phone.call() == 200
        assert server.rest("POST", "rooms/3001/recordings", {"notice": False})[0] == 201
        phone.talk(speech_tone(8000, 500, 1.5))
        server.kill()
        phone.close()
    # A start goes on with the chain, and the examination finds the same.
    with Server(ROOMS, extra=EXTRA, folder=tmp_path, recordings=server.recordings) as server:
        call(server, "3000", 4)
        again = server.cli("recordings", "verify", "--head", head, "--json", check=False)
        report = json.loads(again.stdout)
        assert report["lines"] == 6 and report["recordings"] == 4
        assert server.rest("GET", "recordings?room=3001")[1]["items"][0]["state"] == "recovered"
        assert sorted({finding["kind"] for finding in report["findings"]}) == [
            "fileAltered", "indexDiffers", "recordingAltered"]
