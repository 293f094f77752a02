"""Cumulative opportunities and gravity-based accessibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs

Decay = Literal["none", "exponential", "gaussian", "power"]


def decay_weights(
    cost: NDArray[np.float64], *, decay: Decay, rate: float = 0.0, least: float = 1.0
) -> NDArray[np.float64]:
    """Distance decay: the weight of a destination at a cost.

    Parameters
    ----------
    cost
        (k,) minutes, or metres.
    decay
        `none`: 1 · `exponential`: exp(−rate·c) · `gaussian`: exp(−c²/(2·rate²)), rate the cost
        at which 0.61 is left · `power`: max(c, least)^−rate.
    rate
        In the unit of the cost: 1/min of the exponential, minutes of the Gaussian; a pure number
        of the power.
    least
        Costs below this count as this, so that the power has no pole.

    Returns
    -------
    ndarray
        (k,) weights.

    Raises
    ------
    ValueError
        The rate is not above 0 where one is needed.

    References
    ----------
    Hansen, W. G. (1959), How accessibility shapes land use.

    Examples
    --------
    >>> decay_weights(np.array([5.0, 12.0]), decay="exponential", rate=0.1).round(6).tolist()
    [0.606531, 0.301194]
    """
    if decay == "none":
        return np.ones(len(cost))
    if not rate > 0:
        msg = f"decay {decay!r} needs a rate above 0, and was given {rate:g}"
        raise ValueError(msg)
    if decay == "exponential":
        return np.asarray(np.exp(-rate * cost))
    if decay == "gaussian":
        return np.asarray(np.exp(-(cost**2) / (2 * rate**2)))
    return np.asarray(np.maximum(cost, least) ** -rate)


def reachable_amount(
    pairs: Pairs,
    amount: NDArray[np.float64] | None = None,
    *,
    decay: Decay = "none",
    rate: float = 0.0,
) -> NDArray[np.float64]:
    """Amount that each origin reaches, optionally weighted by distance decay.

    With `decay="none"` these are cumulative opportunities; otherwise Hansen's accessibility.

    Parameters
    ----------
    pairs
        Pairs within the limit.
    amount
        (destinations,) amount at each destination; None: 1 each.
    decay, rate
        See `decay_weights`.

    Returns
    -------
    ndarray
        (origins,) 0 where nothing is reached.

    Examples
    --------
    200 jobs at 5 minutes and 100 at 12, β = 0.1 per minute:

    >>> from urbanlayer.kernels.pairs import Pairs
    >>> minutes = np.array([5.0, 12.0])
    >>> pairs = Pairs(1, 2, np.array([0, 0]), np.array([0, 1]), minutes)
    >>> jobs = np.array([200.0, 100.0])
    >>> reachable_amount(pairs, jobs, decay="exponential", rate=0.1).round(3).tolist()
    [151.426]
    """
    weight = decay_weights(pairs.cost, decay=decay, rate=rate)
    if amount is not None:
        weight *= amount[pairs.destination]
    total = np.bincount(pairs.origin, weight, minlength=pairs.origin_count)
    return total.astype(np.float64)
