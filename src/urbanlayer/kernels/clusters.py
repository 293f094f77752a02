"""Spatial autocorrelation: global and local Moran's I.

Local clusters are controlled for the false discovery rate (Benjamini & Hochberg 1995; de Castro &
Singer 2006), since with many neighbourhoods some appear as clusters by chance.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_PERMUTATIONS, MAX_PERMUTATIONS = 999, 9999
SEED = 20260630
"""Fixed, so that the same values give the same result."""
KINDS = ("", "high-high", "low-low", "high-low", "low-high")


@dataclass(frozen=True, slots=True)
class GlobalMoran:
    """Global Moran's I.

    Attributes
    ----------
    statistic
        Moran's I; above `expected` if neighbours are similar.
    expected
        Expected value without autocorrelation, -1/(n - 1).
    p_value
        Two-sided, from permutations.
    count
        Number of values that have a neighbour with a value.
    """

    statistic: float
    expected: float
    p_value: float
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class LocalMoran:
    """Local Moran's I of each of n.

    Attributes
    ----------
    statistic
        (n,) local I; NaN without a value or without a neighbour with a value.
    p_value
        (n,) two-sided, from conditional permutations.
    kind
        (n,) `high-high`, `low-low`, `high-low`, `low-high`: the value and its neighbours; empty if
        not significant.
    """

    statistic: NDArray[np.float64]
    p_value: NDArray[np.float64]
    kind: NDArray[np.str_]


def contiguity_pairs(
    polygons: NDArray[np.object_], *, tolerance_m: float = 1.0
) -> NDArray[np.int64]:
    """(k, 2) rows of polygons that touch at a border or a corner (queen), both ways round.

    Parameters
    ----------
    polygons
        (n,) in metres.
    tolerance_m
        Polygons within this distance count as touching, since digitised borders rarely coincide.

    Examples
    --------
    >>> contiguity_pairs(np.array([shapely.box(n, 0, n + 9, 9) for n in (0, 9, 18)])).tolist()
    [[0, 1], [1, 0], [1, 2], [2, 1]]
    """
    tree = shapely.STRtree(polygons)
    pairs = tree.query(polygons, predicate="dwithin", distance=tolerance_m).T
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return np.asarray(pairs[order], dtype=np.int64)


def moran(
    values: NDArray[np.float64],
    pairs: NDArray[np.int64],
    *,
    row_standardised: bool = True,
    permutations: int = MIN_PERMUTATIONS,
) -> GlobalMoran:
    """Moran's I: (n/ΣW) Σ_i Σ_j w_ij z_i z_j / Σ z².

    Parameters
    ----------
    values
        (n,) NaN is "no result" and is excluded with its pairs.
    pairs
        (k, 2) neighbours, in both directions, as `contiguity_pairs` gives them.
    row_standardised
        Each row of weights sums to 1; otherwise each neighbour weighs 1.
    permutations
        Number of random permutations for the p-value.

    References
    ----------
    Moran 1950, *Notes on continuous stochastic phenomena*, Biometrika 37.
    """
    x, links = _with_neighbours(values, pairs)[1:]
    count = len(x)
    z = x - x.mean() if count else x
    if count < 2 or not (z**2).sum() > 0:  # noqa: PLR2004  (nobody to compare with)
        return GlobalMoran(float("nan"), float("nan"), float("nan"), count)
    weight = _weights(links, count, row_standardised=row_standardised)

    def statistic(shuffled: NDArray[np.float64]) -> NDArray[np.float64]:
        products = shuffled[..., links[:, 0]] * shuffled[..., links[:, 1]]
        return np.asarray(count / weight.sum() * (products @ weight) / (z**2).sum())

    observed = float(statistic(z))
    random = np.random.default_rng(SEED)
    permuted = statistic(random.permuted(np.tile(z, (permutations, 1)), axis=1))
    p_value = float(_p_value(np.array([observed]), permuted[:, None])[0])
    return GlobalMoran(observed, -1 / (count - 1), p_value, count)


def local_moran(
    values: NDArray[np.float64], pairs: NDArray[np.int64], *, alpha: float = 0.05
) -> LocalMoran:
    """Local Moran's I_i = (z_i/m2) Σ_j w_ij z_j with m2 = Σz²/n, rows standardised.

    Significance is tested by conditional permutations, with the false discovery rate controlled at
    `alpha`. The mean of the I_i is Moran's I.

    Parameters
    ----------
    values, pairs
        As for `moran`.
    alpha
        Accepted false discovery rate among the significant clusters.

    References
    ----------
    Anselin 1995, *Local indicators of spatial association*, Geographical Analysis 27(2).
    """
    known, x, links = _with_neighbours(values, pairs)
    count, size = len(x), len(values)
    statistic, p_value = np.full(size, np.nan), np.full(size, np.nan)
    kind = np.full(size, "", dtype="<U9")
    z = x - x.mean() if count else x
    if count < 3 or not (z**2).sum() > 0:  # noqa: PLR2004  (chance needs others to draw from)
        return LocalMoran(statistic, p_value, kind)
    weight = _weights(links, count, row_standardised=True)
    lag = np.bincount(links[:, 0], weight * z[links[:, 1]], count).astype(np.float64)
    scale = (z**2).mean()
    statistic[known] = z * lag / scale
    permuted = _permuted_lags(z, np.bincount(links[:, 0], minlength=count), alpha)
    p_value[known] = _p_value(lag, permuted)
    significant = benjamini_hochberg(p_value[known], alpha=alpha)
    quadrant = np.where(z > 0, np.where(lag > 0, 1, 3), np.where(lag > 0, 4, 2))
    kind[known] = np.asarray(KINDS)[np.where(significant, quadrant, 0)]
    return LocalMoran(statistic, p_value, kind)


def benjamini_hochberg(p_values: NDArray[np.float64], *, alpha: float) -> NDArray[np.bool_]:
    """(n,) True for tests that are significant at a false discovery rate of `alpha`.

    The largest k with p_(k) ≤ k α / n, and all smaller p-values.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.02, 0.6, 0.001, 0.2, 0.012]), alpha=0.05).tolist()
    [True, False, True, False, True]
    """
    order = np.argsort(p_values, kind="stable")
    limit = alpha * np.arange(1, len(p_values) + 1) / max(len(p_values), 1)
    holds = np.flatnonzero(p_values[order] <= limit)
    significant = np.zeros(len(p_values), dtype=bool)
    if len(holds):
        significant[order[: holds[-1] + 1]] = True
    return significant


def _with_neighbours(
    values: NDArray[np.float64], pairs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Rows with a value and a neighbour with one, their values, and their renumbered pairs."""
    has_value = np.isfinite(values)
    links = pairs[has_value[pairs].all(axis=1)] if len(pairs) else pairs.reshape(0, 2)
    known = np.unique(links)
    return known, values[known], np.searchsorted(known, links)


def _weights(
    links: NDArray[np.int64], count: int, *, row_standardised: bool
) -> NDArray[np.float64]:
    if not row_standardised:
        return np.ones(len(links))
    return np.asarray(1 / np.bincount(links[:, 0], minlength=count)[links[:, 0]])


def _permuted_lags(
    z: NDArray[np.float64], neighbours: NDArray[np.int64], alpha: float
) -> NDArray[np.float64]:
    """(permutations, n) mean of as many randomly drawn others as each row has neighbours."""
    count = len(z)
    enough = int(np.ceil(4 * count / alpha)) - 1  # the least p-value then lies well below α/n
    permutations = int(np.clip(enough, MIN_PERMUTATIONS, MAX_PERMUTATIONS))
    others = _permuted_neighbours(count, int(neighbours.max()), permutations)
    lags = np.empty((permutations, count))
    for row in range(count):
        drawn = others[: neighbours[row]]
        lags[:, row] = _sum_of_rows(np.delete(z, row)[drawn]) / len(drawn)
    return lags


def _sum_of_rows(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) sums over the rows of a (k, n) table, in the order in which numpy sums k numbers.

    Eight by eight and then the rest, so that the sums are those of `table.T.sum(axis=1)` to the
    digit, in a fifth of its time where k is small.
    """
    whole = len(table) // 8 * 8
    total = np.zeros(table.shape[1])
    if whole:
        eight = table[:8].copy()
        for first in range(8, whole, 8):
            eight += table[first : first + 8]
        pairs = eight[0::2] + eight[1::2]
        total = (pairs[0] + pairs[1]) + (pairs[2] + pairs[3])
    for row in table[whole:]:
        total += row
    return total


@functools.lru_cache(maxsize=2)
def _permuted_neighbours(count: int, drawn_count: int, permutations: int) -> NDArray[np.int64]:
    """(most, permutations) of the `count` - 1 others, each once in a column; cached."""
    random = np.random.default_rng(SEED)
    others = np.tile(np.arange(count - 1), (permutations, 1))
    return np.ascontiguousarray(random.permuted(others, axis=1)[:, :drawn_count].T)


def _p_value(observed: NDArray[np.float64], permuted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided p-value: twice the smaller share of permutations as extreme, at most 1."""
    slack = 1e-12
    above = (permuted >= observed - slack).sum(axis=0)
    below = (permuted <= observed + slack).sum(axis=0)
    share = 2 * (np.minimum(above, below) + 1) / (len(permuted) + 1)
    return np.asarray(np.minimum(1.0, share), dtype=np.float64)
