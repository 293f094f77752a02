"""The house style of figures: sizes of letters, and how each sign looks. It follows the page's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.publish.colours import class_colours, colours
from urbanlayer.publish.figures.figure import is_narrow
from urbanlayer.publish.figures.typeset import Style

if TYPE_CHECKING:
    from urbanlayer.publish.figures.figure import Sign

HATCH = "//////"
"""Of neighbourhoods without a result."""
DATA_RANGE = "#B9C3CB"
GREEN = "#2B6B45"
DARK = 4
"""From this class on letters are white."""
_IN_A_COLUMN = 0.9
"""How much smaller letters are in a column: no smaller than print can carry."""
SMALLEST = 5.2


def ink(size: float, width: float, *, bold: bool = False, name: str = "ink") -> Style:
    """Text of a figure of so many inches in a colour of the page.

    Parameters
    ----------
    size
        In points, in a figure as wide as the page.
    width
        Of the figure, in inches.
    bold, name
        Weight, and the name of the colour.
    """
    points = max(size * _IN_A_COLUMN, SMALLEST) if is_narrow(width) else size
    return Style(points, colours()[name], bold)


def fill_of(number: int) -> str:
    """The colour of a class; 0 is the ground of the hatch."""
    return class_colours()[number - 1] if number else colours()["hatch-ground"]


def line_of(sign: Sign) -> dict[str, Any]:
    """How the line of a sign looks, as matplotlib names it; apart in grey by dashes and width."""
    shown = colours()
    return {
        "city": {"linestyle": "--", "color": shown["ink"], "linewidth": 0.9},
        "target": {"linestyle": ":", "color": shown["accent"], "linewidth": 1.1},
        "data": {"linestyle": "-", "color": DATA_RANGE, "linewidth": 2.8},
        "threshold": {"linestyle": "-", "color": shown["ink-2"], "linewidth": 0.9},
        "ranks": {"linestyle": "-", "color": DATA_RANGE, "linewidth": 2.8},
        "equal": {"linestyle": "--", "color": shown["ink-2"], "linewidth": 0.8},
        "curve": {"linestyle": "-", "color": class_colours()[4], "linewidth": 1.6},
    }.get(sign, {"linestyle": "none"})


def dot_of(sign: Sign, number: int = 0) -> dict[str, Any]:
    """How the dot of a sign looks: before is hollow, what is or will be is filled."""
    shown = colours()
    filled = class_colours()[number - 1] if number else class_colours()[4]
    face = "white" if sign == "before" else filled
    return {
        "marker": "o", "markersize": 4.5, "markerfacecolor": face,
        "markeredgecolor": shown["ink"], "markeredgewidth": 0.7,
    }  # fmt: skip


def is_dot(sign: Sign) -> bool:
    """Whether a sign is a dot, not a line."""
    return sign in {"before", "after", "now"}
