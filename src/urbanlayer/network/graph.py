"""A graph of streets in the form that shortest-path searches take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.network.snapping import Attached


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Edges with what it costs to walk them; made by `build_graph`.

    Costs are in one unit of the caller's choice: metres, or minutes.

    Attributes
    ----------
    node_count
        Number of nodes *n*.
    edge_nodes
        (m, 2) rows of the nodes at the start and the end of each edge.
    length_m
        (m,) metres.
    forward, backward
        (m,) cost from start to end and from end to start; +inf where one may not go.
    off_street
        Cost of one metre between an origin and its street.
    arcs
        (n, n) least cost of each step from row to column.
    arcs_back
        (n, n) the same of the graph with every arc turned round; `arcs` itself where both ways
        cost the same.
    """

    node_count: int
    edge_nodes: NDArray[np.int64]
    length_m: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    off_street: float
    arcs: csr_array[np.float64, tuple[int, int]]
    arcs_back: csr_array[np.float64, tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Links between origins and the nodes at the ends of their edges.

    Attributes
    ----------
    origin
        (k,) row of the origin.
    node
        (k,) row of the node.
    cost
        (k,) cost of the link, the offset counted.
    """

    origin: NDArray[np.int64]
    node: NDArray[np.int64]
    cost: NDArray[np.float64]


def build_graph(
    node_count: int,
    edge_nodes: NDArray[np.int64],
    length_m: NDArray[np.float64],
    *,
    forward: NDArray[np.float64] | None = None,
    backward: NDArray[np.float64] | None = None,
    off_street: float = 1.0,
) -> Graph:
    """A graph of edges, in metres unless costs are given.

    Parameters
    ----------
    node_count
        Number of nodes.
    edge_nodes
        (m, 2) rows of the two ends of each edge.
    length_m
        (m,) lengths in metres, above 0.
    forward, backward
        (m,) cost from start to end and back; the length where not given, the other where one is.
        +inf closes an edge in that direction.
    off_street
        Cost of one metre between an origin and its street.

    Returns
    -------
    Graph
        Of parallel edges the cheapest counts between their nodes.

    Raises
    ------
    ValueError
        An edge has no length, or a negative cost.

    Examples
    --------
    >>> graph = build_graph(2, np.array([[0, 1], [0, 1]]), np.array([30.0, 20.0]))
    >>> graph.arcs.toarray().tolist()
    [[0.0, 20.0], [20.0, 0.0]]
    """
    forward = backward if forward is None else forward
    forward = length_m if forward is None else forward
    backward = forward if backward is None else backward
    if len(length_m) and not (length_m.min() > 0 and min(forward.min(), backward.min()) >= 0):
        msg = "each edge needs a length above 0 and costs of at least 0"
        raise ValueError(msg)
    arcs = _least_arcs(node_count, edge_nodes, forward, backward)
    symmetric = forward is backward or bool((forward == backward).all())
    back = arcs if symmetric else _least_arcs(node_count, edge_nodes, backward, forward)
    return Graph(node_count, edge_nodes, length_m, forward, backward, off_street, arcs, back)


def _least_arcs(
    node_count: int,
    edge_nodes: NDArray[np.int64],
    forward: NDArray[np.float64],
    backward: NDArray[np.float64],
) -> csr_array[np.float64, tuple[int, int]]:
    tail = np.concatenate([edge_nodes[:, 0], edge_nodes[:, 1]])
    head = np.concatenate([edge_nodes[:, 1], edge_nodes[:, 0]])
    cost = np.concatenate([forward, backward])
    useful = np.flatnonzero(np.isfinite(cost) & (tail != head))
    step = tail[useful] * node_count + head[useful]
    order = np.argsort(step)
    step = step[order]
    first = np.ones(len(step), dtype=bool)
    first[1:] = step[1:] != step[:-1]
    data = cost[useful[order]]
    if not first.all():
        data = np.minimum.reduceat(data, np.flatnonzero(first))
        step = step[first]
    tail, head = np.divmod(step, max(node_count, 1))
    indptr = np.zeros(node_count + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail, minlength=node_count), out=indptr[1:])
    return csr_array((data, head.astype(np.int32), indptr), shape=(node_count, node_count))


def links_out(graph: Graph, origins: Attached) -> Links:
    """Links from origins to the nodes at the ends of their edges.

    Parameters
    ----------
    graph
        The streets.
    origins
        Snapped to the streets.

    Returns
    -------
    Links
        Two for each attachment; closed ones cost +inf.

    Examples
    --------
    >>> from urbanlayer.network.snapping import Attached
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> place = Attached(1, np.array([0]), np.array([0]), np.array([30.0]), np.array([4.0]))
    >>> links_out(graph, place).cost.tolist()
    [34.0, 74.0]
    """
    share = origins.along_m / graph.length_m[origins.edge]
    to_start = _part(graph.backward[origins.edge], share)
    to_end = _part(graph.forward[origins.edge], 1 - share)
    return _both_ends(graph, origins, to_start, to_end)


def links_in(graph: Graph, origins: Attached) -> Links:
    """Links to origins from the nodes at the ends of their edges.

    Parameters
    ----------
    graph
        The streets.
    origins
        Snapped to the streets.

    Returns
    -------
    Links
        Two for each attachment; closed ones cost +inf.

    Examples
    --------
    >>> from urbanlayer.network.snapping import Attached
    >>> uphill, downhill = np.array([2.0]), np.array([1.0])
    >>> graph = build_graph(
    ...     2, np.array([[0, 1]]), np.array([100.0]), forward=uphill, backward=downhill
    ... )
    >>> place = Attached(1, np.array([0]), np.array([0]), np.array([25.0]), np.array([0.0]))
    >>> links_in(graph, place).cost.tolist()
    [0.5, 0.75]
    """
    share = origins.along_m / graph.length_m[origins.edge]
    from_start = _part(graph.forward[origins.edge], share)
    from_end = _part(graph.backward[origins.edge], 1 - share)
    return _both_ends(graph, origins, from_start, from_end)


def along_edge(
    graph: Graph,
    edge: NDArray[np.int64],
    from_m: NDArray[np.float64],
    to_m: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Cost of walking along an edge from one position on it to another.

    Parameters
    ----------
    graph
        The streets.
    edge
        (k,) rows of edges.
    from_m, to_m
        (k,) positions, metres from the start of the edge.

    Returns
    -------
    ndarray
        (k,) costs; 0 where both positions are one.

    Examples
    --------
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> along_edge(graph, np.array([0]), np.array([90.0]), np.array([30.0])).tolist()
    [60.0]
    """
    whole = np.where(to_m >= from_m, graph.forward[edge], graph.backward[edge])
    return _part(whole, np.abs(to_m - from_m) / graph.length_m[edge])


def _part(whole: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """A share of a cost; no part of a closed edge costs nothing."""
    share = np.clip(share, 0.0, 1.0)
    return np.where(share == 0.0, 0.0, np.where(share == 0.0, 1.0, share) * whole)


def _both_ends(
    graph: Graph,
    origins: Attached,
    start: NDArray[np.float64],
    end: NDArray[np.float64],
) -> Links:
    offset = origins.offset_m * graph.off_street
    return Links(
        np.concatenate([origins.origin, origins.origin]),
        graph.edge_nodes[origins.edge].T.reshape(-1),
        np.concatenate([start + offset, end + offset]),
    )
