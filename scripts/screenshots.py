"""Write the pictures of the documentation's site, of the demonstration city, by Chromium.

    uv run --group browser python scripts/screenshots.py [FOLDER]

The city and its inventory are built first, unless they are in `maps/`. FOLDER is `docs/pictures`
if not given.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import urbanlayer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
CITY = ROOT / "data/gis/podgorica/city.toml"
PAGE, INVENTORY = ROOT / "maps/podgorica", ROOT / "maps/podgorica-inventory"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the state of the page by its link, and the size of the window.

    Attributes
    ----------
    name, link, size
        Of the file without its ending; after the address; in CSS pixels.
    page, ready
        Folder of the publication, and what is there once it is drawn.
    choose
        Text of a link or button that is pressed before.
    """

    name: str
    link: str
    size: tuple[int, int] = (1280, 800)
    page: Path = PAGE
    ready: str = "body.ready"
    choose: str = ""


SHOTS = (
    Shot("first-view", "#lang=en"),
    Shot("profile", "#lang=en&h=MZ11"),
    Shot("green", "#lang=en&i=green_area_per_resident"),
    Shot("phone", "#lang=en", (390, 780)),
    Shot("pair", "#lang=en&view=pair&j=green_area_per_resident"),
    Shot("table", "#lang=en&view=table"),
    Shot("plan", "#lang=en&view=plan"),
    Shot("inventory", "", (1280, 1100), INVENTORY, "body", "English"),
)


def main(folder: Path) -> None:
    """Write every picture into the folder.

    Parameters
    ----------
    folder
        Is made if it is not there.
    """
    from playwright.sync_api import sync_playwright

    if not (PAGE / "index.html").exists():
        urbanlayer.build(CITY, PAGE)
    if not (INVENTORY / "index.html").exists():
        urbanlayer.check(CITY, INVENTORY)
    folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for shot in SHOTS:
            take(browser, shot, folder / f"{shot.name}.png")
        browser.close()


def take(browser: Browser, shot: Shot, path: Path) -> None:
    """Write one picture.

    Parameters
    ----------
    browser
        Chromium.
    shot
        What it shows.
    path
        Of the PNG.
    """
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", color_scheme="light"
    )
    context.set_offline(offline=True)
    page = context.new_page()
    page.goto((shot.page / "index.html").as_uri() + shot.link)
    page.wait_for_selector(shot.ready)
    if shot.choose:
        page.get_by_text(shot.choose, exact=True).first.click()
    page.wait_for_timeout(400)  # labels settle
    if page.locator("#toast:visible").count():
        message = page.locator("#toast").inner_text()
        raise SystemExit(f"{shot.name}: {message}")
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/pictures")
