"""A location problem as arrays: people, sites, what each person gains, and what limits the choice.

Every problem is one of maximum gain: a person has the gain of the best open site that reaches them,
over what they have already. Maximum coverage gains 1 for a person within reach; the p-median gains
the metres that a walk becomes shorter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Assignment = Literal["best", "pass", "nearest"]
"""How people go to sites: each to the best; to any with room, whatever serves most; each to the
nearest, and not on to the next where it is full."""
TOLERANCE = 1e-9
"""Relative: two values nearer than this are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """What the chosen sites may cost together: Σ cost ≤ most.

    Attributes
    ----------
    cost
        (m,) of each site, not negative.
    most
        Of all chosen sites.
    exact
        Whether they cost exactly that: a number of sites.
    """

    cost: NDArray[np.float64]
    most: float
    exact: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Floors:
    """The least number of people, of several kinds, that have to be reached.

    Attributes
    ----------
    floor
        (k,) row of the floor that each pair counts for; -1 where it counts for none.
    least
        (f,) people to reach.
    """

    floor: NDArray[np.int64]
    least: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.least)


@dataclass(frozen=True, slots=True, eq=False)
class LocationProblem:
    """Demand of *n* kinds, *m* sites, and the *k* pairs in which a site gives a gain.

    Attributes
    ----------
    people
        (n,) people of each demand.
    demand, site
        (k,) rows, sorted by demand and then by site, each pair once.
    gain
        (k,) of one person, not negative.
    fixed
        (m,) sites that are open whatever is chosen.
    limits
        Of the chosen sites; the first is the one that matters.
    plot
        (m,) number of the plot; at most one site of a plot is open.
    capacity
        (m,) people that a site has room for, +inf where it has no limit.
    assignment
        How people go to sites.
    metres
        (k,) from demand to site; needed where people go to the nearest.
    floors
        None: there are none.
    least_of_floors
        Whether the value is the smallest share of a floor that is kept, and not the gain.
    """

    people: NDArray[np.float64]
    demand: NDArray[np.int64]
    site: NDArray[np.int64]
    gain: NDArray[np.float64]
    fixed: NDArray[np.bool_]
    limits: tuple[Limit, ...]
    plot: NDArray[np.int64]
    capacity: NDArray[np.float64]
    assignment: Assignment = "best"
    metres: NDArray[np.float64] | None = None
    floors: Floors | None = None
    least_of_floors: bool = False

    @property
    def site_count(self) -> int:
        """Number of sites, fixed ones too."""
        return len(self.fixed)

    @property
    def is_coverage(self) -> bool:
        """Whether all sites that reach a demand give it one gain, for one floor, and have room."""
        if self.assignment != "best":
            return False
        of_pairs = [self.gain]
        if self.floors is not None:
            of_pairs.append(self.floors.floor.astype(np.float64))
        for each in of_pairs:
            first = np.zeros(len(self.people))
            first[self.demand] = each
            if not (each == first[self.demand]).all():
                return False
        return True

    def with_limit(self, limit: Limit) -> LocationProblem:
        """The problem with one limit more."""
        return replace(self, limits=(*self.limits, limit))


def location_problem(  # noqa: PLR0913  (the parts of one problem, by keyword)
    people: NDArray[np.float64],
    demand: NDArray[np.int64],
    site: NDArray[np.int64],
    *,
    site_count: int,
    limits: tuple[Limit, ...],
    gain: NDArray[np.float64] | None = None,
    fixed: NDArray[np.bool_] | None = None,
    plot: NDArray[np.int64] | None = None,
    capacity: NDArray[np.float64] | None = None,
    assignment: Assignment = "best",
    metres: NDArray[np.float64] | None = None,
    floors: Floors | None = None,
) -> LocationProblem:
    """A problem from pairs in any order.

    Parameters
    ----------
    people
        (n,) of each demand.
    demand, site
        (k,) rows of pairs, each pair once.
    site_count
        Number of sites *m*.
    limits, fixed, plot, capacity, assignment, metres, floors
        As of `LocationProblem`; by default no site is fixed, each has a plot of its own, and room
        for everybody.
    gain
        (k,) of one person; 1 if not given.

    Examples
    --------
    Two of three sites, the first of which reaches nobody alone:

    >>> problem = location_problem(
    ...     np.array([30.0, 20.0]), np.array([1, 0, 1]), np.array([2, 1, 0]), site_count=3,
    ...     limits=(Limit(np.ones(3), 2.0, exact=True),),
    ... )
    >>> problem.demand.tolist(), problem.site.tolist()
    ([0, 1, 1], [1, 0, 2])
    """
    order = np.lexsort((site, demand))
    gain = np.ones(len(demand)) if gain is None else gain
    return LocationProblem(
        people=people,
        demand=demand[order],
        site=site[order],
        gain=gain[order],
        fixed=np.zeros(site_count, dtype=bool) if fixed is None else fixed,
        limits=limits,
        plot=np.arange(site_count) if plot is None else plot,
        capacity=np.full(site_count, np.inf) if capacity is None else capacity,
        assignment=assignment,
        metres=None if metres is None else metres[order],
        floors=None if floors is None else Floors(floors.floor[order], floors.least),
    )


def merged(problem: LocationProblem) -> LocationProblem:
    """The problem with demands of equal reach made one, and those that nobody reaches left out.

    Demands are equal if the same sites reach them, with one gain (or a gain that is the same for
    all of a demand's sites, whose mean the merged demand has), for the same floor.
    """
    count = np.bincount(problem.demand, minlength=len(problem.people))
    start = np.concatenate([[0], np.cumsum(count)])
    constant = problem.is_coverage
    kinds: dict[bytes, int] = {}
    of = np.full(len(problem.people), -1, dtype=np.int64)
    first: list[int] = []
    for row in np.flatnonzero((count > 0) & (problem.people > 0)).tolist():
        part = slice(start[row], start[row + 1])
        key = _key(problem, part, constant=constant)
        if key not in kinds:
            kinds[key] = len(first)
            first.append(row)
        of[row] = kinds[key]
    kept = of >= 0
    people = np.bincount(of[kept], problem.people[kept], minlength=len(first))
    pairs = _ranges(start[first], count[first]) if first else np.empty(0, dtype=np.int64)
    new = np.repeat(np.arange(len(first)), count[first] if first else 0)
    gain = problem.gain[pairs]
    if constant and first:
        each = np.zeros(len(problem.people))
        each[problem.demand] = problem.gain
        total = np.bincount(of[kept], (problem.people * each)[kept], minlength=len(first))
        gain = (total / people)[new]
    floors = problem.floors
    return replace(
        problem,
        people=people.astype(np.float64),
        demand=new,
        site=problem.site[pairs],
        gain=gain,
        metres=None if problem.metres is None else problem.metres[pairs],
        floors=None if floors is None else Floors(floors.floor[pairs], floors.least),
    )


def _key(problem: LocationProblem, part: slice, *, constant: bool) -> bytes:
    """What makes two demands equal, as bytes."""
    key = problem.site[part].tobytes()
    if not constant:
        key += problem.gain[part].tobytes()
    if problem.metres is not None:
        key += problem.metres[part].tobytes()
    if problem.floors is not None:
        key += problem.floors.floor[part].tobytes()
    return key


def _ranges(start: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of several ranges, one after the other."""
    skip = np.repeat(start - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return np.asarray(skip + np.arange(int(count.sum())), dtype=np.int64)


def without_sites(problem: LocationProblem, closed: NDArray[np.bool_]) -> LocationProblem:
    """The problem in which some sites give nothing; all sites keep their rows."""
    return with_pairs(problem, ~closed[problem.site])


def with_pairs(problem: LocationProblem, keep: NDArray[np.bool_]) -> LocationProblem:
    """The problem with the pairs alone that a (k,) mask keeps."""
    floors = problem.floors
    return replace(
        problem,
        demand=problem.demand[keep],
        site=problem.site[keep],
        gain=problem.gain[keep],
        metres=None if problem.metres is None else problem.metres[keep],
        floors=None if floors is None else Floors(floors.floor[keep], floors.least),
    )


def can_be_chosen(
    problem: LocationProblem, chosen: Iterable[int], *, complete: bool = True
) -> bool:
    """Whether sites may be chosen together.

    Parameters
    ----------
    problem
        Its limits and plots count.
    chosen
        Rows of sites, without the fixed ones.
    complete
        Whether nothing is to be added, so that exact limits are reached.
    """
    rows = np.fromiter(chosen, dtype=np.int64)
    taken = np.concatenate([problem.plot[rows], problem.plot[problem.fixed]])
    if len(np.unique(taken)) < len(taken):
        return False
    for limit in problem.limits:
        spent = float(limit.cost[rows].sum())
        slack = TOLERANCE * max(1.0, abs(limit.most))
        if spent > limit.most + slack:
            return False
        if complete and limit.exact and spent < limit.most - slack:
            return False
    return True
