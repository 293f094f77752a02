"""What it costs from every place to every target, where most can reach most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import dijkstra

from urbanlayer.network.graph import ways_in, ways_out
from urbanlayer.network.nearest import pairs_on_one_edge, with_sources
from urbanlayer.network.search import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from urbanlayer.network.graph import Graph, Ways
    from urbanlayer.network.snapping import Attached


def cost_table(
    graph: Graph, origins: Attached, destinations: Attached, *, limit: float
) -> NDArray[np.float32]:
    """The least cost from places to targets along streets, as a table.

    The same as `pairs_within`, without a row for each pair: some seven times quicker where nearly
    every place reaches nearly every target, and of the size of all places by all targets.

    Parameters
    ----------
    graph
        The streets.
    places, targets
        Where they meet the streets.
    limit
        Greatest cost from place to target, included.

    Returns
    -------
    ndarray
        (targets, places) +inf beyond the limit.

    Examples
    --------
    >>> from urbanlayer.network.graph import build_graph
    >>> from urbanlayer.network.snapping import Attached
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    >>> home = Attached(1, np.array([0]), np.array([0]), np.array([30.0]), np.array([0.0]))
    >>> schools = Attached(
    ...     2, np.array([0, 1]), np.array([0, 0]), np.array([0.0, 100.0]), np.array([0.0, 5.0])
    ... )
    >>> cost_table(graph, home, schools, limit=74.0).tolist()
    [[30.0], [inf]]
    """
    table = np.full((destinations.count, origins.count), np.inf, dtype=np.float32)
    arcs = with_sources(graph.arcs_back, ways_in(graph, destinations), destinations.count)
    ways = list(_by_rank(ways_out(graph, origins)))
    for first in range(0, destinations.count, BLOCK):
        block = np.arange(first, min(first + BLOCK, destinations.count))
        rows = table[first : first + BLOCK]
        nodes = dijkstra(arcs, directed=True, indices=graph.node_count + block, limit=limit)
        for origin, node, onward in ways:
            rows[:, origin] = np.minimum(rows[:, origin], nodes.take(node, axis=1) + onward)
    origin, target, along = pairs_on_one_edge(graph, origins, destinations)
    np.minimum.at(table, (target, origin), along.astype(np.float32))
    table[table > np.float32(limit)] = np.inf
    return table


def _by_rank(
    ways: Ways,
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    """The first way of every place, then the second …: place, node and cost."""
    order = np.argsort(ways.origin, kind="stable")
    origin = ways.origin[order]
    rank = np.arange(len(origin)) - np.searchsorted(origin, origin)
    for number in range(int(rank.max(initial=-1)) + 1):
        here = order[rank == number]
        yield ways.origin[here], ways.node[here], ways.cost[here]
