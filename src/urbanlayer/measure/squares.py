"""Squares that people walk across, not only around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_CORNERS = 60
"""Squares with more streets and inner corners than this are walked around; there are few, and
their straight ways would outnumber the streets."""


def lines_across(ring: shapely.LineString, meets_street: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Straight ways across a square, between the places where streets meet its edge.

    Shortest ways inside a polygon bend at its inner (reflex) corners alone, so the straight ways
    between streets and inner corners hold every shortest way across.

    Parameters
    ----------
    ring
        Closed line round the square, in metres.
    meets_street
        (v,) whether a street shares each of the ring's vertices.

    Returns
    -------
    ndarray
        (k,) LineStrings from vertex to vertex, all inside the square; none for a ring that is
        not closed or crosses itself.

    Examples
    --------
    >>> ring = shapely.from_wkt("LINESTRING (0 0, 30 0, 30 40, 0 40, 0 0)")
    >>> ways = lines_across(ring, np.array([True, False, True, False, True]))
    >>> shapely.length(ways).tolist()
    [50.0]
    """
    none = np.empty(0, dtype=object)
    if not ring.is_closed or len(ring.coords) < 4 or not ring.is_simple:  # noqa: PLR2004
        return none
    square = shapely.Polygon(ring)
    xy = shapely.get_coordinates(ring)[:-1]
    corner = np.flatnonzero(meets_street[:-1] | _is_reflex(xy, bool(shapely.is_ccw(ring))))
    if not 2 <= len(corner) <= MOST_CORNERS:  # noqa: PLR2004
        return none
    one, other = np.triu_indices(len(corner), 1)
    one, other = corner[one], corner[other]
    beside = np.isin(other - one, [1, len(xy) - 1])
    ends = np.stack([xy[one[~beside]], xy[other[~beside]]], axis=1)
    ways = np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)), dtype=object)
    shapely.prepare(square)
    return ways[shapely.covers(square, ways)]


def _is_reflex(xy: NDArray[np.float64], ccw: bool) -> NDArray[np.bool_]:  # noqa: FBT001
    before = xy - np.roll(xy, 1, axis=0)
    after = np.roll(xy, -1, axis=0) - xy
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return turn < 0 if ccw else turn > 0
