"""The best choice of sites with a bound, and the choices that are equally good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.branching import EQUALS, NODES, LocationSearch, slack
from urbanlayer.kernels.location.heuristics import by_preference, exchanged, greedy
from urbanlayer.kernels.location.lagrangian import CLOSED, FREE
from urbanlayer.kernels.location.problem import can_be_chosen, merged, without_sites
from urbanlayer.kernels.location.relaxation import LocationRelaxation
from urbanlayer.kernels.location.subgradient import first_prices, lowered
from urbanlayer.kernels.location.value import NONE, Valuation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from urbanlayer.kernels.location.branching import Choice
    from urbanlayer.kernels.location.lagrangian import Bound, Prices
    from urbanlayer.kernels.location.problem import LocationProblem

SMALL_PAIRS = 3000
"""Problems of no more pairs go to the linear program at once."""
LARGEST_PROGRAM = 40_000
"""Pairs beyond which no linear program with a column for each is solved."""
STEPS = 120
"""Steps along the subgradient in a round."""
ROUNDS, ROUNDS_WITHOUT_PROGRAM = 3, 6
"""Rounds where a compact linear program follows, and where there is none."""
SHORTER = 0.7
"""How much shorter the first steps of each round are."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A choice of sites, its value counted again, and what no choice exceeds.

    Attributes
    ----------
    chosen
        Rows of the sites, in order; None where none was found that keeps the floors.
    value, bound
        In the unit of the gain times people.
    proven
        Whether no choice is better, by the bound.
    equals
        All choices that are equally good; None where they are too many to list.
    """

    chosen: Choice | None
    value: float
    bound: float
    proven: bool
    equals: tuple[Choice, ...] | None


def solved(
    problem: LocationProblem,
    *,
    value: float = NONE,
    start: Choice | None = None,
    enough: float = np.inf,
    nodes: int = NODES,
    equals: bool = True,
) -> Solution:
    """The best choice of sites.

    Parameters
    ----------
    problem
        Of any kind.
    value
        Only choices that exceed it are sought.
    start
        A choice to begin with.
    enough
        A value at which the search may end.
    nodes
        Linear programs at most.
    equals
        Whether equally good choices are listed.
    """
    whole = merged(problem)
    valuation = Valuation(whole)
    relaxed = whole
    if whole.assignment == "nearest":
        relaxed = merged(replace(whole, assignment="pass", metres=None))
    state = np.where(whole.fixed, CLOSED, FREE).astype(np.int8)
    chosen = start
    if start is not None:
        value = max(value, valuation(start))
    chosen, value = _better(valuation, chosen, value, _first_choices(valuation))
    if chosen is None and problem.floors is not None and not problem.least_of_floors:
        keeps = solved(
            replace(problem, least_of_floors=True), enough=1.0, nodes=nodes, equals=False
        )
        if keeps.proven and keeps.value < 1.0 - slack(1.0):
            return Solution(None, NONE, NONE, proven=True, equals=())
        chosen, value = _better(valuation, chosen, value, [keeps.chosen or ()])
    prices, upper = _prices_of(valuation, relaxed, chosen), np.inf
    narrow = state
    if relaxed.assignment == "best" and len(relaxed.demand) > SMALL_PAIRS:
        prices, narrow, chosen, value, upper = _narrowed(valuation, prices, state, chosen, value)
        relaxed, prices = _reduced(relaxed, narrow, prices)
    if not relaxed.is_coverage and len(relaxed.demand) > LARGEST_PROGRAM:
        upper = max(upper, value)
        return Solution(chosen, value, upper, upper <= value + slack(value), None)
    relaxation = LocationRelaxation(relaxed)
    search = LocationSearch(
        relaxed, valuation, relaxation, chosen, value, enough=enough, nodes=nodes
    )
    search.best(prices, narrow)
    best = min(search.bound, upper) if np.isfinite(upper) else search.bound
    proven = best <= search.value + slack(search.value)
    others = None
    if proven and equals and search.chosen is not None:
        others = _equals(search, prices, narrow, nodes)
    top = search.value if proven else best
    return Solution(search.chosen, search.value, top, proven, others)


def _prices_of(valuation: Valuation, relaxed: LocationProblem, chosen: Choice | None) -> Prices:
    """Prices to begin with: what each person gains by a choice, where the two problems agree."""
    if chosen is None or valuation.problem is not relaxed:
        return first_prices(relaxed)
    pair = valuation.best_pairs(chosen)
    return first_prices(relaxed, np.where(pair >= 0, np.append(relaxed.gain, 0.0)[pair], 0.0))


def _equals(
    search: LocationSearch, prices: Prices, state: NDArray[np.int8], nodes: int
) -> tuple[Choice, ...] | None:
    """All choices as good as the best; None where they are too many."""
    again = LocationSearch(
        search.relaxed, search.valuation, search.relaxation, search.chosen, search.value,
        nodes=nodes,
    )  # fmt: skip
    again.every(prices, state)
    if again.overflow or len(again.equals) > EQUALS:
        return None
    return tuple(sorted(again.equals))


def _first_choices(valuation: Valuation) -> Iterable[Choice]:
    """Greedy choices, improved by exchange."""
    closed = np.zeros(valuation.problem.site_count, dtype=bool)
    for by_cost in (False, True):
        found = greedy(valuation, closed, by_cost=by_cost)
        yield tuple(found)
        if can_be_chosen(valuation.problem, found):
            yield tuple(exchanged(valuation, found, closed))
        if np.ptp(valuation.problem.limits[0].cost) == 0:
            break


def _better(
    valuation: Valuation, chosen: Choice | None, value: float, choices: Iterable[Choice]
) -> tuple[Choice | None, float]:
    """The best of a choice and others that may be chosen."""
    for choice in choices:
        if can_be_chosen(valuation.problem, choice):
            found = valuation(choice)
            if found > value:
                chosen, value = tuple(sorted(choice)), found
    return chosen, value


def _narrowed(
    valuation: Valuation,
    prices: Prices,
    state: NDArray[np.int8],
    chosen: Choice | None,
    value: float,
) -> tuple[Prices, NDArray[np.int8], Choice | None, float, float]:
    """Prices by subgradient, the sites that no choice as good can have closed, a better choice.

    After each round of steps the sites that the bound takes are improved by exchange. Sites that
    every choice as good has stay free: the linear program decides them.
    """
    problem = valuation.problem
    narrow, upper = state.copy(), np.inf
    rounds = ROUNDS if problem.is_coverage else ROUNDS_WITHOUT_PROGRAM
    for number in range(rounds):
        aim = value if np.isfinite(value) else 0.0
        length = SHORTER**number
        prices, found = lowered(problem, prices, narrow, value=aim, steps=STEPS, length=length)
        upper = min(upper, found.value)
        closed = (narrow == CLOSED) & ~problem.fixed
        choice = by_preference(problem, _preference(found), closed)
        if can_be_chosen(problem, choice):
            improved = tuple(exchanged(valuation, choice, closed))
            chosen, value = _better(valuation, chosen, value, [improved])
        narrow[(narrow == FREE) & (found.if_open < value - slack(value))] = CLOSED
        if upper <= value + slack(value):
            break
    return prices, narrow, chosen, value, upper


def _preference(found: Bound) -> NDArray[np.float64]:
    """(m,) the bound if a site is open, from 1 on; 0 where it cannot be."""
    possible = np.isfinite(found.if_open)
    if not possible.any():
        return np.zeros(len(possible))
    return np.where(possible, found.if_open - found.if_open[possible].min() + 1.0, 0.0)


def _reduced(
    problem: LocationProblem, state: NDArray[np.int8], prices: Prices
) -> tuple[LocationProblem, Prices]:
    """The problem without its closed sites, merged again, and prices to begin with."""
    small = merged(without_sites(problem, (state == CLOSED) & ~problem.fixed))
    if len(small.people) == len(problem.people):
        return small, prices
    return small, first_prices(small)
