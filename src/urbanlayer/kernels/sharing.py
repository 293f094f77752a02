"""Points and lines on borders, split between the adjoining polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.kernels.threshold import SLACK

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALF_WIDTH_M = 0.5
"""Lines are buffered by this distance, so that a line on a border lies half in each polygon."""


def border_split_counts(
    zones: NDArray[np.object_],
    xy: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    tolerance_m: float,
) -> NDArray[np.float64]:
    """Weighted count of points in each zone, split equally between zones within a tolerance.

    Parameters
    ----------
    zones
        (k,) polygons.
    xy
        (n, 2) metres.
    weights
        (n,) weight of each point.
    tolerance_m
        A point within this distance of a zone belongs to the zone too.

    Returns
    -------
    (k,) sums.

    Examples
    --------
    A crash on the border of two squares:

    >>> squares = np.array([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    >>> places, ones = np.array([[100.0, 50.0], [20.0, 50.0]]), np.ones(2)
    >>> border_split_counts(squares, places, ones, tolerance_m=25).tolist()
    [1.5, 0.5]
    """
    points = np.asarray(shapely.points(xy), dtype=object)
    zone, point = shapely.STRtree(points).query(
        zones, predicate="dwithin", distance=tolerance_m + SLACK
    )
    among = np.bincount(point, minlength=len(points))
    share = weights[point] / among[point]
    return np.bincount(zone, share, minlength=len(zones)).astype(np.float64)


def border_split_lengths_m(
    zones: NDArray[np.object_], lines: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Length of each line in each zone; along a shared border it is split in half.

    Parameters
    ----------
    zones
        (k,) polygons.
    lines
        (n,) lines in metres.

    Returns
    -------
    zone, line, length
        One row for each intersecting pair: rows of zone and line, length in metres.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    >>> border = np.array([shapely.LineString([(100, 0), (100, 80)])])
    >>> border_split_lengths_m(squares, border)[2].round(6).tolist()
    [40.0, 40.0]
    """
    from urbanlayer.kernels.zonal import intersection_areas_m2

    length_m = shapely.length(lines)
    inner = shapely.buffer(zones, -HALF_WIDTH_M)
    within, whole = shapely.STRtree(lines).query(inner, predicate="contains")
    rest = np.setdiff1d(np.arange(len(lines)), whole)
    strips = shapely.buffer(lines[rest], HALF_WIDTH_M, cap_style="flat")
    zone, strip, area_m2 = intersection_areas_m2(zones, strips)
    part_m = length_m[rest][strip] * area_m2 / shapely.area(strips)[strip]
    return (
        np.concatenate([within, zone]),
        np.concatenate([whole, rest[strip]]),
        np.concatenate([length_m[whole], part_m]),
    )


def length_near_points_m(
    lines: NDArray[np.object_], xy: NDArray[np.float64], *, radius_m: float
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """The segments of lines, and the length of each within a radius of any point.

    Exact: the union of the intervals of each segment inside the circles around the points.

    Parameters
    ----------
    lines
        (n,) lines in metres.
    xy
        (m, 2) metres.
    radius_m
        Radius, inclusive.

    Returns
    -------
    pieces
        (k,) segments.
    near_m
        (k,) length within the radius, in metres.

    Examples
    --------
    A lamp 3 m from a street with a radius of 5 m: 4 m in both directions.

    >>> street = np.array([shapely.LineString([(0, 0), (100, 0)])])
    >>> length_near_points_m(street, np.array([[50.0, 3.0]]), radius_m=5)[1].tolist()
    [8.0]
    """
    coordinates, of = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = of[1:] == of[:-1]
    start, end = coordinates[:-1][same], coordinates[1:][same]
    long = np.hypot(*(end - start).T) > 0
    start, end = start[long], end[long]
    pieces = np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), dtype=object)
    tree = shapely.STRtree(pieces)
    point, piece = tree.query(shapely.points(xy), predicate="dwithin", distance=radius_m)
    length = shapely.length(pieces)
    along = (end - start)[piece] / length[piece, None]
    offset = xy[point] - start[piece]
    middle = (offset * along).sum(axis=1)
    distance_across = offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0]
    half = np.sqrt(np.maximum(radius_m**2 - distance_across**2, 0.0))
    since, until = np.maximum(middle - half, 0.0), np.minimum(middle + half, length[piece])
    return pieces, _covered_length(piece, since, until, len(pieces))


def _covered_length(
    group: NDArray[np.int64], since: NDArray[np.float64], until: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """(count,) length of the union of the intervals of each group."""
    covered = np.zeros(count)
    reach = np.full(count, -np.inf)
    for row in np.lexsort((since, group)):
        of = group[row]
        begin = max(since[row], reach[of])
        if until[row] > begin:
            covered[of] += until[row] - begin
            reach[of] = until[row]
    return covered
