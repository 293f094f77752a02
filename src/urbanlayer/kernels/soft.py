"""A logistic threshold: a gradual transition at a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_EXPONENT = 700.0
"""Larger exponents overflow; the result is 0 there."""


def logistic_within(
    distance_m: NDArray[np.float64], limit_m: float, steepness: float
) -> NDArray[np.float64]:
    """Logistic weight 1 / (1 + e^(k (d − D) / D)): near 1 inside the limit, 0.5 at it; 0 for +inf.

    As in the code of the Global Healthy and Sustainable City Indicators.

    Parameters
    ----------
    distance_m
        (n,) +inf where unreachable.
    limit_m
        D, above 0.
    steepness
        k.

    Examples
    --------
    >>> distance_m = np.array([0.0, 250.0, 500.0, 600.0, np.inf])
    >>> logistic_within(distance_m, 500, 5).round(4).tolist()
    [0.9933, 0.9241, 0.5, 0.2689, 0.0]
    """
    exponent = np.minimum(steepness * (distance_m - limit_m) / limit_m, MAX_EXPONENT)
    near = 1 / (1 + np.exp(exponent))
    return np.where(np.isfinite(distance_m), near, 0.0)
