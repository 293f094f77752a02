"""The colours of the page, from its style sheet, for what is drawn elsewhere."""

from __future__ import annotations

import functools
import re
from importlib.resources import files

_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9A-Fa-f]{3,8})\b")


@functools.cache
def colours() -> dict[str, str]:
    """Name of each colour of the light page, without its dashes, to its value: `class-1`, `ink`."""
    # read as a file: processes that draw have no use for the modules of the page
    tokens = files("urbanlayer.publish").joinpath("page", "assets", "css", "tokens.css")
    sheet = tokens.read_text(encoding="utf-8")
    light = sheet[sheet.index("{") : sheet.index("}")]
    return dict(_COLOUR.findall(light))


def class_colours() -> tuple[str, ...]:
    """The colours of the five classes, the lowest first."""
    return tuple(colours()[f"class-{number}"] for number in range(1, 6))
