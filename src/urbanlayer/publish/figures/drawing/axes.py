"""Draw the axes of plots: labels of ticks from the figure, thin lines across."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from urbanlayer.publish.colours import colours
from urbanlayer.publish.figures.drawing.style import ink
from urbanlayer.publish.figures.typeset import width_in

if TYPE_CHECKING:
    from matplotlib.axis import XAxis, YAxis

    from urbanlayer.publish.figures.figure import Axis
    from urbanlayer.publish.figures.typeset import Style

_BETWEEN_IN = 0.06
"""At least, between the labels of two ticks."""


def draw_axis(drawn: XAxis, axis: Axis, width: float) -> None:
    """Draw an x axis above the plot, which then has no y axis.

    Parameters
    ----------
    drawn
        Of the axes.
    axis
        Its ends, ticks and labels.
    width
        Of the figure, in inches.
    """
    shown, axes = colours(), drawn.axes
    axes.set_xlim(axis.low, axis.high)
    drawn.tick_top()
    set_ticks(drawn, axis, width)
    axes.set_yticks([])
    for side in ("left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["top"].set(color=shown["edge"], linewidth=0.5)


def fitting(axis: Axis, length_in: float, style: Style) -> Axis:
    """A horizontal axis with every tick, or every second, third …, so that no labels touch.

    Parameters
    ----------
    axis
        With all its ticks.
    length_in, style
        How long it is drawn, and how its labels are set.
    """
    widths = [width_in(label, style) for _, label in axis.ticks]
    inch = length_in / (axis.high - axis.low)
    for every in range(1, len(widths) + 1):
        held = list(zip(axis.ticks, widths, strict=True))[::every]
        room = ((b[0][0] - a[0][0]) * inch - (a[1] + b[1]) / 2 for a, b in pairwise(held))
        if all(space > _BETWEEN_IN for space in room):
            return replace(axis, ticks=axis.ticks[::every])
    return axis


def set_ticks(drawn: XAxis | YAxis, axis: Axis, width: float) -> None:
    """Ticks where the axis has them, with its labels and thin lines across."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    shown = colours()
    drawn.set_major_locator(FixedLocator([value for value, _ in axis.ticks]))
    drawn.set_major_formatter(FixedFormatter([label for _, label in axis.ticks]))
    drawn.set_tick_params(length=2, width=0.5, color=shown["edge"], pad=1)
    for label in drawn.get_ticklabels():
        label.set(fontproperties=ink(6.4, width).font, color=shown["ink-2"], parse_math=False)
    drawn.grid(visible=True, color=shown["line"], linewidth=0.5)
    drawn.axes.set_axisbelow(True)
