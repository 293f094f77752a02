"""Pairs of an origin and a destination, each with the least cost between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_DENSE_CELLS = 10_000_000
"""Up to this number of origins times destinations a full table (80 MB) is used, which is faster
than sorting."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of an origin and a reachable destination, each once, sorted by both.

    Attributes
    ----------
    origin_count, destination_count
        How many there are, those without a pair counted.
    origin, destination
        (k,) rows.
    cost
        (k,) from origin to destination, in the graph's unit.
    """

    origin_count: int
    destination_count: int
    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    cost: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.origin)

    def only(self, keep: NDArray[np.bool_]) -> Pairs:
        """The pairs that a (k,) mask keeps."""
        return Pairs(
            self.origin_count,
            self.destination_count,
            self.origin[keep],
            self.destination[keep],
            self.cost[keep],
        )


def cheapest_pairs(
    origin_count: int,
    destination_count: int,
    origin: NDArray[np.int64],
    destination: NDArray[np.int64],
    cost: NDArray[np.float64],
) -> Pairs:
    """Each pair once, at its least cost, sorted by origin and destination.

    Parameters
    ----------
    origin_count, destination_count
        How many there are, those without a pair counted.
    origin, destination
        (k,) rows, in any order, repeated where there are several ways.
    cost
        (k,) of each way.

    Returns
    -------
    Pairs
        In order.

    Examples
    --------
    >>> two_ways = np.array([0, 0]), np.array([0, 0]), np.array([70.0, 30.0])
    >>> cheapest_pairs(1, 1, *two_ways).cost.tolist()
    [30.0]
    """
    key = origin * destination_count + destination
    if origin_count * destination_count <= MAX_DENSE_CELLS:
        table = np.full(origin_count * destination_count, np.inf)
        np.minimum.at(table, key, cost)
        pair = np.flatnonzero(table < np.inf)
        least = table[pair]
    else:
        order = np.argsort(key, kind="stable")
        first = np.ones(len(order), dtype=bool)
        first[1:] = key[order][1:] != key[order][:-1]
        pair = key[order][first]
        least = np.minimum.reduceat(cost[order], np.flatnonzero(first)) if len(pair) else cost
    row, column = np.divmod(pair, max(destination_count, 1))
    return Pairs(origin_count, destination_count, row, column, least)


def cheapest_by_origin(
    count: int,
    origin: NDArray[np.int64],
    cost: NDArray[np.float64],
    destination: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The cheapest candidate of each origin.

    Parameters
    ----------
    count
        Number of origins *n*.
    origin, cost, destination
        (k,) candidates.

    Returns
    -------
    cost
        (n,) +inf where an origin has no candidate.
    destination
        (n,) row of the cheapest destination, the lowest row of equals; -1 where there is none.

    Examples
    --------
    >>> rows, costs = np.array([0, 0, 2]), np.array([5.0, 4.0, 1.0])
    >>> cost, destination = cheapest_by_origin(3, rows, costs, np.array([7, 8, 9]))
    >>> cost.tolist(), destination.tolist()
    ([4.0, inf, 1.0], [8, -1, 9])
    """
    best = np.full(count, np.inf)
    np.minimum.at(best, origin, cost)
    winner = np.full(count, np.iinfo(np.int64).max)
    wins = np.isfinite(cost) & (cost == best[origin])
    np.minimum.at(winner, origin[wins], destination[wins])
    return best, np.where(np.isfinite(best), winner, -1)
