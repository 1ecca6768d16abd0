"""A Firefox and a Chromium see each other in one room, and know whom they see."""

import pathlib
import tempfile

import pytest

import browser as chromium
from cameras import camera, colour
from firefox_stage import MARKS, browsers, network, server
from server import wait_until

pytest.importorskip("websockets")
pytestmark = [*MARKS, pytest.mark.skipif(chromium.PROGRAM is None, reason="chromium is not installed")]

MEMBER = (pathlib.Path(__file__).parent / "member.js").read_text()


def join(browser, server, room, **how):
    browser.open(f"https://127.0.0.1:{server.web}/demo/shop")
    browser.run(MEMBER + "; 0")
    options = ", ".join(f"{key}: {value}" for key, value in how.items())
    browser.run(f"member.join('{room}', {{ {options} }})")


def picture(browser):
    return browser.run("member.seen()")[0]


def number(server, room, browser):
    """The member's number, by its address in the list of calls: each browser's is another."""
    name = browser.run("member.name")
    return next(int(member["id"][1:]) for member in server.members(room) if member["name"] == name)


def test_firefox_and_chromium_see_each_other_without_standing(server, browsers):
    firefox = browsers()
    with tempfile.TemporaryDirectory(prefix="cameras-") as folder, \
            chromium.Browser(camera=camera(pathlib.Path(folder), "red")) as other:
        join(firefox, server, "support-look", name="'Fox'")
        join(other, server, "support-look", name="'Chrome'")
        wait_until(lambda: colour(picture(firefox)["colour"]) == "red", "Chromium's camera in Firefox", 20)
        # Firefox films a plain colour that changes.
        first = picture(other)
        wait_until(lambda: picture(other)["frames"] >= first["frames"] + 30 and picture(other)["width"] == 640,
                   "Firefox's camera in Chromium", 20)
        wait_until(lambda: sum(abs(a - b) for a, b in zip(picture(other)["colour"], first["colour"])) > 30,
                   "another colour", 10)
        # Whose picture it is stands in the packets.
        assert picture(other)["whose"] == number(server, "support-look", firefox)
        assert picture(firefox)["whose"] == number(server, "support-look", other)
        for browser in (firefox, other):
            assert browser.run("member.standstill(4)") < 500
        for browser in (firefox, other):
            browser.run("member.leave()")
        assert other.console == []
