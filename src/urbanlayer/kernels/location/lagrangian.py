"""An upper bound of a location problem from prices, by arithmetic that needs no solver.

With a price α ≥ 0 for each person, q ≥ 0 for each person under a floor and λ for what a limit
measures, no choice has a greater value than

    Σ p_i α_i − Σ q_f F_f + Σ λ_l B_l + max over x of Σ x_j (r_j − Σ λ_l c_lj),

where r_j is the most that site j can earn: Σ p_i max(0, g_ij + q_f − α_i) over the people whom it
reaches, of those worth most as many as it has room for. (Relaxation of "each person once", of the
floors and of the limits; Geoffrion 1974, Cornuéjols et al. 1977.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.location.problem import Limit, LocationProblem

FREE, OPEN, CLOSED = 0, 1, -1
"""State of a site."""
STEPS = 60
"""Halvings in the search for the price of a limit."""


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Of a person of each demand, of a person under each floor, of each further limit's measure."""

    person: NDArray[np.float64]
    floor: NDArray[np.float64]
    limit: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """No choice that agrees with the states of the sites has a greater value.

    Attributes
    ----------
    value
        The bound; -inf where no choice agrees.
    if_open, if_closed
        (m,) the bound if a free site is open, or closed.
    taken
        (m,) the sites that the bound takes.
    """

    value: float
    if_open: NDArray[np.float64]
    if_closed: NDArray[np.float64]
    taken: NDArray[np.bool_]


def bound(problem: LocationProblem, prices: Prices, state: NDArray[np.int8]) -> Bound:
    """The bound that prices give, with some sites open or closed for certain.

    Parameters
    ----------
    problem
        Of any kind.
    prices
        Not negative, but for those of exact limits; any are valid.
    state
        (m,) `FREE`, `OPEN` or `CLOSED`; fixed sites are open.
    """
    person, floor = np.maximum(prices.person, 0.0), np.maximum(prices.floor, 0.0)
    constant = float(problem.people @ person)
    worth = np.zeros(len(problem.gain)) if problem.least_of_floors else problem.gain
    if problem.floors is not None:
        least = problem.floors.least
        if problem.least_of_floors:
            total = float(floor @ least)
            floor = floor / total if total > 0 else 1.0 / (len(least) * least)
        else:
            constant -= float(floor @ least)
        worth = worth + np.append(floor, 0.0)[problem.floors.floor]
    score = scores(problem, worth - person[problem.demand])
    constant += float(score[problem.fixed].sum())
    return _best_sites(
        problem, score, prices.limit, np.where(problem.fixed, CLOSED, state), constant
    )


def scores(problem: LocationProblem, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) the most that each site can earn, with (k,) the worth of a person of each pair."""
    amount = problem.people[problem.demand]
    value = np.maximum(worth, 0.0) * amount
    if not np.isfinite(problem.capacity).any():
        return np.bincount(problem.site, value, problem.site_count).astype(np.float64)
    order = np.lexsort((-worth, problem.site))
    site, amount = problem.site[order], amount[order]
    before = np.cumsum(amount) - amount
    _, first, of = np.unique(site, return_index=True, return_inverse=True)
    room = np.clip(problem.capacity[site] - (before - before[first][of]), 0.0, amount)
    earned = np.maximum(worth[order], 0.0) * room
    return np.bincount(site, earned, problem.site_count).astype(np.float64)


def _best_sites(
    problem: LocationProblem,
    score: NDArray[np.float64],
    limit_prices: NDArray[np.float64],
    state: NDArray[np.int8],
    constant: float,
) -> Bound:
    """The greatest sum of scores within the plots, limits relaxed."""
    first, *others = problem.limits
    for limit, price in zip(others, limit_prices, strict=True):
        paid = price if limit.exact else max(price, 0.0)
        score = score - paid * limit.cost
        constant += paid * limit.most
    opened, free = state == OPEN, state == FREE
    taken_plots = np.isin(problem.plot, problem.plot[opened])
    free &= ~taken_plots
    constant += float(score[opened].sum())
    rest = first.most - float(first.cost[opened].sum())
    slack = 1e-9 * max(1.0, abs(first.most))
    impossible = rest < -slack or len(np.unique(problem.plot[opened])) < opened.sum()
    impossible |= first.exact and _greatest_cost(problem, first.cost, free) < rest - slack
    if impossible:
        nothing = np.full(len(score), -np.inf)
        return Bound(-np.inf, nothing, nothing, opened)
    free &= first.cost <= rest + slack
    rows = np.flatnonzero(free)
    price = _price(problem, score[rows], first.cost[rows], rest, rows, exact=first.exact)
    reduced = score - price * first.cost
    best, leader = _by_plot(problem, reduced, rows)
    value = constant + price * rest + float(best.sum())
    if_open = np.full(len(score), -np.inf)
    if_closed = np.full(len(score), value)
    of_plot = np.zeros(len(score))
    of_plot[problem.plot[leader]] = best  # plots are numbered below the number of sites
    if_open[rows] = value - of_plot[problem.plot[rows]] + reduced[rows]
    alone = np.bincount(problem.plot[rows], minlength=len(score))[problem.plot[rows]] == 1
    if_closed[rows[alone]] = value - best_of(reduced[rows[alone]])
    return Bound(value, if_open, if_closed, opened | _taken(first, reduced, leader, rest))


def _taken(
    limit: Limit, reduced: NDArray[np.float64], leader: NDArray[np.int64], rest: float
) -> NDArray[np.bool_]:
    """The sites that a limit leaves room for, best first."""
    order = leader[np.argsort(-reduced[leader], kind="stable")]
    if not limit.exact:
        order = order[reduced[order] >= 0]
    taken = np.zeros(len(reduced), dtype=bool)
    taken[order[np.cumsum(limit.cost[order]) <= rest * (1 + 1e-12)]] = True
    return taken


def best_of(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values, and 0 where they are negative."""
    return np.maximum(values, 0.0)


def _greatest_cost(
    problem: LocationProblem, cost: NDArray[np.float64], free: NDArray[np.bool_]
) -> float:
    most = np.zeros(len(cost))
    np.maximum.at(most, problem.plot[free], cost[free])
    return float(most.sum())


def _by_plot(
    problem: LocationProblem, reduced: NDArray[np.float64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The greatest reduced score of each plot that has free sites, at least 0, and whose it is."""
    order = rows[np.lexsort((rows, -reduced[rows], problem.plot[rows]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = problem.plot[order][1:] != problem.plot[order][:-1]
    leader = order[first]
    return best_of(reduced[leader]), leader


def _price(
    problem: LocationProblem,
    score: NDArray[np.float64],
    cost: NDArray[np.float64],
    rest: float,
    rows: NDArray[np.int64],
    *,
    exact: bool,
) -> float:
    """The price of the first limit at which the bound is least."""
    paid = cost > 0
    if not paid.any():
        return 0.0
    ratio = score[paid] / cost[paid]
    alone = len(np.unique(problem.plot[rows])) == len(rows)
    if alone:
        order = np.argsort(-ratio, kind="stable")
        spent = np.cumsum(cost[paid][order])
        at = int(np.searchsorted(spent, rest * (1 - 1e-12)))
        price = float(ratio[order[at]]) if at < len(order) else min(0.0, float(ratio.min()))
        return price if exact else max(price, 0.0)
    low, high = (min(0.0, float(ratio.min())) if exact else 0.0), max(0.0, float(ratio.max()))
    full = np.zeros(problem.site_count)
    for _ in range(STEPS):
        middle = (low + high) / 2
        full[rows] = score - middle * cost
        best, leader = _by_plot(problem, full, rows)
        spent_m = float(problem.limits[0].cost[leader[best > 0]].sum())
        low, high = (middle, high) if spent_m > rest else (low, middle)
    return high
