"""Programmes by the set of their actions: first which are done, then when.

Where only people at the end count, it does not matter to them when an action begins. So the years
are one in a program of sets: the money of all years together, what requires and what excludes what.
No programme serves more than its best set; a set whose actions the yearly budgets pay is one. The
many orders in which the same actions may be done are never looked at one by one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.integer_program import integer_program
from urbanlayer.kernels.programme.problem import NEVER
from urbanlayer.kernels.programme.proof import ProgrammeSearch, slack
from urbanlayer.kernels.programme.recount import is_possible, spent, value_of
from urbanlayer.kernels.programme.schedule import Schedules, done_of
from urbanlayer.kernels.programme.solver import best_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.integer_program import IntegerProgram
    from urbanlayer.kernels.programme.problem import ProgrammeProblem
    from urbanlayer.kernels.programme.proof import Proof


def set_problem(program: IntegerProgram) -> ProgrammeProblem:
    """The problem with its years as one: each action at the least that it may cost in them.

    Parameters
    ----------
    program
        Of several years.
    """
    problem = program.problem
    _, budgets = program.paid_and_budgets()
    count = problem.actions
    none = np.zeros(count, dtype=np.int64)
    possible = problem.last_start >= problem.first_start
    cost = none.copy()
    for action in np.flatnonzero(possible).tolist():
        years = range(int(problem.first_start[action]), int(problem.last_start[action]) + 1)
        cost[action] = min(int(problem.paid(action, year).sum()) for year in years)
    return replace(
        problem,
        payments=cost[:, None],
        running=none,
        duration=np.ones(count, dtype=np.int64),
        first_start=none,
        last_start=np.where(possible, 0, -1),
        budgets=budgets[-1:] if problem.carry_over else np.array([budgets.sum()]),
        carry_over=False,
        delay=none,
        year_weight=problem.year_weight[-1:],
    )


def proven_by_sets(program: IntegerProgram) -> Proof | None:
    """The best programme and a bound on all; None where earlier years count, or none is found.

    Parameters
    ----------
    program
        Of the problem.
    """
    problem = program.problem
    if problem.year_weight[:-1].any() or not program.integers:
        return None
    sets = integer_program(set_problem(program))
    schedules = Schedules(program)

    def programme_of(values: NDArray[np.float64]) -> NDArray[np.int64] | None:
        return schedules.of_actions(done_of(sets.starts(values)))

    counted = np.ones(sets.integers, dtype=bool)
    search = ProgrammeSearch(sets, problem, counted, programme_of)
    values = best_values(sets, sets.gain)
    first = None if values is None else programme_of(values)
    if first is not None:
        search.consider(first)
    bound = search.bound()
    if search.starts is None:
        return None
    proof = search.proof_of(bound)
    return replace(proof, fixed=_with_actions_fixed(program, search.fixed))


def cheapest_of_equals(program: IntegerProgram, proof: Proof) -> NDArray[np.int64]:
    """(n,) starts of a programme of the same value that costs least, as far as one is found.

    Parameters
    ----------
    program
        Of the problem.
    proof
        By sets.
    """
    problem = program.problem
    sets = integer_program(set_problem(program))
    size = max(float(sets.gain.max(initial=0.0)), 1.0)
    least = (proof.value - slack(proof.value)) / size
    values = best_values(sets.with_row(sets.gain / size, least, np.inf), -sets.cost() / size)
    if values is None:
        return proof.starts
    found = Schedules(program).of_actions(done_of(sets.starts(values)))
    if found is None or value_of(problem, found) < proof.value - slack(proof.value):
        return proof.starts
    costs = [int(spent(problem, one).sum()) for one in (found, proof.starts)]
    return found if costs[0] < costs[1] else proof.starts


def settled(problem: ProgrammeProblem, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) the starts without what serves nobody, each where it costs least, then earliest.

    Actions are gone through once, in the order of their keys; the value stays.

    Parameters
    ----------
    problem
        The programme.
    starts
        (n,) of a programme that is possible.
    """
    best = starts.copy()
    order = _order(problem, best)
    for action in np.flatnonzero(starts != NEVER).tolist():
        window = range(int(problem.first_start[action]), int(problem.last_start[action]) + 1)
        for year in (NEVER, *window):
            tried = best.copy()
            tried[action] = year
            if is_possible(problem, tried) and (of_tried := _order(problem, tried)) < order:
                best, order = tried, of_tried
    return best


def _order(problem: ProgrammeProblem, starts: NDArray[np.int64]) -> tuple[float, int, int]:
    """What programmes are compared by: the smallest is the best."""
    value = round(value_of(problem, starts), 6)
    return -value, int(spent(problem, starts).sum()), int((starts + 1).sum())


def _with_actions_fixed(program: IntegerProgram, sets: IntegerProgram) -> IntegerProgram:
    """The program in which actions are done, or not, that are so in the program of sets."""
    lower, upper = program.lower.copy(), program.upper.copy()
    for action in np.flatnonzero(sets.last >= sets.first).tolist():
        at, first, last = int(sets.last[action]), program.first[action], program.last[action]
        if sets.upper[at] == 0:
            upper[first : last + 1] = 0.0
        elif sets.lower[at] == 1:
            lower[last] = 1.0
    return replace(program, lower=lower, upper=upper)
