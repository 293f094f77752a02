"""Draw a city: its neighbourhoods by class, and water, green and streets over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path

from urbanlayer.publish.colours import colours
from urbanlayer.publish.figures.drawing.style import GREEN, HATCH, fill_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from urbanlayer.publish.figures.figure import CityGround

_CLASSES = 5


def draw_classes(axes: Axes, ground: CityGround, classes: Sequence[int]) -> None:
    """Fill the neighbourhoods; those of class 0, without a result, are hatched."""
    paths = [_path(shape) for shape in ground.shapes]
    for number in range(_CLASSES + 1):
        some = [path for path, own in zip(paths, classes, strict=True) if own == number]
        if not some:
            continue
        hatched = {"hatch": HATCH, "edgecolor": colours()["hatch"]} if number == 0 else {}
        look = {"facecolor": fill_of(number), "edgecolor": "none"} | hatched
        axes.add_collection(PathCollection(some, linewidth=0, zorder=1, **look))


def draw_behind(axes: Axes, ground: CityGround) -> None:
    """Streets, green, water and rivers."""
    shown, behind = colours(), ground.behind
    _add_lines(axes, behind["streets"], "white", 0.7, 2)
    green = [_path(shape) for shape in behind["green"]]
    axes.add_collection(
        PathCollection(green, facecolor="none", edgecolor=GREEN, linewidth=0.4, zorder=2)
    )
    water = [_path(shape) for shape in behind["water"]]
    axes.add_collection(
        PathCollection(
            water, facecolor=shown["water"], edgecolor=shown["water-edge"], linewidth=0.4, zorder=3
        )
    )
    _add_lines(axes, behind["rivers"], shown["water-edge"], 1.6, 3)
    _add_lines(axes, behind["rivers"], shown["water"], 1.0, 3)


def draw_borders(
    axes: Axes, ground: CityGround, *, widths: tuple[float, float] = (1.3, 0.55)
) -> None:
    """The borders of the neighbourhoods, dark on white; the widths of both in points."""
    paths = [_path(shape) for shape in ground.shapes]
    for width, colour in zip(widths, ("white", colours()["outline"]), strict=True):
        axes.add_collection(
            PathCollection(paths, facecolor="none", edgecolor=colour, linewidth=width, zorder=4)
        )


def _path(shape: shapely.Geometry) -> Path:
    """The rings of every part; holes run the other way round, which leaves them open."""
    parts = shapely.orient_polygons(shapely.get_parts(shape))
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(parts)]
    if not rings:
        return Path(np.empty((0, 2)))
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _add_lines(
    axes: Axes, shapes: NDArray[np.object_], colour: str, width: float, order: int
) -> None:
    lines = [shapely.get_coordinates(shape) for shape in shapes]
    axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=order))
