"""A graph of lines without topology: nearby ends are joined, crossings become nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from urbanlayer.kernels.common_parts import common_parts, ends_of
from urbanlayer.kernels.noding import Noded, cut_at_nodes, distinct_vertices

if TYPE_CHECKING:
    from numpy.typing import NDArray


SAME_POINT_M = 1e-6
"""Ends within this distance coincide already and are not counted as joined."""


SHARED_VERTEX_M = 1e-3
"""Vertices of two lines within this distance are drawn as one point."""

NODED_SHARE = 0.8
"""Share of the places where lines meet at a common vertex, from which on a layer is noded."""


@dataclass(frozen=True, slots=True)
class Joins:
    """Number of joins: ends to ends, ends to lines, crossings; and of crossings not joined.

    Attributes
    ----------
    tolerance_m
        Maximum gap that was closed.
    ends, onto_lines
        Gaps closed between ends, and between an end and a line.
    crossings
        Places where lines at grade cross without a common vertex and were joined.
    passed
        Such places that were not joined, since the layer is noded.
    noded
        Whether nearly all lines meet at common vertices.
    """

    tolerance_m: float
    ends: int
    onto_lines: int
    crossings: int
    passed: int = 0
    noded: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Cuts:
    """Positions along lines at which they are cut."""

    line: NDArray[np.int64]
    along_m: NDArray[np.float64]
    xy: NDArray[np.float64]


def join_lines(
    lines: NDArray[np.object_],
    at_grade: NDArray[np.bool_],
    *,
    tolerance_m: float,
    by_ends_alone: NDArray[np.bool_] | None = None,
) -> tuple[Noded, Joins]:
    """The graph of lines that were digitised without topology.

    Ends within the tolerance of each other become one node; an end within the tolerance of
    another line is connected to it; lines that cross at grade are connected at the crossing. A
    line that is not at grade (a bridge, a tunnel) is connected only at its ends, and where another
    such line ends on it. In a layer that is noded, because nearly all lines meet at common
    vertices, a crossing without one is a bridge or an underpass and is not connected.

    Parameters
    ----------
    lines
        (k,) LineStrings in metres.
    at_grade
        (k,) False for bridges and tunnels.
    tolerance_m
        Maximum gap that is closed, in metres; vertices move by at most this distance.
    by_ends_alone
        (k,) True for lines that are connected only at their ends; None: none.

    Returns
    -------
    noded
        `edge_source` is the row of the line.
    joins
        Counts of joins.

    Examples
    --------
    >>> lines = shapely.from_wkt(["LINESTRING (0 0, 10 0)", "LINESTRING (5 -5, 5 5)"])
    >>> noded, joins = join_lines(lines, np.array([True, True]), tolerance_m=1.0)
    >>> len(noded.edge_lines), joins.crossings
    (4, 1)
    >>> noded, joins = join_lines(lines, np.array([True, False]), tolerance_m=1.0)
    >>> len(noded.edge_lines), joins.crossings
    (2, 0)
    """
    lines, source = _simple_pieces(lines, at_grade)
    at_grade = at_grade[source]
    open_to = np.ones(len(lines), dtype=bool) if by_ends_alone is None else ~by_ends_alone[source]
    xy, line = distinct_vertices(lines)
    keep, line = np.unique(line, return_inverse=True)
    lines, source, at_grade, open_to = lines[keep], source[keep], at_grade[keep], open_to[keep]
    ends = _ends(lines)
    touches = _ends_on_lines(lines, ends, at_grade, open_to, tolerance_m)
    crossings = _crossings(lines, at_grade & open_to)
    inner = _is_away_from_ends(lines, crossings, tolerance_m)
    unmarked = _without_common_vertex(lines, crossings, inner)
    places = len(_distinct(crossings.xy[unmarked])[0])
    noded = _is_noded(lines, places + _ends_without_vertex(lines, touches))
    if noded:
        crossings = _only(crossings, ~unmarked)
    cuts = _concatenated(ends, touches, crossings)
    node, node_xy = _merged_points(cuts.xy, tolerance_m)
    graph = _cut_lines(lines, xy, line, cuts, node, node_xy)
    graph = _without_short_loops(graph, 2 * tolerance_m)
    moved = np.hypot(*(node_xy[node[: len(ends.line)]] - ends.xy).T) > SAME_POINT_M
    joins = Joins(
        tolerance_m=tolerance_m,
        ends=len(np.unique(node[: len(ends.line)][moved]))
        - _counted_twice(node, ends, touches, moved),
        onto_lines=int((~_is_at_vertex(lines, touches)).sum()),
        crossings=0 if noded else places,
        passed=places if noded else 0,
        noded=noded,
    )
    return Noded(
        graph.node_xy, graph.edge_nodes, graph.edge_lines, source[graph.edge_source]
    ), joins


def _is_noded(lines: NDArray[np.object_], unmarked: int) -> bool:
    """Whether nearly all places where lines meet are common vertices; `unmarked` are not.

    Where lines merely continue one another nothing meets. Streets drawn through may share the
    vertices of their side streets alone: where many cross at a common vertex, or all lines are cut
    where they meet, those that cross without one pass over each other.
    """
    if not unmarked:
        return True
    xy, line = distinct_vertices(lines)
    if not len(xy):
        return False
    _, place = _distinct(np.round(xy / SHARED_VERTEX_M))
    change = line[1:] != line[:-1]
    is_end = np.append(np.True_, change) | np.append(change, np.True_)
    arms = np.bincount(place, np.where(is_end, 1, 2))
    through = np.bincount(place, ~is_end, minlength=len(arms)) > 0
    meeting, crossing = arms > 2, arms > 3  # noqa: PLR2004  (three streets meet, two cross)
    cut_everywhere = not (meeting & through).any()
    many = meeting.sum() >= NODED_SHARE * (meeting.sum() + unmarked)
    return bool(many and (cut_everywhere or crossing.sum() >= unmarked))


def _without_common_vertex(
    lines: NDArray[np.object_], crossings: _Cuts, inner: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(c,) True for cuts of pairs of lines that cross away from their ends, and from vertices.

    The first half of the cuts is on one line of each pair, the second on the other.
    """
    half = len(inner) // 2
    at_vertex = _is_at_vertex(lines, crossings)
    marked = at_vertex[:half] & at_vertex[half:]
    marked |= ~inner[:half] | ~inner[half:]
    return np.concatenate([~marked, ~marked])


def _is_at_vertex(lines: NDArray[np.object_], cuts: _Cuts) -> NDArray[np.bool_]:
    """(c,) True for cuts at a vertex of their line."""
    found = _is_at_an_end(lines, cuts)
    other = np.flatnonzero(~found)
    used, of = np.unique(cuts.line[other], return_inverse=True)
    xy, line = shapely.get_coordinates(lines[used], return_index=True)
    if len(xy):
        vertices = np.asarray(shapely.multipoints(xy, indices=line), dtype=object)
        distance_m = shapely.distance(vertices[of], shapely.points(cuts.xy[other]))
        found[other] = distance_m <= SHARED_VERTEX_M
    return found


def _is_at_an_end(lines: NDArray[np.object_], cuts: _Cuts) -> NDArray[np.bool_]:
    """(c,) True for cuts exactly where their line begins or ends."""
    ends = _ends(lines).xy
    at = [(ends[cuts.line + skip] == cuts.xy).all(axis=1) for skip in (0, len(lines))]
    return np.asarray(at[0] | at[1])


def _ends_without_vertex(lines: NDArray[np.object_], touches: _Cuts) -> int:
    """Number of places where an end lies on a line that has no vertex there."""
    return len(_distinct(touches.xy[~_is_at_vertex(lines, touches)])[0])


def _only(cuts: _Cuts, kept: NDArray[np.bool_]) -> _Cuts:
    return _Cuts(cuts.line[kept], cuts.along_m[kept], cuts.xy[kept])


def _simple_pieces(
    lines: NDArray[np.object_], at_grade: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Lines split where they cross themselves, and the row of the original line."""
    crossed = ~shapely.is_simple(lines) & at_grade
    if not crossed.any():
        return lines, np.arange(len(lines))
    pieces = lines.copy()
    pieces[crossed] = shapely.node(lines[crossed])
    parts, source = shapely.get_parts(pieces, return_index=True)
    return parts, source.astype(np.int64)


def _ends(lines: NDArray[np.object_]) -> _Cuts:
    rows = np.arange(len(lines))
    along_m = np.concatenate([np.zeros(len(lines)), shapely.length(lines)])
    return _Cuts(np.concatenate([rows, rows]), along_m, np.concatenate(ends_of(lines)))


def _ends_on_lines(
    lines: NDArray[np.object_],
    ends: _Cuts,
    at_grade: NDArray[np.bool_],
    open_to: NDArray[np.bool_],
    tolerance_m: float,
) -> _Cuts:
    """Cuts where ends of other lines lie within the tolerance of a line's interior."""
    points = np.asarray(shapely.points(ends.xy), dtype=object)
    rows = np.flatnonzero(open_to)
    tree = shapely.STRtree(lines[rows])
    end, line = tree.query(points, predicate="dwithin", distance=tolerance_m)
    line = rows[line]
    may = at_grade[line] | ~at_grade[ends.line[end]]
    # where a line that does not cross itself begins or ends, as most lines do, is not inside it
    there = _Cuts(line, np.zeros(0), ends.xy[end])
    may &= ~(at_grade[line] & _is_at_an_end(lines, there))
    end, line = end[may], line[may]
    along_m = np.asarray(shapely.line_locate_point(lines[line], points[end]))
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], along_m))
    found = _Cuts(line, along_m, xy)
    inner = _is_away_from_ends(lines, found, tolerance_m)
    return _Cuts(line[inner], along_m[inner], xy[inner])


def _crossings(lines: NDArray[np.object_], at_grade: NDArray[np.bool_]) -> _Cuts:
    """Cuts where lines at grade cross or overlap, one on each of the two lines."""
    rows = np.flatnonzero(at_grade)
    one, other = shapely.STRtree(lines[rows]).query(lines[rows], predicate="intersects")
    ahead = one < other
    one, other = rows[one[ahead]], rows[other[ahead]]
    parts, pair = common_parts(lines, one, other)
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    overlap_ends = [shapely.get_point(parts[is_line], end) for end in (0, -1)]
    points = np.concatenate([parts[~is_line], *overlap_ends])
    pair = np.concatenate([pair[~is_line], pair[is_line], pair[is_line]])
    line = np.concatenate([one[pair], other[pair]])
    points = np.concatenate([points, points])
    along_m = shapely.line_locate_point(lines[line], points)
    return _Cuts(line, along_m, shapely.get_coordinates(points))


def _is_away_from_ends(
    lines: NDArray[np.object_], cuts: _Cuts, tolerance_m: float
) -> NDArray[np.bool_]:
    ends = _ends(lines)
    start_xy, end_xy = ends.xy[: len(lines)][cuts.line], ends.xy[len(lines) :][cuts.line]
    left_m = ends.along_m[len(lines) :][cuts.line] - cuts.along_m
    at_start = np.hypot(*(cuts.xy - start_xy).T) <= tolerance_m
    at_end = np.hypot(*(cuts.xy - end_xy).T) <= tolerance_m
    near: NDArray[np.bool_] = at_start & (cuts.along_m <= 2 * tolerance_m)
    near |= at_end & (left_m <= 2 * tolerance_m)
    return ~near


def _concatenated(*cuts: _Cuts) -> _Cuts:
    return _Cuts(
        np.concatenate([c.line for c in cuts]),
        np.concatenate([c.along_m for c in cuts]),
        np.concatenate([c.xy for c in cuts]),
    )


def _merged_points(
    xy: NDArray[np.float64], tolerance_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Node number of each point, and the nodes: means of points within the tolerance.

    Short lines one after another, as a curve that was taken apart has them, would become one node
    by their ends. Where a node would be wider than twice the tolerance, places at which several
    lines meet already are therefore not merged with one another.
    """
    places, of_place = _distinct(xy)
    pairs = KDTree(places).query_pairs(tolerance_m, output_type="ndarray")
    cluster = _clusters(pairs, len(places))
    wide = _widths(places, cluster) > 2 * tolerance_m
    if wide.any():
        meets = np.bincount(of_place, minlength=len(places)) > 1
        apart = wide[cluster[pairs[:, 0]]] & meets[pairs].all(axis=1)
        cluster = _clusters(pairs[~apart], len(places))
    count = int(cluster.max(initial=-1)) + 1
    size = np.bincount(cluster, minlength=count)
    # relative to one of the points, so that a single point stays exactly in place
    reference = np.empty((count, 2))
    reference[cluster] = places
    shift = places - reference[cluster]
    mean = [np.bincount(cluster, shift[:, axis], count) / size for axis in (0, 1)]
    return cluster[of_place].astype(np.int64), reference + np.column_stack(mean)


def _clusters(pairs: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """(count,) number of the connected component of each point."""
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _widths(places: NDArray[np.float64], cluster: NDArray[np.int64]) -> NDArray[np.float64]:
    """Longer side of the box around each cluster of places."""
    order = np.argsort(cluster, kind="stable")
    first = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    if not len(first):
        return np.empty(0)
    sorted_xy = places[order]
    sides = np.maximum.reduceat(sorted_xy, first) - np.minimum.reduceat(sorted_xy, first)
    return np.asarray(sides.max(axis=1))


def _distinct(xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Different points, by x and then y, and which of them each point is.

    As complex numbers they sort so, in a fifth of the time that rows take.
    """
    points = np.ascontiguousarray(xy, dtype=np.float64).view(np.complex128).reshape(-1)
    places, of_place = np.unique(points, return_inverse=True)
    return places.view(np.float64).reshape(-1, 2), of_place


def _cut_lines(
    lines: NDArray[np.object_],
    xy: NDArray[np.float64],
    line: NDArray[np.int64],
    cuts: _Cuts,
    node: NDArray[np.int64],
    node_xy: NDArray[np.float64],
) -> Noded:
    """The lines cut at nodes, with their interior vertices."""
    step = np.append(0.0, np.hypot(*np.diff(xy, axis=0).T))
    step[1:][line[1:] != line[:-1]] = 0.0
    total = np.cumsum(step)
    first = np.searchsorted(line, np.arange(len(lines)))
    along_m = total - total[first][line]
    inner = np.ones(len(xy), dtype=bool)
    inner[first] = False
    inner[np.append(first[1:] - 1, len(xy) - 1)] = False
    all_line = np.concatenate([line[inner], cuts.line])
    all_along = np.concatenate([along_m[inner], cuts.along_m])
    all_node = np.concatenate([np.full(int(inner.sum()), -1), node])
    all_xy = np.concatenate([xy[inner], node_xy[node]])
    position = np.round(all_along, 6)
    order = np.lexsort((all_node < 0, position, all_line))
    all_line, all_node, all_xy = all_line[order], all_node[order], all_xy[order]
    position = position[order]
    here = (all_line[1:] == all_line[:-1]) & (position[1:] == position[:-1])
    again = (all_node[1:] >= 0) & (all_node[1:] == all_node[:-1])
    again &= all_line[1:] == all_line[:-1]
    keep = np.append(np.True_, ~(again | (here & (all_node[1:] < 0))))
    all_line, all_node, all_xy = all_line[keep], all_node[keep], all_xy[keep]
    long = np.bincount(all_line, minlength=len(lines))[all_line] > 1
    return cut_at_nodes(all_xy[long], all_line[long], all_node[long], node_xy)


def _without_short_loops(noded: Noded, shortest_loop_m: float) -> Noded:
    """The graph without short loops that result from joining, and without unused nodes."""
    loop = noded.edge_nodes[:, 0] == noded.edge_nodes[:, 1]
    keep = ~(loop & (shapely.length(noded.edge_lines) <= shortest_loop_m))
    used, nodes = np.unique(noded.edge_nodes[keep], return_inverse=True)
    return Noded(
        noded.node_xy[used],
        nodes.reshape(-1, 2).astype(np.int64),
        noded.edge_lines[keep],
        noded.edge_source[keep],
    )


def _counted_twice(
    node: NDArray[np.int64], ends: _Cuts, touches: _Cuts, moved: NDArray[np.bool_]
) -> int:
    """Number of nodes with moved ends that are already counted as joins to a line."""
    onto = node[len(ends.line) : len(ends.line) + len(touches.line)]
    return len(np.intersect1d(node[: len(ends.line)][moved], onto))
