"""What lines have in common: of most pairs an end alone, found without an intersection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLEARLY_APART = 1e-3
"""Least share of its distance that a vertex lies away from what divides two lines."""


def ends_of(
    lines: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(m, 2) where lines begin, and (m, 2) where they end.

    Parameters
    ----------
    lines
        (m,) LineStrings, none empty.

    Examples
    --------
    >>> begin, end = ends_of(shapely.from_wkt(["LINESTRING (0 0, 5 5, 9 0)"]))
    >>> begin.tolist(), end.tolist()
    ([[0.0, 0.0]], [[9.0, 0.0]])
    """
    rows = np.arange(len(lines))
    xy, line = shapely.get_coordinates(lines, return_index=True)
    first, after = (np.searchsorted(line, rows, side=side) for side in ("left", "right"))
    return xy[first], xy[after - 1]


def common_parts(
    lines: NDArray[np.object_], one: NDArray[np.int64], other: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """What the lines of each pair have in common, in parts, and the pair of each part.

    Lines that lie on two sides of an end that both have, as nearly all that meet do, have nothing
    else in common: they need not be intersected.

    Parameters
    ----------
    lines
        (m,) LineStrings, none empty.
    one, other
        (k,) rows of the lines of each pair.

    Returns
    -------
    parts
        (p,) points and LineStrings, by pair; none of a pair that has nothing in common.
    pair
        (p,) row of the pair, ascending.

    Examples
    --------
    >>> lines = shapely.from_wkt(["LINESTRING (0 0, 9 0)", "LINESTRING (0 0, 0 9)"])
    >>> parts, pair = common_parts(lines, np.array([0]), np.array([1]))
    >>> shapely.to_wkt(parts).tolist(), pair.tolist()
    (['POINT (0 0)'], [0])
    """
    points = np.full(len(one), None, dtype=object)
    ends = ends_of(lines)
    met = np.zeros(len(one), dtype=bool)
    for end, of_other in ((0, 0), (0, 1), (1, 0), (1, 1)):
        left = np.flatnonzero(~met & (ends[end][one] == ends[of_other][other]).all(axis=1))
        at = ends[end][one[left]]
        apart = left[_on_two_sides(lines[one[left]], lines[other[left]], at)]
        points[apart] = shapely.points(ends[end][one[apart]])
        met[apart] = True
    rest = np.flatnonzero(~met)
    parts, of = shapely.get_parts(
        shapely.intersection(lines[one[rest]], lines[other[rest]]), return_index=True
    )
    pair = np.concatenate([np.flatnonzero(met), rest[of]])
    order = np.argsort(pair, kind="stable")
    return np.concatenate([points[met], parts])[order], pair[order]


def _on_two_sides(
    one: NDArray[np.object_], other: NDArray[np.object_], at: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(k,) True where a straight line through a point divides two lines that both end there.

    All other vertices of each have to lie well on its side, so that rounding decides nothing.
    """
    (first, of_first), (second, of_second) = (_directions(lines, at) for lines in (one, other))
    mean = [
        np.column_stack([np.bincount(of, way[:, axis], len(at)) for axis in (0, 1)])
        / np.maximum(np.bincount(of, minlength=len(at)), 1)[:, None]
        for way, of in ((first, of_first), (second, of_second))
    ]
    across = mean[0] - mean[1]
    apart = np.ones(len(at), dtype=bool)
    for way, of, sign in ((first, of_first, 1.0), (second, of_second, -1.0)):
        wrong = sign * (way * across[of]).sum(axis=1) < CLEARLY_APART
        apart &= np.bincount(of, wrong, len(at)) == 0
    return apart


def _directions(
    lines: NDArray[np.object_], at: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """From a point to each other vertex of its line, of length 1, and which line it is of."""
    xy, of = shapely.get_coordinates(lines, return_index=True)
    way = xy - at[of]
    length = np.hypot(way[:, 0], way[:, 1])
    away = length > 0
    return way[away] / length[away, None], of[away].astype(np.int64)
