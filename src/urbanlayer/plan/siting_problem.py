"""One request for sites as a location problem of the kernels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.problem import Floors, Limit, location_problem
from urbanlayer.kernels.location.solve import solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.location.branching import Choice
    from urbanlayer.kernels.location.problem import Assignment, LocationProblem
    from urbanlayer.plan.siting_inputs import SitingInputs


_EXACT = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class SitingProblem:
    """A location problem, and what its rows stand for.

    Attributes
    ----------
    problem
        Demands are origins. Sites are usable candidates, and before them what stands, where
        capacities count.
    candidate
        (m,) row of the candidate of each site; -1 for one that stands.
    start
        A choice to begin with; None for none.
    is_reach_proven
        Whether no choice reaches more people than the problem demands.
    """

    problem: LocationProblem
    candidate: NDArray[np.int64]
    start: Choice | None = None
    is_reach_proven: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of an origin and a site, with metres; and the sites."""

    origin: NDArray[np.int64]
    site: NDArray[np.int64]
    metres: NDArray[np.float64]
    candidate: NDArray[np.int64]

    def where(self, keep: NDArray[np.bool_]) -> _Pairs:
        """The pairs that a mask keeps, with all sites."""
        return replace(
            self, origin=self.origin[keep], site=self.site[keep], metres=self.metres[keep]
        )


def siting_problem(given: SitingInputs) -> SitingProblem:
    """The location problem of a request, its floors included."""
    pairs = _pairs(given)
    fixed = pairs.candidate < 0
    if not given.has_capacity:
        nearer = pairs.metres < given.standing_m[pairs.origin]
        if given.spec.problem != "min_distance":
            nearer &= given.standing_m[pairs.origin] > given.limit_m
        pairs = pairs.where(nearer)
    problem = location_problem(
        given.people,
        pairs.origin,
        pairs.site,
        site_count=len(fixed),
        limits=_limits(given, pairs.candidate),
        gain=_gains(given, pairs),
        fixed=fixed,
        plot=_plots(given, pairs.candidate),
        capacity=_capacity(given, pairs.candidate),
        assignment=_assignment(given),
        metres=pairs.metres,
        floors=_floors(given, pairs, given.floors, before=not given.has_capacity),
    )
    posed = SitingProblem(problem, pairs.candidate)
    if given.spec.problem != "min_distance":
        return posed
    return _serving_most(posed) if given.has_capacity else _reaching_most(given, posed)


def floor_problem(given: SitingInputs) -> LocationProblem:
    """The problem of the greatest share that no neighbourhood is under."""
    pairs = _pairs(given)
    if _assignment(given) != "nearest":  # who goes to the nearest takes room there, however far
        pairs = pairs.where(pairs.metres <= given.limit_m)
    if not given.has_capacity:
        served = np.flatnonzero(given.standing_m <= given.limit_m)
        others = given.standing_m[pairs.origin] > given.limit_m
        stands = len(pairs.candidate)
        pairs = _Pairs(
            np.concatenate([pairs.origin[others], served]),
            np.concatenate([pairs.site[others], np.full(len(served), stands)]),
            np.concatenate([pairs.metres[others], given.standing_m[served]]),
            np.append(pairs.candidate, -1),
        )
    problem = location_problem(
        given.people,
        pairs.origin,
        pairs.site,
        site_count=len(pairs.candidate),
        limits=_limits(given, pairs.candidate),
        fixed=pairs.candidate < 0,
        plot=_plots(given, pairs.candidate),
        capacity=_capacity(given, pairs.candidate),
        assignment=_assignment(given),
        metres=pairs.metres,
        floors=_floors(given, pairs, _people(given), before=False),
    )
    return replace(problem, least_of_floors=True)


def _pairs(given: SitingInputs) -> _Pairs:
    """Pairs of usable candidates, and of what stands where capacities count, that come first."""
    usable = np.flatnonzero(given.usable)
    stands = 0 if given.standing is None else len(given.standing.keys)
    number = np.full(len(given.usable), -1)
    number[usable] = stands + np.arange(len(usable))
    found = given.reach.pairs
    keep = given.usable[found.destination]
    origin, site = found.origin[keep], number[found.destination[keep]]
    metres = found.cost[keep]
    if given.standing is not None:
        before = given.standing.pairs
        origin = np.concatenate([before.origin, origin])
        site = np.concatenate([before.destination, site])
        metres = np.concatenate([before.cost, metres])
    candidate = np.concatenate([np.full(stands, -1), usable])
    return _Pairs(origin, site.astype(np.int64), metres, candidate.astype(np.int64))


def _gains(given: SitingInputs, pairs: _Pairs) -> NDArray[np.float64]:
    """(k,) weighted gain of a person of each pair."""
    weight = given.weight[pairs.origin]
    if given.spec.problem == "full_coverage":
        return np.ones(len(pairs.origin))
    if given.spec.problem == "max_coverage":
        return weight
    if given.has_capacity:
        walked = weight * pairs.metres
        most = float(walked.max(initial=0.0)) + 1.0
        if given.spec.floor:  # to serve one person more is worth what others walk farther for it
            most *= len(pairs.candidate) + 2
        return most - walked
    most_m = float(pairs.metres.max(initial=0.0)) + 1.0
    standing = given.standing_m[pairs.origin]
    return weight * (np.where(np.isfinite(standing), standing, most_m) - pairs.metres)


def _limits(given: SitingInputs, candidate: NDArray[np.int64]) -> tuple[Limit, ...]:
    is_site = candidate >= 0
    if given.spec.budget is not None:
        cost = np.where(is_site, np.append(given.cost, 0.0)[candidate], 0.0)
        return (Limit(cost, float(given.spec.budget)),)
    plots = len(np.unique(given.plot[candidate[is_site]]))
    number = plots if given.spec.new is None else min(given.spec.new, plots)
    exact = _assignment(given) != "nearest"  # where one site more may serve fewer
    return (Limit(is_site.astype(np.float64), float(number), exact=exact),)


def _plots(given: SitingInputs, candidate: NDArray[np.int64]) -> NDArray[np.int64]:
    """(m,) number of the plot, below the number of sites; what stands has one of its own."""
    own = -1 - np.arange(len(candidate))
    plot = np.where(candidate >= 0, np.append(given.plot, 0)[candidate], own)
    return np.unique(plot, return_inverse=True)[1].astype(np.int64)


def _capacity(given: SitingInputs, candidate: NDArray[np.int64]) -> NDArray[np.float64]:
    if not given.has_capacity:
        return np.full(len(candidate), np.inf)
    new = given.capacity[candidate[candidate >= 0]]
    return np.concatenate([given.standing_capacity, new])


def _assignment(given: SitingInputs) -> Assignment:
    if not given.has_capacity:
        return "best"
    return "pass" if given.spec.may_pass_full else "nearest"


def _people(given: SitingInputs) -> NDArray[np.float64]:
    """(k,) people of each neighbourhood."""
    total = np.bincount(given.neighbourhood, given.people, minlength=len(given.keys))
    return np.asarray(total, dtype=np.float64)


def _floors(
    given: SitingInputs, pairs: _Pairs, least: NDArray[np.float64], *, before: bool
) -> Floors | None:
    """The floor of each neighbourhood where people live; None where none has a floor.

    Parameters
    ----------
    least
        (k,) people of each that have to be served.
    before
        Whether those who are served already are taken off it.
    """
    count, total = len(given.keys), _people(given)
    if before:
        served = given.standing_m <= given.limit_m
        least = least - np.bincount(
            given.neighbourhood[served], given.people[served], minlength=count
        )
    has_floor = least > 1e-9 * np.maximum(total, 1.0)
    if not has_floor.any():
        return None
    number = np.where(has_floor, np.cumsum(has_floor) - 1, -1)
    floor = number[given.neighbourhood[pairs.origin]]
    return Floors(
        np.where(pairs.metres <= given.limit_m, floor, -1), least[has_floor].astype(np.float64)
    )


def _serving_most(posed: SitingProblem) -> SitingProblem:
    """For the shortest ways to places with room: as many people as can be are served first."""
    problem = posed.problem
    if problem.floors is not None:
        return posed
    first = solved(replace(problem, gain=np.ones(len(problem.gain))), equals=False)
    if not first.value > 0:
        return posed
    floors = Floors(np.zeros(len(problem.gain), dtype=np.int64), np.array([_nearly(first.value)]))
    return replace(
        posed,
        problem=replace(problem, floors=floors),
        start=first.chosen,
        is_reach_proven=first.proven,
    )


def _reaching_most(given: SitingInputs, posed: SitingProblem) -> SitingProblem:
    """For the shortest ways: as many people as can be reach a facility first.

    People count for one floor: where neighbourhoods have floors, those who reach no facility today
    stand in the problem a second time, without any gain, for the floor of how many are reached.
    """
    problem = posed.problem
    without = np.isinf(given.standing_m[problem.demand])
    reached = np.unique(problem.demand[without])
    sites = np.bincount(problem.demand, minlength=len(given.people))[reached]
    if not len(reached) or (sites == (posed.candidate >= 0).sum()).all():
        return posed
    first = solved(replace(problem, gain=without.astype(np.float64), metres=None), equals=False)
    if not first.value > 0:
        return posed
    least = _nearly(first.value)
    if problem.floors is None:
        with_floor = replace(problem, floors=Floors(np.where(without, 0, -1), np.array([least])))
    else:
        with_floor = _twice(problem, problem.floors, without, least)
    return replace(posed, problem=with_floor, start=first.chosen, is_reach_proven=first.proven)


def _twice(
    problem: LocationProblem, floors: Floors, second: NDArray[np.bool_], least: float
) -> LocationProblem:
    """The problem in which the demands of some pairs stand again, for a floor of their own."""
    count = len(problem.people)
    assert problem.metres is not None  # noqa: S101  (siting_problem gives them)
    return replace(
        problem,
        people=np.concatenate([problem.people, problem.people]),
        demand=np.concatenate([problem.demand, problem.demand[second] + count]),
        site=np.concatenate([problem.site, problem.site[second]]),
        gain=np.concatenate([problem.gain, np.zeros(int(second.sum()))]),
        metres=np.concatenate([problem.metres, problem.metres[second]]),
        floors=Floors(
            np.concatenate([floors.floor, np.full(int(second.sum()), len(floors))]),
            np.append(floors.least, least),
        ),
    )


def _nearly(people: float) -> float:
    """A number of people less what linear programs are exact to."""
    return people - _EXACT * max(1.0, people)
