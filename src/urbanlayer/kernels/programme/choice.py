"""The best programme: most people, then the least cost, then the earliest, then by key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.best_starts import proven
from urbanlayer.kernels.programme.first import first_programme
from urbanlayer.kernels.programme.integer_program import integer_program
from urbanlayer.kernels.programme.problem import NEVER
from urbanlayer.kernels.programme.proof import Proof, narrowed, slack
from urbanlayer.kernels.programme.recount import is_possible, value_of
from urbanlayer.kernels.programme.sets import (
    cheapest_of_equals,
    proven_by_sets,
    settled,
)
from urbanlayer.kernels.programme.solver import ProgramRelaxation, best_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.integer_program import IntegerProgram
    from urbanlayer.kernels.programme.problem import ProgrammeProblem

MAX_STARTS = 300
"""Starts (actions times years) beyond which not every programme of the same value is sought."""
_BLOCK = 20
"""Actions whose order by key is decided at once: powers of 2 that a solver distinguishes."""
_YEARS_BLOCK = 6


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A programme and what is known of all others.

    Attributes
    ----------
    starts
        (n,) year of each action's start, `NEVER` for those that are not done.
    value
        Of the objective, counted again from the starts.
    bound
        No programme has a higher value.
    """

    starts: NDArray[np.int64]
    value: float
    bound: float

    @property
    def proven(self) -> bool:
        """Whether no programme has a higher value."""
        return self.bound <= self.value


def chosen(problem: ProgrammeProblem, *, prove: bool = True) -> Chosen | None:
    """The best programme; None where none is possible.

    Among programmes of equal value the cheapest is taken, then that with the earliest starts (the
    numbers of their years added up, the first year 1), then the one whose keys come first, and
    whose actions start earlier in the order of their keys. Of large problems, and where the best is
    not proven, not all of these are compared: from the cheapest that is found one action after the
    other is left out, or moved, where that costs less or begins earlier.

    Parameters
    ----------
    problem
        Rows of actions are in the order of their keys.
    prove
        Whether a bound is sought; without it the bound is infinite.
    """
    late = problem.promised & (problem.last_start < problem.first_start)
    if late.any():
        return None
    program = integer_program(problem)
    by_sets = proven_by_sets(program)
    if by_sets is not None and by_sets.bound <= by_sets.value:
        if program.integers > MAX_STARTS:
            starts = settled(problem, cheapest_of_equals(program, by_sets))
        else:
            starts = _first_of_equals(by_sets)
        return Chosen(starts, by_sets.value, by_sets.bound)
    proof = _proof(program, by_sets, prove=prove)
    if proof is None:
        return None
    if proof.bound > proof.value:
        return Chosen(settled(problem, proof.starts), proof.value, proof.bound)
    return Chosen(_first_of_equals(proof), proof.value, proof.bound)


def _proof(program: IntegerProgram, by_sets: Proof | None, *, prove: bool) -> Proof | None:
    """The best programme by looking at the years too; None where none is possible."""
    problem = program.problem
    relaxed = ProgramRelaxation(program).solved(program.lower, program.upper)
    first = None if by_sets is None else by_sets.starts
    if first is None and relaxed.values is not None:
        first = first_programme(program, relaxed.values)
    if first is not None:
        program = narrowed(program, relaxed.duals, value_of(problem, first))
    starts = first
    if first is None or not prove:
        values = best_values(program, program.gain)
        starts = first if values is None else program.starts(values)
    if starts is None or not is_possible(problem, starts):
        return None
    if by_sets is not None and by_sets.value > value_of(problem, starts):
        starts = by_sets.starts
    if not prove:
        return Proof(starts, value_of(problem, starts), np.inf, program)
    proof = proven(program, starts)
    most = np.inf if by_sets is None else by_sets.bound
    return replace(proof, bound=max(min(proof.bound, most), proof.value))


def _first_of_equals(proof: Proof) -> NDArray[np.int64]:
    """The starts of the programme of the same value that comes first."""
    program = proof.fixed
    least = proof.value - slack(proof.value)
    program = program.with_row(_scaled(program.gain), least / _size(program.gain), np.inf)
    best = proof.starts
    for row in (program.cost(), program.lateness()):
        best = _least(program, row, best)
        most = float(row[: program.integers] @ _begun(program, best))
        size = _size(row)
        program = program.with_row(row / size, -np.inf, (most + _HALF) / size)
    if _is_alone(program, best):
        return best
    return _first_by_key(program, best)


_HALF = 0.5
"""Costs and years are whole numbers."""


def _size(row: NDArray[np.float64]) -> float:
    return float(max(np.abs(row).max(initial=0.0), 1.0))


def _scaled(row: NDArray[np.float64]) -> NDArray[np.float64]:
    return row / _size(row)


def _begun(program: IntegerProgram, starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """(s,) the columns of s for a programme."""
    begun = np.zeros(program.integers)
    for action in np.flatnonzero(starts != NEVER).tolist():
        column = program.column(action, int(starts[action]))
        if column is not None:
            begun[column : int(program.last[action]) + 1] = 1.0
    return begun


def _least(
    program: IntegerProgram, row: NDArray[np.float64], best: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The starts with the least of a row."""
    values = best_values(program, -_scaled(row))
    if values is None:
        return best
    found = program.starts(values)
    before, after = (row[: program.integers] @ _begun(program, one) for one in (best, found))
    return found if after < before - _HALF and is_possible(program.problem, found) else best


def _is_alone(program: IntegerProgram, best: NDArray[np.int64]) -> bool:
    """Whether no other programme is as good."""
    begun = _begun(program, best)
    gain = np.zeros(len(program.gain))
    gain[: program.integers] = 1.0 - 2.0 * begun
    values = best_values(program, gain)
    return values is None or bool((program.starts(values) == best).all())


def _first_by_key(program: IntegerProgram, best: NDArray[np.int64]) -> NDArray[np.int64]:
    """The programme whose keys come first, then whose starts are earliest in their order."""
    lower, upper = program.lower.copy(), program.upper.copy()
    may = np.flatnonzero(program.last >= program.first)
    for at in range(0, len(may), _BLOCK):
        block = program.last[may[at : at + _BLOCK]]
        best = _decided(program, lower, upper, block, best)
    done = np.flatnonzero(best != NEVER)
    for at in range(0, len(done), _YEARS_BLOCK):
        columns = [
            np.arange(program.first[one], program.last[one]) for one in done[at : at + _YEARS_BLOCK]
        ]
        best = _decided(program, lower, upper, np.concatenate(columns), best)
    return best


def _decided(
    program: IntegerProgram,
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    columns: NDArray[np.int64],
    best: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The programme in which the first of some columns are 1, which then are fixed."""
    gain = np.zeros(len(program.gain))
    gain[columns] = 2.0 ** -np.arange(len(columns))
    values = best_values(replace(program, lower=lower, upper=upper), gain)
    if values is not None and is_possible(program.problem, program.starts(values)):
        best = program.starts(values)
    begun = _begun(program, best)
    lower[columns] = upper[columns] = begun[columns]
    return best


def is_feasible(problem: ProgrammeProblem) -> bool:
    """Whether any programme keeps budgets, promises, dependencies and exclusions."""
    if (problem.promised & (problem.last_start < problem.first_start)).any():
        return False
    program = integer_program(problem)
    return best_values(program, np.zeros(len(program.gain))) is not None
