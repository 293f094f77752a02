"""Visibility edges across plazas, which people cross and do not only walk around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_CORNERS = 3
END_TRIM_SHARE = 1e-6
"""Share of an edge that is trimmed at each end: 0.1 mm of 100 m."""

MAX_CORNERS = 60
"""Plazas with more street connections and reflex corners get no visibility edges; there are few,
and their edges would outnumber the streets."""


def visibility_edges(
    rings: NDArray[np.object_],
    touches_street: NDArray[np.bool_],
    plaza: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Visibility edges across plazas, between the vertices where streets meet their boundary.

    Shortest paths inside a polygon bend only at reflex corners, so the visibility edges between
    street connections and reflex corners contain every shortest path across.

    Parameters
    ----------
    rings
        (k,) closed boundaries of the plazas, in metres, without repeated vertices.
    meets_street
        (v,) True for vertices shared with a street, ring after ring.
    plaza
        (k,) number of the plaza of each ring, ascending; the first ring of a plaza is its outline,
        the others are holes. None: each ring is a plaza.

    Returns
    -------
    edges
        (w,) LineStrings from vertex to vertex, all inside their plaza; none for a plaza with a
        ring that is not closed or crosses itself.
    ring
        (w,) row of the ring at the start of each, ascending.

    Examples
    --------
    >>> ring = shapely.from_wkt("LINESTRING (0 0, 30 0, 30 40, 0 40, 0 0)")
    >>> ways, _ = visibility_edges(np.array([ring]), np.array([True, False, True, False, True]))
    >>> shapely.length(ways).tolist()
    [50.0]
    """
    if plaza is None:
        plaza = np.arange(len(rings))
    closed = shapely.is_closed(rings) & (shapely.get_num_points(rings) > MIN_CORNERS)
    closed[closed] = shapely.is_simple(rings[closed])
    valid = np.flatnonzero(~np.isin(plaza, plaza[~closed]))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    # the last vertex of a closed line is its first
    kept = np.isin(ring, valid) & np.append(ring[1:] == ring[:-1], np.zeros(len(ring[:1]), bool))
    xy, ring = xy[kept], np.searchsorted(valid, ring[kept])
    corners = np.bincount(ring)
    _, first, plaza = np.unique(plaza[valid], return_index=True, return_inverse=True)
    is_hole = ~np.isin(np.arange(len(valid)), first)
    side = np.where(shapely.is_ccw(rings[valid]) != is_hole, 1, -1)
    is_reflex = _turn_direction(xy, ring) * side[ring] < 0
    one, other = _corner_pairs(plaza[ring], touches_street[kept] | is_reflex)
    adjacent = (other - one == 1) | (other - one == corners[ring[one]] - 1)
    adjacent &= ring[one] == ring[other]
    one, other = one[~adjacent], other[~adjacent]
    parts = np.asarray(shapely.linearrings(xy, indices=ring), dtype=object)
    plazas = _with_holes(parts, plaza)
    inside = _stays_inside(plazas[plaza[ring[one]]], xy[one], xy[other])
    return _lines(xy[one[inside]], xy[other[inside]]), valid[ring[one[inside]]]


def _with_holes(rings: NDArray[np.object_], plaza: NDArray[np.int64]) -> NDArray[np.object_]:
    """Polygons of rings; the first ring of each is its outline."""
    number, first = np.unique(plaza, return_index=True)
    polygons = np.asarray(shapely.polygons(rings[first]), dtype=object)
    for row in np.flatnonzero(np.bincount(plaza, minlength=len(number)) > 1):
        outline, *holes = rings[plaza == number[row]]
        polygons[row] = shapely.Polygon(outline, holes)
    return polygons


def _stays_inside(
    plazas: NDArray[np.object_], one: NDArray[np.float64], other: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """True for edges between vertices of plazas that stay inside the plaza."""
    shapely.prepare(plazas)
    # most edges touch the boundary only at their ends: without these the test is fast
    trim = (other - one) * END_TRIM_SHARE
    inside = shapely.contains_properly(plazas, _lines(one + trim, other - trim))
    rest = np.flatnonzero(~inside)
    inside[rest] = shapely.covers(plazas[rest], _lines(one[rest], other[rest]))
    return np.asarray(inside)


def _lines(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([one, other], axis=1)), dtype=object)


def _turn_direction(xy: NDArray[np.float64], ring: NDArray[np.int64]) -> NDArray[np.float64]:
    """(v,) cross product at each vertex: positive for a left turn, negative for a right turn."""
    row = np.arange(len(ring))
    first = np.searchsorted(ring, ring)
    last = np.searchsorted(ring, ring, side="right") - 1
    before = xy - xy[np.where(row == first, last, row - 1)]
    after = xy[np.where(row == last, first, row + 1)] - xy
    return np.asarray(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0])


def _corner_pairs(
    plaza: NDArray[np.int64], is_corner: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of all pairs of corners of one plaza, where it has no more than `MAX_CORNERS`."""
    count = np.bincount(plaza, is_corner)
    corner = np.flatnonzero(is_corner & (count[plaza] <= MAX_CORNERS))
    end = np.searchsorted(plaza[corner], plaza[corner], side="right")
    partners = end - np.arange(len(corner)) - 1
    one = np.repeat(np.arange(len(corner)), partners)
    start = np.cumsum(partners) - partners
    other = one + 1 + np.arange(len(one)) - start[one]
    return corner[one], corner[other]
