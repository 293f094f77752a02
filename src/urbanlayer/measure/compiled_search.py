"""The bounded search of `search.nodes_within`, compiled; needs the extra `urbanlayer[fast]`.

Where scipy keeps and clears a full row of the graph for each source, this touches only what it
reaches: a binary heap, and a list of touched nodes to reset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba  # type: ignore[import-not-found, import-untyped, unused-ignore]
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Numbers = NDArray[np.float64]


def search_each(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float64],
    first: NDArray[np.int64],
    start_node: NDArray[np.int64],
    start_cost: NDArray[np.float64],
    limit: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The nodes within a cost of each source.

    Parameters
    ----------
    indptr, indices, data
        Arcs of the graph, as scipy's `csr_array` keeps them.
    first
        (sources + 1,) where each source's starts begin.
    start_node, start_cost
        Nodes at which sources enter the graph, and the cost of getting there.
    limit
        Greatest cost, included.

    Returns
    -------
    source, node
        (k,) rows of each pair, by source, then by node.
    cost
        (k,) from the source to the node.

    Examples
    --------
    >>> arcs = np.array([0, 1, 2]), np.array([1, 0]), np.array([7.0, 7.0])
    >>> starts = np.array([0, 1]), np.array([0]), np.array([2.0])
    >>> [part.tolist() for part in search_each(*arcs, *starts, 9.0)]
    [[0, 0], [0, 1], [2.0, 9.0]]
    """
    source, node, cost = _search_each(
        indptr.astype(np.int64),
        indices.astype(np.int64),
        data,
        first,
        start_node,
        start_cost,
        limit,
    )
    order = np.lexsort((node, source))
    return source[order], node[order], cost[order]


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _search_each(
    indptr: Integers,
    indices: Integers,
    data: Numbers,
    first: Integers,
    start_node: Integers,
    start_cost: Numbers,
    limit: float,
) -> tuple[Integers, Integers, Numbers]:
    nodes = len(indptr) - 1
    best = np.full(nodes, np.inf)
    touched = np.empty(nodes, np.int64)
    heap_cost, heap_node = np.empty(1024, np.float64), np.empty(1024, np.int64)
    out_source, out_node = np.empty(1024, np.int64), np.empty(1024, np.int64)
    out_cost = np.empty(1024, np.float64)
    written = 0
    for source in range(len(first) - 1):
        reached = size = 0
        for start in range(first[source], first[source + 1]):
            node, cost = start_node[start], start_cost[start]
            if cost <= limit and cost < best[node]:
                if best[node] == np.inf:
                    touched[reached] = node
                    reached += 1
                best[node] = cost
                if size == len(heap_cost):
                    heap_cost, heap_node = _doubled(heap_cost), _doubled(heap_node)
                size = _push(heap_cost, heap_node, size, cost, node)
        reached, heap_cost, heap_node = _spread(
            indptr, indices, data, limit, best, touched, reached, heap_cost, heap_node, size
        )
        while written + reached > len(out_cost):
            out_source, out_node = _doubled(out_source), _doubled(out_node)
            out_cost = _doubled(out_cost)
        for row in range(reached):
            node = touched[row]
            out_source[written], out_node[written] = source, node
            out_cost[written] = best[node]
            best[node] = np.inf
            written += 1
    return out_source[:written].copy(), out_node[:written].copy(), out_cost[:written].copy()


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _spread(  # noqa: PLR0913, PLR0917  (the state of one search)
    indptr: Integers,
    indices: Integers,
    data: Numbers,
    limit: float,
    best: Numbers,
    touched: Integers,
    reached: int,
    heap_cost: Numbers,
    heap_node: Integers,
    size: int,
) -> tuple[int, Numbers, Integers]:
    """Dijkstra's algorithm from what the heap holds, until nothing within the limit is left."""
    while size > 0:
        cost, node = heap_cost[0], heap_node[0]
        size = _pop(heap_cost, heap_node, size)
        if cost > best[node]:
            continue
        for arc in range(indptr[node], indptr[node + 1]):
            other = indices[arc]
            onward = cost + data[arc]
            if onward <= limit and onward < best[other]:
                if best[other] == np.inf:
                    touched[reached] = other
                    reached += 1
                best[other] = onward
                if size == len(heap_cost):
                    heap_cost, heap_node = _doubled(heap_cost), _doubled(heap_node)
                size = _push(heap_cost, heap_node, size, onward, other)
    return reached, heap_cost, heap_node


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _doubled(values: Any) -> Any:  # noqa: ANN401  (of integers, or of numbers)
    longer = np.empty(2 * len(values), values.dtype)
    longer[: len(values)] = values
    return longer


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _push(heap_cost: Numbers, heap_node: Integers, size: int, cost: float, node: int) -> int:
    row = size
    while row > 0:
        parent = (row - 1) >> 1
        if heap_cost[parent] <= cost:
            break
        heap_cost[row] = heap_cost[parent]
        heap_node[row] = heap_node[parent]
        row = parent
    heap_cost[row] = cost
    heap_node[row] = node
    return size + 1


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _pop(heap_cost: Numbers, heap_node: Integers, size: int) -> int:
    size -= 1
    cost, node = heap_cost[size], heap_node[size]
    row = 0
    while 2 * row + 1 < size:
        child = 2 * row + 1
        if child + 1 < size and heap_cost[child + 1] < heap_cost[child]:
            child += 1
        if heap_cost[child] >= cost:
            break
        heap_cost[row] = heap_cost[child]
        heap_node[row] = heap_node[child]
        row = child
    heap_cost[row] = cost
    heap_node[row] = node
    return size
