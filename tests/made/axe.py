"""axe-core's rules for WCAG 2.2 AA on an open page, and what is needed of npm for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def missing(package: str) -> None:
    """Skip what needs a package of npm; in CI, which installs them, it is a failure."""
    say = pytest.fail if os.environ.get("CI") else pytest.skip
    say(f"needs {package}: npm install --package-lock=false")


def violations(page: Page) -> list[tuple[str, list]]:
    """Id of each broken rule, with the first elements that break it."""
    if not AXE.exists():
        missing("axe-core")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
    return [
        (v["id"], [(n["target"], n.get("failureSummary", "")[:200]) for n in v["nodes"]][:4])
        for v in found["violations"]
    ]
