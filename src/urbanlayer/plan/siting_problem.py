"""One request for sites as a location problem of the kernels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.problem import Floors, Limit, location_problem
from urbanlayer.kernels.location.solve import solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.location.problem import Assignment, LocationProblem
    from urbanlayer.plan.siting_inputs import SitingInputs


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
    """

    problem: LocationProblem
    candidate: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of an origin and a site, with metres; and the sites."""

    origin: NDArray[np.int64]
    site: NDArray[np.int64]
    metres: NDArray[np.float64]
    candidate: NDArray[np.int64]


def siting_problem(given: SitingInputs) -> SitingProblem:
    """The location problem of a request, its floors included."""
    pairs = _pairs(given)
    fixed = pairs.candidate < 0
    if not given.has_capacity:
        nearer = pairs.metres < given.standing_m[pairs.origin]
        if given.spec.problem != "min_distance":
            nearer &= given.standing_m[pairs.origin] > given.limit_m
        pairs = replace(
            pairs, origin=pairs.origin[nearer], site=pairs.site[nearer], metres=pairs.metres[nearer]
        )
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
        floors=_floors(given, pairs, given.spec.floor or 0.0, before=not given.has_capacity),
    )
    return SitingProblem(_reaching_most(given, problem, pairs), pairs.candidate)


def floor_problem(given: SitingInputs) -> LocationProblem:
    """The problem of the greatest share that no neighbourhood is under."""
    pairs = _pairs(given)
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
        floors=_floors(given, pairs, 1.0, before=False),
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
    most_m = float(pairs.metres.max(initial=0.0)) + 1.0
    if given.has_capacity:  # to serve one person more is worth all that others walk farther for it
        most_m *= len(pairs.candidate) + 2
        return weight * (most_m - pairs.metres)
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


def _floors(given: SitingInputs, pairs: _Pairs, share: float, *, before: bool) -> Floors | None:
    """The floor of each neighbourhood where people live; None where none has a floor.

    Parameters
    ----------
    before
        Whether those who are served already are taken off it.
    """
    count = len(given.keys)
    total = np.bincount(given.neighbourhood, given.people, minlength=count)
    least = share * total
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


def _reaching_most(given: SitingInputs, problem: LocationProblem, pairs: _Pairs) -> LocationProblem:
    """For the shortest ways: with the floor that as many people as can be reach a facility."""
    if given.spec.problem != "min_distance" or given.has_capacity or problem.floors is not None:
        return problem
    without = np.isinf(given.standing_m[problem.demand])
    reached = np.unique(problem.demand[without])
    sites = np.bincount(problem.demand, minlength=len(given.people))[reached]
    if not len(reached) or (sites == (pairs.candidate >= 0).sum()).all():
        return problem
    most = replace(problem, gain=without.astype(np.float64), metres=None)
    least = solved(most, equals=False).value
    if least <= 0:
        return problem
    return replace(problem, floors=Floors(np.where(without, 0, -1), np.array([least])))
