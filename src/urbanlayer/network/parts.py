"""Parts of streets: what is reached within a cost, and what belongs to which target."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.network.graph import ways_in
from urbanlayer.network.nearest import nearest_destination, search_from
from urbanlayer.network.search import nodes_within
from urbanlayer.network.snapping import Attached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.network.graph import Graph
    from urbanlayer.network.search import Engine


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Parts of edges, each of a target.

    Attributes
    ----------
    target
        (k,) row of the target, ascending.
    edge
        (k,) row of the edge.
    from_m, to_m
        (k,) where the part begins and ends, metres from the start of the edge.
    """

    target: NDArray[np.int64]
    edge: NDArray[np.int64]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Stops:
    """Positions on edges whose cost to a target is known, by group, edge and position."""

    group: NDArray[np.int64]
    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    cost: NDArray[np.float64]
    target: NDArray[np.int64]

    def ordered(self) -> _Stops:
        order = np.lexsort((self.cost, self.along_m, self.edge, self.group))
        return _Stops(*(getattr(self, name)[order] for name in self.__slots__))


def reached_parts(
    graph: Graph, destinations: Attached, *, limit: float, engine: Engine = "auto"
) -> Parts:
    """The parts of streets from which each target is reached within a cost.

    Parameters
    ----------
    graph
        The streets.
    destinations
        Where they meet the streets.
    limit
        Greatest cost to the target, included.
    engine
        See `search.nodes_within`.

    Returns
    -------
    Parts
        For each target by itself: parts of different targets overlap.

    Examples
    --------
    >>> from urbanlayer.network.graph import build_graph
    >>> graph = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([100.0, 100.0]))
    >>> school = Attached(1, np.array([0]), np.array([0]), np.array([80.0]), np.array([10.0]))
    >>> parts = reached_parts(graph, school, limit=50.0)
    >>> parts.edge.tolist(), parts.from_m.tolist(), parts.to_m.round(6).tolist()
    ([0, 0, 1], [40.0, 80.0, 0.0], [80.0, 100.0, 20.0])
    """
    near = nodes_within(
        graph.arcs_back,
        ways_in(graph, destinations),
        destinations.count,
        limit=limit,
        engine=engine,
    )
    stops = _eased(_stops_of_each(graph, destinations, *near).ordered(), graph)
    piece = np.flatnonzero(
        (stops.group[1:] == stops.group[:-1]) & (stops.edge[1:] == stops.edge[:-1])
    )
    edge = stops.edge[piece]
    from_m, to_m = stops.along_m[piece], stops.along_m[piece + 1]
    back, ahead = _rates(graph, edge)
    # as far as the cost that is left allows, from either end of the piece
    until_m = np.minimum(from_m + _reach(limit - stops.cost[piece], back), to_m)
    since_m = np.maximum(to_m - _reach(limit - stops.cost[piece + 1], ahead), from_m)
    snap_destinations = until_m >= since_m
    until_m = np.where(snap_destinations, to_m, until_m)
    one, other = until_m > from_m, ~snap_destinations & (since_m < to_m)
    group = stops.group[piece]
    return _ordered(
        np.concatenate([group[one], group[other]]),
        np.concatenate([edge[one], edge[other]]),
        np.concatenate([from_m[one], since_m[other]]),
        np.concatenate([until_m[one], to_m[other]]),
    )


def catchment_parts(graph: Graph, destinations: Attached) -> Parts:
    """The parts of streets that are nearer to one target than to any other.

    Parameters
    ----------
    graph
        The streets.
    destinations
        Where they meet the streets.

    Returns
    -------
    Parts
        Every street from which a target is reached, cut where the nearest one changes.

    Examples
    --------
    >>> from urbanlayer.network.graph import build_graph
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> schools = Attached(
    ...     2, np.array([0, 1]), np.array([0, 0]), np.array([0.0, 100.0]), np.array([0.0, 20.0])
    ... )
    >>> parts = catchment_parts(graph, schools)
    >>> parts.target.tolist(), parts.from_m.tolist(), parts.to_m.tolist()
    ([0, 1], [0.0, 60.0], [60.0, 100.0])
    """
    stops = _stops_of_all(graph, destinations).ordered()
    piece = np.flatnonzero(
        (stops.edge[1:] == stops.edge[:-1]) & (stops.along_m[1:] > stops.along_m[:-1])
    )
    edge = stops.edge[piece]
    from_m, to_m = stops.along_m[piece], stops.along_m[piece + 1]
    start, end = stops.cost[piece], stops.cost[piece + 1]
    back, ahead = _rates(graph, edge)
    with np.errstate(invalid="ignore"):
        change_m = (end - start + ahead * to_m + back * from_m) / (ahead + back)
    change_m = np.where(np.isinf(start), from_m, np.where(np.isinf(end), to_m, change_m))
    change_m = np.clip(change_m, from_m, to_m)
    one, other = stops.target[piece], stops.target[piece + 1]
    same = one == other
    change_m = np.where(same, to_m, change_m)
    left, right = (one >= 0) & (change_m > from_m), ~same & (other >= 0) & (change_m < to_m)
    return _ordered(
        np.concatenate([one[left], other[right]]),
        np.concatenate([edge[left], edge[right]]),
        np.concatenate([from_m[left], change_m[right]]),
        np.concatenate([change_m[left], to_m[right]]),
    )


def cut_lines(
    lines: NDArray[np.object_], from_m: NDArray[np.float64], to_m: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Parts of lines between two positions.

    Parameters
    ----------
    lines
        (k,) LineStrings.
    from_m, to_m
        (k,) positions, metres from the start of the line, the first before the second.

    Returns
    -------
    ndarray
        (k,) LineStrings.

    Examples
    --------
    >>> line = shapely.from_wkt(["LINESTRING (0 0, 10 0, 10 10)"])
    >>> cut_lines(np.array(line), np.array([5.0]), np.array([12.0])).tolist()
    [<LINESTRING (5 0, 10 0, 10 2)>]
    """
    xy, part = shapely.get_coordinates(lines, return_index=True)
    step = np.append(0.0, np.hypot(*np.diff(xy, axis=0).T))
    step[1:][part[1:] != part[:-1]] = 0.0
    total = np.cumsum(step)
    rows = np.arange(len(lines))
    along_m = total - total[np.searchsorted(part, rows)][part]
    inner = (along_m > from_m[part]) & (along_m < to_m[part])
    start = shapely.get_coordinates(shapely.line_interpolate_point(lines, from_m))
    end = shapely.get_coordinates(shapely.line_interpolate_point(lines, to_m))
    of = np.concatenate([rows, part[inner], rows])
    order = np.lexsort((np.concatenate([from_m, along_m[inner], to_m]), of))
    points = np.concatenate([start, xy[inner], end])[order]
    return np.asarray(shapely.linestrings(points, indices=of[order]), dtype=object)


def _stops_of_each(
    graph: Graph,
    destinations: Attached,
    target: NDArray[np.int64],
    node: NDArray[np.int64],
    cost: NDArray[np.float64],
) -> _Stops:
    """For each target both ends of the edges that it is reached from, and its own positions."""
    nodes, edges = graph.node_count, len(graph.length_m)
    ends = graph.edge_nodes.T.reshape(-1)
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(nodes + 1))
    count = first[node + 1] - first[node]
    pair = np.repeat(np.arange(len(node)), count)
    begin = np.cumsum(count) - count
    edge = order[np.repeat(first[node] - begin, count) + np.arange(len(pair))] % max(edges, 1)
    touched = np.unique(
        np.concatenate(
            [target[pair] * edges + edge, destinations.origin * edges + destinations.edge]
        )
    )
    group, edge = np.divmod(touched, max(edges, 1))
    known = target * nodes + node  # ascending, as the search gives it
    costs = [_look_up(known, cost, group * nodes + graph.edge_nodes[edge, end]) for end in (0, 1)]
    groups = np.concatenate([group, group, destinations.origin])
    return _Stops(
        groups,
        np.concatenate([edge, edge, destinations.edge]),
        np.concatenate([np.zeros(len(edge)), graph.length_m[edge], destinations.along_m]),
        np.concatenate([*costs, destinations.offset_m * graph.off_street]),
        groups,
    )


def _eased(stops: _Stops, graph: Graph) -> _Stops:
    """The same, where a way by another stop of the edge costs less than a stop's own.

    A target may meet one street at several places, some of them far off: from there the way on
    along the street can be the cheaper one.
    """
    same = (stops.group[1:] == stops.group[:-1]) & (stops.edge[1:] == stops.edge[:-1])
    step_m = np.diff(stops.along_m)
    back, ahead = (
        np.multiply(rate, step_m, out=np.zeros(len(step_m)), where=step_m > 0)
        for rate in _rates(graph, stops.edge[1:])
    )
    cost = stops.cost
    for _ in range(len(cost)):  # as often as an edge has stops, at most
        eased = cost.copy()
        eased[1:][same] = np.minimum(eased[1:], cost[:-1] + back)[same]
        eased[:-1][same] = np.minimum(eased[:-1], cost[1:] + ahead)[same]
        if np.array_equal(eased, cost):
            break
        cost = eased
    return replace(stops, cost=cost)


def _stops_of_all(graph: Graph, destinations: Attached) -> _Stops:
    """Both ends of every edge and all targets' positions, with the nearest target of each."""
    at_node, of_node = search_from(graph, ways_in(graph, destinations), destinations.count)
    count = len(destinations.edge)
    here = Attached(
        count, np.arange(count), destinations.edge, destinations.along_m, np.zeros(count)
    )
    at_stop, of_stop = nearest_destination(graph, here, destinations)
    every, ends = np.arange(len(graph.length_m)), graph.edge_nodes.T.reshape(-1)
    edge = np.concatenate([every, every, destinations.edge])
    return _Stops(
        np.zeros(len(edge), dtype=np.int64),
        edge,
        np.concatenate([np.zeros(len(every)), graph.length_m, destinations.along_m]),
        np.concatenate([at_node[ends], at_stop]),
        np.concatenate([of_node[ends], of_stop]),
    )


def _look_up(
    known: NDArray[np.int64], cost: NDArray[np.float64], asked: NDArray[np.int64]
) -> NDArray[np.float64]:
    row = np.minimum(np.searchsorted(known, asked), max(len(known) - 1, 0))
    if len(known) == 0:
        return np.full(len(asked), np.inf)
    return np.asarray(np.where(known[row] == asked, cost[row], np.inf))


def _rates(
    graph: Graph, edge: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cost of a metre towards the start of an edge, and towards its end."""
    length_m = graph.length_m[edge]
    return graph.backward[edge] / length_m, graph.forward[edge] / length_m


def _reach(left: NDArray[np.float64], rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres that a cost is enough for; none for a negative cost."""
    metres = np.full(len(left), np.inf)
    np.divide(np.maximum(left, 0.0), rate, out=metres, where=rate > 0)
    return metres


def _ordered(
    target: NDArray[np.int64],
    edge: NDArray[np.int64],
    from_m: NDArray[np.float64],
    to_m: NDArray[np.float64],
) -> Parts:
    order = np.lexsort((from_m, edge, target))
    return Parts(target[order], edge[order], from_m[order], to_m[order])
