"""Write the pictures of the documentation's site, of the demonstration city: pages and figures.

    uv run --group browser python scripts/screenshots.py [FOLDER]

Pages are taken by Chromium. The city and its inventory are built first, unless they are in `maps/`.
FOLDER is `docs/pictures` if not given.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
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


FIGURES = {
    "figure-map": ("map", "coverage_within.kindergarten.500.map.png"),
    "figure-rank": ("rank", "coverage_within.kindergarten.500.rank.png"),
    "figure-lorenz": ("lorenz", "coverage_within.kindergarten.500.lorenz.png"),
    "figure-change": ("change", "programme.coverage_within.kindergarten.500.change.png"),
    "figure-budget": ("budget", "plan.budget.png"),
    "figure-priority": ("priority", "plan.priority.png"),
}
"""Name of each picture to the kind of figure and the file that `urbanlayer figure` writes."""


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
    draw_figures(folder)


def draw_figures(folder: Path) -> None:
    """Write one figure of each kind, and the small maps of all indicators.

    Parameters
    ----------
    folder
        Where the pictures go.
    """
    from urbanlayer.drawing import Wanted, draw

    kinds = tuple({kind: None for kind, _ in FIGURES.values()})
    one = Wanted(kinds=kinds, only=("coverage_within.kindergarten.500",), languages=("en",))
    with tempfile.TemporaryDirectory() as drawn:
        made = draw(CITY, Path(drawn) / "one", one).folder
        for name, (_, file) in FIGURES.items():
            shutil.copyfile(made / file, folder / f"{name}.png")
        small = Wanted(kinds=("multiples",), languages=("en",))
        made = draw(CITY, Path(drawn) / "small", small).folder
        shutil.copyfile(made / "city.multiples.png", folder / "figure-multiples.png")


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
