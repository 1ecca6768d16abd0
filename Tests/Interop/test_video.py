"""Members see each other: real Chromiums with cameras of plain colours in one room; what they decode is read by its pixels."""

import contextlib
import pathlib
import tempfile

import pytest

from browser import PROGRAM, Browser
from cameras import camera, colour
from server import Server, wait_until

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")

MEMBER = (pathlib.Path(__file__).parent / "member.js").read_text()


@pytest.fixture(scope="module")
def server():
    rooms = '  - {pattern: "look*", greeting: none, announce_joining: false, hold_music: false}\n'
    with Server(rooms) as running:
        yield running


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="cameras-") as path:
        yield pathlib.Path(path)


@contextlib.contextmanager
def member(server, folder, filmed, room, width=640, height=360, **how):
    with Browser(camera=camera(folder, filmed, width, height)) as browser:
        browser.open(f"http://127.0.0.1:{server.private}/demo/shop")
        browser.run(MEMBER + "; 0")
        options = ", ".join(f"{key}: {value}" for key, value in {**how, "width": width, "height": height}.items())
        browser.run(f"member.join('{room}', {{ {options} }})")
        yield browser
        browser.run("member.leave()")


def seen(browser):
    return browser.run("member.seen()")


def colours(browser):
    """Which cameras' pictures the browser shows."""
    found = [colour(picture["colour"]) for picture in seen(browser) if picture["frames"]]
    return sorted(name for name in found if name)


def test_two_browsers_see_each_other(server, folder):
    with member(server, folder, "red", "look-1") as red, member(server, folder, "blue", "look-1") as blue:
        wait_until(lambda: colours(red) == ["blue"] and colours(blue) == ["red"], "both pictures", 15)
        before = [picture["frames"] for picture in seen(red)]
        wait_until(lambda: seen(red)[0]["frames"] >= before[0] + 20, "frames that go on", 5)
        picture = seen(red)[0]
        assert (picture["width"], picture["height"]) == (640, 360)
        assert picture["freezes"] < 0.5
        assert red.console == [] and blue.console == []


def test_three_browsers_each_see_both_others_and_who_leaves_is_gone(server, folder):
    with contextlib.ExitStack() as stack:
        red, green = (stack.enter_context(member(server, folder, name, "look-2", views=2)) for name in ("red", "green"))
        with member(server, folder, "blue", "look-2", views=2) as blue:
            wait_until(lambda: colours(blue) == ["green", "red"], "both pictures for blue", 15)
            wait_until(lambda: colours(red) == ["blue", "green"], "both pictures for red", 10)
            wait_until(lambda: colours(green) == ["blue", "red"], "both pictures for green", 10)
        before = seen(red)
        wait_until(lambda: sum(now["frames"] > then["frames"] + 10 for now, then in zip(seen(red), before)) == 1,
                   "one picture that goes on", 5)
        # Video off and on again in the call.
        green.run("member.camera.direction = 'recvonly'; member.renegotiate()")
        stood = sum(picture["frames"] for picture in seen(red))
        green.run("member.camera.direction = 'sendrecv'; member.renegotiate()")
        wait_until(lambda: sum(picture["frames"] for picture in seen(red)) > stood + 15, "the picture again", 8)
        assert "green" in colours(red)


def widths(browser):
    return sorted(picture["width"] for picture in seen(browser) if picture["frames"])


def test_a_watcher_with_little_gets_the_small_picture_while_others_keep_the_large_one(server, folder):
    with member(server, folder, "red", "look-3", width=960, height=540, layers=3) as red, \
            member(server, folder, "green", "look-3", shows="false") as green, \
            member(server, folder, "blue", "look-3", shows="false") as blue:
        assert red.run("/a=simulcast:recv l;m;h/.test(member.answer)")
        wait_until(lambda: max(widths(green), default=0) == 960, "the large picture", 25)
        wait_until(lambda: max(widths(blue), default=0) == 960, "the large picture", 25)
        # Less is agreed than the large picture takes.
        blue.run("""(offer => { member.offer = async () => {
          const sdp = await offer.call(member);
          return sdp.replace(/^(m=video.*\\r\\nc=.*\\r\\n)/gm, "$1b=AS:150\\r\\n");
        }; })(member.offer); member.renegotiate()""")
        wait_until(lambda: max(widths(blue), default=0) <= 480, "a smaller picture", 3)
        assert max(widths(green)) == 960
        assert sum(picture["freezes"] for picture in seen(green)) < 0.5
