"""Branch and bound over sites: the best choice, or all choices that are as good.

A linear program gives prices and a site to branch on; whether a branch can hold anything better is
decided by the bound of those prices (`lagrangian.py`) and by valuing whole choices again.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.heuristics import by_preference
from urbanlayer.kernels.location.lagrangian import CLOSED, FREE, OPEN, bound
from urbanlayer.kernels.location.problem import TOLERANCE, can_be_chosen
from urbanlayer.kernels.location.value import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.location.lagrangian import Prices
    from urbanlayer.kernels.location.problem import LocationProblem
    from urbanlayer.kernels.location.relaxation import LocationRelaxation
    from urbanlayer.kernels.location.value import Valuation

NODES = 4000
"""Linear programs of one search at most."""
EQUALS = 20_000
"""Equally good choices that are kept at most."""
WHOLE = 1e-6
"""A fraction nearer than this to 0 or 1 is whole."""
Choice = tuple[int, ...]


def slack(value: float) -> float:
    """How far from a value another is equal to it."""
    return TOLERANCE * max(1.0, abs(value)) if np.isfinite(value) else 0.0


@dataclass(slots=True, eq=False)
class LocationSearch:
    """One search, and what it has found.

    Attributes
    ----------
    relaxed
        The problem whose relaxation and bound are used; no choice is worth more in it.
    valuation
        Values whole choices.
    relaxation
        Of the relaxed problem.
    chosen, value
        The best choice so far; None with a value is a value to exceed.
    enough
        A value at which the search may end.
    nodes
        Linear programs that are left.
    bound
        What no choice exceeds.
    equals
        When all equally good choices are sought: those found.
    overflow
        Whether there were more of them, or more work, than the limits allow.
    """

    relaxed: LocationProblem
    valuation: Valuation
    relaxation: LocationRelaxation
    chosen: Choice | None
    value: float
    enough: float = np.inf
    nodes: int = NODES
    bound: float = np.inf
    equals: set[Choice] = field(default_factory=set)
    overflow: bool = False

    def best(self, prices: Prices, state: NDArray[np.int8]) -> None:
        """Find the best choice, or lower the bound as far as the limit of nodes allows."""
        number = itertools.count()
        heap = [(-np.inf, next(number), state, prices)]
        while heap:
            upper = -heap[0][0]
            if upper <= self.value + slack(self.value) or self.value >= self.enough:
                break
            if self._is_exhausted():
                break
            _, _, state, prices = heapq.heappop(heap)
            for child in self._branches(state, prices, upper, every=False):
                heapq.heappush(heap, (-child[0], next(number), child[1], child[2]))
        left = -heap[0][0] if heap else -np.inf
        self.bound = max(self.value, left)

    def every(self, prices: Prices, state: NDArray[np.int8]) -> None:
        """Find all choices that are as good as the best, which is known."""
        stack = [(np.inf, state, prices)]
        while stack and not self.overflow:
            if self._is_exhausted():
                self.overflow = True
                break
            upper, state, prices = stack.pop()
            stack.extend(self._branches(state, prices, upper, every=True))

    def _is_exhausted(self) -> bool:
        return self.nodes <= 0 or self.relaxation.is_exhausted

    def _branches(
        self, state: NDArray[np.int8], prices: Prices, upper: float, *, every: bool
    ) -> list[tuple[float, NDArray[np.int8], Prices]]:
        """The two branches of a state of sites; none where it holds nothing better, or as good."""
        quick = self._fixed_by(prices, state, every=every)
        if quick is None:
            return []
        state = quick[1]
        if self._ends(state, every=every):
            return []
        self.nodes -= 1
        relaxed = self.relaxation.solve(state)
        share = np.zeros(len(state))
        if relaxed is not None:
            prices, share = relaxed.prices, relaxed.share_open
            self._rounded(state, share)
        narrowed = self._fixed_by(prices, state, every=every)
        if narrowed is None:
            return []
        upper, state = min(upper, quick[0], narrowed[0]), narrowed[1]
        if self._ends(state, every=every):
            return []
        free = np.flatnonzero(state == FREE)
        site = free[_branching_site(share[free])]
        children = []
        for decision in (CLOSED, OPEN):
            child = state.copy()
            child[site] = decision
            children.append((upper, child, prices))
        return children

    def _fixed_by(
        self, prices: Prices, state: NDArray[np.int8], *, every: bool
    ) -> tuple[float, NDArray[np.int8]] | None:
        """The bound, and the state with what it decides; None where nothing is left to find."""
        found = bound(self.relaxed, prices, state)
        if self._is_below(found.value, every=every):
            return None
        state = state.copy()
        free = state == FREE
        state[free & self._are_below(found.if_open, every=every)] = CLOSED
        state[free & self._are_below(found.if_closed, every=every)] = OPEN
        return found.value, state

    def _are_below(self, upper: NDArray[np.float64], *, every: bool) -> NDArray[np.bool_]:
        gap = slack(self.value)
        return upper < self.value - gap if every else upper <= self.value + gap

    def _is_below(self, upper: float, *, every: bool) -> bool:
        return bool(self._are_below(np.array([upper]), every=every)[0])

    def _rounded(self, state: NDArray[np.int8], share: NDArray[np.float64]) -> None:
        """Value the choice that the fractions suggest."""
        preference = np.where(state == OPEN, 2.0, np.where(state == FREE, share, 0.0))
        closed = (state == CLOSED) & ~self.relaxed.fixed
        self.consider(tuple(by_preference(self.relaxed, preference, closed)))

    def consider(self, choice: Choice) -> None:
        """Take a choice if it is better than the best so far."""
        if not can_be_chosen(self.relaxed, choice):
            return
        value = self.valuation(choice)
        if value > self.value + slack(self.value) or (self.chosen is None and value > self.value):
            self.chosen, self.value = tuple(sorted(choice)), value

    def _ends(self, state: NDArray[np.int8], *, every: bool) -> bool:
        """Whether nothing is left to decide, or nothing that matters."""
        opened = tuple(np.flatnonzero((state == OPEN) & ~self.relaxed.fixed).tolist())
        free = np.flatnonzero(state == FREE)
        if not can_be_chosen(self.relaxed, opened, complete=False):
            return True
        is_full = can_be_chosen(self.relaxed, opened)
        first = self.relaxed.limits[0]
        if not len(free) or (is_full and first.exact):
            if is_full:
                self._take(opened, every=every)
            return True
        if not every or self.relaxed.assignment != "best":
            return False
        if self.valuation(opened) < self.value - slack(self.value):
            return False
        self._take_all(opened, free.tolist())  # whatever is added gains nothing
        return True

    def _take(self, choice: Choice, *, every: bool) -> None:
        self.consider(choice)
        value = self.valuation(choice)
        if every and value != NONE and value >= self.value - slack(self.value):
            self.equals.add(choice)
            self.overflow |= len(self.equals) > EQUALS

    def _take_all(self, opened: Choice, free: list[int]) -> None:
        """Every complete choice from open and free sites, until there are too many."""
        stack = [(opened, 0)]
        while stack and not self.overflow:
            chosen, at = stack.pop()
            if can_be_chosen(self.relaxed, chosen):
                self.equals.add(tuple(sorted(chosen)))
                self.overflow |= len(self.equals) > EQUALS
            for place in range(at, len(free)):
                more = (*chosen, free[place])
                if can_be_chosen(self.relaxed, more, complete=False):
                    stack.append((more, place + 1))


def _branching_site(share: NDArray[np.float64]) -> int:
    """The site that is most nearly half open; of whole ones the first that is open."""
    distance = np.abs(share - 0.5)
    nearest = int(np.argmin(distance))
    return nearest if distance[nearest] < 0.5 - WHOLE else int(np.argmax(share))
