"""What every map of a city shares: its shapes in inches, what lies behind, scale and north."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from urbanlayer.publish.figures.figure import CityGround
from urbanlayer.publish.page.context import shapes_behind
from urbanlayer.publish.page.geometry import middle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.city import City

_MARGIN_IN = 0.06
_FINEST_IN = 1 / 600
"""Detail that no printer shows is left out."""


def city_ground(city: City, *, width: float, most_height: float) -> CityGround:
    """A city as large as a box allows.

    Parameters
    ----------
    city
        As it may be shown.
    width, most_height
        Of the box, in inches; it is lower where the city is wide.
    """
    polygons = np.asarray(city.neighbourhoods.geometry.array, dtype=object)
    west, south, east, north = shapely.total_bounds(polygons)
    inner = width - 2 * _MARGIN_IN
    scale = max((east - west) / inner, (north - south) / (most_height - 2 * _MARGIN_IN))
    height = (north - south) / scale + 2 * _MARGIN_IN
    corner = ((west + east) / 2 - width * scale / 2, south - _MARGIN_IN * scale)
    light = shapely.coverage_simplify(polygons, _FINEST_IN * scale)
    frame = shapely.box(corner[0], corner[1], corner[0] + width * scale, north + _MARGIN_IN * scale)

    def placed(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        moved = shapely.transform(shapes, lambda xy: (xy - corner) / scale)
        return np.asarray(moved, dtype=object)

    behind = {
        name: placed(_cut(shapes, frame, _FINEST_IN * scale))
        for name, shapes in shapes_behind(city).items()
    }
    middles = np.asarray([middle(shape) for shape in polygons], dtype=float)
    return CityGround(
        width, height, scale, corner, placed(light), (middles - corner) / scale, behind,
        _north((west + east) / 2, (south + north) / 2, city.crs),
    )  # fmt: skip


def moved(ground: CityGround, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) metres of the CRS as inches of the box."""
    return np.asarray((xy - ground.corner) / ground.metres_per_inch, dtype=np.float64)


def scale_bar_m(ground: CityGround, most_in: float) -> float:
    """The longest of 1, 2 or 5 × 10ⁿ metres that is no longer than so many inches."""
    most = most_in * ground.metres_per_inch
    power = 10.0 ** math.floor(math.log10(most))
    return max(power * step for step in (1, 2, 5) if power * step <= most)


def _cut(
    shapes: NDArray[np.object_], frame: shapely.Geometry, finest_m: float
) -> NDArray[np.object_]:
    parts = shapely.get_parts(shapely.intersection(shapely.simplify(shapes, finest_m), frame))
    return np.asarray(parts[~shapely.is_empty(parts)], dtype=object)


def _north(x: float, y: float, crs: str) -> float:
    """Where north lies at a place, in degrees clockwise from the grid's own."""
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(x, y)
    further = to_degrees.transform(longitude, latitude + 0.01, direction="INVERSE")
    return round(math.degrees(math.atan2(further[0] - x, further[1] - y)), 2)
