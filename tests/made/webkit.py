"""WebKitGTK as Debian ships it, on a display in memory, driven over W3C WebDriver by plain HTTP.

Its engine is that of Safari. Each browser has its own process group, which is ended with it.
Nothing leaves the machine: the pages are files.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

DRIVER = shutil.which("WebKitWebDriver")
DISPLAY = shutil.which("xvfb-run")
BROWSER = next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)
THERE_IS = None not in {DRIVER, DISPLAY, BROWSER}


class WebKitError(Exception):
    """The browser did not start, or refused a command."""


class WebKit:
    """A running WebKitGTK with one session.

    Parameters
    ----------
    folder
        An empty folder for its profile.
    """

    def __init__(self, folder: Path, *, most_s: float = 60.0) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._address = f"http://127.0.0.1:{port}"
        self._most_s = most_s
        environment = {
            **os.environ, "HOME": str(folder), "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # in a container, on our own page
        }  # fmt: skip
        self._process = subprocess.Popen(
            [str(DISPLAY), "-a", "-s", "-screen 0 1400x1000x24", str(DRIVER), f"--port={port}"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            self._wait()
            options = {"binary": str(BROWSER), "args": ["--automation"]}
            wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            self._session = f"/session/{self._ask('/session', capabilities=wanted)['sessionId']}"
        except BaseException:
            self.close()
            raise

    def _wait(self) -> None:
        end = time.monotonic() + self._most_s
        while self._process.poll() is None and time.monotonic() < end:
            try:
                self._ask("/status", method="GET")
            except OSError:
                time.sleep(0.2)
            else:
                return
        msg = "WebKitWebDriver did not open its port"
        raise WebKitError(msg)

    def _ask(self, path: str, *, method: str = "POST", **parameters: object) -> Any:
        body = json.dumps(parameters).encode() if method == "POST" else None
        request = urllib.request.Request(  # noqa: S310  (the driver's own port)
            self._address + path, body, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=self._most_s) as answer:  # noqa: S310
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise WebKitError(error.read().decode()) from error

    def open(self, address: str) -> None:
        """Load a page; the same file with another hash too."""
        self._ask(f"{self._session}/url", url="about:blank")
        self._ask(f"{self._session}/url", url=address)

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns in the page."""
        return self._ask(f"{self._session}/execute/sync", script=script, args=list(arguments))

    def wait_for(self, condition: str, *, most_s: float = 20.0) -> None:
        """Wait until an expression holds in the page."""
        end = time.monotonic() + most_s
        while not self.run(f"return Boolean({condition})"):
            if time.monotonic() > end:
                raise WebKitError(f"never: {condition}")
            time.sleep(0.1)

    def screenshot(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode(self._ask(f"{self._session}/screenshot", method="GET"))

    def close(self) -> None:
        """End the session, the browser and its display."""
        if hasattr(self, "_session"):
            with contextlib.suppress(OSError, WebKitError):
                self._ask(self._session, method="DELETE")
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(10)
