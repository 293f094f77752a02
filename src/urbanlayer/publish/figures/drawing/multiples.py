"""Draw small maps of many results: one page to compare them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from urbanlayer.publish.colours import colours
from urbanlayer.publish.figures.drawing.frame import frame_of
from urbanlayer.publish.figures.drawing.ground import draw_borders, draw_classes
from urbanlayer.publish.figures.drawing.style import HATCH, fill_of, ink
from urbanlayer.publish.figures.typeset import lines_of, width_in

if TYPE_CHECKING:
    from urbanlayer.publish.figures.figure import Figure, MultiplesData, SmallMap
    from urbanlayer.publish.figures.typeset import Sheet

_TITLE_LINES = 2
_BORDERS = (0.6, 0.3)
_CLASSES = 5
_BAR_IN = 0.09
"""Height of the bar of classes below each map."""
_GAP_IN = 0.14
_FOOT_IN = 0.2


def multiples(figure: Figure, data: MultiplesData) -> Sheet:
    """Small maps in rows, each with its title, its classes from low to high, and the city."""
    frame, ground = frame_of(figure), data.ground
    style, plain = ink(6.6, figure.width, bold=True), ink(6, figure.width, name="ink-2")
    title_in = _TITLE_LINES * style.line_in + 0.03
    cell_in = title_in + ground.height + _BAR_IN + 2 * plain.line_in + _GAP_IN + 0.04
    rows = -(-len(data.maps) // data.columns)
    sheet = frame.sheet(rows * cell_in + (_FOOT_IN if data.none else 0))
    step = (frame.inner_in + _GAP_IN) / data.columns
    for place, one in enumerate(data.maps):
        row, column = divmod(place, data.columns)
        left, top = frame.margin_in + column * step, frame.top_in + row * cell_in
        lines = lines_of(one.title, style, ground.width, _TITLE_LINES)
        sheet.paragraph(left, top + (_TITLE_LINES - len(lines)) * style.line_in, lines, style)
        axes = sheet.axes(left, top + title_in, ground.width, ground.height)
        axes.set(xlim=(0, ground.width), ylim=(0, ground.height))
        axes.set_axis_off()
        draw_classes(axes, ground, one.classes)
        draw_borders(axes, ground, widths=_BORDERS)
        _bar(sheet, one, left, top + title_in + ground.height + 0.04, ground.width)
    if data.none:
        _hatched(sheet, data.none, frame.margin_in, frame.top_in + rows * cell_in)
    return sheet


def _bar(sheet: Sheet, one: SmallMap, left: float, top: float, wide: float) -> None:
    """The five classes side by side, their ends below them, then the city."""
    style = ink(6, sheet.width, name="ink-2")
    for number in range(1, _CLASSES + 1):
        x = left + (number - 1) * wide / _CLASSES
        _box(sheet, x, top, wide / _CLASSES, _BAR_IN, number)
    y = sheet.paragraph(left, top + _BAR_IN, [one.low], style)
    right = left + wide - width_in(one.high, style)
    sheet.paragraph(right, top + _BAR_IN, [one.high], style)
    lines = lines_of(one.city, ink(6, sheet.width), wide, 1)
    sheet.paragraph(left, y, lines, ink(6, sheet.width))


def _hatched(sheet: Sheet, text: str, left: float, top: float) -> None:
    _box(sheet, left, top + 0.02, 0.3, 0.13, 0)
    sheet.paragraph(left + 0.36, top, [text], ink(6.6, sheet.width))


def _box(sheet: Sheet, x: float, y: float, wide: float, high: float, number: int) -> None:
    shown = colours()
    box = Rectangle(
        sheet.at(x, y + high), wide / sheet.width, high / sheet.height, facecolor=fill_of(number),
        edgecolor=shown["outline" if number else "hatch"], linewidth=0.3,
        hatch=None if number else HATCH, transform=sheet.figure.transFigure,
    )  # fmt: skip
    sheet.figure.add_artist(box)
