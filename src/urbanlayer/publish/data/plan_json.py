"""`data/plan.json`: the plan for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.data.plan_goals import enterprises_record, goals_record
from urbanlayer.publish.data.plan_names import plan_names
from urbanlayer.publish.data.plan_numbers import before_after, query_record, rounded
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.plan_words import plan_words
from urbanlayer.publish.words import NO_BREAK_SPACE, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.note import Note
    from urbanlayer.model.plan import Plan, ProgrammeResult, Ranking, SitingResult
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.scenario_result import ScenarioResult
    from urbanlayer.publish.page.plan_words import PlanWords


def plan_json(publication: Publication) -> bytes:
    """The plan as JSON; null is "no result". The same plan gives the same bytes."""
    assert publication.plan is not None  # noqa: S101  (the caller checked)
    record = plan_record(publication, publication.plan)
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode("utf-8")


def plan_record(publication: Publication, plan: Plan) -> dict[str, Any]:
    """The plan as values of JSON; reasons and notes as English sentences."""
    words = plan_words(publication, "en")
    spec = publication.spec
    record: dict[str, Any] = {
        "city": spec.id,
        "as_of": spec.as_of.isoformat(),
        "demonstration": spec.demonstration,
        "disclosure": spec.publish.disclosure,
        "note": notice(spec, Words.for_language("en")),
        "currency": plan.spec.currency,
        "names": plan_names(publication, plan, Words.for_language("en")),
        "needs": [],
    }
    if plan.ranking is not None:
        record |= _ranking(plan.ranking, words)
    record["siting"] = [_siting(one, words) for one in plan.siting]
    record["programme"] = _programme(plan, plan.programme, words) if plan.programme else None
    record["scenarios"] = [_scenario(one) for one in plan.scenarios]
    record["enterprises"] = enterprises_record(plan)
    record["goals"] = goals_record(plan, words)
    return record


def _ranking(ranking: Ranking, words: PlanWords) -> dict[str, Any]:
    return {
        "needs": [
            {
                "key": need.key,
                "need": rounded(need.need),
                "rank": need.rank,
                "rank_low": need.rank_low,
                "rank_high": need.rank_high,
                "group": need.group,
                "themes": _numbers(need.themes),
                "rank_shares": [rounded(share) for share in need.rank_shares],
                "above": _numbers(need.above),
                "reasons": [_plain(words.reason(reason)) for reason in need.reasons],
                "people_in_need": _numbers(need.people_in_need),
                "missing": list(need.missing),
            }
            for need in ranking.needs
        ],
        "weights": {theme: _numbers(of_theme) for theme, of_theme in ranking.weights.items()},
        "warnings": [_note(note, words) for note in ranking.warnings],
    }


def _siting(siting: SitingResult, words: PlanWords) -> dict[str, Any]:
    return {
        "id": siting.id,
        "status": siting.status,
        "why": _note(siting.why, words),
        "floor_kept": rounded(siting.floor_kept),
        "floor_price": rounded(siting.floor_price),
        "chosen": list(siting.chosen),
        "people_before": rounded(siting.people_before),
        "people_after": rounded(siting.people_after),
        "newly_served": rounded(siting.newly_served),
        "bound": rounded(siting.bound),
        "gap": rounded(siting.gap),
        "proven": siting.proven,
        "equally_good": siting.equally_good,
        "unreachable": rounded(siting.unreachable),
        "by_neighbourhood": _numbers(siting.by_neighbourhood),
        "person_metres": rounded(siting.person_metres),
        "mean_walk_before_m": rounded(siting.mean_walk_before_m),
        "mean_walk_after_m": rounded(siting.mean_walk_after_m),
        "alternatives": [
            {"chosen": list(keys), "newly_served": rounded(served)}
            for keys, served in siting.alternatives
        ],
        "not_connected": list(siting.not_connected),
        "notes": [_note(note, words) for note in siting.notes],
    }


def _programme(plan: Plan, programme: ProgrammeResult, words: PlanWords) -> dict[str, Any]:
    return {
        "status": programme.status,
        "why": _note(programme.why, words),
        "actions": [
            {
                "id": action.id,
                "year": action.year,
                "cost": action.cost,
                "running": action.running,
                "newly_served_alone": rounded(action.newly_served_alone),
                "newly_served_in_plan": rounded(action.newly_served_in_plan),
                "cost_per_person_alone": rounded(action.cost_per_person_alone),
                "cost_per_person_in_plan": rounded(action.cost_per_person_in_plan),
            }
            for action in programme.actions
        ],
        "left_out": [{"id": key, "why": _note(why, words)} for key, why in programme.left_out],
        "by_year": [
            {
                "year": one.year,
                "budget": one.budget,
                "spent": one.spent,
                "newly_served": rounded(one.newly_served),
            }
            for one in programme.by_year
        ],
        "unit": plan.spec.objective,
        "objective": rounded(programme.objective),
        "bound": rounded(programme.bound),
        "gap": rounded(programme.gap),
        "proven": programme.proven,
        "curve": [
            {
                "budget": point.budget,
                "people": rounded(point.people),
                "dropped": list(point.dropped),
            }
            for point in programme.curve
        ],
        "notes": [_note(note, words) for note in programme.notes],
    }


def _scenario(scenario: ScenarioResult) -> dict[str, Any]:
    return {
        "id": scenario.id,
        **query_record(scenario.query),
        **before_after(scenario.city),
        "by_neighbourhood": {
            key: before_after(values) for key, values in scenario.by_neighbourhood.items()
        },
    }


def _note(note: Note | None, words: PlanWords) -> str | None:
    return None if note is None else _plain(words.note(note))


def _plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")


def _numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: rounded(value) for name, value in values.items()}
