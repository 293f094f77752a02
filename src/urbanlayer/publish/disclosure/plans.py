"""A plan as it may be shown: every number of people in it passes here once.

Needs and ranks rest on results that may be shown (`PlanInputs.shown`), and need no further rule
than their people.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import least, published_counts, rounded_total
from urbanlayer.publish.disclosure.people import published_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.plan import (
        BeforeAfter,
        Need,
        Plan,
        ProgrammeResult,
        Ranking,
        ScenarioResult,
        SitingResult,
    )
    from urbanlayer.model.publication import Publication

_NONE = float("nan")
_DIGITS = 2
"""Significant digits of a mean before and after."""


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How the people of a plan are shown, by the classes of all other published counts.

    Attributes
    ----------
    people
        Published residents by key of the neighbourhood; NaN where it shows no results.
    small
        Greatest count of the first class.
    """

    people: Mapping[str, float]
    small: int

    def whole(self, people: float) -> float:
        """People of the whole city, to the nearest twenty; NaN is "no result"."""
        return people if math.isnan(people) else rounded_total(people, self.small)

    def optimised(self, value: float | None) -> float | None:
        """What was optimised, or its bound: people, however weighted; None is "none"."""
        return None if value is None else self.whole(value)

    def of(self, key: str, people: float) -> float:
        """People of a neighbourhood, as their class; NaN where it shows no results."""
        counts = np.array([people]), np.array([self.people.get(key, _NONE)])
        return float(np.floor(published_counts(*counts, self.small)[0]))

    def share_or_mean(self, key: str, value: float, people: float) -> float:
        """A share as that of the published counts; a mean with its first digits."""
        total = self.people.get(key, _NONE)
        if math.isnan(total) or math.isnan(value):
            return _NONE
        if 0 <= value <= 1 and not math.isnan(people):
            return self.of(key, people) / total
        return float(f"{value:.{_DIGITS}g}")

    def share_or_mean_of_city(self, value: float, people: float) -> float:
        """The same of the whole city, of its published people."""
        total = math.fsum(one for one in self.people.values() if not math.isnan(one))
        if 0 <= value <= 1 and total and not math.isnan(people):
            return min(people / total, 1.0)
        return value if math.isnan(value) else float(f"{value:.{_DIGITS}g}")


def disclosed_plan(publication: Publication) -> Plan | None:
    """The plan of a publication as it may be shown; None where it has none."""
    plan = publication.plan
    if plan is None:
        return None
    people = published_people(publication)
    if people is None or publication.spec.publish.exact:
        return plan
    by_key = {str(key): float(count) for key, count in people.items()}
    counts = PlanCounts(by_key, least(publication.spec.publish.suppress_below))
    return dataclasses.replace(
        plan,
        ranking=_ranking(plan.ranking, counts) if plan.ranking else None,
        siting=tuple(
            _siting(one, spec.problem, counts)
            for spec, one in zip(plan.spec.siting, plan.siting, strict=True)
        ),
        programme=_programme(plan.programme, counts) if plan.programme else None,
        scenarios=tuple(_scenario(one, counts) for one in plan.scenarios),
        scorecards=tuple(
            dataclasses.replace(card, results=tuple(_scenario(one, counts) for one in card.results))
            for card in plan.scorecards
        ),
    )


def _ranking(ranking: Ranking, counts: PlanCounts) -> Ranking:
    return dataclasses.replace(ranking, needs=tuple(_need(one, counts) for one in ranking.needs))


def _need(need: Need, counts: PlanCounts) -> Need:
    return dataclasses.replace(
        need,
        people_in_need={
            result: counts.of(need.key, people) for result, people in need.people_in_need.items()
        },
        reasons=tuple(
            reason
            if reason.people is None
            else dataclasses.replace(reason, people=counts.of(need.key, reason.people))
            for reason in need.reasons
        ),
    )


def _siting(siting: SitingResult, problem: str, counts: PlanCounts) -> SitingResult:
    return dataclasses.replace(
        siting,
        people_before=counts.whole(siting.people_before),
        people_after=counts.whole(siting.people_after),
        newly_served=counts.whole(siting.newly_served),
        unreachable=counts.whole(siting.unreachable),
        bound=_bound(siting.bound, problem, counts),
        gap=_first_digits(siting.gap),
        person_metres=_first_digits(siting.person_metres),
        floor_price=None if siting.floor_price is None else counts.whole(siting.floor_price),
        by_neighbourhood=_by_key(siting.by_neighbourhood, counts),
        alternatives=tuple((keys, counts.whole(people)) for keys, people in siting.alternatives),
    )


def _bound(bound: float | None, problem: str, counts: PlanCounts) -> float | None:
    """The bound of people or person-metres; that of a number of sites tells of nobody."""
    if problem == "max_coverage":
        return counts.optimised(bound)
    return _first_digits(bound) if problem == "min_distance" else bound


def _first_digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def _by_key(people: Mapping[str, float], counts: PlanCounts) -> dict[str, float]:
    return {key: counts.of(key, count) for key, count in people.items()}


def _programme(programme: ProgrammeResult, counts: PlanCounts) -> ProgrammeResult:
    return dataclasses.replace(
        programme,
        objective=counts.whole(programme.objective),
        bound=counts.optimised(programme.bound),
        gap=_first_digits(programme.gap),
        actions=tuple(
            dataclasses.replace(
                action,
                newly_served_alone=counts.whole(action.newly_served_alone),
                newly_served_in_plan=counts.whole(action.newly_served_in_plan),
            )
            for action in programme.actions
        ),
        by_year=tuple(
            dataclasses.replace(year, newly_served=counts.whole(year.newly_served))
            for year in programme.by_year
        ),
        curve=tuple(
            dataclasses.replace(point, people=counts.whole(point.people))
            for point in programme.curve
        ),
    )


def _scenario(scenario: ScenarioResult, counts: PlanCounts) -> ScenarioResult:
    return dataclasses.replace(
        scenario,
        city=_before_after_of_city(scenario.city, counts),
        by_neighbourhood={
            key: _before_after(key, values, counts)
            for key, values in scenario.by_neighbourhood.items()
        },
    )


def _before_after_of_city(city: BeforeAfter, counts: PlanCounts) -> BeforeAfter:
    """Shares as those of the published counts, means with their first digits."""
    people_before, people_after = counts.whole(city.people_before), counts.whole(city.people_after)
    return dataclasses.replace(
        city,
        before=counts.share_or_mean_of_city(city.before, people_before),
        after=counts.share_or_mean_of_city(city.after, people_after),
        people_before=people_before,
        people_after=people_after,
    )


def _before_after(key: str, values: BeforeAfter, counts: PlanCounts) -> BeforeAfter:
    return dataclasses.replace(
        values,
        before=counts.share_or_mean(key, values.before, values.people_before),
        after=counts.share_or_mean(key, values.after, values.people_after),
        people_before=counts.of(key, values.people_before),
        people_after=counts.of(key, values.people_after),
    )
