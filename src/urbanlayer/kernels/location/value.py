"""What a choice of sites is worth: counted from the people that it reaches, by no solver's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.problem import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from urbanlayer.kernels.location.problem import LocationProblem

NONE = -np.inf
"""The value of a choice that does not keep the floors."""


class Valuation:
    """The value of choices of sites for one problem.

    Each choice is valued once; `flow` gives how many people of each pair go to the site.
    """

    def __init__(self, problem: LocationProblem) -> None:
        self.problem = problem
        self._order = np.argsort(problem.site, kind="stable")
        count = np.bincount(problem.site, minlength=problem.site_count)
        self._start = np.concatenate([[0], np.cumsum(count)])
        self._known: dict[tuple[int, ...], float] = {}

    def pairs_of(self, site: int) -> NDArray[np.int64]:
        """Rows of the pairs of one site, by demand."""
        return self._order[self._start[site] : self._start[site + 1]]

    def __call__(self, chosen: Iterable[int]) -> float:
        """The value of a choice, without regard to limits; -inf if it does not keep the floors."""
        key = tuple(sorted(chosen))
        if key not in self._known:
            self._known[key] = self._value(key)
        return self._known[key]

    def opened(self, chosen: Iterable[int]) -> list[int]:
        """Rows of the sites that are open: the chosen and the fixed, in order."""
        return sorted({*chosen, *np.flatnonzero(self.problem.fixed).tolist()})

    def best_pairs(self, chosen: Iterable[int]) -> NDArray[np.int64]:
        """(n,) row of the pair with the greatest gain of each demand, or -1.

        Of equal gains one that counts for a floor comes first.
        """
        problem = self.problem
        counts = np.zeros(len(problem.demand), dtype=bool)
        if problem.floors is not None:
            counts = problem.floors.floor >= 0
        best = np.zeros(len(problem.people))
        pair = np.full(len(problem.people), -1, dtype=np.int64)
        for site in self.opened(chosen):
            rows = self.pairs_of(site)
            demand = problem.demand[rows]
            better = (problem.gain[rows] > best[demand]) | (pair[demand] < 0)
            equal = problem.gain[rows] == best[demand]
            better |= equal & counts[rows] & ~counts[pair[demand]]
            best[demand[better]] = problem.gain[rows[better]]
            pair[demand[better]] = rows[better]
        return pair

    def flow(self, chosen: Iterable[int]) -> NDArray[np.float64]:
        """(k,) people of each pair that go to its site."""
        problem = self.problem
        if problem.assignment == "pass":
            from urbanlayer.kernels.location.assignment import divided

            return divided(problem, self.opened(chosen))
        if problem.assignment == "nearest":
            from urbanlayer.kernels.location.assignment import cut_at_capacity

            return cut_at_capacity(problem, self.opened(chosen))
        pair = self.best_pairs(chosen)
        flow = np.zeros(len(problem.demand))
        flow[pair[pair >= 0]] = problem.people[pair >= 0]
        return flow

    def _value(self, chosen: tuple[int, ...]) -> float:
        problem = self.problem
        if problem.assignment == "best" and problem.floors is None:
            return self._gain(chosen)
        flow = self.flow(chosen)
        if problem.floors is None:
            return float(problem.gain @ flow)
        used = problem.floors.floor >= 0
        reached = np.bincount(problem.floors.floor[used], flow[used], minlength=len(problem.floors))
        least = problem.floors.least
        if problem.least_of_floors:
            return float((reached / least).min())
        kept = reached >= least - TOLERANCE * np.maximum(1.0, least)
        return float(problem.gain @ flow) if kept.all() else NONE

    def _gain(self, chosen: tuple[int, ...]) -> float:
        problem = self.problem
        best = np.zeros(len(problem.people))
        for site in self.opened(chosen):
            rows = self.pairs_of(site)
            demand = problem.demand[rows]
            best[demand] = np.maximum(best[demand], problem.gain[rows])
        return float(problem.people @ best)
