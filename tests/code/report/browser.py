"""Headless Chromium, driven over its DevTools protocol: opens a page, asks it, and notes what it requests."""

import base64
import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from websockets.sync.client import connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--disable-features=IsolateSandboxedIframes",  # a frame is then read with its page
    "--remote-debugging-port=0",
)
PATIENCE_S = 120


class Browser:
    """One tab of a Chromium of its own.

    `requested` holds the addresses that the page asked for, by request; `kept` those that its policy forbade.
    """

    def __init__(self, profile: Path):
        program = next(filter(None, map(shutil.which, NAMES)), None)
        if not program:
            pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
        command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port, path = self._address(profile / "DevToolsActivePort")
        self.socket = connect(f"ws://127.0.0.1:{port}{path}", max_size=None, open_timeout=PATIENCE_S)
        self.number, self.session = 0, None
        self.requested, self.kept, self.loaded = {}, [], set()
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self.session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self(f"{domain}.enable")
        self("Page.setLifecycleEventsEnabled", enabled=True)

    def _address(self, file: Path):
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self.process.poll() is None, "Chromium ended at its start"
            if file.exists() and len(lines := file.read_text().split()) == 2:
                return lines
            time.sleep(0.1)
        raise TimeoutError("Chromium did not open its DevTools port")

    def __call__(self, method, **params):
        """The result of a DevTools command; what the page requests meanwhile is noted."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        self.socket.send(json.dumps(message | ({"sessionId": self.session} if self.session else {})))
        while (said := self._next()).get("id") != self.number:
            pass
        assert "error" not in said, said["error"]
        return said["result"]

    def _next(self):
        said = json.loads(self.socket.recv(timeout=PATIENCE_S))
        about = said.get("params", {})
        if said.get("method") == "Network.requestWillBeSent":
            self.requested[about["requestId"]] = about["request"]["url"]
        elif said.get("method") == "Network.loadingFailed" and about.get("blockedReason") == "csp":
            self.kept.append(self.requested.pop(about["requestId"]))
        elif said.get("method") == "Page.lifecycleEvent" and about["name"] == "load":
            self.loaded.add(about["loaderId"])
        return said

    def open(self, url, width, height=900):
        """Loads `url` in a window of `width` CSS pixels and waits until all of it is there."""
        self(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._load("about:blank")  # a page is loaded anew even where only its #part differs
        self.requested.clear(), self.kept.clear()
        self._load(url)

    def _load(self, url):
        self.loaded.clear()
        loader = self("Page.navigate", url=url)["loaderId"]
        while loader not in self.loaded:
            self._next()

    def ask(self, script):
        """What a JavaScript expression comes to, promises awaited."""
        found = self("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def picture(self, path, whole=False):
        """A PNG of the window, or of the whole page."""
        shot = self("Page.captureScreenshot", captureBeyondViewport=whole)
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(PATIENCE_S)
