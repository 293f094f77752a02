"""Prices for a low bound without a linear program: steps along the subgradient of the bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.lagrangian import Prices, bound
from urbanlayer.kernels.location.problem import with_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.location.lagrangian import Bound
    from urbanlayer.kernels.location.problem import LocationProblem

KEPT = 0.7
"""How much of the last direction a step keeps."""
PATIENCE = 12
"""Steps without a lower bound after which steps are halved."""
LEAST_STEP = 5e-3


def first_prices(problem: LocationProblem, gains: NDArray[np.float64] | None = None) -> Prices:
    """A price for each person, and nothing for floors and further limits.

    Parameters
    ----------
    problem
        Of any kind.
    gains
        (n,) of each person by a good choice; by default half of the greatest.
    """
    if gains is None:
        gains = np.zeros(len(problem.people))
        np.maximum.at(gains, problem.demand, problem.gain / 2)
    floors = 0 if problem.floors is None else len(problem.floors)
    return Prices(gains, np.zeros(floors), np.zeros(len(problem.limits) - 1))


def lowered(
    problem: LocationProblem,
    prices: Prices,
    state: NDArray[np.int8],
    *,
    value: float,
    steps: int,
    length: float = 1.0,
) -> tuple[Prices, Bound]:
    """Prices with a lower bound, and the bound.

    Parameters
    ----------
    problem
        Whose sites have room for everybody; prices of floors and limits stay as they are.
    prices
        To begin with.
    state
        (m,) of the sites.
    value
        Of a known choice: the aim of the steps.
    steps
        At most.
    length
        Of the first steps, by Polyak's rule.
    """
    window = _Window(problem, prices)
    best_person, best = prices.person, bound(problem, prices, state)
    person, direction = prices.person.copy(), np.zeros(len(problem.people))
    waited, found = 0, best
    for _ in range(steps):
        if best.value - value <= 1e-9 * max(1.0, abs(value)) or length < LEAST_STEP:
            break
        direction = KEPT * direction + _subgradient(window.of(person), prices, person, found)
        norm = float(problem.people @ direction**2)
        if norm <= 0:
            break
        person = np.maximum(person - length * (found.value - value) / norm * direction, 0.0)
        tried = Prices(person, prices.floor, prices.limit)
        found = bound(window.of(person), tried, state)
        waited += 1
        if found.value < best.value:
            waited, best_person, best = 0, person, found
        if waited >= PATIENCE:
            length, waited, found, person = length / 2, 0, best, best_person
            direction[:] = 0.0
    return Prices(best_person, prices.floor, prices.limit), best


class _Window:
    """The pairs that can earn at prices near some, since others earn nothing."""

    def __init__(self, problem: LocationProblem, prices: Prices) -> None:
        self._whole = problem
        self._worth = problem.gain
        if problem.floors is not None:
            self._worth = self._worth + np.append(prices.floor, 0.0)[problem.floors.floor]
        self._most = np.zeros(len(problem.people))
        np.maximum.at(self._most, problem.demand, self._worth)
        self._least = np.full(len(problem.people), np.inf)
        self._part = problem

    def of(self, person: NDArray[np.float64]) -> LocationProblem:
        """The problem with at least the pairs whose worth is above the price of a person."""
        if (person < self._least).any():
            self._least = np.maximum(person - np.maximum(self._most - person, 0.0), 0.0)
            keep = self._worth > self._least[self._whole.demand]
            self._part = with_pairs(self._whole, keep)
        return self._part


def _subgradient(
    problem: LocationProblem, prices: Prices, person: NDArray[np.float64], found: Bound
) -> NDArray[np.float64]:
    """(n,) 1 less the number of taken sites that earn with a person of each demand."""
    worth = problem.gain
    if problem.floors is not None:
        worth = worth + np.append(prices.floor, 0.0)[problem.floors.floor]
    is_open = found.taken | problem.fixed
    earns = is_open[problem.site] & (worth > person[problem.demand])
    count = np.bincount(problem.demand[earns], minlength=len(problem.people))
    return np.asarray(1.0 - count, dtype=np.float64)
