"""The colours of the page, from its style sheet, for what is drawn elsewhere."""

from __future__ import annotations

import functools
import re

from urbanlayer.publish.page.bundle import asset

_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9A-Fa-f]{3,8})\b")


@functools.cache
def colours() -> dict[str, str]:
    """Name of each colour of the light page, without its dashes, to its value: `class-1`, `ink`."""
    sheet = asset("css/tokens.css")
    light = sheet[sheet.index("{") : sheet.index("}")]
    return dict(_COLOUR.findall(light))


def class_colours() -> tuple[str, ...]:
    """The colours of the five classes, the lowest first."""
    return tuple(colours()[f"class-{number}"] for number in range(1, 6))
