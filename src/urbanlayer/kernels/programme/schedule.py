"""Years for actions that are decided on: money and order are all that is left then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.packing import packed
from urbanlayer.kernels.programme.problem import NEVER
from urbanlayer.kernels.programme.recount import is_possible
from urbanlayer.kernels.programme.solver import best_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.integer_program import IntegerProgram


def counted_columns(program: IntegerProgram) -> NDArray[np.bool_]:
    """(s,) the columns of s that people depend on: those by which an action must begin to serve."""
    matrix, whole = program.matrix, program.integers
    counted = np.zeros(whole, dtype=bool)
    columns = matrix[_of_people(program)].indices
    counted[columns[columns < whole]] = True
    return counted


def _of_people(program: IntegerProgram) -> NDArray[np.bool_]:
    """(r,) rows with other columns than those of s."""
    return np.asarray(np.diff(program.matrix[:, program.integers :].indptr) > 0)


class Schedules:
    """Programmes of given actions."""

    def __init__(self, program: IntegerProgram) -> None:
        self.counted = counted_columns(program)
        kept, whole = ~_of_people(program), program.integers
        self._program = replace(
            program,
            gain=np.zeros(whole),
            matrix=program.matrix[kept][:, :whole],
            row_lower=program.row_lower[kept],
            row_upper=program.row_upper[kept],
            lower=program.lower[:whole],
            upper=program.upper[:whole],
        )
        self._tried: dict[bytes, NDArray[np.int64] | None] = {}

    def of_actions(self, done: NDArray[np.bool_]) -> NDArray[np.int64] | None:
        """(n,) starts of a programme of some actions that all serve in time; None for none.

        Parameters
        ----------
        done
            (n,) whether each is done.
        """
        program = self._program
        if (done & (program.last < program.first)).any():
            return None
        found = packed(program.problem, done)
        if found is not None:
            return found
        lower, upper = program.lower.copy(), program.upper.copy()
        for action, (first, last) in enumerate(zip(program.first, program.last, strict=True)):
            columns = np.arange(first, last + 1)
            if not done[action]:
                upper[columns] = 0.0
            elif len(columns):
                counted = columns[self.counted[columns]]
                lower[counted[-1] if len(counted) else last] = 1.0
        return self._within(lower, upper)

    def _within(
        self, lower: NDArray[np.float64], upper: NDArray[np.float64]
    ) -> NDArray[np.int64] | None:
        """The starts of a programme within bounds of the columns, each sought once."""
        if (lower > upper).any():
            return None
        known = np.concatenate([lower, upper]).astype(bool).tobytes()
        if known not in self._tried:
            fixed = replace(self._program, lower=lower, upper=upper)
            found = best_values(fixed, fixed.gain)
            starts = None if found is None else fixed.starts(found)
            possible = starts is not None and is_possible(fixed.problem, starts)
            self._tried[known] = starts if possible else None
        return self._tried[known]


def done_of(starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) whether each action is done."""
    return np.asarray(starts != NEVER)
