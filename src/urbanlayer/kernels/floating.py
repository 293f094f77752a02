"""Two-step and three-step floating catchment areas: capacity per resident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs


@dataclass(frozen=True, slots=True, eq=False)
class CatchmentAccess:
    """Result of a floating catchment method.

    Attributes
    ----------
    access
        (origins,) capacity per resident; 0 where none is reached.
    ratio
        (destinations,) capacity per weighted resident of the catchment; NaN if nobody reaches it.
    unused
        Capacity of the destinations that nobody reaches; Σ residents × access + unused
        = Σ capacity.
    """

    access: NDArray[np.float64]
    ratio: NDArray[np.float64]
    unused: float


def step_weights(
    cost: NDArray[np.float64], limits: Sequence[float], weights: Sequence[float]
) -> NDArray[np.float64]:
    """Weight of the cost step that contains each cost; 0 beyond the last step.

    Parameters
    ----------
    cost
        (k,) in the unit of the limits.
    limits
        Upper ends of the steps, included, ascending.
    weights
        One for each step.

    Returns
    -------
    ndarray
        (k,) weights.

    Raises
    ------
    ValueError
        Limits and weights differ in number, or the limits do not ascend.

    Examples
    --------
    >>> step_weights(np.array([5.0, 10.0, 10.1, 31.0]), (10, 20, 30), (1, 0.68, 0.22)).tolist()
    [1.0, 1.0, 0.68, 0.0]
    """
    if len(limits) != len(weights) or list(limits) != sorted(set(limits)):
        msg = f"{len(limits)} limits {tuple(limits)} for {len(weights)} weights; limits ascend"
        raise ValueError(msg)
    step = np.zeros(len(cost), dtype=np.intp)
    for limit in limits:  # of few limits quicker than to search for each cost
        step += ~(cost <= limit)
    return np.append(np.asarray(weights, dtype=float), 0.0)[step]


def two_step(
    pairs: Pairs,
    capacity: NDArray[np.float64],
    residents: NDArray[np.float64],
    weight: NDArray[np.float64] | None = None,
) -> CatchmentAccess:
    """Capacity per resident by the two-step floating catchment area, 2SFCA or E2SFCA.

    R_j = S_j / Σ_i p_i w_ij, then A_i = Σ_j R_j w_ij: the weights enter both steps.

    Parameters
    ----------
    pairs
        Within the catchment.
    capacity
        (destinations,) S_j, at least 0.
    residents
        (origins,) p_i, at least 0: the age group that the service is for.
    weight
        (k,) w_ij of each pair; None: 1.

    Returns
    -------
    CatchmentAccess
        Σ p_i A_i is the capacity that is used.

    Raises
    ------
    ValueError
        A capacity or a number of residents is negative or not known.

    References
    ----------
    Luo & Wang 2003; Luo & Qi 2009 (E2SFCA).

    Examples
    --------
    >>> from urbanlayer.kernels.pairs import Pairs
    >>> minutes = np.array([[5.0, 25.0], [15.0, 8.0], [40.0, 12.0]])
    >>> pairs = Pairs(3, 2, np.repeat([0, 1, 2], 2), np.tile([0, 1], 3), minutes.ravel())
    >>> weight = step_weights(pairs.cost, (10.0, 20.0, 30.0), (1.0, 0.68, 0.22))
    >>> people, seats = np.array([1000.0, 500.0, 800.0]), np.array([100.0, 50.0])
    >>> two_step(pairs, seats, people, weight).access.round(6).tolist()
    [0.083329, 0.090303, 0.026899]
    """
    _check(capacity, residents)
    weight = np.ones(len(pairs)) if weight is None else weight
    return _allocated(pairs, capacity, residents, weight, np.ones(len(pairs)))


def three_step(
    pairs: Pairs,
    capacity: NDArray[np.float64],
    residents: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> CatchmentAccess:
    """Capacity per resident by the three-step floating catchment area (3SFCA).

    G_ij = w_ij / Σ_k w_ik are the selection weights among the reachable destinations; then
    R_j = S_j / Σ_i G_ij p_i w_ij and A_i = Σ_j G_ij w_ij R_j.

    Parameters
    ----------
    pairs
        Within the catchment.
    capacity
        (destinations,) S_j, at least 0.
    residents
        (origins,) p_i, at least 0.
    weight
        (k,) w_ij of each pair.

    Returns
    -------
    CatchmentAccess
        Σ p_i A_i is the capacity that is used.

    Raises
    ------
    ValueError
        A capacity or a number of residents is negative or not known.

    References
    ----------
    Wan, Zou & Sternberg 2012.

    Examples
    --------
    >>> from urbanlayer.kernels.pairs import Pairs
    >>> minutes = np.array([[5.0, 25.0], [15.0, 8.0], [40.0, 12.0]])
    >>> pairs = Pairs(3, 2, np.repeat([0, 1, 2], 2), np.tile([0, 1], 3), minutes.ravel())
    >>> weight = step_weights(pairs.cost, (10.0, 20.0, 30.0), (1.0, 0.68, 0.22))
    >>> people, seats = np.array([1000.0, 500.0, 800.0]), np.array([100.0, 50.0])
    >>> three_step(pairs, seats, people, weight).access.round(6).tolist()
    [0.087875, 0.062523, 0.03858]
    """
    _check(capacity, residents)
    total = np.bincount(pairs.origin, weight, minlength=pairs.origin_count)[pairs.origin]
    selection = np.divide(weight, total, out=np.zeros(len(pairs)), where=total > 0)
    return _allocated(pairs, capacity, residents, weight, selection)


def _allocated(
    pairs: Pairs,
    capacity: NDArray[np.float64],
    residents: NDArray[np.float64],
    weight: NDArray[np.float64],
    selection: NDArray[np.float64],
) -> CatchmentAccess:
    effective_weight = selection * weight
    demand = np.bincount(
        pairs.destination,
        effective_weight * residents[pairs.origin],
        minlength=pairs.destination_count,
    )
    reached = demand > 0
    ratio = np.divide(capacity, demand, out=np.full(pairs.destination_count, np.nan), where=reached)
    contribution = effective_weight * np.where(reached, ratio, 0.0)[pairs.destination]
    access = np.bincount(pairs.origin, contribution, minlength=pairs.origin_count)
    return CatchmentAccess(access.astype(np.float64), ratio, float(capacity[~reached].sum()))


def _check(capacity: NDArray[np.float64], residents: NDArray[np.float64]) -> None:
    for name, values in (("capacity", capacity), ("residents", residents)):
        wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
        if len(wrong):
            rows = ", ".join(str(row) for row in wrong[:5])
            msg = f"{name}: {len(wrong)} negative or unknown (rows {rows}); use 0 or leave them out"
            raise ValueError(msg)
