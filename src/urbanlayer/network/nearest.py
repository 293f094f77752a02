"""How far is the nearest, and which one is it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from urbanlayer.kernels.pairs import cheapest_by_origin
from urbanlayer.network.graph import along_edge, ways_in, ways_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.network.graph import Graph, Ways
    from urbanlayer.network.snapping import Attached


def nearest_destination(
    graph: Graph, origins: Attached, destinations: Attached
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cost from each place to its nearest target along streets, and which target that is.

    One search from all targets at once (Dijkstra's algorithm with many sources). Both ways from
    places and targets to their streets count; a place and a target on one edge reach each other
    directly.

    Parameters
    ----------
    graph
        The streets.
    places, targets
        Where they meet the streets.

    Returns
    -------
    cost
        (places.count,) in the graph's unit; +inf where no target can be reached.
    target
        (places.count,) row of the target, or -1. Of targets equally near, any one.

    Examples
    --------
    A street of 100 m with a place at 30 m, and two schools at its ends, the farther 5 m away
    from the street:

    >>> from urbanlayer.network.graph import build_graph
    >>> from urbanlayer.network.snapping import Attached
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> home = Attached(1, np.array([0]), np.array([0]), np.array([30.0]), np.array([0.0]))
    >>> schools = Attached(
    ...     2, np.array([0, 1]), np.array([0, 0]), np.array([0.0, 100.0]), np.array([0.0, 5.0])
    ... )
    >>> cost, school = nearest_destination(graph, home, schools)
    >>> cost.tolist(), school.tolist()
    ([30.0], [0])
    """
    at_node, target_of_node = search_from(graph, ways_in(graph, destinations), destinations.count)
    out = ways_out(graph, origins)
    row, other, cost = pairs_on_one_edge(graph, origins, destinations)
    return cheapest_by_origin(
        origins.count,
        np.concatenate([out.origin, row]),
        np.concatenate([out.cost + at_node[out.node], cost]),
        np.concatenate([target_of_node[out.node], other]),
    )


def search_from(
    graph: Graph, ways: Ways, destination_count: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cost from each node to its nearest target, and which target that is.

    Parameters
    ----------
    graph
        The streets.
    ways
        From nodes to the targets, as `graph.ways_in` gives them.
    destination_count
        Number of targets.

    Returns
    -------
    cost
        (n,) +inf where no target can be reached.
    target
        (n,) row of the target, or -1.

    Examples
    --------
    >>> from urbanlayer.network.graph import Ways, build_graph
    >>> graph = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([10.0, 20.0]))
    >>> cost, target = search_from(graph, Ways(np.array([0]), np.array([2]), np.array([3.0])), 1)
    >>> cost.tolist(), target.tolist()
    ([33.0, 23.0, 3.0], [0, 0, 0])
    """
    nodes = graph.node_count
    if destination_count == 0 or nodes == 0:
        return np.full(nodes, np.inf), np.full(nodes, -1, dtype=np.int64)
    arcs = with_sources(graph.arcs_back, ways, destination_count)
    cost, _, source = dijkstra(
        arcs,
        directed=True,
        indices=np.arange(nodes, nodes + destination_count),
        return_predecessors=True,
        min_only=True,
    )
    target = np.where(source[:nodes] < 0, -1, source[:nodes].astype(np.int64) - nodes)
    return cost[:nodes], target


def with_sources(
    arcs: csr_array[np.float64, tuple[int, int]], ways: Ways, source_count: int
) -> csr_array[np.float64, tuple[int, int]]:
    """A matrix of arcs with one more node for each source, from which ways lead into the graph.

    Parameters
    ----------
    arcs
        (n, n) the graph.
    ways
        From sources (`origin`) to nodes; those of cost +inf are left out.
    source_count
        Number of sources.

    Returns
    -------
    csr_array
        (n + source_count, n + source_count); the sources come last, and no arc leads to them.

    Examples
    --------
    >>> from urbanlayer.network.graph import Ways
    >>> arcs = csr_array((np.array([7.0]), np.array([1]), np.array([0, 1, 1])), shape=(2, 2))
    >>> ways = Ways(np.array([0]), np.array([0]), np.array([2.0]))
    >>> with_sources(arcs, ways, 1).toarray().tolist()
    [[0.0, 7.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]
    """
    nodes = arcs.shape[0]
    open_ways = np.flatnonzero(np.isfinite(ways.cost))
    order = open_ways[np.argsort(ways.origin[open_ways], kind="stable")]
    count = np.bincount(ways.origin[order], minlength=source_count)
    data = np.concatenate([arcs.data, ways.cost[order]])
    indices = np.concatenate([arcs.indices, ways.node[order].astype(np.int32)])
    indptr = np.concatenate([arcs.indptr, arcs.indptr[-1] + np.cumsum(count)]).astype(np.int32)
    size = nodes + source_count
    return csr_array((data, indices, indptr), shape=(size, size))


def pairs_on_one_edge(
    graph: Graph, origins: Attached, destinations: Attached
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Places and targets on one and the same edge, with the cost of the way along it.

    Parameters
    ----------
    graph
        The streets.
    places, targets
        Where they meet the streets.

    Returns
    -------
    place, target
        (k,) rows of each pair.
    cost
        (k,) from the place to the target, both offsets counted.

    Examples
    --------
    >>> from urbanlayer.network.graph import build_graph
    >>> from urbanlayer.network.snapping import Attached
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> one = Attached(1, np.array([0]), np.array([0]), np.array([30.0]), np.array([2.0]))
    >>> other = Attached(1, np.array([0]), np.array([0]), np.array([45.0]), np.array([3.0]))
    >>> [part.tolist() for part in pairs_on_one_edge(graph, one, other)]
    [[0], [0], [20.0]]
    """
    has_target = np.zeros(len(graph.length_m), dtype=bool)
    has_target[destinations.edge] = True
    shared = np.flatnonzero(has_target[origins.edge])
    by_edge = np.argsort(destinations.edge, kind="stable")
    edges = destinations.edge[by_edge]
    first = np.searchsorted(edges, origins.edge[shared], side="left")
    count = np.searchsorted(edges, origins.edge[shared], side="right") - first
    one = np.repeat(shared, count)
    start = np.cumsum(count) - count
    other = by_edge[np.repeat(first - start, count) + np.arange(len(one))]
    way = along_edge(graph, origins.edge[one], origins.along_m[one], destinations.along_m[other])
    off = (origins.offset_m[one] + destinations.offset_m[other]) * graph.off_street
    return origins.origin[one], destinations.origin[other], way + off
