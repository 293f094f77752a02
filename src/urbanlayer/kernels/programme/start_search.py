"""Branch and bound over starts: the best programme and a bound on all, by our own arithmetic.

A part of the programmes is divided by whether an action starts by a year, or is done at all: where
the relaxations of both sides are expected to lose most. One side is looked at next; the other
waits, the one with the highest bound first.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.narrowing import without_worse
from urbanlayer.kernels.programme.proof import safe_bound, shows_impossible, slack
from urbanlayer.kernels.programme.recount import is_possible, value_of
from urbanlayer.kernels.programme.solver import ProgramRelaxation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.by_starts import StartProgram
    from urbanlayer.kernels.programme.narrowing import Bounds

MAX_RELAXATIONS = 8000
"""Relaxations of one search; fewer for large programs, so that their entries are as many."""
MAX_ENTRIES = 1_000_000
"""Columns of all relaxations of one search."""
TRIED = 10
"""Divisions whose both sides are solved where nothing is known of them yet."""
_FRACTION = 1e-6
_LEAST = 1e-3
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Division:
    """Whether an action starts by the year of a place among its starts; the last: ever.

    Attributes
    ----------
    action
        Its row.
    place
        Of a start among those of the action that are open.
    share
        Sum of its starts until then.
    """

    action: int
    place: int
    share: float


class StartSearch:
    """The best programme of a program by starts.

    Parameters
    ----------
    program
        Of the problem; it may be reduced.
    starts
        (n,) of a programme that is possible.
    """

    def __init__(self, program: StartProgram, starts: NDArray[np.int64]) -> None:
        self._program, self._problem = program, program.program.problem
        self.starts, self.value = starts, value_of(self._problem, starts)
        self._relaxation = ProgramRelaxation(program)
        self._left = min(MAX_RELAXATIONS, MAX_ENTRIES // max(len(program.gain), 1))
        gain = program.program.gain
        self._counts_whole_people = bool((gain == np.rint(gain)).all())
        self._losses: dict[tuple[int, int], tuple[float, float]] = {}
        starts_of = np.flatnonzero(~program.done)
        each = program.action[starts_of]
        self._starts_of = {one: starts_of[each == one] for one in np.unique(each).tolist()}
        done = np.flatnonzero(program.done)
        self._done = dict(zip(program.action[done].tolist(), done.tolist(), strict=True))

    def bound(self) -> float:
        """What no programme exceeds, as far as the number of relaxations goes."""
        program, number = self._program, 0
        open_: list[tuple[float, int, Bounds]] = []
        here: tuple[float, Bounds] | None = (np.inf, (program.lower, program.upper))
        while here is not None or open_:
            if here is None:
                below, _, bounds = heapq.heappop(open_)
                here = -below, bounds
            if self._left <= 0:
                return max([self.value, here[0], *(-one[0] for one in open_)])
            parts = self._parts(*here)
            here = parts[0] if parts else None
            for bound, bounds in parts[1:]:
                number += 1
                heapq.heappush(open_, (-bound, number, bounds))
        return self.value

    def _parts(self, most: float, bounds: Bounds) -> list[tuple[float, Bounds]]:
        """The parts in which something better may be, that to look at first at the head."""
        if self._is_no_better(most):
            return []
        values, bound, reduced = self._solved(bounds)
        bound = min(bound, most)
        if self._counts_whole_people and np.isfinite(bound):
            bound = math.floor(bound + slack(bound))
        if self._is_no_better(bound):
            return []
        bounds = without_worse(
            self._program, bounds, bound, reduced, self.value + slack(self.value)
        )
        division = None if values is None else self._best_division(values, bound, bounds)
        if division is None:
            if values is not None and self._considered(values) >= bound - slack(bound):
                return []
            sides = self._by_column(bounds)
            if not sides:
                self._considered(bounds[0])
            return [(bound, side) for side in sides]
        parts = [(bound, side) for side in self._sides(division, bounds)]
        return parts if division.share >= _HALF else parts[::-1]

    def _is_no_better(self, bound: float) -> bool:
        return bound <= self.value + slack(self.value)

    def _solved(
        self, bounds: Bounds
    ) -> tuple[NDArray[np.float64] | None, float, NDArray[np.float64]]:
        """Values of the relaxation, a bound on all within the bounds, and the reduced gains."""
        self._left -= 1
        program = self._program
        found = self._relaxation.solved(*bounds)
        if found.values is None:
            impossible = shows_impossible(program, found.duals, *bounds)
            nothing = np.zeros(len(program.gain))
            return None, -np.inf if impossible else np.inf, nothing
        bound, reduced = safe_bound(program, found.duals, *bounds)
        return found.values, bound + program.constant, reduced

    def _considered(self, values: NDArray[np.float64]) -> float:
        """The value of the programme of whole values, which is kept where it is better."""
        starts = self._program.starts(values)
        if not is_possible(self._problem, starts):
            return -np.inf
        value = value_of(self._problem, starts)
        if value > self.value + slack(self.value):
            self.starts, self.value = starts, value
        return value

    # Divisions ------------------------------------------------------------------------------------

    def _best_division(
        self, values: NDArray[np.float64], bound: float, bounds: Bounds
    ) -> _Division | None:
        """That of which both sides are expected to lose most; None where all is whole."""
        found = [*self._divisions(values)]
        new = [one for one in found if (one.action, one.place) not in self._losses]
        for one in sorted(new, key=lambda each: abs(each.share - _HALF))[:TRIED]:
            losses = [
                min(bound - self._solved(side)[1], bound - self.value)
                for side in self._sides(one, bounds)
            ]
            each = losses[0] / (1 - one.share), losses[1] / one.share
            self._losses[one.action, one.place] = each
        known = [one for one in found if (one.action, one.place) in self._losses]
        return max(known, key=self._expected, default=None)

    def _expected(self, one: _Division) -> float:
        if_one, if_zero = self._losses[one.action, one.place]
        return max(if_one * (1 - one.share), _LEAST) * max(if_zero * one.share, _LEAST)

    def _divisions(self, values: NDArray[np.float64]) -> Iterator[_Division]:
        """Whether an action starts by a year, or is done, where the values leave that open."""
        for action, columns in self._starts_of.items():
            begun = np.cumsum(values[columns])
            last, may_be_left_out = len(columns) - 1, action in self._done
            is_open = (begun > _FRACTION) & (begun < 1 - _FRACTION)
            if may_be_left_out:  # with no start after a year, whether it is done says more
                is_open[:last] &= begun[:last] < begun[last] - _FRACTION
            for place in np.flatnonzero(is_open).tolist():
                if place < last or may_be_left_out:
                    yield _Division(action, place, float(begun[place]))

    def _sides(self, division: _Division, bounds: Bounds) -> tuple[Bounds, Bounds]:
        """The bounds with the action started by then, and without."""
        action, place = division.action, division.place
        columns = self._starts_of[action]
        ones, zeros = (bounds[0].copy(), bounds[1].copy()), (bounds[0], bounds[1].copy())
        ones[1][columns[place + 1 :]] = 0.0
        zeros[1][columns[: place + 1]] = 0.0
        if action in self._done:
            ones[0][self._done[action]] = 1.0
        return ones, zeros

    def _by_column(self, bounds: Bounds) -> list[Bounds]:
        """Both sides of the first open column; none where all are decided."""
        whole = slice(None, self._program.integers)
        free = np.flatnonzero(bounds[0][whole] < bounds[1][whole])
        if not len(free):
            return []
        ones, zeros = (bounds[0].copy(), bounds[1]), (bounds[0], bounds[1].copy())
        ones[0][free[0]], zeros[1][free[0]] = 1.0, 0.0
        return [ones, zeros]
