"""How ranks move when weights do: shares of draws, quantiles, pairs and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.needs import EQUAL_TO, ranks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOW, HIGH = 5, 95
"""Per cent of the draws at which a range of ranks begins and ends, and two are distinguished."""
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class RankRanges:
    """Ranks of n neighbourhoods over draws of weights.

    Attributes
    ----------
    shares
        (n, n) share of the draws in which a neighbourhood (row) has rank 1, 2, … (column).
    low, high
        (n,) least rank whose cumulated share reaches 5 % and 95 %.
    above
        (n, n) share of the draws in which the row is needier than the column; equal needs count
        for neither.
    """

    shares: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    above: NDArray[np.float64]


def rank_ranges(needs: NDArray[np.float64]) -> RankRanges:
    """The ranges of ranks of draws.

    Parameters
    ----------
    needs
        (d, n) need of each neighbourhood in each draw, without NaN.
    """
    draws, count = needs.shape
    ranks = ranks_of(needs)
    column = np.arange(count)
    numbered = ((ranks - 1) + column * count).ravel()
    counts = np.bincount(numbered, minlength=count * count).reshape(count, count)
    cumulated = counts.cumsum(axis=1) * 100
    return RankRanges(
        shares=counts / draws,
        low=(cumulated >= LOW * draws).argmax(axis=1) + 1,
        high=(cumulated >= HIGH * draws).argmax(axis=1) + 1,
        above=_above(np.round(needs, EQUAL_TO)) / draws,
    )


def _above(needs: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n, n) number of draws in which the row is needier than the column."""
    draws, count = needs.shape
    total = np.zeros((count, count), np.int64)
    step = max(1, _CELLS // max(1, count * count))
    for start in range(0, draws, step):
        part = needs[start : start + step]
        total += (part[:, :, None] > part[:, None, :]).sum(axis=0)
    return total


def groups_tied_with_best(
    ranks: NDArray[np.int64], above: NDArray[np.float64]
) -> NDArray[np.int64]:
    """(n,) number of each one's group, from 1: those that cannot be distinguished from its best.

    The neediest that has no group begins one; it takes in all others without a group that it is
    above in less than 95 % of the draws. The distinction is not transitive: two of a group may
    be distinguished from one another, and two of different groups not.

    Parameters
    ----------
    ranks
        (n,) 1 is the neediest; equal ranks in the order given.
    above
        (n, n) as in `RankRanges`.
    """
    group = np.zeros(len(ranks), np.int64)
    number = 0
    for best in np.argsort(ranks, kind="stable"):
        if group[best]:
            continue
        number += 1
        group[(group == 0) & (above[best] * 100 < HIGH)] = number
        group[best] = number
    return group
