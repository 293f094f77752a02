"""Needs from results: one rule each, from 0 (no need) to 1 (neediest)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

EQUAL_TO = 12
"""Decimals to which two needs are compared; values of a result by their largest."""
LEAST_ACHIEVEMENT = 0.01
"""Of a geometric mean, so that one theme without any achievement does not decide alone."""
NO_DIFFERENCE = 0.5
"""Need of every neighbourhood by a relative rule, where all have the same result."""


def by_target(values: NDArray[np.float64], *, target: float, worst: float) -> NDArray[np.float64]:
    """Distance to the target: 0 at the target and beyond, 1 at the worst and beyond.

    Parameters
    ----------
    values
        (n,); NaN, "no result", stays NaN.
    target, worst
        Goalposts, in the unit of the values.
    """
    return np.clip((target - values) / (target - worst), 0.0, 1.0)


def by_min_max(values: NDArray[np.float64], *, higher_is_better: bool) -> NDArray[np.float64]:
    """Place between the best and the worst of the values.

    Parameters
    ----------
    values
        (n,); NaN stays NaN.
    higher_is_better
        Direction.
    """
    if not differ(values):
        return _no_difference(values)
    known = values[np.isfinite(values)]
    share = (values - known.min()) / (known.max() - known.min())
    return np.asarray(1.0 - share if higher_is_better else share, dtype=np.float64)


def by_rank(values: NDArray[np.float64], *, higher_is_better: bool) -> NDArray[np.float64]:
    """(average rank - 1) / (n - 1) among the values; ties have the average of their ranks.

    Parameters
    ----------
    values
        (n,); NaN stays NaN and is not ranked.
    higher_is_better
        Direction.
    """
    if not differ(values):
        return _no_difference(values)
    known = np.isfinite(values)
    compared = _compared(values)
    compared = -compared if higher_is_better else compared
    ordered = np.sort(compared)
    before, until = (np.searchsorted(ordered, compared, side) for side in ("left", "right"))
    needs = np.full(len(values), np.nan)
    needs[known] = (before + until - 1) / 2 / (known.sum() - 1)  # the average rank, less 1
    return needs


def by_z_score(values: NDArray[np.float64], *, higher_is_better: bool) -> NDArray[np.float64]:
    """The standard normal distribution function of the z-score.

    Parameters
    ----------
    values
        (n,); NaN stays NaN. The standard deviation is that of a population: divisor n.
    higher_is_better
        Direction.
    """
    if not differ(values):
        return _no_difference(values)
    known = values[np.isfinite(values)]
    z = (values - known.mean()) / known.std()
    return np.asarray(ndtr(-z if higher_is_better else z), dtype=np.float64)


def differ(values: NDArray[np.float64]) -> bool:
    """Whether any two values differ by more than rounding.

    Parameters
    ----------
    values
        (n,); NaN is left out.
    """
    compared = _compared(values)
    return bool(np.ptp(compared) > 0) if len(compared) else False


def _compared(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values that there are, as parts of the largest, rounded."""
    known = values[np.isfinite(values)]
    return np.asarray(np.round(known / (np.abs(known).max(initial=0.0) or 1.0), EQUAL_TO))


def _no_difference(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), NO_DIFFERENCE, np.nan)


def weighted_mean(needs: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over the needs that there are; what is missing leaves its weight to the others.

    Parameters
    ----------
    needs
        (n, k), or (d, n, k) where each draw has its own; NaN is missing.
    weights
        (k,) not negative, or (d, k) for d draws.

    Returns
    -------
    NDArray
        (n,) or (d, n); NaN where nothing that has a weight is there.
    """
    known = np.isfinite(needs)
    values = np.where(known, needs, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        if needs.ndim > 2:  # noqa: PLR2004  (draws, neighbourhoods, results)
            of_draw = weights[:, :, None]
            return np.asarray((values @ of_draw)[..., 0] / (known @ of_draw)[..., 0])
        return np.asarray((weights @ values.T) / (weights @ known.T))


def aggregated(
    needs: NDArray[np.float64],
    weights: NDArray[np.float64],
    rule: Literal["arithmetic", "geometric"],
) -> NDArray[np.float64]:
    """One need from those of themes.

    `geometric` is of achievements, 1 - Π(1 - need)^weight, each achievement at least 0.01.

    Parameters
    ----------
    needs
        (n, k), or (d, n, k) where each draw has its own; NaN is missing and leaves its weight to
        the others.
    weights
        (k,), or (d, k).

    Returns
    -------
    NDArray
        (n,) or (d, n).
    """
    known = np.isfinite(needs)
    values = needs
    if rule == "geometric":
        values = np.log(np.maximum(1.0 - needs, LEAST_ACHIEVEMENT))
    of_each = np.expand_dims(weights, -2)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = (of_each * known).sum(axis=-1)
        mean = (of_each * np.where(known, values, 0.0)).sum(axis=-1) / total
    return np.asarray(1.0 - np.exp(mean) if rule == "geometric" else mean)


def ranks_of(needs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Ranks, 1 the neediest; equal needs share the best rank: 1, 2, 2, 4.

    Parameters
    ----------
    needs
        (n,) or (d, n), without NaN; compared after rounding to 1e-12.
    """
    compared = -np.round(needs, EQUAL_TO)
    order = np.argsort(compared, axis=-1, kind="stable")
    ordered = np.take_along_axis(compared, order, axis=-1)
    is_new = np.ones(needs.shape, dtype=bool)
    is_new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    places = np.where(is_new, np.arange(1, needs.shape[-1] + 1), 0)
    ranks = np.empty(needs.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.maximum.accumulate(places, axis=-1), axis=-1)
    return ranks
