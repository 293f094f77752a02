"""One choice among equally good ones, choices that differ, and the fewest sites for all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.branching import NODES, slack
from urbanlayer.kernels.location.heuristics import exchange_gains, greedy
from urbanlayer.kernels.location.problem import Limit, can_be_chosen
from urbanlayer.kernels.location.solve import Solution, solved
from urbanlayer.kernels.location.value import NONE, Valuation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from urbanlayer.kernels.location.branching import Choice
    from urbanlayer.kernels.location.problem import LocationProblem

    Order = Callable[[Choice], tuple[float, ...]]

MOST_COMPARED = 200_000_000
"""Equally good choices times pairs up to which all of them are compared."""
ROUNDS, TRIED = 20, 200
"""Rounds of exchanges between equally good choices, and choices tried in each."""
SHARED = 0.5
"""Share of the plots that a different choice may have in common with another."""


def preferred(problem: LocationProblem, found: Solution, order: Order) -> Choice | None:
    """The choice of least order among those that are equally good.

    Where they are too many to list or compare, exchanges that lose nothing are tried from this one.

    Parameters
    ----------
    problem
        That was solved.
    found
        Its solution.
    order
        What is to be small: cost, then metres …; equal ones are distinguished by their rows.
    """
    if found.chosen is None:
        return None
    count = len(found.equals or ())
    if found.equals is not None and count * len(problem.demand) <= MOST_COMPARED:
        return _least(found.equals or (found.chosen,), order)
    valuation = Valuation(problem)
    best = found.chosen
    for _ in range(ROUNDS):
        near = [one for one in _near(valuation, best) if _is_as_good(valuation, one, found.value)]
        other = _least([best, *near], order)
        if other == best:
            break
        best = other
    return best


def _least(choices: Iterable[Choice], order: Order) -> Choice:
    """The choice of the least first measure, of equal ones of the least second, and so on."""
    left = [(order(choice), choice) for choice in choices]
    for at in range(len(left[0][0])):
        least = min(measures[at] for measures, _ in left)
        left = [one for one in left if one[0][at] <= least + slack(least)]
    return min(choice for _, choice in left)


def _near(valuation: Valuation, choice: Choice) -> Iterable[Choice]:
    """Choices with one site less, or with another that seems to lose nothing."""
    problem = valuation.problem
    for site in choice:
        less = tuple(one for one in choice if one != site)
        if can_be_chosen(problem, less):
            yield less
    if not choice:
        return
    gains = exchange_gains(valuation, list(choice), np.zeros(problem.site_count, dtype=bool))
    ranked = np.argsort(-gains, axis=None, kind="stable")[:TRIED]
    for place in ranked.tolist():
        site, position = divmod(place, len(choice))
        if np.isfinite(gains[site, position]):
            yield tuple(sorted([*choice[:position], *choice[position + 1 :], site]))


def _is_as_good(valuation: Valuation, choice: Choice, value: float) -> bool:
    return valuation(choice) >= value - slack(value)


def different(
    problem: LocationProblem, chosen: Choice, count: int, *, least: float
) -> tuple[tuple[Choice, float], ...]:
    """Further good choices that share at most half of their plots with those before.

    Parameters
    ----------
    problem
        That was solved.
    chosen
        The choice that was found for it.
    count
        Of further choices at most.
    least
        Value below which a choice is not good.

    Returns
    -------
    tuple
        Of choices with their values, best first found.
    """
    found: list[tuple[Choice, float]] = []
    last = chosen
    for _ in range(count):
        shared = np.zeros(problem.site_count)
        shared[np.isin(problem.plot, problem.plot[list(last)])] = 1.0
        problem = problem.with_limit(Limit(shared, np.floor(len(last) * SHARED)))
        other = solved(problem, equals=False)
        if other.chosen is None or other.value < least - slack(least) or not other.chosen:
            break
        found.append((other.chosen, other.value))
        last = other.chosen
    return tuple(found)


def with_fewest(problem: LocationProblem, *, nodes: int = NODES) -> Solution:
    """The fewest sites that reach as much as all sites together would.

    Parameters
    ----------
    problem
        Its limits do not count.
    nodes
        Linear programs at most for each number of sites.

    Returns
    -------
    Solution
        `value` is the gain; `bound` the least number of sites.
    """
    count = problem.site_count
    free = replace(problem, limits=(Limit(np.ones(count), float(count)),))
    start = tuple(greedy(Valuation(free), np.zeros(count, dtype=bool)))
    target, best, known = _most(free, start, nodes)
    if target <= slack(target):
        return Solution((), max(target, 0.0), 0.0, known, ((),))
    proven, least = known, len(best)
    for number in range(len(best) - 1, -1, -1):
        fewer = _with(problem, number, target, nodes)
        if fewer.chosen is not None and fewer.value >= target - slack(target):
            best, least = fewer.chosen, number
            continue
        least = number + 1
        if fewer.bound < target - slack(target) or fewer.proven:
            break
        proven = False
    bound = float(least if proven else _fewest_by_bound(problem, target, least))
    exact = replace(problem, limits=(_number(problem, len(best)),))
    again = solved(exact, start=best, nodes=nodes)
    return Solution(best, target, bound, proven and bound == len(best), again.equals)


def _most(problem: LocationProblem, start: Choice, nodes: int) -> tuple[float, Choice, bool]:
    """The greatest gain of any number of sites, a choice that has it, and whether it is proven."""
    valuation = Valuation(problem)
    if problem.assignment == "best":
        every = valuation(np.flatnonzero(~problem.fixed).tolist())
        if _reaches(problem, start, every):
            return every, start, True
    found = solved(problem, start=start, equals=False, nodes=nodes)
    return found.value, found.chosen or (), found.proven


def _number(problem: LocationProblem, number: int) -> Limit:
    exact = problem.assignment != "nearest"
    return Limit(np.ones(problem.site_count), float(number), exact=exact)


def _with(problem: LocationProblem, number: int, target: float, nodes: int) -> Solution:
    """A choice of so many sites that reaches the target, or a bound below it."""
    aim = target - 2 * slack(target)
    limited = replace(problem, limits=(_number(problem, number),))
    return solved(limited, value=aim, enough=target - slack(target), nodes=nodes, equals=False)


def _fewest_by_bound(problem: LocationProblem, target: float, most: int) -> int:
    """The fewest sites that the first bound alone does not rule out."""
    for number in range(most, 0, -1):
        if _with(problem, number - 1, target, 1).bound < target - slack(target):
            return number
    return 0


def _reaches(problem: LocationProblem, chosen: Sequence[int], target: float) -> bool:
    value = Valuation(problem)(chosen)
    return value != NONE and value >= target - slack(target)
