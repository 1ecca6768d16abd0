"""What tests with the SIP clients of others in a browser have in common: a page that keeps what they say, and their microphone."""

import contextlib
import os
import pathlib

import spectrum
from browser import Browser
from firefox_stage import BROWSER, KEEP

#: What goes over the WebSocket is kept, what is received is played, half of a session of 90 s is over at once, and a steady tone is
#: no noise.
WATCH = KEEP + """
    window.players = [];
    const Peer = RTCPeerConnection;
    window.RTCPeerConnection = class extends Peer {
      constructor(...all) {
        super(...all);
        this.addEventListener("track", ({ track }) => {
          const player = new Audio();
          player.srcObject = new MediaStream([track]);
          player.play();
          players.push(player);
        });
      }
    };
    window.sent = [];
    window.got = [];
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      if (!this.watched) this.addEventListener("message", ({ data }) => got.push(data));
      this.watched = true;
      sent.push(data);
      return send.call(this, data);
    };
    const wait = window.setTimeout;
    window.setTimeout = (act, delay, ...more) => wait(act, delay === 45000 ? 300 : delay, ...more);
    window.happened = [];
    window.note = (name) => (event) => { happened.push(name); window.last = event; };
    window.audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
"""


def bundle(name):
    """The file that an environment variable names."""
    return pathlib.Path(os.environ.get(name, "/nowhere"))


@contextlib.contextmanager
def page_with(path, server, folder):
    """A page of the server's in a Chromium that says its tone, with a bundle loaded into it."""
    microphone = folder / "microphone.wav"
    spectrum.write_tone(microphone, BROWSER, 60, 48000)
    with Browser(microphone=microphone) as page:
        page.before_scripts(WATCH)
        page.open(f"http://127.0.0.1:{server.private}/demo/shop")
        page.run(path.read_text() + "; 0")
        yield page


def said(page, direction, pattern):
    """What was `sent` or `got`, as far as it fits."""
    return page.run(f"{direction}.filter((text) => typeof text === 'string' && {pattern}.test(text))")


def alice(server, room="3001"):
    return next(member for member in server.members(room) if member["uri"].startswith("sip:alice@"))
