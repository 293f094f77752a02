"""Firefox ESR as Debian ships it, without a window, driven over its Marionette socket.

Playwright drives only a Firefox of its own build; this client speaks the protocol of the browser
itself (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html): messages of JSON
with their length before them. Nothing leaves the machine: every address but `file:` goes to a
proxy that is not there.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FIREFOX = shutil.which("firefox-esr")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name under which WebDriver hands over an element."""
PREFERENCES: dict[str, str | int | bool] = {
    "marionette.port": 0,  # a free one, written into the profile
    "network.proxy.type": 1, "network.proxy.socks": "127.0.0.1", "network.proxy.socks_port": 9,
    "network.proxy.socks_remote_dns": True, "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False, "app.update.enabled": False,
    "app.normandy.enabled": False, "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False,
    "services.settings.server": "data:,", "dom.push.connection.enabled": False,
    "extensions.systemAddon.update.enabled": False, "extensions.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False,
    "print.always_print_silent": True, "datareporting.healthreport.uploadEnabled": False,
}  # fmt: skip


class FirefoxError(Exception):
    """The browser did not start, or refused a command."""


class Firefox:
    """A running Firefox with one session.

    Parameters
    ----------
    folder
        An empty folder for its profile.
    """

    def __init__(self, folder: Path, *, most_s: float = 60.0) -> None:
        if FIREFOX is None:
            msg = "no `firefox-esr` on PATH"
            raise FirefoxError(msg)
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items())
        (folder / "user.js").write_text("\n".join(lines) + "\n", encoding="utf-8")
        environment = {**os.environ, "HOME": str(folder), "MOZ_HEADLESS": "1"}
        command = [FIREFOX, "--marionette", "--headless", "--no-remote", "--profile", str(folder)]
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self._numbers: Iterator[int] = itertools.count(1)
        self._socket: socket.socket | None = None
        try:
            self._socket = self._connected(folder / "MarionetteActivePort", most_s)
            self._received()  # the greeting
            self.ask("WebDriver:NewSession", strictFileInteractability=False)
        except BaseException:
            self.close()
            raise

    def _connected(self, port: Path, most_s: float) -> socket.socket:
        end = time.monotonic() + most_s
        while time.monotonic() < end and self._process.poll() is None:
            if port.exists() and (number := port.read_text(encoding="utf-8").strip()):
                return socket.create_connection(("127.0.0.1", int(number)), timeout=most_s)
            time.sleep(0.1)
        msg = "Firefox did not open its port"
        raise FirefoxError(msg)

    def _received(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._bytes(1)
        return json.loads(self._bytes(int(length[:-1])))

    def _bytes(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(count - len(parts))
            if not part:
                msg = "Firefox closed the connection"
                raise FirefoxError(msg)
            parts += part
        return bytes(parts)

    def ask(self, command: str, **parameters: object) -> Any:
        """The result of a command; FirefoxError where the browser reports an error."""
        number = next(self._numbers)
        message = json.dumps([0, number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, answered, error, result = self._received()
        assert answered == number
        if error is not None:
            raise FirefoxError(f"{command}: {error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def open(self, address: str, *, size: tuple[int, int] = (1280, 800)) -> None:
        """Load a page in a viewport of that size in pixels; the same file with another hash too."""
        self.ask("WebDriver:Navigate", url="about:blank")
        self.resize(size)
        self.ask("WebDriver:Navigate", url=address)

    def resize(self, size: tuple[int, int]) -> None:
        """Give the viewport, not the window, a size in pixels."""
        frame = self.run(
            "return [window.outerWidth - innerWidth, window.outerHeight - innerHeight]"
        )
        width, height = (side + more for side, more in zip(size, frame, strict=True))
        self.ask("WebDriver:SetWindowRect", width=width, height=height)

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns in the page."""
        return self.ask("WebDriver:ExecuteScript", script=script, args=list(arguments))

    def wait_for(self, condition: str, *, most_s: float = 20.0) -> None:
        """Wait until an expression holds in the page."""
        end = time.monotonic() + most_s
        while not self.run(f"return Boolean({condition})"):
            if time.monotonic() > end:
                raise FirefoxError(f"never: {condition}")
            time.sleep(0.05)

    def element(self, selector: str) -> str:
        """The first element of a selector."""
        found = self.ask("WebDriver:FindElement", using="css selector", value=selector)
        return str(found[ELEMENT])

    def click(self, selector: str) -> None:
        """Click an element as a person does: it has to be in sight."""
        self.ask("WebDriver:ElementClick", id=self.element(selector))

    def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.ask("WebDriver:ElementSendKeys", id=self.element(selector), text=text)

    def screenshot(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode(self.ask("WebDriver:TakeScreenshot", full=False))

    def pdf(self, size_mm: tuple[float, float], *, landscape: bool = False) -> bytes:
        """The page on paper, without margins beside those of its style."""
        width, height = (side / 10 for side in size_mm)
        paper = {"width": width, "height": height}
        none = dict.fromkeys(("top", "bottom", "left", "right"), 0)
        printed = self.ask(
            "WebDriver:Print", page=paper, margin=none, background=True, shrinkToFit=False,
            orientation="landscape" if landscape else "portrait",
        )  # fmt: skip
        return base64.b64decode(printed)

    def close(self) -> None:
        """End the browser and what it started."""
        if self._socket is not None:
            self._socket.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(10)
