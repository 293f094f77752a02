"""People newly served for each of several whole budgets, solved anew for each.

A whole budget is spread over the years as the declared budgets are, in whole units rounded down;
evenly where those are all 0. So no year has less of a larger one, and the people never fall.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.choice import chosen
from urbanlayer.kernels.programme.problem import NEVER
from urbanlayer.model.plan import CurvePoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.choice import Chosen
    from urbanlayer.kernels.programme.problem import ProgrammeProblem


def curve_of(
    problem: ProgrammeProblem, keys: Sequence[str], budgets: Sequence[int]
) -> tuple[CurvePoint, ...]:
    """The people newly served at the end, heads, for each budget; in the order of the budgets.

    Parameters
    ----------
    problem
        The programme; its objective is people at the end here, whatever it is there.
    keys
        Of the actions.
    budgets
        Whole units of the currency, for all years together.

    Returns
    -------
    tuple
        NaN people where a promise cannot be kept; `dropped` are the actions of the next lower
        budget that are not done.
    """
    coverage = problem.coverage
    heads = replace(coverage, weight=coverage.people, group_weight=coverage.group_people)
    at_end = replace(problem, coverage=heads, year_weight=np.eye(problem.years)[-1])
    found: dict[int, CurvePoint] = {}
    before = None
    for budget in sorted(set(budgets)):
        of_budget = replace(at_end, budgets=spread(budget, problem.budgets))
        best = chosen(of_budget, prove=False)
        if before is not None and (best is None or best.value < before.value):
            best = before  # what less money pays for, more does too
        if best is None:
            found[budget] = CurvePoint(budget, float("nan"))
            continue
        dropped = _done(before, keys) - _done(best, keys)
        found[budget] = CurvePoint(budget, best.value, tuple(sorted(dropped)))
        before = best
    return tuple(found[budget] for budget in budgets)


def _done(best: Chosen | None, keys: Sequence[str]) -> set[str]:
    """Keys of what a programme does."""
    if best is None:
        return set()
    return {keys[row] for row in np.flatnonzero(best.starts != NEVER).tolist()}


def spread(budget: int, like: NDArray[np.int64]) -> NDArray[np.int64]:
    """(t,) whole parts of a budget, in proportion to others.

    Parameters
    ----------
    budget
        Whole units.
    like
        (t,) budgets, not negative.

    Examples
    --------
    >>> spread(100, np.array([300, 200, 100])).tolist()
    [50, 33, 16]
    """
    parts = like if like.sum() > 0 else np.ones(len(like), dtype=np.int64)
    whole = int(parts.sum())
    return np.array([budget * int(part) // whole for part in parts], dtype=np.int64)
