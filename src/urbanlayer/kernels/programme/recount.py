"""A programme counted again from the years in which its actions start, without any solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.problem import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.problem import Coverage, ProgrammeProblem


def spent(problem: ProgrammeProblem, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(t,) what is paid in each year.

    Parameters
    ----------
    problem
        The programme.
    starts
        (n,) year of each action's start, `NEVER` for those that are not done.
    """
    paid = np.zeros(problem.years, dtype=np.int64)
    for action in np.flatnonzero(starts != NEVER).tolist():
        paid += problem.paid(action, int(starts[action]))
    return paid


def serving(problem: ProgrammeProblem, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(t, n) whether each action serves in each year."""
    year = np.arange(problem.years)[:, None]
    return np.asarray((starts != NEVER) & (year >= starts + problem.delay))


def served(coverage: Coverage, done: NDArray[np.bool_], *, weighted: bool = False) -> float:
    """People newly served by the actions that serve, each once; weighted as the objective.

    Parameters
    ----------
    coverage
        Whom the actions serve.
    done
        (n,) whether each action serves.
    weighted
        Whether people are counted in the unit of the objective.
    """
    state = int(np.flatnonzero((coverage.done == done[coverage.streets]).all(axis=1))[0])
    constant = coverage.weight if weighted else coverage.people
    amounts = coverage.group_weight if weighted else coverage.group_people
    groups = np.flatnonzero(coverage.group_state == state)
    if not len(groups):
        return float(constant[state])
    hits = np.append(0, np.cumsum(done[coverage.action]))
    reached = hits[coverage.group_start[groups + 1]] > hits[coverage.group_start[groups]]
    return float(constant[state] + amounts[groups][reached].sum())


def value_of(problem: ProgrammeProblem, starts: NDArray[np.int64]) -> float:
    """The objective of a programme."""
    each = serving(problem, starts)
    years = np.flatnonzero(problem.year_weight)
    return float(
        sum(
            problem.year_weight[year] * served(problem.coverage, each[year], weighted=True)
            for year in years
        )
    )


def is_possible(problem: ProgrammeProblem, starts: NDArray[np.int64]) -> bool:
    """Whether a programme keeps budgets, promises, dependencies, exclusions and years."""
    is_done = starts != NEVER
    in_time = (starts >= problem.first_start) & (starts <= problem.last_start)
    if (is_done & ~in_time).any() or (problem.promised & ~is_done).any():
        return False
    paid, budgets = spent(problem, starts), problem.budgets
    if problem.carry_over:
        paid, budgets = np.cumsum(paid), np.cumsum(budgets)
    if (paid > budgets).any():
        return False
    one, other = problem.requires.T
    kept = ~is_done[one] | (is_done[other] & (starts[other] <= starts[one]))
    first, second = problem.excludes.T
    return bool(kept.all() and not (is_done[first] & is_done[second]).any())
