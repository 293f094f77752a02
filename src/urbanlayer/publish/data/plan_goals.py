"""Scorecards of enterprises and goals of a plan as values of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.publish.data.plan_numbers import before_after, published, query_record, rounded
from urbanlayer.publish.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from urbanlayer.model.plan import GoalProgress, Plan, ProgrammeResult, Scorecard
    from urbanlayer.model.plan_specification import EnterpriseSpec, GoalSpec
    from urbanlayer.model.scenario_result import ScenarioResult
    from urbanlayer.model.text import Text
    from urbanlayer.publish.page.plan_words import PlanWords


def enterprises_record(plan: Plan) -> list[dict[str, Any]]:
    """The scorecard of each enterprise: before is today, after is with the programme."""
    return [
        _enterprise(spec, scorecard)
        for spec, scorecard in zip(plan.spec.enterprise, plan.scorecards, strict=True)
    ]


def goals_record(plan: Plan, words: PlanWords) -> list[dict[str, Any]]:
    """Each goal with its measures, their actions, and its monitoring indicator."""
    actions = _actions(plan.programme, words)
    return [_goal(spec, one, actions) for spec, one in zip(plan.spec.goal, plan.goals, strict=True)]


def _enterprise(spec: EnterpriseSpec, scorecard: Scorecard) -> dict[str, Any]:
    return {
        "name": _text(spec.name),
        "standard": spec.standard,
        "layers": list(spec.layers),
        "results": [_result(scorecard, one) for one in scorecard.results],
    }


def _result(scorecard: Scorecard, one: ScenarioResult) -> dict[str, Any]:
    name = one.query.id
    earlier = scorecard.earlier.get(name)
    return {
        **query_record(one.query),
        "target": rounded(scorecard.targets[name]),
        **before_after(one.city),
        "earlier": published(earlier),
        "trend": None if earlier is None else published(one.city.before - earlier),
        "fails_in": list(scorecard.failing(one)),
    }


def _goal(spec: GoalSpec, one: GoalProgress, actions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    monitoring = None
    if one.query is not None:
        monitoring = {
            **query_record(one.query),
            "value": published(one.value),
            "baseline": published(one.baseline),
            "baseline_date": spec.baseline_date and spec.baseline_date.isoformat(),
            "target": rounded(one.target),
            "target_date": spec.target_date and spec.target_date.isoformat(),
        }
    return {
        "id": spec.id,
        "title": _text(spec.title),
        "responsible": spec.responsible,
        "measures": [
            {
                "title": _text(measure.title),
                "responsible": measure.responsible or spec.responsible,
                "actions": [
                    actions.get(key, {"id": key, "year": None, "cost": None, "why": None})
                    for key in measure.actions
                ],
            }
            for measure in spec.measures
        ],
        "monitoring": monitoring,
    }


def _actions(programme: ProgrammeResult | None, words: PlanWords) -> dict[str, dict[str, Any]]:
    """What becomes of each action: the year of its start, or why it is left out."""
    if programme is None:
        return {}
    done: dict[str, dict[str, Any]] = {
        one.id: {"id": one.id, "year": one.year, "cost": one.cost, "why": None}
        for one in programme.actions
    }
    for key, why in programme.left_out:
        reason = words.note(why).replace(NO_BREAK_SPACE, " ")
        done[key] = {"id": key, "year": None, "cost": None, "why": reason}
    return done


def _text(text: Text) -> str | dict[str, str]:
    return text if isinstance(text, str) else dict(text)
