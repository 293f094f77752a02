"""Parts of edges from which a destination is reached within a cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.network.graph import links_in
from urbanlayer.network.search import nodes_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.network.graph import Graph
    from urbanlayer.network.snapping import Attached


@dataclass(frozen=True, slots=True, eq=False)
class EdgeParts:
    """Parts of edges, each of a destination.

    Attributes
    ----------
    destination
        (k,) row of the destination, ascending.
    edge
        (k,) row of the edge.
    from_m, to_m
        (k,) where the part begins and ends, metres from the start of the edge.
    """

    destination: NDArray[np.int64]
    edge: NDArray[np.int64]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Positions:
    """Positions on edges whose cost to a destination is known, by destination and edge."""

    destination: NDArray[np.int64]
    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    cost: NDArray[np.float64]

    def ordered(self) -> _Positions:
        """The same by destination, edge and position."""
        order = np.lexsort((self.cost, self.along_m, self.edge, self.destination))
        return _Positions(*(getattr(self, name)[order] for name in self.__slots__))


def reached_parts(graph: Graph, destinations: Attached, *, limit: float) -> EdgeParts:
    """The parts of edges from which each destination is reached within a cost.

    Parameters
    ----------
    graph
        The routable network.
    destinations
        Snapped to its edges.
    limit
        Greatest cost to the destination, included; in the unit of the graph.

    Returns
    -------
    EdgeParts
        For each destination by itself: parts of different destinations overlap.

    Examples
    --------
    >>> from urbanlayer.network.graph import build_graph
    >>> from urbanlayer.network.snapping import Attached
    >>> graph = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([100.0, 100.0]))
    >>> school = Attached(1, np.array([0]), np.array([0]), np.array([80.0]), np.array([10.0]))
    >>> parts = reached_parts(graph, school, limit=50.0)
    >>> parts.edge.tolist(), parts.from_m.tolist(), parts.to_m.round(6).tolist()
    ([0, 0, 1], [40.0, 80.0, 0.0], [80.0, 100.0, 20.0])
    """
    links = links_in(graph, destinations)
    near = nodes_within(graph.arcs_back, links, destinations.count, limit=limit)
    at = _cheapest(_positions(graph, destinations, *near).ordered(), graph)
    part = np.flatnonzero(_same_edge(at))
    destination, edge = at.destination[part], at.edge[part]
    from_m, to_m = at.along_m[part], at.along_m[part + 1]
    back, ahead = _rates(graph, edge)
    # as far as the cost that is left allows, from either end of the part
    until_m = np.minimum(from_m + _metres_for(limit - at.cost[part], back), to_m)
    since_m = np.maximum(to_m - _metres_for(limit - at.cost[part + 1], ahead), from_m)
    whole = until_m >= since_m
    until_m = np.where(whole, to_m, until_m)
    one, other = until_m > from_m, ~whole & (since_m < to_m)
    return _ordered(
        np.concatenate([destination[one], destination[other]]),
        np.concatenate([edge[one], edge[other]]),
        np.concatenate([from_m[one], since_m[other]]),
        np.concatenate([until_m[one], to_m[other]]),
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


def _positions(
    graph: Graph,
    destinations: Attached,
    destination: NDArray[np.int64],
    node: NDArray[np.int64],
    cost: NDArray[np.float64],
) -> _Positions:
    """For each destination its own positions, and both ends of the edges that it is reached from.

    Parameters
    ----------
    graph, destinations
        Of `reached_parts`.
    destination, node, cost
        (k,) the nodes within the limit of each destination, as `nodes_within` gives them.
    """
    nodes, edges = graph.node_count, max(len(graph.length_m), 1)
    pair, edge = _edges_at(graph, node)
    reached = destination[pair] * edges + edge
    own = destinations.origin * edges + destinations.edge
    of, edge = np.divmod(np.unique(np.concatenate([reached, own])), edges)
    known = destination * nodes + node  # ascending, as the search gives it
    costs = [_look_up(known, cost, of * nodes + graph.edge_nodes[edge, end]) for end in (0, 1)]
    return _Positions(
        np.concatenate([of, of, destinations.origin]),
        np.concatenate([edge, edge, destinations.edge]),
        np.concatenate([np.zeros(len(edge)), graph.length_m[edge], destinations.along_m]),
        np.concatenate([*costs, destinations.offset_m * graph.off_street]),
    )


def _edges_at(graph: Graph, node: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every edge that ends at each of some nodes: the number of the node, and row of the edge."""
    ends = graph.edge_nodes.T.reshape(-1)
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(graph.node_count + 1))
    count = first[node + 1] - first[node]
    pair = np.repeat(np.arange(len(node)), count)
    begin = np.cumsum(count) - count
    at = np.repeat(first[node] - begin, count) + np.arange(len(pair))
    return pair, order[at] % max(len(graph.length_m), 1)


def _cheapest(at: _Positions, graph: Graph) -> _Positions:
    """The same, where the way by another position of the edge costs less than a position's own.

    A destination may be entered from one edge at several positions, some of them far off: from
    there the way on along the street can be the cheaper one.
    """
    same = _same_edge(at)
    step_m = np.diff(at.along_m)
    back, ahead = (
        np.multiply(rate, step_m, out=np.zeros(len(step_m)), where=step_m > 0)
        for rate in _rates(graph, at.edge[1:])
    )
    cost = at.cost
    for _ in range(len(cost)):  # as often as an edge has positions, at most
        least = cost.copy()
        least[1:][same] = np.minimum(least[1:], cost[:-1] + back)[same]
        least[:-1][same] = np.minimum(least[:-1], cost[1:] + ahead)[same]
        if np.array_equal(least, cost):
            break
        cost = least
    return replace(at, cost=cost)


def _same_edge(at: _Positions) -> NDArray[np.bool_]:
    """(k - 1,) whether a position and the next are of one destination and one edge."""
    same = (at.destination[1:] == at.destination[:-1]) & (at.edge[1:] == at.edge[:-1])
    return np.asarray(same)


def _look_up(
    known: NDArray[np.int64], cost: NDArray[np.float64], wanted: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(w,) cost of each wanted key; +inf where it is not known."""
    if len(known) == 0:
        return np.full(len(wanted), np.inf)
    row = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.asarray(np.where(known[row] == wanted, cost[row], np.inf))


def _rates(
    graph: Graph, edge: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cost of a metre towards the start of an edge, and towards its end."""
    length_m = graph.length_m[edge]
    return graph.backward[edge] / length_m, graph.forward[edge] / length_m


def _metres_for(left: NDArray[np.float64], rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres that a cost is enough for; none for a negative cost."""
    metres = np.full(len(left), np.inf)
    np.divide(np.maximum(left, 0.0), rate, out=metres, where=rate > 0)
    return metres


def _ordered(
    destination: NDArray[np.int64],
    edge: NDArray[np.int64],
    from_m: NDArray[np.float64],
    to_m: NDArray[np.float64],
) -> EdgeParts:
    order = np.lexsort((from_m, edge, destination))
    return EdgeParts(destination[order], edge[order], from_m[order], to_m[order])
