"""Where new facilities of a service would stand so that they serve most.

People are counted at their origins, each once: who is newly served is the difference of two unions,
never a sum over sites. What stands already serves and stays. Each value is counted again from the
chosen sites, and proven by a bound of our own (`kernels/location`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.digests import digest_of_contents
from urbanlayer.kernels.location.assignment import cut_at_capacity, shortest_divided
from urbanlayer.kernels.location.choices import different, preferred, with_fewest
from urbanlayer.kernels.location.problem import Limit
from urbanlayer.kernels.location.solve import solved
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.plan import SitingResult
from urbanlayer.plan.reach import metres_with
from urbanlayer.plan.siting_inputs import siting_inputs
from urbanlayer.plan.siting_problem import floor_problem, siting_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from urbanlayer.kernels.location.branching import Choice
    from urbanlayer.kernels.location.solve import Solution
    from urbanlayer.model.plan_inputs import PlanInputs
    from urbanlayer.model.remembering import Remember
    from urbanlayer.plan.siting_inputs import SitingInputs
    from urbanlayer.plan.siting_problem import SitingProblem

GOOD = 0.95
"""Share of the best value that a different choice has at least; ways are as much longer."""


@dataclass(frozen=True, slots=True, eq=False)
class _Served:
    """(n,) people of each origin who are served, who walk, and the metres that these walk together.

    By `min_distance` all walk who reach a facility, by the other problems those who are served.
    """

    people: NDArray[np.float64]
    walking: NDArray[np.float64]
    walked: NDArray[np.float64]

    @property
    def person_metres(self) -> float:
        """Metres of all people."""
        return float(self.walked.sum())

    @property
    def mean_walk_m(self) -> float | None:
        """Mean metres of those who walk; None where nobody does."""
        walking = float(self.walking.sum())
        return self.person_metres / walking if walking > 0 else None

    @property
    def total(self) -> float:
        """People served, added up as the indicators do."""
        return float(np.bincount(np.zeros(len(self.people), dtype=np.int64), self.people)[0])


def sited(inputs: PlanInputs, needs: Mapping[str, float] | None) -> tuple[SitingResult, ...]:
    """The sites that each `[[plan.siting]]` chooses.

    Parameters
    ----------
    inputs
        Of the plan, without errors.
    needs
        Weight of the people of each neighbourhood by its key, where needs are declared.
    """
    return tuple(
        _remembered(siting_inputs(inputs, spec, needs), inputs.remember)
        for spec in inputs.spec.siting
    )


def _remembered(given: SitingInputs, remember: Remember) -> SitingResult:
    made_of = {"problem": digest_of_contents(given)}
    return remember(f"sites {given.spec.id}", made_of, lambda: _sited(given))


def _sited(given: SitingInputs) -> SitingResult:
    posed = siting_problem(given)
    problem = posed.problem
    if given.spec.problem == "full_coverage":
        found = with_fewest(replace(problem, floors=None))
        number = len(found.chosen or ())
        problem = replace(problem, floors=None, limits=(_exactly(problem.fixed, number),))
    else:
        found = solved(problem, start=posed.start)
    before = _served(given, posed, ())
    reachable = _reachable(given)
    common = SitingResult(
        id=given.spec.id, status="solved", people_before=before.total, people_after=before.total,
        unreachable=float(given.people.sum() - reachable.sum()),
        before_by_neighbourhood=_by_neighbourhood(given, before.people),
        reachable_by_neighbourhood=_by_neighbourhood(given, reachable),
        mean_walk_before_m=_mean_walk_m(given, before), not_connected=given.reach.not_connected,
        notes=_notes(given),
    )  # fmt: skip
    chosen = preferred(problem, found, lambda choice: _order(given, posed, choice))
    after = before if chosen is None else _served(given, posed, chosen)
    if chosen is None or not _keeps_floor(given, after):
        return _without_floor(given, common, after)
    result = replace(
        common,
        chosen=_keys(given, posed, chosen),
        people_after=after.total,
        newly_served=after.total - before.total,
        equally_good=None if found.equals is None or not found.proven else len(found.equals),
        by_neighbourhood=_by_neighbourhood(given, after.people),
        person_metres=after.person_metres,
        mean_walk_after_m=_mean_walk_m(given, after),
        proven=found.proven and posed.is_reach_proven,
        floor_price=_floor_price(given, posed, after),
        alternatives=_alternatives(given, replace(posed, problem=problem), chosen, found),
    )
    return _with_bound(given, result, found, after)


def _exactly(fixed: NDArray[np.bool_], number: int) -> Limit:
    return Limit((~fixed).astype(np.float64), float(number), exact=True)


def _served(given: SitingInputs, posed: SitingProblem, chosen: Choice) -> _Served:
    """Who is served by what stands and by a choice of sites."""
    problem = posed.problem
    if not given.has_capacity:
        rows = posed.candidate[np.asarray(chosen, dtype=np.int64)]
        metres = metres_with(given.standing_m, given.reach, rows)
        served = metres <= given.limit_m
        served &= np.isfinite(metres)
        walks = np.isfinite(metres) if given.spec.problem == "min_distance" else served
        people = np.where(served, given.people, 0.0)
        walking = np.where(walks, given.people, 0.0)
        return _Served(people, walking, walking * np.where(walks, metres, 0.0))
    opened = sorted({*chosen, *np.flatnonzero(problem.fixed).tolist()})
    if problem.assignment == "nearest":
        flow = cut_at_capacity(problem, opened)
    else:
        shortest = given.spec.problem == "min_distance"
        if shortest and given.spec.floor is None:
            problem = replace(problem, floors=None)  # that all who can be are served comes first
        flow = shortest_divided(problem, opened, people_first=shortest)
    assert problem.metres is not None  # noqa: S101  (siting_problem gives them)
    within = flow * (problem.metres <= given.limit_m)
    people, walking, walked = (
        np.bincount(problem.demand, of, minlength=len(given.people)).astype(np.float64)
        for of in (within, flow, flow * problem.metres)
    )
    return _Served(people, walking, walked)


def _mean_walk_m(given: SitingInputs, served: _Served) -> float | None:
    return served.mean_walk_m if given.spec.problem == "min_distance" else None


def _order(given: SitingInputs, posed: SitingProblem, choice: Choice) -> tuple[float, ...]:
    """What decides between equally good choices: people, then cost, then metres."""
    served = _served(given, posed, choice)
    rows = posed.candidate[np.asarray(choice, dtype=np.int64)]
    return -served.total, float(given.cost[rows].sum()), served.person_metres


def _keys(given: SitingInputs, posed: SitingProblem, chosen: Choice) -> tuple[str, ...]:
    return tuple(given.reach.keys[posed.candidate[site]] for site in chosen)


def _by_neighbourhood(given: SitingInputs, people: NDArray[np.float64]) -> dict[str, float]:
    each = np.bincount(given.neighbourhood, people, minlength=len(given.keys))
    return dict(zip(given.keys, each.tolist(), strict=True))


def _reachable(given: SitingInputs) -> NDArray[np.float64]:
    """(n,) people whom a usable candidate or what stands reaches, 0 where neither does."""
    limit_m = np.inf if given.spec.problem == "min_distance" else given.limit_m
    metres = metres_with(given.standing_m, given.reach, np.flatnonzero(given.usable))
    return np.where(np.isfinite(metres) & (metres <= limit_m), given.people, 0.0)


def _notes(given: SitingInputs) -> tuple[Note, ...]:
    if not given.reach.not_connected:
        return given.notes
    names = Listing.of(given.reach.not_connected)
    return (*given.notes, Note.of("plan-candidates-not-connected", names=names))


# Floors -------------------------------------------------------------------------------------------


def _keeps_floor(given: SitingInputs, after: _Served) -> bool:
    served = np.bincount(given.neighbourhood, after.people, minlength=len(given.keys))
    return bool((served >= given.floors * (1 - 1e-9)).all())


def _least_share(given: SitingInputs, after: _Served) -> float:
    count = len(given.keys)
    total = np.bincount(given.neighbourhood, given.people, minlength=count)
    served = np.bincount(given.neighbourhood, after.people, minlength=count)
    lived = total > 0
    return float((served[lived] / total[lived]).min(initial=1.0))


def _without_floor(given: SitingInputs, common: SitingResult, after: _Served) -> SitingResult:
    """The result where no choice keeps the floor, with the greatest that can be kept."""
    if given.spec.problem == "full_coverage":
        kept = _least_share(given, after)
    else:
        kept = solved(floor_problem(given), equals=False).value
    why = Note.of("plan-floor-not-kept", share=kept)
    return replace(common, status="infeasible", why=why, floor_kept=kept)


def _floor_price(given: SitingInputs, posed: SitingProblem, after: _Served) -> float | None:
    """People whom the floor costs; None without a floor."""
    if given.spec.floor is None:
        return None
    if posed.problem.floors is None or given.spec.problem == "full_coverage":
        return 0.0
    free = replace(posed, problem=replace(posed.problem, floors=None))
    found = solved(free.problem)
    chosen = preferred(free.problem, found, lambda choice: _order(given, free, choice))
    best = _served(given, free, chosen or ())
    return max(0.0, best.total - after.total)


# Bound and alternatives ---------------------------------------------------------------------------


def _with_bound(
    given: SitingInputs,
    result: SitingResult,
    found: Solution,
    after: _Served,
) -> SitingResult:
    """The result with the bound of what is optimised, in its own unit, and the gap."""
    if given.spec.problem == "full_coverage":
        value, bound = float(len(result.chosen)), found.bound
        return replace(result, bound=bound, gap=_gap(value - bound, value))
    rest = max(0.0, found.bound - found.value)
    if given.spec.problem == "max_coverage":
        value = float(given.weight @ after.people)
        return replace(result, bound=value + rest, gap=_gap(rest, value))
    value = float(given.weight @ after.walked)
    return replace(result, bound=value - rest, gap=_gap(rest, value))


def _gap(rest: float, value: float) -> float:
    if rest == 0:
        return 0.0
    return rest / value if value else float("inf")


def _alternatives(
    given: SitingInputs, posed: SitingProblem, chosen: Choice, found: Solution
) -> tuple[tuple[tuple[str, ...], float], ...]:
    """Keys of genuinely different good choices, and whom each newly serves."""
    if not given.spec.alternatives or not chosen:
        return ()
    before = _served(given, posed, ()).total
    whole = found.value
    if given.spec.problem == "min_distance":
        whole = float(given.weight @ _served(given, posed, chosen).walked)
    least = found.value - (1 - GOOD) * whole
    others = different(posed.problem, chosen, given.spec.alternatives, least=least)
    return tuple(
        (_keys(given, posed, choice), _served(given, posed, choice).total - before)
        for choice, _ in others
    )
