"""Draw lines on two axes: a Lorenz curve, people served by budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.colours import colours
from urbanlayer.publish.figures.drawing.axes import fitting, set_ticks
from urbanlayer.publish.figures.drawing.frame import Key, frame_of
from urbanlayer.publish.figures.drawing.style import dot_of, ink, line_of
from urbanlayer.publish.figures.typeset import lines_of, width_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from urbanlayer.publish.figures.figure import Figure, LineChartData
    from urbanlayer.publish.figures.typeset import Sheet

_SQUARE_IN = 4.2
_HEIGHT = 0.5
"""Of a plot that is no square, in widths."""
_TICK_IN = 0.2
_CLEAR_IN = 0.12
"""Right of the plot, for half of the last label."""


def line_chart(figure: Figure, data: LineChartData) -> Sheet:
    """The lines, the key above them, the name of each axis at its end."""
    frame, style = frame_of(figure), ink(6.4, figure.width)
    key = Key(frame, data.key)
    labels = max((width_in(label, style) for _, label in data.y.ticks), default=0.0)
    last = max((width_in(label, style) for _, label in data.x.ticks), default=0.0) / 2
    left = frame.margin_in + labels + 0.08
    wide = frame.width - frame.margin_in - left - max(last, _CLEAR_IN)
    wide = min(wide, _SQUARE_IN) if data.square else wide
    tall = wide if data.square else wide * _HEIGHT
    y_title = lines_of(data.y.title, style, frame.inner_in, 2)
    x_title = lines_of(data.x.title, style, wide, 2)
    above = key.height_in + len(y_title) * style.line_in + 0.08
    sheet = frame.sheet(above + tall + _TICK_IN + len(x_title) * style.line_in)
    top = frame.top_in + above
    axes = sheet.axes(left, top, wide, tall)
    _draw(axes, data)
    axes.set(xlim=(data.x.low, data.x.high), ylim=(data.y.low, data.y.high))
    set_ticks(axes.xaxis, fitting(data.x, wide, style), figure.width)
    set_ticks(axes.yaxis, data.y, figure.width)
    for side, spine in axes.spines.items():
        spine.set(color=colours()["edge"], linewidth=0.5, visible=side in {"left", "bottom"})
    key.draw(sheet, frame.top_in)
    quiet = ink(6.4, figure.width, name="ink-2")
    sheet.paragraph(frame.margin_in, frame.top_in + key.height_in, y_title, quiet)
    sheet.paragraph(left, top + tall + _TICK_IN - 0.03, x_title, quiet)
    return sheet


def _draw(axes: Axes, data: LineChartData) -> None:
    for sign, value in data.verticals:
        axes.axvline(value, zorder=1.5, **line_of(sign))
    for order, curve in enumerate(data.curves):
        xs, ys = zip(*curve.points, strict=True)
        dots = dot_of("now") if curve.dots else {}
        axes.plot(xs, ys, zorder=2 + order, clip_on=False, **(line_of(curve.sign) | dots))
