"""Small geometry: smooth curves, long axes, largest parts, cuts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString
from shapely.errors import GEOSException
from shapely.ops import split

if TYPE_CHECKING:
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Floats, Shapes

_RECTANGLE_CORNERS = 5  # with the closing one
_CRUMB_M2 = 0.05


def smooth(points: Floats, times: int = 2, *, closed: bool = False) -> Floats:
    """The points of a curve with its corners cut (Chaikin 1974)."""
    for _ in range(times):
        ring = np.vstack([points, points[:1]]) if closed else points
        cut: Floats = np.empty((2 * (len(ring) - 1), 2))
        cut[0::2] = ring[:-1] * 0.75 + ring[1:] * 0.25
        cut[1::2] = ring[:-1] * 0.25 + ring[1:] * 0.75
        points = cut if closed else np.vstack([points[:1], cut, points[-1:]])
    return points


def array_of(shapes: Any) -> Shapes:  # noqa: ANN401 -- any sequence of geometries
    """A one-dimensional array of geometries, also of none."""
    out: Shapes = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def biggest_part(shape: BaseGeometry) -> Polygon:
    """The largest polygon of a geometry."""
    part: Polygon = max(shapely.get_parts(shape), key=lambda each: each.area)
    return part


def polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry, without lines, points and crumbs."""
    return shapely.union_all(
        [
            part
            for part in shapely.get_parts(shape)
            if part.geom_type == "Polygon" and part.area > _CRUMB_M2
        ]
    )


def inner_points(shapes: Shapes) -> Floats:
    """A point inside each shape, one row each."""
    return shapely.get_coordinates(shapely.point_on_surface(shapes))


def first_point(shape: BaseGeometry) -> Floats:
    """The first coordinate of a shape."""
    point: Floats = shapely.get_coordinates(shape)[0]
    return point


def lengths_of(vectors: Floats) -> Floats:
    """The length of each vector, of rows of two."""
    return np.hypot(vectors[..., 0], vectors[..., 1])


def left_of(direction: Floats) -> Floats:
    """A direction turned a quarter to the left."""
    return np.array([-direction[1], direction[0]])


def turned(vector: Floats, angle_rad: float) -> Floats:
    """A vector turned to the left by an angle."""
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([vector[0] * cos - vector[1] * sin, vector[0] * sin + vector[1] * cos])


@dataclass(frozen=True)
class LongAxis:
    """The long axis of a shape's smallest rectangle."""

    direction: Floats
    length_m: float
    width_m: float
    middle: Floats


def long_axis(shape: BaseGeometry) -> LongAxis | None:
    """The long axis of a shape, or None where the shape has no area."""
    rectangle = shapely.minimum_rotated_rectangle(shape)
    corners = shapely.get_coordinates(rectangle)
    if len(corners) < _RECTANGLE_CORNERS:
        return None
    sides = np.diff(corners[:3], axis=0)
    lengths = lengths_of(sides)
    k = int(np.argmax(lengths))
    middle = first_point(shapely.centroid(rectangle))
    return LongAxis(sides[k] / lengths[k], float(lengths[k]), float(lengths[1 - k]), middle)


def axis_of(shape: BaseGeometry) -> LongAxis:
    """The long axis of a shape that is known to have an area."""
    axis = long_axis(shape)
    if axis is None:
        message = "a shape without area has no axis"
        raise ValueError(message)
    return axis


@dataclass(frozen=True)
class CutStyle:
    """How a cut looks: its bend as a share of the width, and the jitter of its angle."""

    bend: float
    jitter_rad: float


def cut_line(
    shape: BaseGeometry,
    rng: np.random.Generator,
    style: CutStyle,
    position: float | None = None,
) -> LineString:
    """A bent line across a shape's long axis, about its middle or at a share of its length."""
    axis = axis_of(shape)
    angle = rng.normal(0, style.jitter_rad)
    along = (rng.uniform(-0.11, 0.11) if position is None else position) * axis.length_m
    across = turned(left_of(axis.direction), angle)
    start = axis.middle + axis.direction * along
    half_m = axis.width_m * 0.75 + 20
    steps = np.linspace(-half_m, half_m, 7)
    bow = style.bend * axis.width_m * rng.normal(0, 1) * np.sin((steps / half_m + 1) * np.pi / 2)
    wave = style.bend * 0.4 * axis.width_m * rng.normal(0, 1)
    offset = bow + wave * np.sin((steps / half_m + 1) * np.pi)
    return LineString(start + steps[:, None] * across + offset[:, None] * axis.direction)


@dataclass(frozen=True)
class Division:
    """A shape cut into pieces, and the lines of the cuts."""

    pieces: list[BaseGeometry]
    cuts: list[BaseGeometry]


_LEAST_SHARE = 0.22  # of a piece that a cut may leave
_THINNEST_M = 28
_SMALLEST_M2 = 1800
_TRIES = 4


def divide(
    shape: BaseGeometry, target_m2: float, rng: np.random.Generator, style: CutStyle
) -> Division:
    """A shape cut again and again across its long axis, until its pieces are near a target."""
    done = Division([], [])
    waiting: list[BaseGeometry] = [shape]
    while waiting:
        piece = waiting.pop()
        axis = long_axis(piece)
        if axis is None:
            continue
        near_target = piece.area < target_m2 * rng.uniform(0.75, 1.5)
        compact = axis.length_m < max(3.2 * axis.width_m, 40)
        small = axis.width_m < _THINNEST_M or piece.area < _SMALLEST_M2
        cut = None if (near_target and compact) or small else _fair_cut(piece, rng, style)
        if cut is None:
            done.pieces.append(piece)
        else:
            waiting.extend(cut.pieces)
            done.cuts.extend(cut.cuts)
    return done


def _fair_cut(piece: BaseGeometry, rng: np.random.Generator, style: CutStyle) -> Division | None:
    """One cut that leaves no sliver; the later tries are straighter and less strict."""
    for attempt in range(_TRIES):
        tried = CutStyle(
            style.bend if attempt < 2 else 0,  # noqa: PLR2004 -- half of the tries
            style.jitter_rad if attempt < _TRIES - 1 else 0,
        )
        line = cut_line(piece, rng, tried)
        try:
            parts = list(split(piece, line).geoms)
        except (GEOSException, ValueError):
            continue
        least_m2 = _LEAST_SHARE * piece.area * (0.5 if attempt > 1 else 1) * 2 / len(parts)
        if len(parts) > 1 and min(part.area for part in parts) > least_m2:
            return Division(parts, [shapely.intersection(line, piece)])
    return None
