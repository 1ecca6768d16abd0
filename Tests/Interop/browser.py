"""Drives a headless Chromium by its DevTools protocol: no driver program, one page at a time."""

import base64
import contextlib
import itertools
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.request

from page import AXE, Page

__all__ = ["AXE", "PROGRAM", "Browser"]
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
#: Nothing goes out to the network by itself; a microphone is there, and says what `microphone` holds.
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection", "--ignore-certificate-errors",
    "--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter", "--autoplay-policy=no-user-gesture-required",
    "--remote-debugging-port=0", "--force-prefers-reduced-motion",
]


class Browser(Page):
    """One Chromium with one page. `console` holds what the page complained about: (kind, text)."""

    def __init__(self, width=1280, height=900, dark=False, language="en", microphone=None, allows_microphone=True,
                 camera=None):
        # Imported late, so that tests can skip without the package.
        from websockets.sync.client import connect
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="browser-"))
        arguments = [PROGRAM, *ARGUMENTS, f"--user-data-dir={self.folder}", f"--lang={language}"]
        if allows_microphone:
            arguments.append("--use-fake-ui-for-media-stream")
        else:
            arguments.append("--deny-permission-prompts")
        if microphone:
            arguments.append(f"--use-file-for-fake-audio-capture={microphone}")
        if camera:
            arguments.append(f"--use-file-for-fake-video-capture={camera}")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([*arguments, "about:blank"], stdout=self.log, stderr=self.log)
        self.numbers = itertools.count(1)
        self.console = []
        self.events = []
        port = self._port()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            target = next(target for target in json.load(answer) if target["type"] == "page")
        self.open_things = contextlib.ExitStack()
        self.socket = self.open_things.enter_context(
            connect(target["webSocketDebuggerUrl"], max_size=None, compression=None))
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.resize(width, height)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.ask("Emulation.setLocaleOverride", locale=language)
        self.ask("Network.setUserAgentOverride", userAgent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156 Test",
                 acceptLanguage=language)

    def _port(self):
        """Chromium writes the port that it chose into its folder."""
        path = self.folder / "DevToolsActivePort"
        deadline = time.monotonic() + 30
        while True:
            if path.exists() and "\n" in path.read_text():
                return int(path.read_text().split()[0])
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "the browser did not start"
            time.sleep(0.05)

    def close(self):
        # By its own command it ends at once; by a signal alone it may wait for a page in a call.
        with contextlib.suppress(Exception):
            self.ask("Browser.close")
        self.open_things.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, method, **parameters):
        """Sends a command; what the page tells meanwhile is kept."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        deadline = time.monotonic() + 30
        while True:
            message = json.loads(self.socket.recv(timeout=max(0.1, deadline - time.monotonic())))
            if message.get("id") == number:
                assert "error" not in message, (method, message["error"])
                return message["result"]
            self._note(message)

    def _note(self, message):
        method, parameters = message.get("method", ""), message.get("params", {})
        if method == "Log.entryAdded":
            entry = parameters["entry"]
            if entry["level"] in ("warning", "error"):
                self.console.append((entry["source"], entry["text"] + " " + entry.get("url", "")))
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.console.append(("exception", details.get("exception", {}).get("description", details["text"])))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.console.append(("console", " ".join(str(a.get("value", "")) for a in parameters["args"])))
        elif method == "Page.loadEventFired":
            self.events.append(method)

    def resize(self, width, height):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 600)

    def before_scripts(self, script):
        """Runs a script in every page from now on, before the page's own."""
        self.ask("Page.addScriptToEvaluateOnNewDocument", source=f"{{ {script} }}")

    def open(self, address):
        self.events.clear()
        self.ask("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'", f"{address} loaded")

    def run(self, script):
        """The value of a JavaScript expression; promises are waited for."""
        result = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"].get("exception", {}).get("description")
        return result["result"].get("value")

    def click(self, script):
        """A click of the mouse into the middle of the element that an expression gives."""
        x, y = self.middle(script)
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key, code=None):
        """A key of the keyboard by its name, as 'Enter', 'Tab', 'a'."""
        codes = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32, "Home": 36, "End": 35}
        text = "\r" if key == "Enter" else key if len(key) == 1 else None
        parameters = {"key": key, "code": code or key, "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper()))}
        if text:
            parameters["text"] = text
        self.ask("Input.dispatchKeyEvent", type="keyDown", **parameters)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **{k: v for k, v in parameters.items() if k != "text"})

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def screenshot(self, path, whole=True):
        result = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        pathlib.Path(path).write_bytes(base64.b64decode(result["data"]))
