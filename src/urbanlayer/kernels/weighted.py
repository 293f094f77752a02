"""Weighted means of groups and of all values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def group_means(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    groups: NDArray[np.int64],
    count: int,
) -> NDArray[np.float64]:
    """The weighted mean of each group; NaN in groups without weight.

    Parameters
    ----------
    values
        (n,); NaN is unknown and excluded with its weight.
    weights
        (n,), not negative.
    groups
        (n,) group of each value, 0 to `count` - 1; -1 for none.
    count
        Number of groups.

    Returns
    -------
    (count,) means, Σ w·x / Σ w.

    Examples
    --------
    Two origins of 30 and 10 people; the first is served:

    >>> group_means(np.array([1.0, 0.0]), np.array([30.0, 10.0]), np.array([0, 0]), 2)
    array([0.75,  nan])
    """
    known = ~np.isnan(values) & (groups >= 0)
    weighed = np.bincount(groups[known], values[known] * weights[known], minlength=count)
    total = np.bincount(groups[known], weights[known], minlength=count)
    if not known.any():
        return np.full(count, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(total > 0, weighed / total, np.nan)
    # rounding must not exceed the range of the values: 3 and not 3 + 4e-16
    return np.asarray(np.clip(means, values[known].min(), values[known].max()))


def mean(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The weighted mean of all values; NaN without weight.

    Parameters
    ----------
    values
        (n,); NaN is unknown.
    weights
        (n,), not negative.
    """
    return float(group_means(values, weights, np.zeros(len(values), dtype=np.int64), 1)[0])
