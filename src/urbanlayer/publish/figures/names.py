"""Where names stand on a map: inside their neighbourhoods, none over another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.publish.figures.typeset import Style, width_in, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_SIZES = (6.5, 5.6, 5.0)
_OVER_IN = 0.03  # a name may reach over the border of its neighbourhood by so much
_GAP_IN = 0.015
_DOT_IN = 0.03
_STEPS_IN = np.arange(-0.4, 0.41, 0.08)
_MOST_LINES = 3
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class PlacedName:
    """A name, its lines, and the middle of its box in inches.

    Attributes
    ----------
    row
        Of the neighbourhood.
    lines
        As they stand under one another.
    x, y
        Middle of the box.
    style
        Its size; the colour is that of the class.
    """

    row: int
    lines: tuple[str, ...]
    x: float
    y: float
    style: Style


def placed_names(
    names: Sequence[str],
    shapes: NDArray[np.object_],
    middles: NDArray[np.float64],
    dots: NDArray[np.float64],
) -> list[PlacedName]:
    """The names for which there is room, the largest neighbourhoods first.

    Parameters
    ----------
    names
        (k,) names.
    shapes
        (k,) neighbourhoods, in inches of the map.
    middles
        (k, 2) the middle of the largest circle in each.
    dots
        (n, 2) places that names keep off where there is room beside them.
    """
    taken: list[tuple[float, float, float, float]] = []
    placed = []
    for row in np.argsort(-shapely.area(shapes), kind="stable"):
        room = shapely.buffer(shapes[row], _OVER_IN)
        shapely.prepare(room)
        for lines, style in _settings(names[row]):
            found = _place(lines, style, room, middles[row], taken, dots)
            if found is not None:
                taken.append(found)
                x, y = (found[0] + found[2]) / 2, (found[1] + found[3]) / 2
                placed.append(PlacedName(int(row), lines, x, y, style))
                break
    return sorted(placed, key=lambda one: one.row)


def _settings(name: str) -> Iterator[tuple[tuple[str, ...], Style]]:
    """The ways to set a name, the best first: large before small, on few lines before many."""
    words = writable(name).split()
    if len(words) > _MOST_WORDS:
        return
    for size in _SIZES:
        style = Style(size, "black", bold=True)
        for count in range(1, min(len(words), _MOST_LINES) + 1):
            yield _even(words, count, style), style


def _even(words: list[str], count: int, style: Style) -> tuple[str, ...]:
    """The words on so many lines, of which the longest is as short as it can be."""
    if count == 1:
        return (" ".join(words),)
    ways = (
        (" ".join(words[:n]), *_even(words[n:], count - 1, style))
        for n in range(1, len(words) - count + 2)
    )
    return min(ways, key=lambda lines: max(width_in(line, style) for line in lines))


def _place(
    lines: tuple[str, ...],
    style: Style,
    room: shapely.Geometry,
    middle: NDArray[np.float64],
    taken: list[tuple[float, float, float, float]],
    dots: NDArray[np.float64],
) -> tuple[float, float, float, float] | None:
    """The box nearest to the middle that lies in the room and over no other; None without one."""
    half = max(width_in(line, style) for line in lines) / 2 + _GAP_IN
    tall = len(lines) * style.line_in / 2 + _GAP_IN
    dx, dy = (side.ravel() for side in np.meshgrid(_STEPS_IN, _STEPS_IN))
    near = np.argsort(np.hypot(dx, dy), kind="stable")
    x, y = middle[0] + dx[near], middle[1] + dy[near]
    boxes = np.column_stack([x - half, y - tall, x + half, y + tall])
    inside = shapely.contains(room, shapely.box(*boxes.T))
    free = [box for box in boxes[inside] if not any(_overlap(box, other) for other in taken)]
    chosen = next((box for box in free if not _holds(box, dots)), free[0] if free else None)
    return None if chosen is None else (*map(float, chosen),)  # type: ignore[return-value]


def _holds(box: NDArray[np.float64], dots: NDArray[np.float64]) -> bool:
    """Whether a dot lies in a box, or reaches into it."""
    low, high = box[:2] - _DOT_IN, box[2:] + _DOT_IN
    return bool(((dots > low) & (dots < high)).all(axis=1).any())


def _overlap(one: NDArray[np.float64], other: tuple[float, float, float, float]) -> bool:
    return bool(one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1])
