"""Places put onto the streets beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_DISTANCE_M = 1e-6
"""Streets that are nearest within this are all nearest: the order of the streets, and in which
direction they were drawn, decide nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Attached:
    """Where places meet the edges of a graph.

    A place on a street is attached to it; one beside it walks the offset first. A place may be
    attached several times (two streets equally near, a park with many entrances) or not at all.

    Attributes
    ----------
    count
        Number of places, the attached and the others.
    place
        (k,) row of the place, ascending.
    edge
        (k,) row of the edge.
    along_m
        (k,) position on the edge, metres from its start.
    offset_m
        (k,) metres between the place and that position.
    """

    count: int
    place: NDArray[np.int64]
    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]

    def connected(self) -> NDArray[np.bool_]:
        """(count,) whether each place is attached at all."""
        return np.bincount(self.place, minlength=self.count) > 0


def attach_points(
    xy: NDArray[np.float64], edges: shapely.STRtree, *, limit_m: float
) -> Attached:
    """Points put onto their nearest edge, in a straight line.

    Parameters
    ----------
    xy
        (n, 2) metres.
    edges
        Tree of the edges' LineStrings.
    limit_m
        Points farther than this from every edge are not attached.

    Returns
    -------
    Attached
        Points to which several edges are equally near are attached to each of these.

    Examples
    --------
    >>> street = shapely.STRtree(shapely.from_wkt(["LINESTRING (0 0, 100 0)"]))
    >>> attached = attach_points(np.array([[30.0, 4.0], [50.0, 300.0]]), street, limit_m=200.0)
    >>> attached.place.tolist(), attached.along_m.tolist(), attached.offset_m.tolist()
    ([0], [30.0], [4.0])
    """
    points = shapely.points(xy)
    lines = edges.geometries
    nearest = edges.query_nearest(points, all_matches=False, return_distance=True)
    (place, _), distance_m = nearest
    near = distance_m <= limit_m
    place, reach_m = place[near], distance_m[near] + SAME_DISTANCE_M
    row, edge = edges.query(points[place], predicate="dwithin", distance=reach_m)
    order = np.lexsort((edge, row))
    row, edge = row[order], edge[order].astype(np.int64)
    place = place[row].astype(np.int64)
    along_m = shapely.line_locate_point(lines[edge], points[place])
    offset_m = shapely.distance(lines[edge], points[place])
    return Attached(len(xy), place, edge, along_m, offset_m)
