"""A first programme from the relaxation: actions in the order of their shares in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.problem import NEVER
from urbanlayer.kernels.programme.recount import is_possible, value_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.integer_program import IntegerProgram

_SHARE = 1e-6


def first_programme(
    program: IntegerProgram, values: NDArray[np.float64]
) -> NDArray[np.int64] | None:
    """(n,) starts of a programme that is possible; None where none is found.

    Promised actions come first, then those with the greatest share in the relaxation; each with
    what it requires, in the first year that its share begins in and that the budgets pay.

    Parameters
    ----------
    program
        Of the problem.
    values
        (c,) of the relaxation.
    """
    problem = program.problem
    share = np.where(program.last >= program.first, values[np.maximum(program.last, 0)], 0.0)
    order = np.lexsort((np.arange(problem.actions), -share, ~problem.promised))
    starts = np.full(problem.actions, NEVER, dtype=np.int64)
    for action in order.tolist():
        if starts[action] != NEVER or (share[action] <= _SHARE and not problem.promised[action]):
            continue
        tried = _with_action(program, values, starts, action)
        if tried is not None:
            starts = tried
    return starts if is_possible(problem, starts) else None


def _with_action(
    program: IntegerProgram,
    values: NDArray[np.float64],
    starts: NDArray[np.int64],
    action: int,
) -> NDArray[np.int64] | None:
    """The starts with one action and what it requires; None where that is not possible."""
    problem = program.problem
    tried = starts.copy()
    for one in _required(program, action):
        if tried[one] != NEVER:
            continue
        first, last = int(problem.first_start[one]), int(problem.last_start[one])
        begun = values[program.first[one] : program.last[one] + 1]
        usual = first + int(np.argmax(begun > _SHARE)) if (begun > _SHARE).any() else first
        for year in [*range(usual, last + 1), *range(first, usual)]:
            tried[one] = year
            if _keeps(program, tried):
                break
        else:
            return None
    return tried if value_of(problem, tried) >= value_of(problem, starts) else None


def _required(program: IntegerProgram, action: int) -> list[int]:
    """What an action requires, what that requires …, and itself, each after what it requires."""
    found: list[int] = []

    def _add(one: int) -> None:
        for other in program.problem.requires[program.problem.requires[:, 0] == one, 1].tolist():
            if other not in found:
                _add(other)
        if one not in found:
            found.append(one)

    _add(action)
    return found


def _keeps(program: IntegerProgram, starts: NDArray[np.int64]) -> bool:
    """Whether starts are possible but for promises that are still to be added."""
    from dataclasses import replace

    problem = program.problem
    return is_possible(replace(problem, promised=problem.promised & (starts != NEVER)), starts)
