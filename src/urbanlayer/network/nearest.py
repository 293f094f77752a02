"""How far is the nearest, and which one is it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from urbanlayer.kernels.pairs import cheapest_by_origin
from urbanlayer.network.graph import along_edge, links_in, links_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.network.graph import Graph, Links
    from urbanlayer.network.snapping import Attached


def nearest_by_offset(
    graph: Graph, origins: Attached, destinations: Attached, *, factors: tuple[float, ...]
) -> tuple[tuple[NDArray[np.float64], NDArray[np.int64]], ...]:
    """Cost from each origin to its nearest destination along streets, and which one that is.

    One search from all destinations at once (Dijkstra's algorithm with many sources). Both ways
    from origins and destinations to their streets count; an origin and a destination on one edge
    reach each other directly.

    Parameters
    ----------
    graph
        The streets.
    origins, destinations
        Snapped to the streets.
    factors
        By which the offsets of the origins are multiplied; 1 is the straight line to the street.

    Returns
    -------
    tuple
        For each factor the cost, (origins.count,) in the graph's unit, +inf where no destination
        can be reached; and the row of the destination, or -1. Of destinations equally near, any
        one.

    Examples
    --------
    A street of 100 m with a home at 30 m, 20 m away from it, and a school at its end, 5 m away:

    >>> from urbanlayer.network.graph import build_graph
    >>> from urbanlayer.network.snapping import Attached
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> home = Attached(1, np.array([0]), np.array([0]), np.array([30.0]), np.array([20.0]))
    >>> school = Attached(1, np.array([0]), np.array([0]), np.array([100.0]), np.array([5.0]))
    >>> found = nearest_by_offset(graph, home, school, factors=(0.0, 1.0, 1.5))
    >>> [cost.tolist() for cost, _ in found]
    [[75.0], [95.0], [105.0]]
    """
    at_node, destination_of_node = search_from(
        graph, links_in(graph, destinations), destinations.count
    )
    out = links_out(graph, origins)
    one, other = _on_one_edge(graph, origins, destinations)
    on_edge = _cost_on_one_edge(graph, origins, destinations, one, other)
    origin = np.concatenate([out.origin, origins.origin[one]])
    cost = np.concatenate([out.cost + at_node[out.node], on_edge])
    destination = np.concatenate([destination_of_node[out.node], destinations.origin[other]])
    offset = np.concatenate([origins.offset_m, origins.offset_m, origins.offset_m[one]])
    offset *= graph.off_street
    return tuple(
        cheapest_by_origin(origins.count, origin, cost + (factor - 1) * offset, destination)
        for factor in factors
    )


def search_from(
    graph: Graph, links: Links, destination_count: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cost from each node to its nearest destination, and which destination that is.

    Parameters
    ----------
    graph
        The streets.
    links
        From nodes to the destinations, as `graph.links_in` gives them.
    destination_count
        Number of destinations.

    Returns
    -------
    cost
        (n,) +inf where no destination can be reached.
    destination
        (n,) row of the destination, or -1.

    Examples
    --------
    >>> from urbanlayer.network.graph import Links, build_graph
    >>> graph = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([10.0, 20.0]))
    >>> links = Links(np.array([0]), np.array([2]), np.array([3.0]))
    >>> cost, destination = search_from(graph, links, 1)
    >>> cost.tolist(), destination.tolist()
    ([33.0, 23.0, 3.0], [0, 0, 0])
    """
    nodes = graph.node_count
    if destination_count == 0 or nodes == 0:
        return np.full(nodes, np.inf), np.full(nodes, -1, dtype=np.int64)
    arcs = with_sources(graph.arcs_back, links, destination_count)
    cost, _, source = dijkstra(
        arcs,
        directed=True,
        indices=np.arange(nodes, nodes + destination_count),
        return_predecessors=True,
        min_only=True,
    )
    destination = np.where(source[:nodes] < 0, -1, source[:nodes].astype(np.int64) - nodes)
    return cost[:nodes], destination


def with_sources(
    arcs: csr_array[np.float64, tuple[int, int]], links: Links, source_count: int
) -> csr_array[np.float64, tuple[int, int]]:
    """A matrix of arcs with one more node for each source, from which ways lead into the graph.

    Parameters
    ----------
    arcs
        (n, n) the graph.
    links
        From sources (`origin`) to nodes; those of cost +inf are left out.
    source_count
        Number of sources.

    Returns
    -------
    csr_array
        (n + source_count, n + source_count); the sources come last, and no arc leads to them.

    Examples
    --------
    >>> from urbanlayer.network.graph import Links
    >>> arcs = csr_array((np.array([7.0]), np.array([1]), np.array([0, 1, 1])), shape=(2, 2))
    >>> links = Links(np.array([0]), np.array([0]), np.array([2.0]))
    >>> with_sources(arcs, links, 1).toarray().tolist()
    [[0.0, 7.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0]]
    """
    nodes = arcs.shape[0]
    open_links = np.flatnonzero(np.isfinite(links.cost))
    order = open_links[np.argsort(links.origin[open_links], kind="stable")]
    count = np.bincount(links.origin[order], minlength=source_count)
    data = np.concatenate([arcs.data, links.cost[order]])
    indices = np.concatenate([arcs.indices, links.node[order].astype(np.int32)])
    indptr = np.concatenate([arcs.indptr, arcs.indptr[-1] + np.cumsum(count)]).astype(np.int32)
    size = nodes + source_count
    return csr_array((data, indices, indptr), shape=(size, size))


def pairs_on_one_edge(
    graph: Graph, origins: Attached, destinations: Attached
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Origins and destinations on one and the same edge, with the cost of the way along it.

    Parameters
    ----------
    graph
        The streets.
    origins, destinations
        Snapped to the streets.

    Returns
    -------
    origin, destination
        (k,) rows of each pair.
    cost
        (k,) from the origin to the destination, both offsets counted.

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
    one, other = _on_one_edge(graph, origins, destinations)
    cost = _cost_on_one_edge(graph, origins, destinations, one, other)
    return origins.origin[one], destinations.origin[other], cost


def _on_one_edge(
    graph: Graph, origins: Attached, destinations: Attached
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(k,) attachments of origins and of destinations that lie on one and the same edge."""
    has_destination = np.zeros(len(graph.length_m), dtype=bool)
    has_destination[destinations.edge] = True
    shared = np.flatnonzero(has_destination[origins.edge])
    by_edge = np.argsort(destinations.edge, kind="stable")
    edges = destinations.edge[by_edge]
    first = np.searchsorted(edges, origins.edge[shared], side="left")
    count = np.searchsorted(edges, origins.edge[shared], side="right") - first
    one = np.repeat(shared, count)
    start = np.cumsum(count) - count
    other = by_edge[np.repeat(first - start, count) + np.arange(len(one))]
    return one, other


def _cost_on_one_edge(
    graph: Graph,
    origins: Attached,
    destinations: Attached,
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.float64]:
    """(k,) from an attachment of an origin to one of a destination, both offsets counted."""
    along = along_edge(graph, origins.edge[one], origins.along_m[one], destinations.along_m[other])
    off = (origins.offset_m[one] + destinations.offset_m[other]) * graph.off_street
    return along + off
