"""All nodes within a cost of each of many sources."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse.csgraph import dijkstra

from urbanlayer.network.nearest import with_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from urbanlayer.network.graph import Links

Engine = Literal["auto", "scipy", "compiled"]

BLOCK = 50
"""Sources searched at once by scipy, which keeps a full row of the graph for each."""

LARGE = 500_000_000
"""Nodes times sources from which on the compiled search pays for its start (1 to 2 s)."""


def nodes_within(
    arcs: csr_array[np.float64, tuple[int, int]],
    links: Links,
    source_count: int,
    *,
    limit: float,
    engine: Engine = "auto",
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The nodes within a cost of each source, and what it costs to go there.

    Parameters
    ----------
    arcs
        (n, n) the graph.
    links
        From sources (`origin`) to nodes.
    source_count
        Number of sources.
    limit
        Greatest cost, included.
    engine
        `compiled` needs the extra `urbanlayer[fast]`; `auto` takes it where the work is large
        and it is installed. Both give the same.

    Returns
    -------
    source, node
        (k,) rows of each pair, by source, then by node.
    cost
        (k,) from the source to the node.

    Raises
    ------
    ModuleNotFoundError
        `compiled` is true and numba is not installed.

    Examples
    --------
    >>> from urbanlayer.network.graph import Links, build_graph
    >>> graph = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([10.0, 20.0]))
    >>> links = Links(np.array([0]), np.array([0]), np.array([5.0]))
    >>> [part.tolist() for part in nodes_within(graph.arcs, links, 1, limit=15.0)]
    [[0, 0], [0, 1], [5.0, 15.0]]
    """
    if engine == "auto":
        large = arcs.shape[0] * source_count >= LARGE
        engine = "compiled" if large and find_spec("numba") else "scipy"
    if engine == "compiled":
        from urbanlayer.network.compiled_search import search_each

        starts = _by_source(links, source_count)
        whole = arcs.indptr.astype(np.int64), arcs.indices.astype(np.int64), arcs.data
        return search_each(whole, starts, limit)
    return _by_blocks(arcs, links, source_count, limit)


def _by_blocks(
    arcs: csr_array[np.float64, tuple[int, int]], links: Links, source_count: int, limit: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    nodes = arcs.shape[0]
    with_all = with_sources(arcs, links, source_count)
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    for first in range(0, source_count, BLOCK):
        block = np.arange(first, min(first + BLOCK, source_count))
        cost = dijkstra(with_all, directed=True, indices=nodes + block, limit=limit)
        # of one long row: three times quicker than to look for rows and columns of a table
        reached = np.flatnonzero(cost <= min(limit, np.finfo(np.float64).max))
        row, node = np.divmod(reached, cost.shape[1])
        in_graph = node < nodes
        found.append((block[row[in_graph]], node[in_graph], cost.ravel()[reached[in_graph]]))
    if not found:
        none = np.empty(0, dtype=np.int64)
        return none, none, np.empty(0)
    source, node, cost = (np.concatenate(part) for part in zip(*found, strict=True))
    return source, node, cost


def _by_source(
    links: Links, source_count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Links as rows: where each source's begin, their nodes and costs."""
    order = np.argsort(links.origin, kind="stable")
    first = np.zeros(source_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(links.origin, minlength=source_count), out=first[1:])
    return first, links.node[order], links.cost[order]
