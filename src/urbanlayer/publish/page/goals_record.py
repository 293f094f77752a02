"""Scorecards and goals as the page's script reads them, and their words in one language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from urbanlayer.model.text import text_in
from urbanlayer.publish.data.plan_numbers import published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.plan import GoalProgress, Plan, Scorecard
    from urbanlayer.model.plan_specification import GoalSpec
    from urbanlayer.model.scenario_result import ScenarioResult


def goals_of_page(plan: Plan, rows: Mapping[str, int], keys: Sequence[str]) -> dict[str, Any]:
    """What the page shows of scorecards and goals, but for the words.

    Parameters
    ----------
    plan
        As it may be shown.
    rows
        Number of each result by its id.
    keys
        Of the neighbourhoods, in their order.
    """
    row_of = {key: row for row, key in enumerate(keys)}
    return {
        "enterprises": [
            [
                _score(scorecard, one, rows, row_of)
                for one in scorecard.results
                if one.query.id in rows
            ]
            for scorecard in plan.scorecards
        ],
        "goals": [
            _goal(spec, one, rows) for spec, one in zip(plan.spec.goal, plan.goals, strict=True)
        ],
    }


def goals_vocabulary(plan: Plan, language: str) -> dict[str, Any]:
    """Names of enterprises, goals and measures in one language."""
    return {
        "enterprises": [text_in(one.name, language) for one in plan.spec.enterprise],
        "goals": [text_in(one.title, language) for one in plan.spec.goal],
        "measures": [
            [text_in(one.title, language) for one in goal.measures] for goal in plan.spec.goal
        ],
    }


def _score(
    scorecard: Scorecard, one: ScenarioResult, rows: Mapping[str, int], row_of: Mapping[str, int]
) -> dict[str, Any]:
    name, city = one.query.id, one.city
    return {
        "indicator": rows[name],
        "target": scorecard.targets[name],
        "values": [
            published(city.before),
            published(city.after),
            published(scorecard.earlier.get(name)),
        ],
        "people": [_whole(city.people_before), _whole(city.people_after)],
        "fails": [row_of[key] for key in scorecard.failing(one)],
    }


def _goal(spec: GoalSpec, one: GoalProgress, rows: Mapping[str, int]) -> dict[str, Any]:
    known = one.query is not None and one.query.id in rows
    return {
        "responsible": spec.responsible,
        "indicator": rows[one.query.id] if one.query is not None and known else None,
        "values": [published(one.baseline), published(one.value), published(one.target)],
        "measures": [
            [measure.responsible or spec.responsible, list(measure.actions)]
            for measure in spec.measures
        ],
    }


def _whole(count: float) -> int | None:
    return round(count) if math.isfinite(count) else None
