"""Text on figures: in the font that comes with matplotlib, measured, broken into lines."""

from __future__ import annotations

import bisect
import functools
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.textpath import text_to_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.text import Text

POINTS_PER_INCH = 72
LEADING = 1.28
"""From line to line, in heights of the letters."""
_LONGEST = 400
"""Letters of a word that are tried on one line."""
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a letter that the font lacks."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: size in points, weight and colour."""

    size: float
    colour: str
    bold: bool = False

    @property
    def font(self) -> FontProperties:
        """The font that ships with matplotlib, so that every computer draws the same letters."""
        return FontProperties(fname=_font_file(bold=self.bold), size=self.size)

    @property
    def line_in(self) -> float:
        """From line to line, in inches."""
        return self.size * LEADING / POINTS_PER_INCH


def font_folder() -> Path:
    """Where the fonts lie that ship with matplotlib."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def _font_file(*, bold: bool) -> str:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return str(font_folder() / name)


@functools.cache
def _letters() -> frozenset[str]:
    return frozenset(map(chr, get_font(_font_file(bold=True)).get_charmap()))


def writable(text: str) -> str:
    """The text on one line; letters that the font lacks become a sign that says so."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        if letter.isspace() and letter not in "\u00a0\u202f":
            letters.append(" ")
        elif unicodedata.category(letter) not in _INVISIBLE:
            letters.append(letter if letter in _letters() else UNKNOWN)
    return "".join(letters).strip()


@functools.lru_cache(maxsize=20_000)
def width_in(text: str, style: Style) -> float:
    """How wide a text is set, in inches."""
    width, _, _ = text_to_path.get_text_width_height_descent(text, style.font, ismath=False)
    return float(width) / POINTS_PER_INCH


def lines_of(text: str, style: Style, width: float, most: int = 99) -> list[str]:
    """The text in lines no wider than so many inches; what is left out after `most` reads `…`."""
    lines: list[str] = []
    for word in _words(writable(text), style, width):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_in(joined, style) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
        if len(lines) > most:
            break
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and width_in(f"{lines[-1]}…", style) > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] = f"{lines[-1].rstrip()}…"
    return lines


def _words(text: str, style: Style, width: float) -> Iterator[str]:
    """The words; one that is wider than a line in parts."""
    for whole in text.split(" "):
        word = whole
        while len(word) > _LONGEST or width_in(word, style) > width:
            least = word[:_LONGEST]
            fits = bisect.bisect_right(
                range(1, len(least) + 1), width, key=lambda n: width_in(least[:n], style)
            )
            yield word[: max(fits, 1)]
            word = word[max(fits, 1) :]
        if word:
            yield word


class Sheet:
    """A figure that is written on in inches from its upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height), facecolor="white")

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place as matplotlib's share of the figure."""
        return x / self.width, 1 - y / self.height

    def write(self, x: float, y: float, text: str, style: Style, **options: Any) -> Text:  # noqa: ANN401
        """One line of text whose base line lies at y."""
        return self.figure.text(
            *self.at(x, y), writable(text), fontproperties=style.font, color=style.colour,
            parse_math=False, va="baseline", **options,
        )  # fmt: skip

    def paragraph(self, x: float, y: float, lines: Iterable[str], style: Style) -> float:
        """Lines from y down; where the next may begin."""
        for line in lines:
            y += style.line_in
            self.write(x, y - style.line_in * 0.25, line, style)
        return y

    def axes(self, left: float, top: float, width: float, height: float) -> Any:  # noqa: ANN401
        """Axes in a box."""
        x, y = self.at(left, top + height)
        return self.figure.add_axes((x, y, width / self.width, height / self.height))
