"""Cover inequalities of the budgets: of actions that no budget pays together, one is left out.

In each interval of years the payments are at most its budgets (from the first year on where what a
year leaves is carried over). Of k starts that together pay more, and of further starts that each
pay at least as much as any of these, at most k − 1 are made. This cuts off no programme; sums are
taken in whole units.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from urbanlayer.kernels.programme.solver import ProgramRelaxation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.integer_program import IntegerProgram

ROUNDS = 12
"""Times that the relaxation is solved again with what cuts it off."""
_VIOLATED = 1e-4


def with_covers(program: IntegerProgram) -> IntegerProgram:
    """The program with cover inequalities that cut its relaxation off.

    Parameters
    ----------
    program
        Of the problem.
    """
    payments = [*_payments(program)]
    for _ in range(ROUNDS):
        values = ProgramRelaxation(program).solved(program.lower, program.upper).values
        if values is None:
            return program
        rows = [*_violated(program, payments, _begins(program, values))]
        if not rows:
            return program
        matrix = csr_array(np.stack([row for row, _ in rows]))
        program = replace(
            program,
            matrix=csr_array(vstack([program.matrix, matrix])),
            row_lower=np.append(program.row_lower, np.full(len(rows), -np.inf)),
            row_upper=np.append(program.row_upper, [most for _, most in rows]),
        )
    return program


def _payments(program: IntegerProgram) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """For each interval of years its budget, and what a start in each column pays in it."""
    problem, paid = program.problem, program.paid()
    for begin in range(1 if problem.carry_over else problem.years):
        for end in range(begin, problem.years):
            budget = int(problem.budgets[begin : end + 1].sum())
            yield budget, np.asarray(paid[:, begin : end + 1].sum(axis=1))


def _begins(program: IntegerProgram, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(s,) how much of each action starts in the year of each column."""
    begun = values[: program.integers]
    starts = begun.copy()
    starts[1:] -= begun[:-1]
    has = program.last >= program.first
    starts[program.first[has]] = begun[program.first[has]]
    return np.clip(starts, 0.0, 1.0)


def _violated(
    program: IntegerProgram,
    payments: list[tuple[int, NDArray[np.int64]]],
    starts: NDArray[np.float64],
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Rows that the values break, each with what it is at most."""
    window = program.last - program.first + 1
    action = np.repeat(np.arange(len(window)), np.maximum(window, 0))
    for budget, paid in payments:
        levels = _levels(paid, starts, action)
        cover = _cover(budget, levels)
        if not cover:
            continue
        most = len(cover) - 1
        chosen = {one: least for one, least, _ in cover}
        greatest = max(chosen.values())
        least_of = np.array([chosen.get(int(one), greatest) for one in action])
        counted = paid >= least_of
        if starts[counted].sum() > most + _VIOLATED:
            yield _row(program, counted), float(most)


def _levels(
    paid: NDArray[np.int64], starts: NDArray[np.float64], action: NDArray[np.int64]
) -> list[tuple[int, int, float]]:
    """For each action the level of its payments that is worth most: action, level, share above."""
    found: dict[int, tuple[int, int, float]] = {}
    for column in np.flatnonzero((paid > 0) & (starts > 0)).tolist():
        one, level = int(action[column]), int(paid[column])
        share = float(starts[(action == one) & (paid >= level)].sum())
        before = found.get(one)
        if before is None or (1.0 - share) * before[1] < (1.0 - before[2]) * level:
            found[one] = one, level, min(share, 1.0)
    return list(found.values())


def _cover(budget: int, levels: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Actions that together pay more than the budget, with shares near to 1; empty for none."""
    order = sorted(levels, key=lambda one: ((1.0 - one[2]) / one[1], one[0]))
    cover: list[tuple[int, int, float]] = []
    total = 0
    for one in order:
        cover.append(one)
        total += one[1]
        if total > budget:
            break
    if total <= budget:
        return []
    for one in sorted(cover, key=lambda each: (each[2], -each[1])):
        if total - one[1] > budget:
            cover.remove(one)
            total -= one[1]
    return cover


def _row(program: IntegerProgram, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The starts in some columns, added up, in the columns of s."""
    row = np.zeros(len(program.gain))
    columns = np.flatnonzero(counted)
    row[columns] += 1.0
    inner = columns[~np.isin(columns, program.first)]
    row[inner - 1] -= 1.0
    return row
