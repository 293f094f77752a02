"""Ratios, shrunken rates and scaled scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def safe_ratio(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n,) numerator over denominator; NaN where the denominator is not positive.

    Examples
    --------
    >>> safe_ratio(np.array([6.0, 6.0]), np.array([3.0, 0.0]))
    array([ 2., nan])
    """
    return np.asarray(
        np.divide(
            numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0
        )
    )


def shrunken_rate(
    count: NDArray[np.float64], exposure: NDArray[np.float64], rate: float, prior: float
) -> NDArray[np.float64]:
    """Empirical Bayes rates, shrunk towards the overall rate: (μα + x) / (α + n).

    Parameters
    ----------
    count
        (k,) x: number of events.
    exposure
        (k,) n: exposure (residents × years).
    rate
        μ: overall rate.
    prior
        α: exposure that the overall rate is worth; 0 means no shrinkage.

    Returns
    -------
    (k,) NaN without exposure and prior.

    Examples
    --------
    >>> shrunken_rate(np.array([2.0]), np.array([100.0]), rate=0.01, prior=100.0).tolist()
    [0.015]
    """
    return safe_ratio(rate * prior + count, prior + exposure)


def min_max_score(values: NDArray[np.float64], worst: float, best: float) -> NDArray[np.float64]:
    """(n,) score from 0 at the worst to 1 at the best; fixed limits keep scores comparable.

    Examples
    --------
    >>> min_max_score(np.array([0.0, 50.0, 130.0]), worst=0.0, best=100.0).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.asarray(np.clip((values - worst) / (best - worst), 0.0, 1.0))
