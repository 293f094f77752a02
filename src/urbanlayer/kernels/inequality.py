"""Measures of inequality weighted by residents: Lorenz, Gini, Palma, Theil, Atkinson.

0 is perfect equality; NaN is "no result": no weight, a total of 0, or negative values where the
measure is not defined for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAN = float("nan")
POOREST_SHARE, RICHEST_SHARE = 0.4, 0.1
"""Palma: the richest tenth over the poorest four tenths (Palma 2011)."""


@dataclass(frozen=True, slots=True)
class Decomposition:
    """An inequality index and its components between and within groups."""

    total: float
    between: float
    within: float


def lorenz(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The Lorenz curve: cumulative shares of people and of the total, in ascending order of value.

    Parameters
    ----------
    values
        (n,) not negative; NaN is unknown and excluded with its weight.
    weights
        (n,) not negative.

    Returns
    -------
    people, whole
        Each from 0 to 1, ascending; NaN where the total is 0.

    Examples
    --------
    >>> people, whole = lorenz(np.array([4.0, 2.0, 9.0]), np.array([200.0, 100.0, 100.0]))
    >>> people.tolist(), whole.round(4).tolist()
    ([0.0, 0.25, 0.75, 1.0], [0.0, 0.1053, 0.5263, 1.0])
    """
    x, f = _known(values, weights)
    order = np.argsort(x, kind="stable")
    return _curve(x[order], f[order])


def gini(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The Gini coefficient, 1 - Σ (L_k + L_{k-1}) (F_k - F_{k-1}); 0 is perfect equality.

    Parameters
    ----------
    values, weights
        (n,) as for `lorenz`.

    Examples
    --------
    Worked example of indicators.md, 8:

    >>> round(gini(np.array([2.0, 4.0, 9.0]), np.array([100.0, 200.0, 100.0])), 6)
    0.276316
    """
    if _is_negative(values, weights):
        return NAN
    people, whole = lorenz(values, weights)
    if not np.isfinite(whole).all():
        return NAN
    return float(1 - ((whole[1:] + whole[:-1]) * np.diff(people)).sum())


def palma(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    rank_by: NDArray[np.float64] | None = None,
) -> float:
    """The Palma ratio: mean of the richest 10 % over mean of the poorest 40 %.

    Parameters
    ----------
    values, weights
        (n,) as for `lorenz`.
    rank_by
        (n,) income or another ranking variable; by default the values themselves. People of the
        same rank are split evenly at a quantile.

    Returns
    -------
    float
        +inf if the poorest have nothing and the richest something.

    Examples
    --------
    >>> palma(np.arange(1.0, 11), np.ones(10))
    4.0
    """
    order_by = values if rank_by is None else rank_by
    known = np.isfinite(values) & np.isfinite(order_by) & (weights > 0)
    if not known.any() or (values[known] < 0).any():
        return NAN
    _, rank = np.unique(order_by[known], return_inverse=True)
    people = np.bincount(rank, weights[known]).astype(np.float64)
    mean = np.bincount(rank, weights[known] * values[known]) / people
    share, whole = _curve(mean, people)
    poorest = float(np.interp(POOREST_SHARE, share, whole)) / POOREST_SHARE
    richest = (1 - float(np.interp(1 - RICHEST_SHARE, share, whole))) / RICHEST_SHARE
    if poorest == 0:
        return float("inf") if richest > 0 else NAN
    return round(richest / poorest, 12)


def theil(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    groups: NDArray[np.int64] | None = None,
    *,
    index: Literal["t", "l"] = "t",
) -> Decomposition:
    """Theil's T, Σ f (x/μ) ln(x/μ), or L, Σ f ln(μ/x), and its parts between and within groups.

    Parameters
    ----------
    values, weights
        (n,) as for `lorenz`. T uses 0·ln 0 = 0; L is NaN if a value is 0.
    groups
        (n,) group of each value, 0 or more: the neighbourhood; by default one group.
    index
        `t` weights groups by their share of the total, `l` by their share of people.

    Returns
    -------
    Decomposition
        Components sum to the total.

    References
    ----------
    Shorrocks 1980, *The class of additively decomposable inequality measures*, Econometrica 48(3).
    """
    known = np.isfinite(values) & (weights > 0)
    x = values[known]
    least_allowed = x >= 0 if index == "t" else x > 0
    if not len(x) or not least_allowed.all() or not (x * weights[known]).sum() > 0:
        return Decomposition(NAN, NAN, NAN)
    f = weights[known] / weights[known].sum()
    of = np.zeros(len(x), dtype=np.int64) if groups is None else groups[known]
    people = np.bincount(of, f).astype(np.float64)
    held = people > 0
    mean = np.zeros(len(people))
    mean[held] = np.bincount(of, f * x)[held] / people[held]
    total = _theil(x, f, index)
    between = _theil(mean[held], people[held], index)
    return Decomposition(total, between, total - between)


def atkinson(
    values: NDArray[np.float64], weights: NDArray[np.float64], *, aversion: float
) -> float:
    """The Atkinson index: the share of the total that equality would make dispensable.

    1 - [Σ f x^{1-ε}]^{1/(1-ε)} / μ, and 1 - exp(Σ f ln x) / μ for ε = 1.

    Parameters
    ----------
    values, weights
        (n,) as for `lorenz`.
    aversion
        ε > 0, the inequality aversion; larger values weight the poorest more.

    References
    ----------
    Atkinson 1970, *On the measurement of inequality*, Journal of Economic Theory 2(3).
    """
    if _is_negative(values, weights):
        return NAN
    x, f = _known(values, weights)
    mean = float((f * x).sum())
    if not mean > 0:
        return NAN
    if aversion >= 1 and (x == 0).any():
        return 1.0  # a value of 0 makes the equally distributed equivalent 0
    if aversion == 1:
        equal = float(np.exp((f * np.log(x)).sum()))
    else:
        equal = float((f * x ** (1 - aversion)).sum() ** (1 / (1 - aversion)))
    return 1 - equal / mean


def concentration_index(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    poor_to_rich: NDArray[np.float64],
    *,
    bounds: tuple[float, float] | None = None,
) -> float:
    """The concentration index, (2/μ) cov(x, R) with wealth rank R; negative if the poor have more.

    Parameters
    ----------
    values, weights
        (n,) as for `lorenz`.
    poor_to_rich
        (n,) ranking variable, the poorest lowest; equal values share a rank.
    bounds
        Minimum and maximum possible value: applies the Erreygers correction, 4 μ C / (b - a), so
        that bounded variables (shares) are comparable.

    References
    ----------
    Kakwani, Wagstaff & van Doorslaer 1997, Journal of Econometrics 77(1);
    Erreygers 2009, *Correcting the concentration index*, Journal of Health Economics 28(2).

    Examples
    --------
    >>> x, p = np.array([2.0, 9.0, 4.0]), np.array([100.0, 100.0, 200.0])
    >>> round(concentration_index(x, p, np.array([1.0, 2.0, 3.0])), 6)
    0.013158
    """
    known = np.isfinite(values) & np.isfinite(poor_to_rich) & (weights > 0)
    if not known.any():
        return NAN
    x, f = values[known], weights[known] / weights[known].sum()
    mean = float((f * x).sum())
    if not mean > 0:
        return NAN
    _, of = np.unique(poor_to_rich[known], return_inverse=True)
    people = np.bincount(of, f)
    rank = (np.cumsum(people) - people / 2)[of]
    index = 2 / mean * float((f * (x - mean) * (rank - (f * rank).sum())).sum())
    if bounds is None:
        return index
    return 4 * mean * index / (bounds[1] - bounds[0])


def _known(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The known values and the share of people of each."""
    known = np.isfinite(values) & (weights > 0)
    kept = weights[known]
    return values[known], kept / kept.sum() if len(kept) else kept


def _is_negative(values: NDArray[np.float64], weights: NDArray[np.float64]) -> bool:
    return bool((values[np.isfinite(values) & (weights > 0)] < 0).any())


def _curve(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    people = np.append(0.0, np.cumsum(weights))
    whole = np.append(0.0, np.cumsum(values * weights))
    with np.errstate(invalid="ignore", divide="ignore"):
        return people / people[-1], whole / whole[-1]


def _theil(x: NDArray[np.float64], f: NDArray[np.float64], index: Literal["t", "l"]) -> float:
    relative = x / float((f * x).sum())
    if index == "l":
        return float(-(f * np.log(relative)).sum())
    positive = relative > 0
    return float((f[positive] * relative[positive] * np.log(relative[positive])).sum())
