"""The best programme where the years count, and a bound on all.

First good programmes are sought among those near the bound: starts that no programme within some
parts of a thousand of it has are left out. What no programme of at least the best value has is left
out then, and the rest is searched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.by_starts import by_starts
from urbanlayer.kernels.programme.covers import with_covers
from urbanlayer.kernels.programme.improvement import better, improved
from urbanlayer.kernels.programme.narrowing import by_multipliers, by_trial
from urbanlayer.kernels.programme.proof import Proof, safe_bound, slack
from urbanlayer.kernels.programme.recount import value_of
from urbanlayer.kernels.programme.reduction import reduced
from urbanlayer.kernels.programme.solver import ProgramRelaxation
from urbanlayer.kernels.programme.start_search import StartSearch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.by_starts import StartProgram
    from urbanlayer.kernels.programme.integer_program import IntegerProgram

NEAR = (0.001, 0.01)
"""Shares of the bound by which programmes that are sought first fall short of it at most."""


def proven(program: IntegerProgram, starts: NDArray[np.int64]) -> Proof:
    """The best programme, and a bound on all, from one that is possible.

    Parameters
    ----------
    program
        Of the problem.
    starts
        (n,) of a programme that is possible.
    """
    every = by_starts(with_covers(program))
    starts = _near_the_bound(every, starts)
    value = value_of(program.problem, starts)
    least = value - slack(value)
    every = by_trial(by_multipliers(every, least), least)
    fixed = _with_bounds(program, every)
    smaller = reduced(every)
    if smaller is None or not smaller.integers:
        return Proof(starts, value, value, fixed)
    search = StartSearch(smaller, improved(smaller, better(smaller, starts)))
    bound = search.bound()
    if bound <= search.value + slack(search.value):
        bound = search.value
    return Proof(search.starts, search.value, bound, fixed)


def _near_the_bound(every: StartProgram, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The best of some programmes whose values are near to the bound."""
    duals = ProgramRelaxation(every).solved(every.lower, every.upper).duals
    bound, _ = safe_bound(every, duals, every.lower, every.upper)
    for share in NEAR:
        least = bound * (1 - share)
        if value_of(every.program.problem, starts) >= least:
            break
        smaller = reduced(by_multipliers(every, least))
        if smaller is not None and smaller.integers:
            starts = better(smaller, starts)
    return starts


def _with_bounds(program: IntegerProgram, every: StartProgram) -> IntegerProgram:
    """The program without the starts that are left out: s is then as in the year before."""
    count = program.integers
    none = every.upper[:count] == 0
    is_done = every.lower[count : every.integers] == 1
    lower, upper, row_lower = program.lower.copy(), program.upper.copy(), program.row_lower.copy()
    has = np.flatnonzero(program.last >= program.first)
    for number, action in enumerate(has.tolist()):
        first, last = int(program.first[action]), int(program.last[action])
        for column in range(first, last + 1):
            if none[first : column + 1].all():
                upper[column] = 0.0
            if is_done[number] and none[column + 1 : last + 1].all():
                lower[column] = 1.0
            if column > first and none[column]:
                row_lower[column - 1 - number] = 0.0
    return replace(program, lower=lower, upper=upper, row_lower=row_lower)
