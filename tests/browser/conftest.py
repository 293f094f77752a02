"""Chromium with the network cut off; every request, fault and console error fails the test."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
OWN = ("file:", "data:", "blob:", "about:")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium: no `chromium` on PATH")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from made_city import make_publication
    from pages import write

    return write(tmp_path_factory.mktemp("page") / "index.html", make_publication())


class Opened:
    """A page, and everything that went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", lambda m: self._console(m.type, m.text))
        page.on("pageerror", lambda error: self.errors.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.errors.append(f"failed: {request.url}"))
        page.on("request", self._request)

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.errors.append(f"{kind}: {text}")

    def _request(self, request) -> None:
        if not request.url.startswith(OWN):
            self.errors.append(f"asked for {request.url}")


@pytest.fixture
def visit(browser: Browser, file: Path):
    """Opens the page in a state; faults are raised when the test ends."""
    opened: list[Opened] = []

    @contextmanager
    def open_page(
        link: str = "", *, size=(1280, 800), path: Path | None = None, ready="body.ready", **options
    ):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        context.set_offline(True)
        seen = Opened(context.new_page())
        opened.append(seen)
        seen.page.goto((path or file).as_uri() + link)
        if options.get("java_script_enabled", True):
            seen.page.wait_for_selector(ready)
        yield seen.page
        context.close()

    yield open_page
    assert [fault for seen in opened for fault in seen.errors] == []
