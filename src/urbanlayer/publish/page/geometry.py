"""Geometry made light for drawing: simplified with shared borders kept, in WGS 84, as integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

DECIMALS = 5
"""Of a degree: about a metre."""
_SCALE = 10**DECIMALS
_LEAST_VERTICES, _VERTICES_EACH, _MOST_VERTICES = 2500, 60, 12_000
_FIRST_TOLERANCE = 1 / 2000  # of the city's width: less than a pixel on a wide screen


def light_coverage(polygons: gpd.GeoSeries, crs: str, *, vertices: int | None = None) -> list[Any]:
    """Polygons that share borders, simplified together, each as `encoded` gives it.

    Parameters
    ----------
    polygons
        In a metric CRS, without overlaps.
    crs
        That CRS.
    vertices
        The tolerance is raised until no more than this many are left; if not given, as many as a
        screen shows.
    """
    most = vertices or min(_MOST_VERTICES, max(_LEAST_VERTICES, _VERTICES_EACH * len(polygons)))
    shapes = np.asarray(polygons.array, dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    tolerance = max(east - west, north - south) * _FIRST_TOLERANCE
    light = shapely.coverage_simplify(shapes, tolerance)
    while shapely.get_num_coordinates(light).sum() > most:
        tolerance *= 1.5
        lighter = shapely.coverage_simplify(shapes, tolerance)
        if shapely.get_num_coordinates(lighter).sum() == shapely.get_num_coordinates(light).sum():
            break
        light = lighter
    return [encoded(shape) for shape in in_degrees(light, crs)]


def light(shapes: Iterable[Any], crs: str, *, tolerance_m: float) -> list[Any]:
    """Shapes that stand alone (parks, rivers, streets), simplified, each as `encoded` gives it."""
    simple = shapely.simplify(np.asarray(list(shapes), dtype=object), tolerance_m)
    simple = simple[~shapely.is_empty(simple)]
    return [encoded(shape) for shape in in_degrees(simple, crs)]


def in_degrees(shapes: Sequence[Any] | NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    """Shapes of a metric CRS in WGS 84, longitude first."""
    transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def moved(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return np.asarray(shapely.transform(np.asarray(shapes, dtype=object), moved), dtype=object)


def points_in_degrees(xy: NDArray[np.float64], crs: str) -> NDArray[np.int64]:
    """(n, 2) metres as hundred-thousandths of a degree, longitude first."""
    if len(xy) == 0:
        return np.empty((0, 2), np.int64)
    transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    degrees = np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    return np.asarray(np.rint(degrees * _SCALE), dtype=np.int64)


def steps(whole: NDArray[np.int64]) -> list[int]:
    """Coordinates as the first pair and then the steps, in one flat list: short to write."""
    if len(whole) == 0:
        return []
    deltas = np.vstack([whole[:1], np.diff(whole, axis=0)])
    return [int(value) for value in deltas.ravel()]


def encoded(shape: Any) -> list[Any]:  # noqa: ANN401  (any shapely geometry)
    """A geometry as nested lists of `steps`.

    Returns
    -------
    list
        Of a polygon or several: polygons, each a list of rings without their closing point. Of
        lines: a list of lines.
    """
    parts = shapely.get_parts(np.asarray([shape], dtype=object))
    if shapely.get_dimensions(shape) == 1:
        return [_steps_of(part) for part in parts]
    return [
        [ring for ring in map(_ring, shapely.get_rings(part)) if len(ring) >= 6]  # noqa: PLR2004
        for part in parts
    ]


def _ring(ring: Any) -> list[int]:  # noqa: ANN401
    return _steps_of(ring, closed=True)


def _steps_of(line: Any, *, closed: bool = False) -> list[int]:  # noqa: ANN401
    whole = np.rint(shapely.get_coordinates(line) * _SCALE).astype(np.int64)
    moves = np.ones(len(whole), dtype=bool)
    moves[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    kept = whole[moves]
    if closed and len(kept) > 1 and (kept[0] == kept[-1]).all():
        kept = kept[:-1]
    return steps(kept)


def label_points(polygons: gpd.GeoSeries, crs: str) -> list[int]:
    """Where each polygon's name stands: the middle of the largest circle inside, as pairs."""
    xy = [_middle(shape) for shape in polygons.array]
    whole = points_in_degrees(np.asarray(xy, dtype=float), crs)
    return [int(value) for value in whole.ravel()]


def _middle(shape: Any) -> tuple[float, float]:  # noqa: ANN401
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    tolerance = max(largest.length / 200, 0.01)
    circle = shapely.maximum_inscribed_circle(largest, tolerance)
    x, y = circle.coords[0]
    return float(x), float(y)
