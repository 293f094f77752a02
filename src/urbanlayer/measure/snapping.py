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


@dataclass(frozen=True, slots=True, eq=False)
class EdgeIndex:
    """Edges that places are put onto, found quickly; made by `index_edges`.

    Attributes
    ----------
    tree
        Of all edges' LineStrings, in their rows.
    joined_tree
        Of the edges that are no scraps.
    joined_row
        Row of each edge of `joined_tree`.
    is_scrap
        (m,) whether each edge is part of a scrap: a short piece of street that is joined to
        nothing.
    """

    tree: shapely.STRtree
    joined_tree: shapely.STRtree
    joined_row: NDArray[np.int64]
    is_scrap: NDArray[np.bool_]

    @property
    def lines(self) -> NDArray[np.object_]:
        """(m,) LineStrings of all edges."""
        return self.tree.geometries


def index_edges(lines: NDArray[np.object_], is_scrap: NDArray[np.bool_] | None = None) -> EdgeIndex:
    """An index of edges.

    Parameters
    ----------
    lines
        (m,) LineStrings in metres.
    is_scrap
        (m,) edges of short pieces that are joined to nothing; None: there are none.

    Returns
    -------
    EdgeIndex
        Of the edges in their rows.

    Examples
    --------
    >>> lines = shapely.from_wkt(["LINESTRING (0 0, 100 0)", "LINESTRING (40 5, 50 5)"])
    >>> index_edges(lines, np.array([False, True])).joined_row.tolist()
    [0]
    """
    tree = shapely.STRtree(lines)
    if is_scrap is None or not is_scrap.any():
        return EdgeIndex(tree, tree, np.arange(len(lines)), np.zeros(len(lines), dtype=bool))
    joined = np.flatnonzero(~is_scrap)
    return EdgeIndex(tree, shapely.STRtree(lines[joined]), joined, is_scrap)


def attach_points(xy: NDArray[np.float64], edges: EdgeIndex, *, limit_m: float) -> Attached:
    """Points put onto their nearest edge, in a straight line.

    A point whose nearest edge is part of a scrap is put onto that, and onto the nearest edge
    that is not: a footpath that the map forgot to join cuts nobody off, and still leads to what
    lies on it.

    Parameters
    ----------
    xy
        (n, 2) metres.
    edges
        The edges.
    limit_m
        Points farther than this from every edge are not attached.

    Returns
    -------
    Attached
        Points to which several edges, or two positions of one edge, are equally near are
        attached to each of these.

    Examples
    --------
    >>> street = index_edges(shapely.from_wkt(["LINESTRING (0 0, 100 0)"]))
    >>> attached = attach_points(np.array([[30.0, 4.0], [50.0, 300.0]]), street, limit_m=200.0)
    >>> attached.place.tolist(), attached.along_m.tolist(), attached.offset_m.tolist()
    ([0], [30.0], [4.0])
    """
    points = np.asarray(shapely.points(xy), dtype=object)
    place, edge = _nearest_edges(points, edges.tree, limit_m)
    on_scraps = np.bincount(place[edges.is_scrap[edge]], minlength=len(xy)) > 0
    on_scraps[place[~edges.is_scrap[edge]]] = False
    if on_scraps.any():
        also = np.flatnonzero(on_scraps)
        row, joined = _nearest_edges(points[also], edges.joined_tree, limit_m)
        place = np.concatenate([place, also[row]])
        edge = np.concatenate([edge, edges.joined_row[joined]])
        order = np.lexsort((edge, place))
        place, edge = place[order], edge[order]
    lines, at = edges.lines[edge], points[place]
    along_m, offset_m = shapely.line_locate_point(lines, at), shapely.distance(lines, at)
    # beside a corner two positions of one line are equally near: found from its other end
    other_m = shapely.length(lines) - shapely.line_locate_point(shapely.reverse(lines), at)
    twice = np.flatnonzero(other_m - along_m > SAME_DISTANCE_M)
    row = np.concatenate([np.arange(len(place)), twice])
    along_m = np.concatenate([along_m, other_m[twice]])
    order = np.lexsort((along_m, row))
    row = row[order]
    return Attached(len(xy), place[row], edge[row], along_m[order], offset_m[row])


def _nearest_edges(
    points: NDArray[np.object_], tree: shapely.STRtree, limit_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of points and edges, for each point all edges that are nearest to it."""
    (place, _), distance_m = tree.query_nearest(points, all_matches=False, return_distance=True)
    near = distance_m <= limit_m
    place, reach_m = place[near], distance_m[near] + SAME_DISTANCE_M
    row, edge = tree.query(points[place], predicate="dwithin", distance=reach_m)
    order = np.lexsort((edge, row))
    return place[row[order]].astype(np.int64), edge[order].astype(np.int64)
