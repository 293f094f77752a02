"""Weighted quantiles of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def group_quantiles(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    groups: NDArray[np.int64],
    count: int,
    *,
    share: float,
) -> NDArray[np.float64]:
    """The weighted quantile of each group: the least value not exceeded by a share of the weight.

    Parameters
    ----------
    values
        (n,) +inf is the greatest; NaN is unknown and excluded with its weight.
    weights
        (n,), not negative.
    groups
        (n,) group of each value, 0 to `count` - 1; -1 for none.
    count
        Number of groups.
    share
        0 to 1: 0.5 is the median.

    Returns
    -------
    (count,) NaN in groups without weight.

    Examples
    --------
    Nine people at 3 minutes and one at 20:

    >>> minutes, people = np.array([3.0, 20.0]), np.array([9.0, 1.0])
    >>> group_quantiles(minutes, people, np.array([0, 0]), 1, share=0.9).tolist()
    [3.0]
    """
    known = ~np.isnan(values) & (groups >= 0) & (weights > 0)
    value, weight, group = values[known], weights[known], groups[known]
    order = np.lexsort((value, group))
    value, weight, group = value[order], weight[order], group[order]
    total = np.bincount(group, weight, minlength=count)
    before = np.cumsum(total) - total
    reached = (np.cumsum(weight) - before[group]) >= share * total[group] * (1 - 1e-9)
    found = np.full(count, np.nan)
    rows = np.flatnonzero(reached)[::-1]
    found[group[rows]] = value[rows]
    return found
