"""Good choices without proof: greedy, from prices, and by exchange of sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.problem import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from urbanlayer.kernels.location.problem import LocationProblem
    from urbanlayer.kernels.location.value import Valuation

ROUNDS, ROUNDS_WITH_ROOM = 200, 10
"""Exchanges at most, and where each takes a linear program to value."""
VALUED = 8
"""Exchanges that are valued in a round at most."""


def greedy(
    valuation: Valuation,
    closed: NDArray[np.bool_],
    start: Iterable[int] = (),
    *,
    by_cost: bool = False,
) -> list[int]:
    """Sites added one by one, each with the greatest further gain, as far as limits allow.

    Parameters
    ----------
    valuation
        Of the problem.
    closed
        (m,) sites that may not be chosen.
    start
        Sites to begin with.
    by_cost
        Whether it is the greatest gain for its cost.
    """
    problem = valuation.problem
    chosen = list(start)
    cost = np.maximum(problem.limits[0].cost, 1e-12) if by_cost else np.ones(problem.site_count)
    while True:
        may = _may_be_added(problem, chosen, closed)
        if not may.any():
            return sorted(chosen)
        gains = added_gains(valuation, chosen)
        if not problem.limits[0].exact:
            may &= gains > 0
            if not may.any():
                return sorted(chosen)
        chosen.append(int(np.argmax(np.where(may, gains / cost, -np.inf))))


def by_preference(
    problem: LocationProblem, preference: NDArray[np.float64], closed: NDArray[np.bool_]
) -> list[int]:
    """Sites in the order of a (m,) preference, as far as limits allow."""
    chosen: list[int] = []
    plots: set[int] = set()
    rest = [limit.most + TOLERANCE * max(1.0, abs(limit.most)) for limit in problem.limits]
    for site in np.argsort(-preference, kind="stable").tolist():
        if preference[site] <= 0 and not problem.limits[0].exact:
            break
        costs = [float(limit.cost[site]) for limit in problem.limits]
        fits = all(cost <= left for cost, left in zip(costs, rest, strict=True))
        if closed[site] or problem.fixed[site] or problem.plot[site] in plots or not fits:
            continue
        chosen.append(site)
        plots.add(int(problem.plot[site]))
        rest = [left - cost for cost, left in zip(costs, rest, strict=True)]
    return sorted(chosen)


def exchanged(valuation: Valuation, chosen: list[int], closed: NDArray[np.bool_]) -> list[int]:
    """The choice after exchanges of one site for another, while one gains.

    All exchanges are estimated together as if every site had room for everybody (Resende and
    Werneck 2007); the most promising are valued.
    """
    value = valuation(chosen)
    for _ in range(ROUNDS if valuation.problem.assignment == "best" else ROUNDS_WITH_ROOM):
        if not chosen:
            break
        estimate = exchange_gains(valuation, chosen, closed)
        ranked = np.argsort(-estimate, axis=None, kind="stable")[:VALUED]
        for place in ranked.tolist():
            site, position = divmod(place, len(chosen))
            if not np.isfinite(estimate[site, position]):
                continue
            other = sorted([*chosen[:position], *chosen[position + 1 :], site])
            found = valuation(other)
            if found > value + TOLERANCE * max(1.0, abs(value)):
                chosen, value = other, found
                break
        else:
            break
    return chosen


def exchange_gains(
    valuation: Valuation, chosen: list[int], closed: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """(m, p) what the choice gains by opening a site for each chosen one; -inf: not allowed."""
    problem = valuation.problem
    size, sites = len(chosen), problem.site_count
    best, second, by = _two_best(valuation, chosen)
    amount = problem.people[problem.demand]
    most = best[problem.demand]
    over = amount * np.maximum(problem.gain - most, 0.0)
    added = np.bincount(problem.site, over, minlength=sites)
    whose = by[problem.demand]
    back = amount * np.maximum(np.minimum(problem.gain, most) - second[problem.demand], 0.0)
    kept = (whose >= 0) & (back > 0)
    regained = np.bincount(
        problem.site[kept] * size + whose[kept], back[kept], minlength=sites * size
    ).reshape(sites, size)
    held = by >= 0
    lost = np.bincount(by[held], (problem.people * (best - second))[held], minlength=size)
    gains = added[:, None] + regained - lost[None, :]
    return np.where(_may_be_exchanged(problem, chosen, closed), gains, -np.inf)


def _two_best(
    valuation: Valuation, chosen: list[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """(n,) the best and the second gain of open sites, and the position of the best, -1: fixed."""
    problem = valuation.problem
    best, second = np.zeros(len(problem.people)), np.zeros(len(problem.people))
    by = np.full(len(problem.people), -1)
    fixed = np.flatnonzero(problem.fixed).tolist()
    for position, site in [*((-1, one) for one in fixed), *enumerate(chosen)]:
        rows = valuation.pairs_of(site)
        demand, gain = problem.demand[rows], problem.gain[rows]
        first = best[demand]
        second[demand] = np.where(gain > first, first, np.maximum(second[demand], gain))
        better = demand[gain > first]
        by[better] = position
        best[demand] = np.maximum(first, gain)
    return best, second, by


def _may_be_exchanged(
    problem: LocationProblem, chosen: list[int], closed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(m, p) whether a site may be opened for each chosen one."""
    rows = np.asarray(chosen)
    may = ~(closed | problem.fixed)
    may[rows] = False
    taken = np.isin(problem.plot, problem.plot[rows])
    same = problem.plot[:, None] == problem.plot[rows][None, :]
    allowed = may[:, None] & (~taken[:, None] | same)
    for limit in problem.limits:
        spent = float(limit.cost[rows].sum()) - limit.cost[rows][None, :] + limit.cost[:, None]
        allowed &= spent <= limit.most + TOLERANCE * max(1.0, abs(limit.most))
    return np.asarray(allowed, dtype=np.bool_)


def added_gains(valuation: Valuation, chosen: Iterable[int]) -> NDArray[np.float64]:
    """(m,) what each site gains over the best of the open ones, at most what it has room for."""
    problem = valuation.problem
    pair = valuation.best_pairs(chosen)
    held = np.where(pair >= 0, np.append(problem.gain, 0.0)[pair], 0.0)
    more = np.maximum(problem.gain - held[problem.demand], 0.0) * problem.people[problem.demand]
    gains = np.bincount(problem.site, more, problem.site_count).astype(np.float64)
    if problem.assignment == "best":
        return gains
    most = np.zeros(problem.site_count)
    np.maximum.at(most, problem.site, problem.gain)
    room = np.where(np.isfinite(problem.capacity), problem.capacity, 1e300)
    return np.minimum(gains, room * most)


def _may_be_added(
    problem: LocationProblem, chosen: Iterable[int], closed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(m,) the sites that may be chosen in addition to others."""
    rows = np.fromiter(chosen, dtype=np.int64)
    may = ~(closed | problem.fixed)
    may[rows] = False
    may &= ~np.isin(problem.plot, problem.plot[rows])
    for limit in problem.limits:
        spent = float(limit.cost[rows].sum())
        may &= spent + limit.cost <= limit.most + TOLERANCE * max(1.0, abs(limit.most))
    return may
