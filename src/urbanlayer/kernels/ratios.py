"""One amount over another, where there is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def safe_ratio(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> NDArray[np.float64]:
    """One over the other; NaN where there is nothing to divide by.

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
    """Rates of small numbers, drawn towards the rate of the whole: (μα + x) / (α + n).

    Parameters
    ----------
    count
        (k,) x: events.
    exposure
        (k,) n: what they are counted against (residents × years).
    rate
        μ: of the whole.
    prior
        α: how much exposure the whole's rate is worth; 0 leaves the rates as they are.

    Returns
    -------
    (k,) NaN where there is neither exposure nor prior.

    Examples
    --------
    >>> shrunken_rate(np.array([2.0]), np.array([100.0]), rate=0.01, prior=100.0).tolist()
    [0.015]
    """
    return safe_ratio(rate * prior + count, prior + exposure)


def min_max_score(values: NDArray[np.float64], worst: float, best: float) -> NDArray[np.float64]:
    """0 at the worst, 1 at the best and beyond; fixed ends, so that new data move no old score.

    Examples
    --------
    >>> min_max_score(np.array([0.0, 50.0, 130.0]), worst=0.0, best=100.0).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.asarray(np.clip((values - worst) / (best - worst), 0.0, 1.0))
