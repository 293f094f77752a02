"""Pairs of an origin and a destination, kept as ways by the nodes between them, and their sums.

A million origins have some 60 million pairs with the cells around them, but the 150,000 nodes that
they pass have eight million. The pairs of a group of origins are made, summed and forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.threshold import within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MAX_TABLE = 4_000_000
"""Most origins times destinations in memory at once (32 MB)."""
MAX_ORIGINS = 4_096
"""Origins of one group that are summed at once, however many destinations there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways from one row to another, by the row they begin at; made by `ways_by_start`.

    Attributes
    ----------
    first
        (n + 1,) where the ways of each start begin among all, and where the last end.
    end
        (k,) the row that each leads to.
    cost
        (k,) of each.
    """

    first: NDArray[np.int64]
    end: NDArray[np.int32]
    cost: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PairsByNode:
    """Pairs of an origin and a destination at the least cost of all ways between them.

    A way leads from the origin to a node and on to the destination, or past no node.

    Attributes
    ----------
    destination_count
        How many there are.
    group
        (n,) of each origin; origins of a group lie close together, and reach much the same.
    to_nodes
        From origins to nodes.
    onward
        From nodes to destinations.
    direct
        From origins to destinations.
    limit
        Greatest cost, included.
    """

    destination_count: int
    group: NDArray[np.int64]
    to_nodes: Ways
    onward: Ways
    direct: Ways
    limit: float


def ways_by_start(
    count: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    cost: NDArray[np.float64],
) -> Ways:
    """Ways by the row they begin at.

    Parameters
    ----------
    count
        Number of rows *n* that they may begin at.
    start, end
        (k,) rows.
    cost
        (k,) of each way.

    Returns
    -------
    Ways
        Those of one start in the order given.

    Examples
    --------
    >>> ways = ways_by_start(2, np.array([1, 0, 1]), np.array([7, 8, 9]), np.array([3.0, 2.0, 1.0]))
    >>> ways.first.tolist(), ways.end.tolist()
    ([0, 1, 3], [8, 7, 9])
    """
    order = np.argsort(start, kind="stable")
    first = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(start, minlength=count), out=first[1:])
    return Ways(first, end[order].astype(np.int32), cost[order])


def amounts_reached(pairs: PairsByNode, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of what each origin reaches.

    Parameters
    ----------
    pairs
        Within their limit.
    amounts
        (m, c) of each of m things at each of c destinations.

    Returns
    -------
    ndarray
        (m, n) by thing and origin; each destination counts once, in the order of destinations, so
        that sums are the same to the digit however origins are grouped.

    Examples
    --------
    An origin two ways of 30 and 50 from a node that is 40 from both destinations, and 60 from the
    second by a way of its own; then within 65 alone:

    >>> to_node = ways_by_start(1, np.array([0, 0]), np.array([0, 0]), np.array([30.0, 50.0]))
    >>> onward = ways_by_start(1, np.array([0, 0]), np.array([0, 1]), np.array([40.0, 40.0]))
    >>> direct = ways_by_start(1, np.array([0]), np.array([1]), np.array([60.0]))
    >>> pairs = PairsByNode(2, np.array([0]), to_node, onward, direct, 70.0)
    >>> amounts_reached(pairs, np.array([[5.0, 7.0]])).tolist()
    [[12.0]]
    >>> from dataclasses import replace
    >>> amounts_reached(replace(pairs, limit=65.0), np.array([[5.0, 7.0]])).tolist()
    [[7.0]]
    """
    found = np.zeros((len(amounts), len(pairs.group)))
    for origins in _groups(pairs):
        destinations, cost = _cost_table(pairs, origins)
        near = within(cost, pairs.limit)
        for thing, amount in enumerate(amounts):
            found[thing, origins] = _sum_in_order(np.where(near, amount[destinations, None], 0.0))
    return found


def _sum_in_order(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) sums of the columns of a (d, n) table, from the first row to the last."""
    if table.shape[1] > 1:
        return np.asarray(table.sum(axis=0))  # numpy adds row to row
    # of one column it would add pairs of sums
    return np.asarray(np.cumsum(table, axis=0)[-1:].sum(axis=0))


def _groups(pairs: PairsByNode) -> Iterator[NDArray[np.int64]]:
    """Rows of origins of one group, as many at once as a table may hold."""
    order = np.argsort(pairs.group, kind="stable")
    ends = np.flatnonzero(np.diff(pairs.group[order])) + 1
    most = max(MAX_TABLE // max(pairs.destination_count, 1), MAX_ORIGINS)
    for group in np.split(order, ends):
        for first in range(0, len(group), most):
            yield group[first : first + most]


def _cost_table(
    pairs: PairsByNode, origins: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(d,) destinations that some of the origins reach, and the (d, n) costs to them."""
    row, node, to_node = _ways_of(pairs.to_nodes, origins)
    nodes, at = np.unique(node.astype(np.int64), return_inverse=True)
    via, end, on = _ways_of(pairs.onward, nodes)
    of, direct_end, direct = _ways_of(pairs.direct, origins)
    destinations = np.unique(np.concatenate([end, direct_end]))
    from_node = np.full((len(destinations), len(nodes)), np.inf)
    from_node[np.searchsorted(destinations, end), via] = on
    cost = np.full((len(destinations), len(origins)), np.inf)
    np.minimum.at(cost, (np.searchsorted(destinations, direct_end), of), direct)
    for turn in _one_of_each(row):
        ways = from_node[:, at[turn]]
        ways += to_node[turn]
        if len(turn) == len(origins):
            np.minimum(cost, ways, out=cost)
        else:
            cost[:, row[turn]] = np.minimum(cost[:, row[turn]], ways)
    return destinations, cost


def _one_of_each(row: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Positions among ascending rows, each row once at a time: all first ones, all second ones."""
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    for turn in range(int(rank.max(initial=-1)) + 1):
        yield np.flatnonzero(rank == turn)


def _ways_of(
    ways: Ways, starts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Ways that begin at some rows: the place of its start among these, the end and the cost."""
    first = ways.first[starts]
    count = ways.first[starts + 1] - first
    of = np.repeat(np.arange(len(starts)), count)
    at = np.arange(len(of)) + np.repeat(first - np.cumsum(count) + count, count)
    return of, ways.end[at], ways.cost[at]
