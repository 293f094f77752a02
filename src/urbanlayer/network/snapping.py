"""Points snapped to the nearest streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_DISTANCE_M = 1e-6
"""Streets that are nearest within this are all nearest: the order of the streets, and in which
direction they were drawn, decide nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Attached:
    """Points snapped to the edges of a graph.

    A point on a street is attached to it; one off it walks the offset first. A place may be
    attached several times (two streets equally near, a park with many entrances) or not at all.

    Attributes
    ----------
    count
        Number of origins, the attached and the others.
    origin
        (k,) row of the origin, ascending.
    edge
        (k,) row of the edge.
    along_m
        (k,) position on the edge, metres from its start.
    offset_m
        (k,) metres between the origin and that position.
    """

    count: int
    origin: NDArray[np.int64]
    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]

    def connected(self) -> NDArray[np.bool_]:
        """(count,) whether each origin is attached at all."""
        return np.bincount(self.origin, minlength=self.count) > 0


@dataclass(frozen=True, slots=True, eq=False)
class EdgeIndex:
    """Edges to which points are snapped, found quickly; made by `index_edges`.

    Attributes
    ----------
    tree
        Of all edges' LineStrings, in their rows.
    joined_tree
        Of the edges that are in no fragment.
    joined_row
        Row of each edge of `joined_tree`.
    is_fragment
        (m,) whether each edge is part of a fragment: a short piece of street that is joined to
        nothing.
    vertices, vertex_edge
        Vertices of the edges that are in no fragment, and the row of the edge of each: the nearest
        edge is no farther than that of the nearest vertex, which is found in a third of the time.
    """

    tree: shapely.STRtree
    joined_tree: shapely.STRtree
    joined_row: NDArray[np.int64]
    is_fragment: NDArray[np.bool_]
    vertices: KDTree
    vertex_edge: NDArray[np.int64]

    @property
    def lines(self) -> NDArray[np.object_]:
        """(m,) LineStrings of all edges."""
        return self.tree.geometries


def index_edges(
    lines: NDArray[np.object_], is_fragment: NDArray[np.bool_] | None = None
) -> EdgeIndex:
    """An index of edges.

    Parameters
    ----------
    lines
        (m,) LineStrings in metres.
    is_fragment
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
    if is_fragment is None or not is_fragment.any():
        is_fragment = np.zeros(len(lines), dtype=bool)
        joined, joined_tree = np.arange(len(lines)), tree
    else:
        joined = np.flatnonzero(~is_fragment)
        joined_tree = shapely.STRtree(lines[joined])
    xy, of = shapely.get_coordinates(lines[joined], return_index=True)
    vertices = KDTree(xy, balanced_tree=False, compact_nodes=False)
    return EdgeIndex(tree, joined_tree, joined, is_fragment, vertices, joined[of])


def attach_points(xy: NDArray[np.float64], edges: EdgeIndex, *, limit_m: float) -> Attached:
    """Points put onto their nearest edge, in a straight line.

    A point whose nearest edge is part of a fragment is snapped to that, and to the nearest edge
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
    >>> attached.origin.tolist(), attached.along_m.tolist(), attached.offset_m.tolist()
    ([0], [30.0], [4.0])
    """
    points = np.asarray(shapely.points(xy), dtype=object)
    origin, edge, offset_m = _nearest_edges(points, edges, limit_m)
    lines, at = edges.lines[edge], points[origin]
    along_m = shapely.line_locate_point(lines, at)
    # near a corner two positions of one line are equally near: found from its other end
    bent = np.flatnonzero(shapely.get_num_points(lines) > 2)  # noqa: PLR2004  (a corner has two sides)
    used, of = np.unique(edge[bent], return_inverse=True)
    back = shapely.reverse(edges.lines[used])[of]
    other_m = shapely.length(lines[bent]) - shapely.line_locate_point(back, at[bent])
    twice = other_m - along_m[bent] > SAME_DISTANCE_M
    row = np.concatenate([np.arange(len(origin)), bent[twice]])
    along_m = np.concatenate([along_m, other_m[twice]])
    order = np.lexsort((along_m, row))
    row = row[order]
    return Attached(len(xy), origin[row], edge[row], along_m[order], offset_m[row])


def _nearest_edges(
    points: NDArray[np.object_], edges: EdgeIndex, limit_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """For each point all edges nearest to it, and near fragments the nearest that are none.

    Returns
    -------
    origin, edge
        (k,) rows, by place and then by edge.
    distance_m
        (k,) between them.
    """
    known = np.flatnonzero(np.isfinite(shapely.get_coordinates(points)).all(axis=1))
    reach_m = np.minimum(_no_farther_than(points[known], edges), limit_m) + SAME_DISTANCE_M
    row, edge = edges.tree.query(points[known], predicate="dwithin", distance=reach_m)
    origin = known[row]
    order = np.lexsort((edge, origin))
    origin, edge = origin[order].astype(np.int64), edge[order].astype(np.int64)
    distance_m = shapely.distance(edges.lines[edge], points[origin])
    joined = ~edges.is_fragment[edge]
    kept = _nearest_of_each(origin, distance_m, np.ones(len(origin), dtype=bool), limit_m)
    if not joined.all():
        on_fragments = np.bincount(origin[kept & joined], minlength=len(points)) == 0
        kept |= _nearest_of_each(origin, distance_m, joined & on_fragments[origin], limit_m)
    return origin[kept], edge[kept], distance_m[kept]


def _nearest_of_each(
    origin: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    of: NDArray[np.bool_],
    limit_m: float,
) -> NDArray[np.bool_]:
    """Which of some pairs are the nearest of their place, within a limit."""
    least_m = np.full(int(origin.max(initial=-1)) + 1, np.inf)
    np.minimum.at(least_m, origin[of], distance_m[of])
    least_m[least_m > limit_m] = -np.inf
    return of & (distance_m <= least_m[origin] + SAME_DISTANCE_M)


def _no_farther_than(points: NDArray[np.object_], edges: EdgeIndex) -> NDArray[np.float64]:
    """(n,) metres within which each point has an edge that is in no fragment, if there is any."""
    if not len(edges.vertex_edge):
        return np.full(len(points), np.inf)
    _, vertex = edges.vertices.query(shapely.get_coordinates(points))
    return np.asarray(shapely.distance(edges.lines[edges.vertex_edge[vertex]], points))
