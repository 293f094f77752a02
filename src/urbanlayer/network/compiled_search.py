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
    Matrix = tuple[Integers, Integers, Numbers]
    Heap = tuple[Numbers, Integers]


def search_each(arcs: Matrix, starts: Matrix, limit: float) -> Matrix:
    """The nodes within a cost of each source.

    Parameters
    ----------
    arcs
        Where each node's arcs begin, (n + 1,); their other ends; their costs: the graph as
        scipy's `csr_array` keeps it.
    starts
        Where each source's starts begin, (sources + 1,); nodes at which sources enter the graph;
        the cost of getting there.
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
    >>> [part.tolist() for part in search_each(arcs, starts, 9.0)]
    [[0, 0], [0, 1], [2.0, 9.0]]
    """
    source, node, cost = _search_each(arcs, starts, limit)
    order = np.argsort(source * (len(arcs[0]) - 1) + node)
    return source[order], node[order], cost[order]


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _search_each(arcs: Matrix, starts: Matrix, limit: float) -> Matrix:
    first, start_node, start_cost = starts
    nodes = len(arcs[0]) - 1
    best, touched = np.full(nodes, np.inf), np.empty(nodes, np.int64)
    # no search pushes more than this; memory that is not written to is not taken up
    most = len(arcs[1]) + len(start_node)
    heap = np.empty(most, np.float64), np.empty(most, np.int64)
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
                size = _push(heap, size, cost, node)
        reached = _spread(arcs, limit, (best, touched), heap, (reached, size))
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
def _spread(arcs: Matrix, limit: float, seen: Heap, heap: Heap, counts: tuple[int, int]) -> int:
    """Dijkstra's algorithm from what the heap holds, until nothing within the limit is left."""
    indptr, indices, data = arcs
    best, touched = seen
    reached, size = counts
    while size > 0:
        cost, node = heap[0][0], heap[1][0]
        size = _pop(heap, size)
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
                size = _push(heap, size, onward, other)
    return reached


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _doubled(values: Any) -> Any:  # noqa: ANN401  (of integers, or of numbers)
    longer = np.empty(2 * len(values), values.dtype)
    longer[: len(values)] = values
    return longer


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _push(heap: Heap, size: int, cost: float, node: int) -> int:
    heap_cost, heap_node = heap
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
def _pop(heap: Heap, size: int) -> int:
    heap_cost, heap_node = heap
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
