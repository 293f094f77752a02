"""Comparison with thresholds, inclusive and tolerant of rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLACK = 1e-6
"""Tolerance for rounding: coordinates of millions of metres leave about a nanometre of error in a
distance, and a resident at 500 m must stay within 500 m."""


def within(values: NDArray[np.float64], limit: float) -> NDArray[np.bool_]:
    """(n,) True for values of at most the limit.

    Parameters
    ----------
    values
        (n,) distances or amounts; NaN and +inf are never within.
    limit
        In the unit of the values.

    Examples
    --------
    >>> within(np.array([499.9, 500.0, 500.1, np.inf]), 500).tolist()
    [True, True, False, False]
    """
    return np.asarray(values <= limit + SLACK)


def at_least(values: NDArray[np.float64], limit: float) -> NDArray[np.bool_]:
    """(n,) True for values of at least the limit.

    Parameters
    ----------
    values
        (n,) amounts; NaN never reaches it.
    limit
        In the unit of the values.
    """
    return np.asarray(values >= limit - SLACK)
