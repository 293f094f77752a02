"""A plan as it may be shown: every number of people in it passes here once.

Needs and ranks rest on results that may be shown (`PlanInputs.shown`), and need no further rule
than their people.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.publish.disclosure.neighbourhoods import hidden_neighbourhoods

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


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How the people of a plan are shown.

    Attributes
    ----------
    hidden
        Keys of the neighbourhoods that show no results.
    """

    hidden: frozenset[str]

    def whole(self, people: float) -> float:
        """People of the whole city."""
        return people

    def of(self, key: str, people: float) -> float:
        """People of a neighbourhood; NaN where it shows no results."""
        return _NONE if key in self.hidden else people


def disclosed_plan(publication: Publication) -> Plan | None:
    """The plan of a publication as it may be shown; None where it has none."""
    plan = publication.plan
    if plan is None:
        return None
    counts = PlanCounts(hidden_neighbourhoods(publication))
    return dataclasses.replace(
        plan,
        ranking=_ranking(plan.ranking, counts) if plan.ranking else None,
        siting=tuple(_siting(one, counts) for one in plan.siting),
        programme=_programme(plan.programme, counts) if plan.programme else None,
        scenarios=tuple(_scenario(one, counts) for one in plan.scenarios),
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


def _siting(siting: SitingResult, counts: PlanCounts) -> SitingResult:
    return dataclasses.replace(
        siting,
        people_before=counts.whole(siting.people_before),
        people_after=counts.whole(siting.people_after),
        newly_served=counts.whole(siting.newly_served),
        unreachable=counts.whole(siting.unreachable),
        floor_price=None if siting.floor_price is None else counts.whole(siting.floor_price),
        by_neighbourhood=_by_key(siting.by_neighbourhood, counts),
        alternatives=tuple((keys, counts.whole(people)) for keys, people in siting.alternatives),
    )


def _by_key(people: Mapping[str, float], counts: PlanCounts) -> dict[str, float]:
    return {key: counts.of(key, count) for key, count in people.items()}


def _programme(programme: ProgrammeResult, counts: PlanCounts) -> ProgrammeResult:
    return dataclasses.replace(
        programme,
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
        city=dataclasses.replace(
            scenario.city,
            people_before=counts.whole(scenario.city.people_before),
            people_after=counts.whole(scenario.city.people_after),
        ),
        by_neighbourhood={
            key: _before_after(key, values, counts)
            for key, values in scenario.by_neighbourhood.items()
        },
    )


def _before_after(key: str, values: BeforeAfter, counts: PlanCounts) -> BeforeAfter:
    away = key in counts.hidden
    return dataclasses.replace(
        values,
        before=_NONE if away else values.before,
        after=_NONE if away else values.after,
        people_before=counts.of(key, values.people_before),
        people_after=counts.of(key, values.people_after),
    )
