"""A plan as it may be shown: every number of people in it passes here once.

Needs and ranks rest on results that may be shown (`PlanInputs.shown`), and need no further rule
than their people.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.note import Note
from urbanlayer.publish.disclosure.counts import (
    CITY_WIDTH,
    WIDTH,
    least,
    published_counts,
    rounded_total,
)
from urbanlayer.publish.disclosure.exact import is_census, people_per_key
from urbanlayer.publish.disclosure.neighbourhoods import suppressed_neighbourhoods
from urbanlayer.publish.disclosure.people import published_people
from urbanlayer.publish.disclosure.precision import rounded_up, to_steps
from urbanlayer.publish.disclosure.scenarios import disclosed_scenarios
from urbanlayer.publish.disclosure.totals import totals_beside_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from urbanlayer.model.plan import (
        Need,
        Plan,
        ProgrammeResult,
        ProgrammeYear,
        Ranking,
        SitingResult,
    )
    from urbanlayer.model.plan_specification import PlanSpec, SitingSpec
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result
    from urbanlayer.model.scenario_result import BeforeAfter

_NONE = float("nan")
_DIGITS = 2
"""Significant digits of a gap."""
_SAME = 6
"""Decimals to which two numbers of people are the same."""


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How the people of a plan are shown, by the classes of all other published counts.

    Attributes
    ----------
    people
        Published residents by key of the neighbourhood; NaN where it shows no results.
    small
        Greatest count of the first class.
    spread
        How far exact residents may lie from the published ones.
    everybody
        Exact number of all of them where results are shown, of whom those counted leave the rest.
    told
        Exact numbers to those that are published of them beside classes of neighbourhoods.
    """

    people: Mapping[str, float]
    small: int
    spread: float
    everybody: float = 0.0
    told: Mapping[float, float] = field(default_factory=dict)

    def whole(self, people: float) -> float:
        """People of the whole city, to the nearest twenty; NaN is "no result"."""
        if math.isnan(people):
            return people
        return self.told.get(round(people, _SAME), rounded_total(people, self.small))

    def totals_of(self, *each: tuple[float, Mapping[str, float]]) -> tuple[float, ...]:
        """The same beside the counts of the neighbourhoods, which they narrow no further."""
        keys = list(each[0][1])
        of = np.array([self.people.get(key, _NONE) for key in keys])
        counts = [np.array([parts[key] for key in keys], dtype=np.float64) for _, parts in each]
        return totals_beside_parts([one for one, _ in each], counts, of, self.spread, self.small)

    def rest_of(self, by_key: Mapping[str, float]) -> float:
        """All people but those counted, as the total of those counted tells it."""
        (counted,) = self.totals_of((sum(by_key.values()), by_key))
        return self.whole(max(self.everybody - counted, 0.0))

    def optimised(self, value: float | None) -> float | None:
        """What was optimised, or its bound: people, however weighted; None is "none"."""
        return None if value is None else self.whole(value)

    def of(self, key: str, people: float) -> float:
        """People of a neighbourhood, as their class; NaN where it shows no results."""
        counts = np.array([people]), np.array([self.people.get(key, _NONE)])
        return float(np.floor(published_counts(*counts, self.small)[0]))

    def person_metres(self, metres: float | None, people: float) -> float | None:
        """Metres of people together, so that they tell of their number what `whole` does."""
        if metres is None or people <= self.small or metres <= 0:
            return None
        step = rounded_up(np.array([CITY_WIDTH * metres / people]))
        return float(to_steps(np.array([metres]), step)[0])

    def mean_walk_m(self, metres: float | None, people: float) -> float | None:
        """Mean metres of people, as the metres of all of them together are told."""
        if metres is None or people <= self.small or metres <= 0:
            return None
        step = rounded_up(np.array([max(CITY_WIDTH * metres / people, 1.0)]))
        return float(to_steps(np.array([metres]), step)[0])

    def least_share(self, share: float | None) -> float | None:
        """A share of the people of some neighbourhood, whichever, rounded down.

        In steps that are a class of the smallest; None where that one is too small.
        """
        smallest = min((one for one in self.people.values() if one != 0), default=_NONE)
        if share is None or not all(one >= WIDTH for one in self.people.values() if one != 0):
            return None
        step = float(rounded_up(np.array([WIDTH / smallest]))[0])
        return None if step >= 1 else float(round(math.floor(share / step + 1e-9) * step, 6))


def disclosed_plan(publication: Publication, results: tuple[Result, ...]) -> Plan | None:
    """The plan of a publication as it may be shown; None where it has none.

    Parameters
    ----------
    publication
        With its exact plan.
    results
        As they are published.
    """
    plan = publication.plan
    if plan is None:
        return None
    if publication.city.residents is None or publication.spec.publish.exact:
        return plan
    counts = _counts(publication)

    def whole(group: str, *each: tuple[float, Mapping[str, float]]) -> tuple[float, ...]:
        return (_counts(publication, group) if group else counts).totals_of(*each)

    siting = tuple(
        _siting(one, spec, counts) for spec, one in zip(plan.spec.siting, plan.siting, strict=True)
    )
    scenarios = disclosed_scenarios(publication, plan.scenarios, whole)
    told = _told_newly(zip(plan.siting, siting, strict=True)) | _told_newly(
        (one.city, shown.city)
        for one, shown in zip(plan.scenarios, scenarios, strict=True)
        if not one.query.group
    )
    return dataclasses.replace(
        plan,
        ranking=_ranking(plan.ranking, counts.people, results) if plan.ranking else None,
        siting=siting,
        programme=_programme(plan.programme, plan.spec, dataclasses.replace(counts, told=told))
        if plan.programme
        else None,
        scenarios=scenarios,
        scorecards=tuple(
            dataclasses.replace(card, results=disclosed_scenarios(publication, card.results, whole))
            for card in plan.scorecards
        ),
    )


def _told_newly(
    pairs: Iterable[tuple[SitingResult | BeforeAfter, SitingResult | BeforeAfter]],
) -> dict[float, float]:
    """Exact numbers of people newly served to the published ones: the same in the same way."""
    each = ((one.people_after - one.people_before, shown) for one, shown in pairs)
    return {
        round(newly, _SAME): shown.people_after - shown.people_before
        for newly, shown in each
        if newly > 0
    }


def _counts(publication: Publication, group: str = "") -> PlanCounts:
    """How the people of a group, or all residents, are shown."""
    people = published_people(publication, group)
    by_key = {} if people is None else {str(key): float(one) for key, one in people.items()}
    residents = publication.city.residents
    exact = residents is not None and is_census(residents) and not group
    small = least(publication.spec.publish.suppress_below)
    exact_people = people_per_key(publication, group)
    everybody = 0.0
    if exact_people is not None:
        hidden = suppressed_neighbourhoods(publication, group)
        everybody = float(exact_people[~exact_people.index.isin(list(hidden))].sum())
    return PlanCounts(by_key, small, 0.0 if exact else WIDTH // 2, everybody)


def _ranking(ranking: Ranking, people: Mapping[str, float], results: Sequence[Result]) -> Ranking:
    """The ranking with residents without, as the published results and residents give them."""
    shown = {result.id: result.values for result in results}
    without = {
        need.key: {
            result: float(np.round(people[need.key] * (1 - float(shown[result][need.key]))))
            for result in need.people_without
        }
        for need in ranking.needs
    }
    needs = (_need(need, without[need.key]) for need in ranking.needs)
    return dataclasses.replace(ranking, needs=tuple(needs))


def _need(need: Need, without: Mapping[str, float]) -> Need:
    return dataclasses.replace(
        need,
        people_in_need={name: without[name] for name in need.people_in_need},
        people_without=without,
        reasons=tuple(
            reason
            if reason.people is None
            else dataclasses.replace(reason, people=without[reason.result])
            for reason in need.reasons
        ),
    )


def _siting(siting: SitingResult, spec: SitingSpec, counts: PlanCounts) -> SitingResult:
    """The siting with published people.

    Those newly served are the difference of the totals, and the unreachable the rest of those who
    can be reached: a rounding of their own beside the classes of the neighbourhoods would narrow
    the people served before.
    """
    kept = counts.least_share(siting.floor_kept)
    ends = [(siting.people_before, siting.before_by_neighbourhood)]
    if siting.by_neighbourhood:
        ends.append((siting.people_after, siting.by_neighbourhood))
    before, *others = counts.totals_of(*ends)
    after = max(before, *others)
    return dataclasses.replace(
        siting,
        why=_why(siting.why, kept),
        floor_kept=kept,
        people_before=before,
        people_after=after,
        newly_served=after - before,
        unreachable=counts.rest_of(siting.reachable_by_neighbourhood),
        bound=_bound(siting, spec, after, counts),
        gap=_first_digits(siting.gap),
        person_metres=counts.person_metres(siting.person_metres, siting.people_after),
        mean_walk_before_m=counts.mean_walk_m(siting.mean_walk_before_m, siting.people_before),
        mean_walk_after_m=counts.mean_walk_m(siting.mean_walk_after_m, siting.people_after),
        floor_price=None if siting.floor_price is None else counts.whole(siting.floor_price),
        by_neighbourhood=_by_key(siting.by_neighbourhood, counts),
        alternatives=tuple((keys, counts.whole(people)) for keys, people in siting.alternatives),
    )


def _why(why: Note | None, kept: float | None) -> Note | None:
    """The reason; a share that it states is the published one."""
    if why is None or why.code != "plan-floor-not-kept":
        return why
    if kept is None:
        return Note.of("plan-no-floor-kept")
    return Note.of("plan-floor-not-kept", share=kept)


def _bound(
    siting: SitingResult, spec: SitingSpec, after: float, counts: PlanCounts
) -> float | None:
    """The bound of people or person-metres; that of a number of sites tells of nobody."""
    if spec.problem == "max_coverage":
        settled = siting.gap == 0 and spec.weights == "people"
        return after if settled else counts.optimised(siting.bound)
    if spec.problem == "min_distance":
        return counts.person_metres(siting.bound, siting.people_after)
    return siting.bound


def _first_digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def _by_key(people: Mapping[str, float], counts: PlanCounts) -> dict[str, float]:
    return {key: counts.of(key, count) for key, count in people.items()}


def _programme(programme: ProgrammeResult, spec: PlanSpec, counts: PlanCounts) -> ProgrammeResult:
    by_year = _by_year(programme.by_year, counts)
    objective = sum(year.newly_served for year in by_year)
    if spec.objective != "people":
        objective = _person_years(by_year, spec.discount)
    settled = programme.gap == 0 and spec.weights == "people"
    return dataclasses.replace(
        programme,
        objective=objective,
        bound=objective if settled else counts.optimised(programme.bound),
        gap=_first_digits(programme.gap),
        actions=tuple(
            dataclasses.replace(
                action,
                newly_served_alone=counts.whole(action.newly_served_alone),
                newly_served_in_plan=counts.whole(action.newly_served_in_plan),
            )
            for action in programme.actions
        ),
        facts=tuple(
            dataclasses.replace(one, newly_served_alone=counts.whole(one.newly_served_alone))
            for one in programme.facts
        ),
        by_year=by_year,
        curve=tuple(
            dataclasses.replace(point, people=counts.whole(point.people))
            for point in programme.curve
        ),
    )


def _by_year(years: Sequence[ProgrammeYear], counts: PlanCounts) -> tuple[ProgrammeYear, ...]:
    """People newly served of each year, as differences of what is published up to its end.

    So the years add up to the whole, and a year is narrowed to no fewer than twenty candidates.
    """
    exact = itertools.accumulate(year.newly_served for year in years)
    until = itertools.accumulate(map(counts.whole, exact), max)
    each = (now - before for before, now in itertools.pairwise([0.0, *until]))
    return tuple(
        dataclasses.replace(year, newly_served=newly)
        for year, newly in zip(years, each, strict=True)
    )


def _person_years(years: Sequence[ProgrammeYear], discount: float) -> float:
    """Person-years of the published people: those served until each year, discounted."""
    until = itertools.accumulate(year.newly_served for year in years)
    return math.fsum(people / (1 + discount) ** row for row, people in enumerate(until))
