"""Unions of many overlapping sets of polygons, those that lie near one another together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

BATCH = 200_000
"""Members of the sets that are united at once: the more, the less is found twice, and the more
memory is needed (with two workers 0.7 GB for the 15-minute areas of 500 places in a dense city,
1.4 GB for those of 5, 10 and 15 minutes)."""

NUDGE_M = 1e-8
"""Polygons are moved by up to this, each otherwise, in metres: borders that lie on one another
then cross, or do not, and nothing has to be decided for points that touch."""


def unite_sets(
    polygons: NDArray[np.object_], first: Integers, member: Integers, *, workers: int = 2
) -> NDArray[np.object_]:
    """The union of each of many sets of polygons; needs the extra `urbanlayer[fast]`.

    Parameters
    ----------
    polygons
        (n,) valid polygons or multipolygons in metres.
    first
        (s + 1,) where each set's members begin.
    member
        (k,) rows of polygons.
    workers
        Threads that work at once.

    Returns
    -------
    ndarray
        (s,) valid polygons or multipolygons as `shapely.union_all` gives them, but for
        `NUDGE_M` and vertices less than a thousandth of a millimetre apart; an empty polygon of an
        empty set.

    Raises
    ------
    ModuleNotFoundError
        numba is not installed.

    Examples
    --------
    >>> squares = shapely.box(np.array([0.0, 5.0]), 0.0, np.array([6.0, 8.0]), 4.0)
    >>> unions = unite_sets(squares, np.array([0, 2, 3, 3]), np.array([0, 1, 1]))
    >>> shapely.area(unions).round(6).tolist()
    [32.0, 12.0, 0.0]
    """
    polygons, first, member = _single_parts(polygons, first, member)
    unions = np.full(len(first) - 1, shapely.Polygon(), dtype=object)
    filled = np.flatnonzero(np.diff(first))
    box = shapely.bounds(polygons[member[first[filled]]])
    if len(filled) == 0:
        return unions
    # along the longer side of the city
    along = box[:, 0] if np.ptp(box[:, 0]) > np.ptp(box[:, 1]) else box[:, 1]
    order = filled[np.argsort(along, kind="stable")]
    until = np.cumsum(np.diff(first)[order])
    parts = max(workers, -(-len(member) // BATCH))
    cuts = np.searchsorted(until, np.arange(1, parts) * len(member) / parts)
    batches = [rows for rows in np.split(order, cuts) if len(rows)]
    nudge_m = np.random.default_rng(0).uniform(-NUDGE_M, NUDGE_M, (len(polygons), 2))
    with ThreadPoolExecutor(workers) as pool:
        found = pool.map(lambda rows: _unite(polygons, first, member, rows, nudge_m), batches)
        for rows, united in zip(batches, found, strict=True):
            unions[rows] = united
    return unions


def _single_parts(
    polygons: NDArray[np.object_], first: Integers, member: Integers
) -> tuple[NDArray[np.object_], Integers, Integers]:
    """The same sets of polygons that have one part each."""
    parts, of = shapely.get_parts(polygons, return_index=True)
    begin = np.searchsorted(of, np.arange(len(polygons) + 1))
    count = np.diff(begin)[member]
    end = np.append(0, np.cumsum(count))
    rows = np.arange(end[-1]) + np.repeat(begin[:-1][member] - end[:-1], count)
    return parts, end[first], rows


def _unite(
    polygons: NDArray[np.object_],
    first: Integers,
    member: Integers,
    sets: Integers,
    nudge_m: NDArray[np.float64],
) -> NDArray[np.object_]:
    from urbanlayer.measure.compiled_unions import unions_of_sets

    members = [member[first[row] : first[row + 1]] for row in sets]
    used, row = np.unique(np.concatenate(members), return_inverse=True)
    bounds = np.append(0, np.cumsum([len(rows) for rows in members]))
    unions = unions_of_sets(polygons[used], bounds, row, nudge_m[used])
    for unsure in np.flatnonzero(shapely.is_missing(unions)):
        unions[unsure] = shapely.union_all(polygons[members[unsure]])
    return unions
