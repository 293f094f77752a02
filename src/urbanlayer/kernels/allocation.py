"""Allocation of people to points, with all totals preserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_RECTANGLE_VERTICES = 5
"""Vertices of the closed ring of a rectangle; a line or a point has fewer."""
_TOLERANCE = 1e-6


def constrain_to_totals(
    weights: NDArray[np.float64], groups: NDArray[np.int64], totals: NDArray[np.float64]
) -> NDArray[np.float64]:
    """People of each origin, in proportion to weight, so that each group sums to its total.

    Dasymetric allocation: a census count is distributed over the origins of its area in proportion
    to their weights (residential floor area, an older count). Eicher & Brewer 2001,
    *Dasymetric mapping and areal interpolation*, Cartography and GIS 28(2).

    Parameters
    ----------
    weights
        (n,), not negative.
    groups
        (n,) group of each origin, 0 to k - 1; -1 for none.
    totals
        (k,) total of each group; NaN if unknown.

    Returns
    -------
    (n,) people; 0 in groups without any weight, see `groups_without_weight`; NaN in groups of
    unknown total.

    Examples
    --------
    A census count of 90 over two buildings of 100 and 200 m²:

    >>> constrain_to_totals(np.array([100.0, 200.0]), np.array([0, 0]), np.array([90.0]))
    array([30., 60.])
    """
    inside = groups >= 0
    held = np.bincount(groups[inside], weights[inside], minlength=len(totals))
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where((held > 0) | np.isnan(totals), totals / held, 0.0)
    return np.where(inside, weights * factor[np.maximum(groups, 0)], 0.0)


def groups_without_weight(
    weights: NDArray[np.float64], groups: NDArray[np.int64], totals: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The groups with a total but no weight: their total cannot be allocated.

    Parameters
    ----------
    weights, groups, totals
        As for `constrain_to_totals`.

    Returns
    -------
    Group numbers, ascending.
    """
    inside = groups >= 0
    held = np.bincount(groups[inside], weights[inside], minlength=len(totals))
    return np.flatnonzero((held <= 0) & (np.nan_to_num(totals) > 0))


def lattice_parts(
    polygon: shapely.Geometry, spacing_m: float
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """The parts of a polygon in the cells of a regular lattice, and a point in each.

    The lattice is aligned with the polygon's minimum rotated rectangle, so that the points move and
    rotate with the polygon. The point is the middle of the cell where the whole cell is inside,
    else a point of the part.

    Parameters
    ----------
    polygon
        Not empty, in metres.
    spacing_m
        Maximum side of a cell, in metres.

    Returns
    -------
    xy, part
        (k, 2) coordinates in metres, and (k,) polygons that make up the polygon, k at least 1.

    Examples
    --------
    >>> xy, part = lattice_parts(shapely.box(0, 0, 200, 100), 100.0)
    >>> xy.tolist(), shapely.area(part).tolist()
    ([[50.0, 50.0], [150.0, 50.0]], [10000.0, 10000.0])
    """
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(polygon))
    if len(corners) != _RECTANGLE_VERTICES or not shapely.area(polygon) > 0:
        return shapely.get_coordinates(shapely.point_on_surface(polygon)), np.array([polygon])
    sides = corners[1] - corners[0], corners[3] - corners[0]
    steps = [max(1, int(np.ceil(np.hypot(*side) / spacing_m - _TOLERANCE))) for side in sides]
    if steps == [1, 1]:
        middle = corners[0] + (sides[0] + sides[1]) / 2
        inside = shapely.contains_xy(polygon, *middle)
        xy = middle if inside else shapely.get_coordinates(shapely.point_on_surface(polygon))
        return xy.reshape(1, 2), np.array([polygon])
    xy, cells = _lattice(corners[0], sides, steps)
    shapely.prepare(polygon)
    whole = shapely.covers(polygon, cells)
    parts = cells.copy()
    parts[~whole] = shapely.intersection(polygon, cells[~whole])
    there = shapely.area(parts) > 0
    xy, parts, whole = xy[there], parts[there], whole[there]
    outside = ~whole & ~shapely.contains_xy(parts, *xy.T)
    xy[outside] = shapely.get_coordinates(shapely.point_on_surface(parts[outside]))
    order = np.lexsort((xy[:, 0], xy[:, 1]))
    return xy[order], parts[order]


def _lattice(
    corner: NDArray[np.float64],
    sides: tuple[NDArray[np.float64], NDArray[np.float64]],
    steps: Sequence[int],
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Middles and outlines of the cells that a rectangle is cut into."""
    along, across = (np.arange(count) for count in steps)
    first, second = (grid.reshape(-1, 1) for grid in np.meshgrid(along, across, indexing="ij"))

    def at(of_first: float, of_second: float) -> NDArray[np.float64]:
        """A point of each cell, by its shares of the sides."""
        moved = (first + of_first) / steps[0] * sides[0] + (second + of_second) / steps[1] * sides[
            1
        ]
        return np.asarray(corner + moved)

    outline = np.stack([at(0, 0), at(1, 0), at(1, 1), at(0, 1)], axis=1)
    return at(0.5, 0.5), np.asarray(shapely.polygons(outline), dtype=object)


def representative_xy(polygons: NDArray[np.object_]) -> NDArray[np.float64]:
    """A point inside each polygon: its centroid if inside, otherwise a point on its surface.

    Parameters
    ----------
    polygons
        (n,) not empty.

    Returns
    -------
    (n, 2) coordinates in the unit of the polygons.
    """
    centroids = shapely.centroid(polygons)
    inside = shapely.covers(polygons, centroids)
    xy = shapely.get_coordinates(centroids)
    xy[~inside] = shapely.get_coordinates(shapely.point_on_surface(polygons[~inside]))
    return xy


def locate(
    xy: NDArray[np.float64], polygons: NDArray[np.object_], tolerance_m: float
) -> NDArray[np.int64]:
    """Row of the polygon that contains each point; the lowest row on borders and overlaps.

    Parameters
    ----------
    xy
        (n, 2) points in metres.
    polygons
        (k,) polygons, in order of precedence.
    tolerance_m
        A point outside all polygons is assigned to the nearest one within this distance.

    Returns
    -------
    (n,) row of the polygon, or -1 where none is within the tolerance.
    """
    points = np.asarray(shapely.points(xy), dtype=object)
    tree = shapely.STRtree(polygons)
    found = np.full(len(xy), len(polygons), dtype=np.int64)
    point_rows, polygon_rows = tree.query(points, predicate="intersects")
    np.minimum.at(found, point_rows, polygon_rows)
    lost = np.flatnonzero(found == len(polygons))
    if len(lost) and len(polygons) and tolerance_m > 0:
        near_rows, near_polygons = tree.query_nearest(points[lost], max_distance=tolerance_m)
        np.minimum.at(found, lost[near_rows], near_polygons)
    return np.where(found == len(polygons), -1, found)
