"""What stands around every figure: title, definition and notice above, sources below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.figures.drawing.style import dot_of, ink, is_dot, line_of
from urbanlayer.publish.figures.figure import is_narrow, margin_in
from urbanlayer.publish.figures.typeset import Sheet, lines_of, width_in, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.publish.figures.figure import Figure, Sign
    from urbanlayer.publish.figures.typeset import Style

_MOST_LINES = 6
_TOP_IN = 0.12
_LINE_IN = 0.26
"""Length of a line in a key."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines above and below a figure.

    Attributes
    ----------
    width
        Of the figure, in inches.
    blocks
        Above, each its style and its lines.
    foot
        Below.
    """

    width: float
    blocks: tuple[tuple[Style, tuple[str, ...]], ...]
    foot: tuple[str, ...]

    @property
    def margin_in(self) -> float:
        """To the left and the right."""
        return margin_in(self.width)

    @property
    def inner_in(self) -> float:
        """Width between the margins."""
        return self.width - 2 * self.margin_in

    @property
    def top_in(self) -> float:
        """Where the figure begins, from above."""
        return _TOP_IN + sum(style.line_in * len(lines) for style, lines in self.blocks) + 0.08

    @property
    def bottom_in(self) -> float:
        """How much stands below the figure."""
        return _TOP_IN + self.foot_style.line_in * len(self.foot) + 0.08

    @property
    def foot_style(self) -> Style:
        """Of the sources."""
        return ink(6.2, self.width, name="ink-2")

    def sheet(self, height: float) -> Sheet:
        """A sheet with room for a figure of so many inches, and with the lines around it."""
        sheet = Sheet(self.width, self.top_in + height + self.bottom_in)
        y = _TOP_IN
        for style, lines in self.blocks:
            y = sheet.paragraph(self.margin_in, y, lines, style)
        sheet.paragraph(self.margin_in, self.top_in + height + 0.08, self.foot, self.foot_style)
        return sheet


def frame_of(figure: Figure) -> Frame:
    """The lines around a figure."""
    width, texts = figure.width, figure.texts
    wide = width - 2 * margin_in(width)
    title = ink(11 if is_narrow(width) else 12.5, width, bold=True)
    blocks = (
        (texts.city, ink(8, width, name="ink-2")),
        (texts.title, title),
        (texts.definition, ink(8, width, name="ink-2")),
        (texts.unit, ink(8, width, name="ink-2")),
        (texts.notice, ink(7.5, width, bold=True, name="notice-ink")),
    )
    lines = tuple(
        (style, tuple(lines_of(text, style, wide, _MOST_LINES))) for text, style in blocks if text
    )
    return Frame(width, lines, tuple(lines_of(texts.foot, ink(6.2, width), wide)))


class Key:
    """What signs mean, in rows above a plot.

    Parameters
    ----------
    frame
        Of the figure.
    entries
        Each sign with its words.
    """

    def __init__(self, frame: Frame, entries: Sequence[tuple[Sign, str]]) -> None:
        self._frame, self._style = frame, ink(6.8, frame.width)
        self._placed = list(self._places(entries))

    @property
    def height_in(self) -> float:
        """How high its rows are, with the space below them."""
        rows = {row for row, *_ in self._placed}
        return len(rows) * self._row_in + 0.08 if rows else 0.0

    def draw(self, sheet: Sheet, top: float) -> None:
        """Draw it from so many inches below the top of the sheet."""
        from matplotlib.lines import Line2D

        for row, x, sign, text in self._placed:
            y = top + (row + 1) * self._row_in - 0.05
            at = [sheet.at(x + dx, y - 0.03) for dx in (0, _LINE_IN)]
            look: dict[str, Any] = line_of(sign)
            if is_dot(sign):
                at, look = [sheet.at(x + _LINE_IN / 2, y - 0.03)], look | dot_of(sign)
            line = Line2D(*zip(*at, strict=True), transform=sheet.figure.transFigure, **look)
            sheet.figure.add_artist(line)
            sheet.write(x + _LINE_IN + 0.06, y, text, self._style)

    @property
    def _row_in(self) -> float:
        return self._style.line_in + 0.035

    def _places(
        self, entries: Sequence[tuple[Sign, str]]
    ) -> Iterator[tuple[int, float, Sign, str]]:
        """Row, left edge, sign and line of each; a long text goes on in the next row."""
        frame, row, x = self._frame, 0, self._frame.margin_in
        room = frame.inner_in - _LINE_IN - 0.06
        for sign, text in entries:
            for line in lines_of(writable(text), self._style, room, 1):
                wide = _LINE_IN + 0.06 + width_in(line, self._style) + 0.2
                if x > frame.margin_in and x + wide - 0.2 > frame.width - frame.margin_in:
                    row, x = row + 1, frame.margin_in
                yield row, x, sign, line
                x += wide
