"""The shop's panel and the desk show each other, with names; what is shown is read by its pixels."""

import pathlib
import tempfile

import pytest

from browser import AXE, PROGRAM, Browser
from cameras import camera, colour
from server import Server, wait_until
from softphone import Phone

pytest.importorskip("websockets")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")

#: Put into a page: its pictures with their names, colours and frames, and the buttons.
LOOK = """
    window.grid = () => (document.querySelector('call-me')?.shadowRoot ?? document).querySelector('video-grid')?.shadowRoot;
    window.press = (name) => [...grid().querySelectorAll('.bar button')].find((button) => button.title === name).click();
    window.tiles = () => [...grid()?.querySelectorAll('video-tile') ?? []].map((tile) => {
      const video = tile.querySelector('video');
      const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 });
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (video.videoWidth) context.drawImage(video, 0, 0, 16, 16);
      return { name: tile.querySelector('.name').textContent, colour: [...context.getImageData(8, 8, 1, 1).data].slice(0, 3),
        isOwn: tile.classList.contains('own'), isLarge: tile.classList.contains('large'), width: video.videoWidth,
        stands: tile.classList.contains('stands'), quality: tile.querySelector('.dot').dataset.quality ?? null };
    });
    window.heard = () => [...grid()?.querySelectorAll('.heard li') ?? []].map((item) => item.textContent);
"""


@pytest.fixture(scope="module")
def server():
    rooms = '  - {pattern: "support*", greeting: none, announce_joining: false, hold_music: false}\n'
    with Server(rooms) as running:
        yield running


def pictures(browser, own=False):
    """Name → colour of what a page shows of others, or of itself."""
    tiles = [tile for tile in browser.run("tiles()") if tile["isOwn"] == own]
    return {tile["name"]: colour(tile["colour"]) for tile in tiles}


def sign_in(browser, server, name):
    browser.open(f"http://127.0.0.1:{server.private}/desk")
    browser.wait_for("document.querySelector('#sign-in-form')", "the desk")
    browser.run(f"document.querySelector('[name=user]').value = '{name}'")
    browser.run("document.querySelector('#sign-in-form').requestSubmit()")
    browser.wait_for("document.querySelector('#sign-in').hidden", "the guest")


def test_shop_and_desk_see_each_other_by_name_and_turn_cameras_off_and_on(server):
    with tempfile.TemporaryDirectory(prefix="cameras-") as folder:
        files = [camera(pathlib.Path(folder), name, 960, 540) for name in ("red", "blue")]
        with Browser(camera=files[0], dark=True) as desk, Browser(camera=files[1], width=390, height=844) as shop:
            for browser in (desk, shop):
                browser.ask("Page.addScriptToEvaluateOnNewDocument", source=LOOK)
            sign_in(desk, server, "Agnes")
            desk.run("document.querySelector('#dial [name=uri]').value = 'support'")
            desk.run("document.querySelector('#dial').requestSubmit()")
            desk.wait_for("document.querySelector('call-view')", "the call")
            shop.open(f"http://127.0.0.1:{server.private}/demo/shop")
            shop.wait_for("document.querySelector('call-me')?.shadowRoot?.querySelector('button.start')", "the button")
            assert shop.run("performance.getEntriesByType('resource').every(({name}) => !name.includes('/video/'))")
            shop.run("document.querySelector('call-me').call()")
            shop.wait_for("document.querySelector('call-me').state === 'connected'", "the call", 15)
            # Who has no picture is there by name.
            shop.wait_for("heard().join() === 'Agnes'", "the agent's name")
            desk.wait_for("heard().join() === 'Juliana Weber'", "the visitor's name")
            shop.run("press('Turn the camera on')")
            wait_until(lambda: pictures(desk) == {"Juliana Weber": "blue"}, "the visitor's picture at the desk", 15)
            wait_until(lambda: pictures(shop, own=True) == {"You": "blue"}, "the visitor's own picture")
            assert desk.run("heard()") == []
            desk.run("press('Turn the camera on')")
            wait_until(lambda: pictures(shop) == {"Agnes": "red"}, "the agent's picture in the shop", 15)
            assert shop.run("tiles().find(({isOwn}) => !isOwn).isLarge")
            desk.wait_for("tiles().some(({quality, isOwn}) => quality === 'good' && !isOwn)", "a good picture", 15)
            assert shop.run("document.documentElement.scrollWidth") <= 390
            if AXE:
                assert shop.faults() == [] and desk.faults() == []
            # Someone with a phone is there by name too.
            phone = Phone(server.sip, "support")
            assert phone.call() == 200
            shop.wait_for("heard().length === 1", "the phone's name")
            phone.hang_up()
            shop.wait_for("heard().length === 0", "the phone's going")
            # Off and on again in the call.
            shop.run("press('Turn the camera off')")
            desk.wait_for("heard().join() === 'Juliana Weber'", "the name instead of the picture")
            assert pictures(desk) == {} and pictures(shop, own=True) == {}
            shop.run("press('Turn the camera on')")
            wait_until(lambda: pictures(desk) == {"Juliana Weber": "blue"}, "the picture again", 15)
            assert desk.console == [] and shop.console == []
