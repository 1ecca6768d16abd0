"""Drives a headless Firefox by WebDriver BiDi: no driver program, one page at a time."""

import base64
import contextlib
import itertools
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

from page import Page

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
#: Nothing goes out to the network by itself; a microphone is there and says a tone.
PREFERENCES = {
    "app.normandy.enabled": False, "app.update.disabledForTesting": True, "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False, "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False, "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0, "captivedetect.canonicalURL": "", "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False, "extensions.getAddons.cache.enabled": False, "extensions.update.enabled": False,
    "media.autoplay.default": 0, "media.gmp-manager.updateEnabled": False, "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True, "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False, "services.settings.server": "data:,",
    "toolkit.telemetry.server": "data:,", "ui.prefersReducedMotion": 1,
}
KEYS = {"Enter": "\ue006", "Tab": "\ue004", "Escape": "\ue00c", "Home": "\ue011", "End": "\ue010"}


class Sound:
    """A sound server whose loudspeaker leads nowhere: a browser plays nothing, and computes nothing, without a loudspeaker."""

    PROGRAM = shutil.which("pulseaudio")

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sound-"))
        self.socket = self.folder / "socket"
        home = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        self.process = subprocess.Popen(
            [self.PROGRAM, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
             "--load=module-null-sink rate=48000",
             f"--load=module-native-protocol-unix auth-anonymous=1 socket={self.socket}"],
            env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self.socket.exists():
            assert self.process.poll() is None and time.monotonic() < deadline, "the sound server did not start"
            time.sleep(0.02)

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Firefox(Page):
    """One Firefox with one page. `console` holds what the page complained about: (kind, text). `tone` is what its microphone hears, in Hz."""

    def __init__(self, width=1280, height=900, dark=False, language="en", tone=1000):
        # Imported late, so that tests can skip without the package.
        from websockets.sync.client import connect
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="firefox-"))
        preferences = PREFERENCES | {
            "layout.css.prefers-color-scheme.content-override": 0 if dark else 1, "intl.accept_languages": language,
            "media.navigator.audio.fake_frequency": tone}
        (self.folder / "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()))
        self.numbers = itertools.count(1)
        self.console = []
        self.open_things = contextlib.ExitStack()
        self.open_things.callback(shutil.rmtree, self.folder, ignore_errors=True)
        sound = {}
        if Sound.PROGRAM:
            server = Sound()
            self.open_things.callback(server.close)
            sound = {"PULSE_SERVER": f"unix:{server.socket}"}
        self.log = self.open_things.enter_context(open(self.folder / "log", "wb"))
        self.process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-remote", "--profile", str(self.folder), "--remote-debugging-port", "0", "about:blank"],
            stdout=self.log, stderr=self.log,
            env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MOZ_CRASHREPORTER_DISABLE": "1", **sound})
        self.open_things.callback(self._end)
        try:
            self.socket = self.open_things.enter_context(
                connect(f"ws://127.0.0.1:{self._port()}/session", max_size=None, compression=None))
            self.ask("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
            # In the first tab the line for addresses has the keyboard, in a new one the page.
            self.context = self.ask("browsingContext.create", type="tab")["context"]
            self.ask("session.subscribe", events=["log.entryAdded"])
            self.resize(width, height)
        except BaseException:
            self.close()
            raise

    def _port(self):
        """Firefox writes the port that it chose into its folder."""
        path = self.folder / "WebDriverBiDiServer.json"
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(FileNotFoundError, ValueError):
                return json.loads(path.read_text())["ws_port"]
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "the browser did not start"
            time.sleep(0.05)

    def _end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def close(self):
        self.open_things.close()

    def ask(self, method, **parameters):
        """Sends a command; what the page tells meanwhile is kept."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        deadline = time.monotonic() + 30
        while True:
            message = json.loads(self.socket.recv(timeout=max(0.1, deadline - time.monotonic())))
            if message.get("id") == number:
                assert message["type"] == "success", (method, message)
                return message["result"]
            if message.get("method") == "log.entryAdded":
                entry = message["params"]
                if entry["level"] in ("warn", "error"):
                    self.console.append((entry["type"], entry["text"]))

    def resize(self, width, height):
        self.ask("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def before_scripts(self, script):
        """Runs a script in every page from now on, before the page's own."""
        self.ask("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def open(self, address):
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run(self, script):
        """The value of a JavaScript expression; promises are waited for."""
        result = self.ask(
            "script.evaluate", expression=script, awaitPromise=True, target={"context": self.context}, userActivation=True,
            serializationOptions={"maxObjectDepth": 8})
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return _value(result["result"])

    def click(self, script):
        """A click of the mouse into the middle of the element that an expression gives."""
        x, y = self.middle(script)
        self.ask("input.performActions", context=self.context, actions=[{
            "type": "pointer", "id": "mouse", "actions": [
                {"type": "pointerMove", "x": int(x), "y": int(y)}, {"type": "pointerDown", "button": 0},
                {"type": "pointerUp", "button": 0}]}])

    def press(self, *keys):
        """Keys of the keyboard by their names, as 'Enter', 'Tab', 'a'."""
        self.ask("input.performActions", context=self.context, actions=[{
            "type": "key", "id": "keyboard", "actions": [
                {"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]}])

    def type(self, text):
        self.press(*text)

    def screenshot(self, path, whole=True):
        result = self.ask("browsingContext.captureScreenshot", context=self.context, origin="document" if whole else "viewport")
        pathlib.Path(path).write_bytes(base64.b64decode(result["data"]))


def _value(remote):
    """What BiDi's serialised value stands for."""
    kind, value = remote["type"], remote.get("value")
    if kind == "array":
        return [_value(item) for item in value]
    if kind == "object":
        return {key if isinstance(key, str) else _value(key): _value(item) for key, item in value}
    if kind == "number" and isinstance(value, str):
        return float(value.replace("Infinity", "inf")) if value != "-0" else 0.0
    return value
