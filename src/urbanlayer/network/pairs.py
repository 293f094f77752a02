"""Which destinations can each origin reach, and at what cost?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.pairs import cheapest_pairs
from urbanlayer.network.graph import links_in, links_out
from urbanlayer.network.nearest import pairs_on_one_edge
from urbanlayer.network.search import nodes_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.network.graph import Graph
    from urbanlayer.network.search import Engine
    from urbanlayer.network.snapping import Attached


def pairs_within(
    graph: Graph,
    origins: Attached,
    destinations: Attached,
    *,
    limit: float,
    engine: Engine = "auto",
) -> Pairs:
    """All pairs of an origin and a destination within a cost of one another, along streets.

    Parameters
    ----------
    graph
        The streets.
    origins, destinations
        Snapped to the streets.
    limit
        Greatest cost from origin to destination, included; +inf: all that can be reached.
    engine
        See `search.nodes_within`.

    Returns
    -------
    Pairs
        With the least cost of each.

    Examples
    --------
    >>> from urbanlayer.network.graph import build_graph
    >>> from urbanlayer.network.snapping import Attached
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> home = Attached(1, np.array([0]), np.array([0]), np.array([30.0]), np.array([0.0]))
    >>> schools = Attached(
    ...     2, np.array([0, 1]), np.array([0, 0]), np.array([0.0, 100.0]), np.array([0.0, 5.0])
    ... )
    >>> near = pairs_within(graph, home, schools, limit=75.0)
    >>> near.destination.tolist(), near.cost.tolist()
    ([0, 1], [30.0, 75.0])
    """
    arrivals = links_in(graph, destinations)
    found = nodes_within(graph.arcs_back, arrivals, destinations.count, limit=limit, engine=engine)
    row, destination, cost = _on_from_nodes(graph, origins, *found, limit)
    near, other, along = pairs_on_one_edge(graph, origins, destinations)
    close = along <= limit
    return cheapest_pairs(
        origins.count,
        destinations.count,
        np.concatenate([row, near[close]]),
        np.concatenate([destination, other[close]]),
        np.concatenate([cost, along[close]]),
    )


def _on_from_nodes(
    graph: Graph,
    origins: Attached,
    destination: NDArray[np.int64],
    node: NDArray[np.int64],
    cost: NDArray[np.float64],
    limit: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """From pairs of destination and node to pairs of destination and place, with repetitions."""
    out = links_out(graph, origins)
    order = np.argsort(out.node, kind="stable")
    origin, onward = out.origin[order], out.cost[order]
    links = np.bincount(out.node, minlength=graph.node_count)
    count = links[node]
    # the ways of one node are adjacent: where they begin, less where its pairs begin
    skip = (np.cumsum(links) - links)[node] - (np.cumsum(count) - count)
    way = np.repeat(skip, count)
    way += np.arange(len(way))
    total = np.repeat(cost, count)
    total += onward[way]
    near = np.flatnonzero(total <= min(limit, np.finfo(np.float64).max))
    return origin[way[near]], np.repeat(destination, count)[near], total[near]
