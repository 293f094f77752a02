"""Lengths of lines within polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def intersection_lengths_m(
    zones: NDArray[np.object_], lines: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Length of each line in each zone; along a shared border it counts for the lowest row only.

    Parameters
    ----------
    zones
        (k,) polygons without overlaps.
    lines
        (n,) lines.

    Returns
    -------
    zone, line, length
        One row for each intersecting pair: rows of zone and line, length in metres; sorted by line
        and zone.

    Examples
    --------
    A street along the border of two squares, and one that crosses from one into the other:

    >>> zones = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    >>> border, across = shapely.from_wkt(["LINESTRING (10 0, 10 10)", "LINESTRING (4 5, 12 5)"])
    >>> zone, line, length = intersection_lengths_m(zones, np.array([border, across]))
    >>> zone.tolist(), line.tolist(), length.tolist()
    ([0, 0, 1], [0, 1, 1], [10.0, 6.0, 2.0])
    """
    line, zone = shapely.STRtree(zones).query(lines, predicate="intersects")
    order = np.lexsort((zone, line))
    line, zone = line[order].astype(np.int64), zone[order].astype(np.int64)
    length = np.empty(len(line))
    alone = np.bincount(line, minlength=len(lines))[line] == 1
    length[alone] = shapely.length(shapely.intersection(lines[line[alone]], zones[zone[alone]]))
    left = np.array(lines, dtype=object)
    for row in np.flatnonzero(~alone):
        rest, here = left[line[row]], zones[zone[row]]
        length[row] = shapely.length(shapely.intersection(rest, here))
        left[line[row]] = shapely.difference(rest, here)
    shared = length > 0
    return zone[shared], line[shared], length[shared]
