"""Draw a dot plot: a row for each name, with dots and ranges on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.colours import colours
from urbanlayer.publish.figures.drawing.axes import draw_axis, fitting
from urbanlayer.publish.figures.drawing.frame import Key, frame_of
from urbanlayer.publish.figures.drawing.style import dot_of, ink, line_of
from urbanlayer.publish.figures.figure import is_narrow
from urbanlayer.publish.figures.typeset import lines_of, width_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from urbanlayer.publish.figures.figure import DotPlotData, Figure, Sign
    from urbanlayer.publish.figures.typeset import Sheet

_ROW_IN = 0.15
_FEWEST_ROWS = 4
_MOST_NAMED = 200
"""Of more rows the names are not written: they would fill many pages."""
_UNNAMED_IN = 8.0
_NAMES_SHARE = 0.31
"""Of the width, at most for names."""
_AXIS_IN = 0.2


def dot_plot(figure: Figure, data: DotPlotData) -> Sheet:
    """The rows under one another, the key above them."""
    frame, count = frame_of(figure), max(len(data.rows), _FEWEST_ROWS)
    named = len(data.rows) <= _MOST_NAMED
    tall = count * _ROW_IN if named else _UNNAMED_IN
    key = Key(frame, data.key)
    title = lines_of(data.axis.title, ink(6.4, figure.width), frame.inner_in, 1)
    above = key.height_in + _AXIS_IN + (0.13 if title else 0)
    sheet = frame.sheet(tall + above)
    left, top = frame.margin_in, frame.top_in + above
    if named:
        left += _write_names(sheet, data, top, tall / count) + 0.1
    style = ink(6.4, figure.width)
    right = max((width_in(label, style) for _, label in data.axis.ticks[-1:]), default=0.0) / 2
    wide = frame.width - frame.margin_in - left - right
    axes = sheet.axes(left, top, wide, tall)
    _draw(axes, data)
    axes.set_ylim(count - 0.5, -0.5)
    draw_axis(axes.xaxis, fitting(data.axis, wide, style), figure.width)
    if title:
        sheet.write(left, top - _AXIS_IN - 0.02, title[0], ink(6.4, figure.width, name="ink-2"))
    key.draw(sheet, frame.top_in)
    return sheet


def _write_names(sheet: Sheet, data: DotPlotData, top: float, row_in: float) -> float:
    """Write the names, right-aligned; how wide the widest is."""
    plain, strong = (ink(6.4, sheet.width, bold=bold) for bold in (False, True))
    room = sheet.width * _NAMES_SHARE
    styles = [strong if row.strong else plain for row in data.rows]
    names = [
        (lines_of(row.name, style, room, 1) or [""])[0]
        for row, style in zip(data.rows, styles, strict=True)
    ]
    widest = max(map(width_in, names, styles), default=0.0)
    edge = (0.05 if is_narrow(sheet.width) else 0.15) + widest + 0.04
    for place, (name, style) in enumerate(zip(names, styles, strict=True)):
        sheet.write(edge, top + (place + 0.5) * row_in + 0.03, name, style, ha="right")
    return widest


def _draw(axes: Axes, data: DotPlotData) -> None:
    """Bars under joins under dots, each sign in one stroke for all rows."""
    bars: dict[Sign, list[tuple[int, float, float]]] = {}
    dots: dict[tuple[int, Sign, int], list[tuple[float, int]]] = {}
    for place, row in enumerate(data.rows):
        for sign, low, high in row.bars:
            bars.setdefault(sign, []).append((place, low, high))
        for order, (sign, value) in enumerate(row.dots):
            dots.setdefault((order, sign, row.fill), []).append((value, place))
        if data.joined:
            values = [value for _, value in row.dots]
            axes.plot(values, [place] * len(values), color=colours()["ink-2"], linewidth=1.2,
                      zorder=3)  # fmt: skip
    for order, (sign, held) in enumerate(bars.items()):
        look, (at, lows, highs) = line_of(sign), zip(*held, strict=True)
        axes.hlines(at, lows, highs, colors=look["color"], linewidth=look["linewidth"],
                    zorder=2 + order / 10)  # fmt: skip
    for (order, sign, fill), spots in dots.items():
        xs, ys = zip(*spots, strict=True)
        axes.plot(xs, ys, zorder=4 + order / 10, clip_on=False, linestyle="none",
                  **dot_of(sign, fill))  # fmt: skip
    for sign, value in data.lines:
        axes.axvline(value, zorder=1.5, **line_of(sign))
