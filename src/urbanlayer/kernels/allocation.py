"""Allocation of people to points, with all totals preserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
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


def lattice_points(polygon: shapely.Geometry, spacing_m: float) -> NDArray[np.float64]:
    """Points of a regular lattice inside a polygon; at least one.

    The lattice is aligned with the polygon's minimum rotated rectangle, half a step from its
    sides, so that the points move and rotate with the polygon.

    Parameters
    ----------
    polygon
        Not empty, in metres.
    spacing_m
        Maximum spacing of the lattice, in metres.

    Returns
    -------
    (k, 2) coordinates in metres.

    Examples
    --------
    >>> lattice_points(shapely.box(0, 0, 200, 100), 100.0).tolist()
    [[50.0, 50.0], [150.0, 50.0]]
    """
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(polygon))
    if len(corners) == _RECTANGLE_VERTICES:
        corner, sides = corners[0], (corners[1] - corners[0], corners[3] - corners[0])
        steps = [max(1, int(np.ceil(np.hypot(*side) / spacing_m - _TOLERANCE))) for side in sides]
        along, across = ((np.arange(count) + 0.5) / count for count in steps)
        xy = corner + (along[:, None, None] * sides[0] + across[None, :, None] * sides[1])
        shapely.prepare(polygon)
        flat = xy.reshape(-1, 2)
        inside = flat[shapely.contains_xy(polygon, flat)]
        if len(inside):
            return np.asarray(inside[np.lexsort((inside[:, 0], inside[:, 1]))])
    return shapely.get_coordinates(shapely.point_on_surface(polygon))


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
