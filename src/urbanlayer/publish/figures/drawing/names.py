"""Where names stand on a map: inside their neighbourhoods, else beside with a line to them.

None stands over another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.publish.figures.typeset import Style, width_in, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.publish.figures.figure import CityGround

Box = tuple[float, float, float, float]
_SIZES = (6.5, 5.6, 5.0)
_OVER_IN = 0.03  # a name may reach over the border of its neighbourhood by so much
_GAP_IN = 0.015
_DOT_IN = 0.03
_STEPS_IN = np.arange(-0.4, 0.41, 0.08)
_MOST_LINES = 3
_MOST_WORDS = 12
_MOST_LEADERS = 30
"""Of more names without room none gets a line: the map would be full of them."""
_LEADERS_IN = np.arange(0.2, 1.01, 0.1)
"""How far from its neighbourhood a name with a line may stand."""
_ANGLES = np.radians(np.arange(0, 360, 15))
_OVER_OTHERS_IN = 0.6
"""By how much nearer a name is put over another neighbourhood than outside the city."""
_OVER_OTHERS_FROM_IN = 4.0
"""Maps less wide have no names over other neighbourhoods: these stand too close."""


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
    leader
        From the neighbourhood to the name; None where the name stands inside.
    """

    row: int
    lines: tuple[str, ...]
    x: float
    y: float
    style: Style
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None


def placed_names(
    names: Sequence[str], ground: CityGround, dots: NDArray[np.float64]
) -> list[PlacedName]:
    """The names for which there is room, the largest neighbourhoods first.

    Parameters
    ----------
    names
        (k,) names.
    ground
        The city, in inches of the map.
    dots
        (n, 2) places that names keep off where there is room beside them.
    """
    taken: list[Box] = []
    placed, left_over = [], []
    for row in map(int, np.argsort(-shapely.area(ground.shapes), kind="stable")):
        found = _inside(row, names[row], ground, taken, dots)
        if found is None:
            left_over.append(row)
        else:
            placed.append(found)
    if len(left_over) <= _MOST_LEADERS:
        placed += _beside(left_over, names, ground, taken, dots)
    return sorted(placed, key=lambda one: one.row)


def _inside(
    row: int, name: str, ground: CityGround, taken: list[Box], dots: NDArray[np.float64]
) -> PlacedName | None:
    """The name within its neighbourhood; None where there is no room."""
    room = shapely.buffer(ground.shapes[row], _OVER_IN)
    shapely.prepare(room)
    for lines, style in _settings(name):
        found = _place(lines, style, room, ground.middles[row], taken, dots)
        if found is not None:
            taken.append(found)
            x, y = (found[0] + found[2]) / 2, (found[1] + found[3]) / 2
            return PlacedName(row, lines, x, y, style)
    return None


def _beside(
    rows: Sequence[int],
    names: Sequence[str],
    ground: CityGround,
    taken: list[Box],
    dots: NDArray[np.float64],
) -> Iterator[PlacedName]:
    """Names with a line to their neighbourhood, where no name, dot or line is crossed."""
    city = shapely.union_all(ground.shapes)
    shapely.prepare(city)
    lines_drawn: list[shapely.Geometry] = []
    for row in rows:
        text = writable(names[row])
        if not text or len(text.split()) > _MOST_WORDS:
            continue
        style = Style(_SIZES[1], "black", bold=True)
        boxes = _around(ground.middles[row], text, style, ground)
        over = np.asarray(shapely.intersects(city, shapely.box(*boxes.T)), dtype=bool)
        if ground.width < _OVER_OTHERS_FROM_IN:
            boxes, over = boxes[~over], over[~over]
        from_middle = np.hypot(*(_centres(boxes) - ground.middles[row]).T)
        for place in np.argsort(from_middle + _OVER_OTHERS_IN * over, kind="stable"):
            box = boxes[place]
            leader = _leader(ground.middles[row], box)
            line = shapely.LineString(leader)
            crossed = any(shapely.intersects(line, other) for other in lines_drawn)
            if crossed or _holds(box, dots) or _blocked(box, line, taken):
                continue
            if any(shapely.intersects(shapely.box(*box), other) for other in lines_drawn):
                continue
            taken.append((*map(float, box),))  # type: ignore[arg-type]
            lines_drawn.append(line)
            x, y = map(float, _centres(box[None])[0])
            yield PlacedName(row, (text,), x, y, style, leader)
            break


def _around(
    middle: NDArray[np.float64], text: str, style: Style, ground: CityGround
) -> NDArray[np.float64]:
    """(n, 4) boxes around a place that lie on the map."""
    half, tall = width_in(text, style) / 2 + _GAP_IN, style.line_in / 2 + _GAP_IN
    far, angle = (part.ravel() for part in np.meshgrid(_LEADERS_IN, _ANGLES))
    x = middle[0] + np.cos(angle) * (far + half)
    y = middle[1] + np.sin(angle) * (far + tall)
    boxes = np.column_stack([x - half, y - tall, x + half, y + tall])
    inside = (boxes[:, :2] > 0).all(axis=1)
    inside &= (boxes[:, 2] < ground.width) & (boxes[:, 3] < ground.height)
    return np.asarray(boxes[inside], dtype=np.float64)


def _leader(
    middle: NDArray[np.float64], box: NDArray[np.float64]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """From the middle of the neighbourhood to the nearest point of the box."""
    end = np.clip(middle, box[:2] + _GAP_IN, box[2:] - _GAP_IN)
    return (float(middle[0]), float(middle[1])), (float(end[0]), float(end[1]))


def _blocked(box: NDArray[np.float64], line: shapely.Geometry, taken: Sequence[Box]) -> bool:
    """Whether a box or the line to it lies over a name that has its place."""
    return any(
        _overlap(box, other) or shapely.intersects(line, shapely.box(*other)) for other in taken
    )


def _centres(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2, dtype=np.float64)


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
    taken: Sequence[Box],
    dots: NDArray[np.float64],
) -> Box | None:
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


def _overlap(one: NDArray[np.float64], other: Box) -> bool:
    return bool(one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1])
