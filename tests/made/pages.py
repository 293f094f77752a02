"""Pages on the disk, and pictures of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES = Path(__file__).parents[2] / "screenshots"


def write(path: Path, publication) -> Path:
    from urbanlayer.publish.page import page

    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(page(publication))
    return path


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
