"""Geometry made light for drawing: simplified with shared borders kept, as paths of whole pixels.

The page draws on Web Mercator. Its script would otherwise project every point anew for each zoom;
here each is projected once, to pixels of one deep zoom, and the script moves and scales the whole.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    import geopandas as gpd
    from numpy.typing import NDArray

ZOOM = 17
"""The zoom whose pixels are drawn: 1.2 m at the equator, 0.9 m in Podgorica."""
GRID_DIGITS = 4
"""Digits after the point that a grid keeps of a pixel."""
_HALF_WORLD_M = np.pi * 6378137.0  # EPSG:3857 from its middle to its edge
_PIXELS_PER_M = 128 * 2**ZOOM / _HALF_WORLD_M
_LEAST_VERTICES, _VERTICES_EACH, _MOST_VERTICES = 2500, 60, 12_000
_FIRST_TOLERANCE = 1 / 2000  # of the city's width: less than a pixel on a wide screen
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Ground:
    """What is drawn on: pixels of one zoom, rightwards and downwards from a city's corner.

    Attributes
    ----------
    crs
        Metric CRS of the geometry that is drawn.
    west, north
        The corner, in pixels of the whole world at `ZOOM`.
    """

    crs: str
    west: int
    north: int

    @classmethod
    def of(cls, polygons: gpd.GeoSeries, crs: str) -> Ground:
        """The ground of a city: its corner is that of the polygons."""
        corners = shapely.get_coordinates(shapely.box(*polygons.total_bounds))
        pixels = _pixels(corners, crs)
        return cls(crs, int(np.floor(pixels[:, 0].min())), int(np.floor(pixels[:, 1].min())))

    def points(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """(n, 2) metres of the CRS as whole pixels."""
        if len(xy) == 0:
            return np.empty((0, 2), np.int64)
        pixels = _pixels(xy, self.crs) - (self.west, self.north)
        return np.asarray(np.rint(pixels), dtype=np.int64)

    def drawn(self, shapes: Sequence[Any] | NDArray[np.object_]) -> NDArray[np.object_]:
        """Shapes of the CRS as shapes of whole pixels."""

        def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return self.points(xy).astype(float)

        return np.asarray(shapely.transform(np.asarray(shapes, dtype=object), moved), dtype=object)

    def coverage(
        self, polygons: gpd.GeoSeries, *, vertices: int | None = None
    ) -> NDArray[np.object_]:
        """Polygons that share borders, simplified together, as shapes of whole pixels.

        Parameters
        ----------
        polygons
            In the CRS, without overlaps.
        vertices
            The tolerance is raised until no more than this many are left; if not given, as many
            as a screen shows.
        """
        return self.drawn(_simplified(polygons, vertices))

    def light(self, shapes: Iterable[Any], *, tolerance_m: float) -> str:
        """Shapes that stand alone (parks, rivers, streets), simplified, as one path."""
        simple = shapely.simplify(np.asarray(list(shapes), dtype=object), tolerance_m)
        return path(self.drawn(simple[~shapely.is_empty(simple)]))

    def grid(
        self, cells: NDArray[np.int64], origin_m: NDArray[np.int64], side_m: float
    ) -> list[list[float]]:
        """How to draw squares of the CRS, which lie a little askew on Web Mercator.

        Parameters
        ----------
        cells
            (n, 2) columns and rows of squares.
        origin_m
            South-western corner of the first, in metres of the CRS.
        side_m
            Of a square.

        Returns
        -------
        list
            For x and for y of a corner's pixel the factors of 1, column, row, column², column ×
            row and row²: over 50 km they are off by less than a pixel.
        """
        if len(cells) == 0:
            return []
        east, north = cells.max(axis=0) + 1
        corners = np.array(
            [(c, r) for c in np.linspace(0, east, 5) for r in np.linspace(0, north, 5)]
        )
        pixels = _pixels(origin_m + corners * side_m, self.crs) - (self.west, self.north)
        column, row = corners.T
        terms = np.column_stack(
            [np.ones(len(corners)), column, row, column**2, column * row, row**2]
        )
        factors = np.linalg.lstsq(terms, pixels, rcond=None)[0]
        # what is smaller moves no corner by a thousandth of a pixel, and depends on the library
        digits = np.ceil(np.log10(terms.max(axis=0))).astype(int) + GRID_DIGITS
        return [
            [round(float(factor), int(places)) for factor, places in zip(side, digits, strict=True)]
            for side in factors.T
        ]

    def label_points(self, polygons: gpd.GeoSeries) -> list[int]:
        """Where each polygon's name stands: the middle of the largest circle inside, as pairs."""
        xy = np.asarray([middle(shape) for shape in polygons.array], dtype=float)
        return [int(value) for value in self.points(xy).ravel()]


@functools.cache
def _to_mercator(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, "EPSG:3857", always_xy=True)


def _pixels(xy: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    x, y = _to_mercator(crs).transform(xy[:, 0], xy[:, 1])
    pixels = np.column_stack([_HALF_WORLD_M + x, _HALF_WORLD_M - y]) * _PIXELS_PER_M
    return np.asarray(pixels, dtype=np.float64)


def _simplified(polygons: gpd.GeoSeries, vertices: int | None) -> NDArray[np.object_]:
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
    return np.asarray(light, dtype=object)


def path(shapes: Iterable[Any]) -> str:
    """Shapes of whole pixels as the `d` of one SVG path.

    Each ring or line begins at its own place (`M`) and goes on in steps (`l`); polygons are apart
    by a space, so that their holes stay with them.
    """
    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    return " ".join(filter(None, map(_part, parts)))


def _part(part: Any) -> str:  # noqa: ANN401  (any shapely geometry)
    if shapely.get_dimensions(part) == 1:
        return _line(shapely.get_coordinates(part))
    rings = shapely.get_rings(part)
    return "".join(_line(shapely.get_coordinates(ring), closed=True) for ring in rings)


def _line(xy: NDArray[np.float64], *, closed: bool = False) -> str:
    whole = np.rint(xy).astype(np.int64)
    moves = np.ones(len(whole), dtype=bool)
    moves[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    kept = whole[moves]
    if closed and len(kept) > 1 and (kept[0] == kept[-1]).all():
        kept = kept[:-1]
    if len(kept) < 2 + closed:
        return ""
    (x, y), rest = kept[0], np.diff(kept, axis=0).ravel()
    steps = "".join(f"{value}" if value < 0 else f" {value}" for value in rest).lstrip()
    return f"M{x} {y}l{steps}{'z' if closed else ''}"


def boundary(polygons: NDArray[np.object_]) -> str:
    """The path of what borders one polygon only: the outline of a coverage of whole pixels."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygons)]
    ends = np.vstack([np.hstack([ring[:-1], ring[1:]]) for ring in rings]).astype(np.int64)
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    moved = (ends[:, :2] != ends[:, 2:]).any(axis=1)
    borders, times = np.unique(ends[moved], axis=0, return_counts=True)
    once = shapely.linestrings(borders[times == 1].reshape(-1, 2, 2))
    return path([shapely.line_merge(shapely.multilinestrings(once))])


def packed(numbers: Iterable[int]) -> str:
    """Whole numbers as the steps between them, each a base 64 VLQ, as in source maps.

    Steps of up to 15 take one letter, up to 511 two: neighbours on the ground have like numbers.
    """
    whole = np.fromiter(numbers, np.int64)
    steps = np.diff(whole, prepend=0).tolist()
    return "".join(map(_vlq, steps))


def _vlq(step: int) -> str:
    rest = (-step << 1 | 1) if step < 0 else step << 1
    letters = ""
    while True:
        digit, rest = rest & 31, rest >> 5
        letters += _DIGITS[digit | 32 if rest else digit]
        if not rest:
            return letters


def packed_points(points: NDArray[np.int64]) -> str:
    """Pairs of pixels, packed: every x and y as its step from the pair before."""
    steps: list[int] = np.diff(points, axis=0, prepend=0).ravel().tolist()
    return "".join(map(_vlq, steps))


def middle(shape: Any) -> tuple[float, float]:  # noqa: ANN401
    """The middle of the largest circle inside the largest part of a polygon."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    tolerance = max(largest.length / 200, 0.01)
    circle = shapely.maximum_inscribed_circle(largest, tolerance)
    x, y = circle.coords[0]
    return float(x), float(y)
