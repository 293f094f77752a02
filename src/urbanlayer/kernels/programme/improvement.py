"""Better programmes near a known one: some actions are decided anew, the others stay.

The actions are drawn by a seed, so that the same problem gives the same programme everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.highs import SEED
from urbanlayer.kernels.programme.problem import NEVER
from urbanlayer.kernels.programme.recount import is_possible, value_of
from urbanlayer.kernels.programme.reduction import reduced
from urbanlayer.kernels.programme.solver import best_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.by_starts import StartProgram

NODES = 40
"""Of each search at most."""
ANEW, MORE = 0.5, 0.03
"""Share of the actions that are decided anew, and by how much it grows after a draw in vain."""
ROUNDS, IN_VAIN = 8, 4
"""Draws in all, and those after another that found nothing better."""


def better(
    program: StartProgram, starts: NDArray[np.int64], nodes: int = NODES
) -> NDArray[np.int64]:
    """(n,) starts of the programme that a search of few nodes finds, where it is better.

    Parameters
    ----------
    program
        Of the problem; it may be reduced.
    starts
        (n,) of a programme that is possible.
    nodes
        Of the search at most.
    """
    problem = program.program.problem
    values = best_values(program, program.gain, nodes=nodes)
    if values is None:
        return starts
    found = program.starts(values)
    if is_possible(problem, found) and value_of(problem, found) > value_of(problem, starts):
        return found
    return starts


def improved(program: StartProgram, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) starts of a programme that is at least as good.

    Parameters
    ----------
    program
        Of the problem; it may be reduced.
    starts
        (n,) of a programme that is possible.
    """
    random = np.random.Generator(np.random.PCG64(SEED))
    in_vain = 0
    for _ in range(ROUNDS):
        anew = random.random(len(starts)) < ANEW + MORE * in_vain
        near = reduced(_around(program, starts, anew))
        found = starts if near is None or not near.integers else better(near, starts)
        in_vain = in_vain + 1 if found is starts else 0
        starts = found
        if in_vain == IN_VAIN:
            break
    return starts


def _around(
    program: StartProgram, starts: NDArray[np.int64], anew: NDArray[np.bool_]
) -> StartProgram:
    """The program in which only some actions are open."""
    whole, problem = program.program, program.program.problem
    count = program.integers
    row = np.flatnonzero(whole.last >= whole.first)[program.action]
    year = problem.first_start[row] + program.column[:count] - whole.first[row]
    now = np.where(program.done, starts[row] != NEVER, starts[row] == year).astype(np.float64)
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[:count] = np.where(anew[row], lower[:count], now)
    upper[:count] = np.where(anew[row], upper[:count], now)
    return replace(program, lower=lower, upper=upper)
