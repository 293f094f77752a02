"""A bound on every programme, by our own arithmetic: branch and bound over relaxations.

For any multipliers y of the rows, gain · v = (gain − yA) · v + y · (A v), so that no v within the
bounds gains more than Σ max over the bounds of each term. The multipliers come from a solver; the
bound is right whatever they are, and good where they are.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.covers import with_covers
from urbanlayer.kernels.programme.recount import value_of
from urbanlayer.kernels.programme.solver import ProgramRelaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.integer_program import IntegerProgram
    from urbanlayer.kernels.programme.problem import ProgrammeProblem
    from urbanlayer.kernels.programme.solver import LinearProgram

MAX_RELAXATIONS = 3000
"""Relaxations of one proof; fewer for large programs, so that their entries are as many."""
MAX_ENTRIES = 250_000
"""Columns of s of all relaxations of one proof."""
MAX_UNFOUND = 6
"""Whole values without a programme, after which a search by sets ends: the years decide."""
_FRACTION = 1e-6
_IMPOSSIBLE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """The best programme that is known, and what none exceeds.

    Attributes
    ----------
    starts
        (n,) year of each action's start.
    value
        Counted again from them.
    bound
        No programme has a higher value; the value itself where they differ by rounding alone.
    fixed
        The program with columns fixed that are the same in every programme of at least the value.
    """

    starts: NDArray[np.int64]
    value: float
    bound: float
    fixed: IntegerProgram


def slack(value: float) -> float:
    """Difference of two values that is taken for rounding."""
    return 1e-6 + 1e-8 * abs(value)


def safe_bound(
    program: LinearProgram,
    duals: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    *,
    with_gain: bool = True,
) -> tuple[float, NDArray[np.float64]]:
    """What no values within the bounds of the columns gain more than, and the reduced gains.

    Parameters
    ----------
    program
        Rows and gains.
    duals
        (r,) multipliers of the rows, any.
    lower, upper
        (c,) bounds of the columns.
    with_gain
        Whether the columns gain anything.
    """
    finite_upper, finite_lower = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    above = np.where(finite_upper, np.maximum(duals, 0.0), 0.0)
    below = np.where(finite_lower, np.minimum(duals, 0.0), 0.0)
    gain = program.gain if with_gain else np.zeros(len(program.gain))
    reduced = gain - program.matrix.T @ (above + below)
    rows = above @ np.where(finite_upper, program.row_upper, 0.0)
    rows += below @ np.where(finite_lower, program.row_lower, 0.0)
    columns = np.where(reduced > 0, reduced * upper, reduced * lower)
    return float(rows + columns.sum()), reduced


def shows_impossible(
    program: LinearProgram,
    ray: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
) -> bool:
    """Whether multipliers of the rows show that no values within the bounds keep all rows.

    Then their sum of rows, at least `ray @ row_lower` or at most `ray @ row_upper`, cannot be had.
    """
    size = np.abs(ray).max(initial=0.0)
    if not size > 0:
        return False
    bounds = [
        safe_bound(program, sign * ray / size, lower, upper, with_gain=False)[0]
        for sign in (1.0, -1.0)
    ]
    return min(bounds) < -_IMPOSSIBLE


def narrowed(program: IntegerProgram, duals: NDArray[np.float64], value: float) -> IntegerProgram:
    """The program with columns fixed that are the same in every programme of at least a value.

    Parameters
    ----------
    program
        Of the problem.
    duals
        (r,) multipliers of the rows.
    value
        Of a programme that is possible.
    """
    bound, reduced = safe_bound(program, duals, program.lower, program.upper)
    return _fixed(program, bound, reduced, value)


def _counts_whole_people(program: IntegerProgram) -> bool:
    """Whether the value of every programme is a whole number."""
    return bool((program.gain == np.rint(program.gain)).all())


def _fixed(
    program: IntegerProgram, bound: float, reduced: NDArray[np.float64], value: float
) -> IntegerProgram:
    """Columns whose other bound costs more than the bound exceeds the value, fixed."""
    lower, upper = program.lower.copy(), program.upper.copy()
    lost = bound - np.abs(reduced[: program.integers]) < value - slack(value)
    lost &= lower[: program.integers] < upper[: program.integers]
    up = np.flatnonzero(lost & (reduced[: program.integers] > 0))
    down = np.flatnonzero(lost & (reduced[: program.integers] < 0))
    lower[up], upper[down] = 1.0, 0.0
    return replace(program, lower=lower, upper=upper)


_Part = tuple[float, int, "NDArray[np.float64]", "NDArray[np.float64]", int]
"""Of all programmes: bound below zero, number, bounds of the columns, column to divide by."""


class ProgrammeSearch:
    """Best bound first; a part is left once nothing in it can be better.

    Parameters
    ----------
    program
        Whose values none of the problem's programmes exceeds.
    problem
        Of the programmes.
    counted
        (s,) columns of the program that people depend on.
    programme_of
        Starts of a programme that serves as values do whose counted columns are whole; None where
        none is found.
    """

    def __init__(
        self,
        program: IntegerProgram,
        problem: ProgrammeProblem,
        counted: NDArray[np.bool_],
        programme_of: Callable[[NDArray[np.float64]], NDArray[np.int64] | None],
    ) -> None:
        self.starts: NDArray[np.int64] | None = None
        self.value, self.fixed = -np.inf, program
        self._problem, self._counted, self._programme_of = problem, counted, programme_of
        self._program = program = with_covers(program)
        self._whole = _counts_whole_people(program)
        self._relaxation = ProgramRelaxation(program)
        self._solved = 0
        self._undecided = -np.inf
        self._unfound = 0
        self._most = min(MAX_RELAXATIONS, 100 + MAX_ENTRIES // max(program.integers, 1))

    def consider(self, starts: NDArray[np.int64]) -> None:
        """Keep a programme that is possible where it is better than the best so far."""
        value = value_of(self._problem, starts)
        if value > self.value + slack(self.value) or self.starts is None:
            self.starts, self.value = starts, value

    def proof(self) -> Proof:
        """The best programme that was found, and the bound on all."""
        return self.proof_of(self.bound())

    def proof_of(self, bound: float) -> Proof:
        """The best programme that was found, with a bound; at least one was."""
        assert self.starts is not None  # noqa: S101
        if bound <= self.value + slack(self.value):
            bound = self.value
        return Proof(self.starts, self.value, bound, self.fixed)

    def bound(self) -> float:
        """What no programme exceeds, as far as the number of relaxations goes."""
        program = self._program
        open_: list[_Part] = []
        self._look(program.lower, program.upper, np.inf, open_, root=True)
        while open_ and self._solved < self._most and self._unfound < MAX_UNFOUND:
            bound, _, lower, upper, column = heapq.heappop(open_)
            if self._is_no_better(-bound):
                open_.clear()
                break
            for at in (1.0, 0.0):
                low, high = lower.copy(), upper.copy()
                low[column] = high[column] = at
                self._look(low, high, -bound, open_)
        return max([self.value, self._undecided, *(-one[0] for one in open_)])

    def _is_no_better(self, bound: float) -> bool:
        return self.starts is not None and bound <= self.value + slack(self.value)

    def _look(
        self,
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        parent: float,
        open_: list[_Part],
        *,
        root: bool = False,
    ) -> None:
        """Bound a part; keep it where something in it may be better."""
        self._solved += 1
        found = self._relaxation.solved(lower, upper)
        if found.values is None and shows_impossible(self._program, found.duals, lower, upper):
            return
        bound = parent
        if found.values is not None:
            self._keep(found.values)
            of_part, reduced = safe_bound(self._program, found.duals, lower, upper)
            bound = min(of_part, parent)
            if self._whole:
                bound = math.floor(bound + slack(bound))
            if root and self.starts is not None:
                lower, upper = self._fix(bound, reduced)
        if self._is_no_better(bound):
            return
        column = self._branch(found.values, lower, upper)
        if column is not None:
            heapq.heappush(open_, (-bound, self._solved, lower, upper, column))
        elif not self._keep(lower):
            self._undecided = max(self._undecided, bound)

    def _fix(
        self, bound: float, reduced: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Fix the columns that no programme of the value has otherwise."""
        self.fixed = _fixed(self._program, bound, reduced, self.value)
        return self.fixed.lower, self.fixed.upper

    def _branch(
        self,
        values: NDArray[np.float64] | None,
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
    ) -> int | None:
        """The free column nearest to one half, of those counted before others; None for none."""
        integers = self._program.integers
        free = lower[:integers] < upper[:integers]
        if not free.any():
            return None
        if values is None:
            return int(np.argmax(free))
        part = np.abs(values[:integers] - np.rint(values[:integers]))
        part[self._counted & (part > _FRACTION)] += 1.0
        return int(np.argmax(np.where(free, part, -1.0)))

    def _keep(self, values: NDArray[np.float64]) -> bool:
        """Keep a programme that serves as the values do, where these are whole and it is better."""
        counted = values[: self._program.integers][self._counted]
        if np.abs(counted - np.rint(counted)).max(initial=0.0) > _FRACTION:
            return False
        starts = self._programme_of(values)
        if starts is not None:
            self.consider(starts)
        else:
            self._unfound += 1
        return starts is not None
