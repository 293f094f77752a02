"""The plan as the page's script reads it, and its words in one language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from urbanlayer.kernels.needs import EQUAL_TO
from urbanlayer.model.text import text_in
from urbanlayer.publish.action_sheet import Sheets
from urbanlayer.publish.data.plan_numbers import published
from urbanlayer.publish.names import name_of
from urbanlayer.publish.page.goals_record import goals_of_page, goals_vocabulary
from urbanlayer.publish.page.plan_words import PlanWords, theme_titles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from urbanlayer.model.plan import Plan, Ranking, SitingResult
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.scenario_result import BeforeAfter, ScenarioResult
    from urbanlayer.publish.page.geometry import Ground
    from urbanlayer.publish.words import Words


def plan_record(publication: Publication, ground: Ground) -> dict[str, Any] | None:
    """What the page shows of the plan, but for the words; None where there is none.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    ground
        Where chosen sites are drawn.
    """
    plan = publication.plan
    if plan is None:
        return None
    rows = {result.id: row for row, result in enumerate(publication.results)}
    keys = [str(key) for key in publication.city.neighbourhoods.keys]
    return {
        "ranking": _ranking(plan, plan.ranking, rows.keys()) if plan.ranking else None,
        "siting": [_siting(one, ground) for one in plan.siting],
        "programme": _programme(plan, ground),
        "scenarios": [_scenario(one, rows) for one in plan.scenarios if one.query.id in rows],
        **goals_of_page(plan, rows, keys),
    }


def plan_vocabulary(publication: Publication, words: Words) -> dict[str, Any] | None:
    """Titles, warnings and reasons of the plan in one language; None where there is none."""
    plan = publication.plan
    if plan is None:
        return None
    plan_words = PlanWords(publication, words)
    sheets = Sheets.of(publication, words)
    language = words.language
    ranking, programme = plan.ranking, plan.programme
    scenarios = publication.spec.scenario
    return {
        "themes": list(theme_titles(plan, words).values()),
        "results": {
            result.id: plan_words.whole_title(result.id) for result in publication.results
        },
        "warnings": [plan_words.note(note) for note in ranking.warnings] if ranking else [],
        "siting": [
            text_in(spec.title, language) or words.role(spec.service, publication.spec)
            for spec in plan.spec.siting
        ],
        "sites": [
            [name_of(key, one.names, language, publication.spec) for key in one.chosen]
            for one in plan.siting
        ],
        "siting_why": [plan_words.note(one.why) if one.why else "" for one in plan.siting],
        "programme_notes": [plan_words.note(one) for one in programme.notes] if programme else [],
        "programme_why": plan_words.note(programme.why) if programme and programme.why else "",
        "left_out": [plan_words.note(why) for _, why in programme.left_out] if programme else [],
        "actions": [sheets.name(one) for one in sheets.programme.facts] if sheets else [],
        "scenarios": {
            name: text_in(spec.title, language, name) for name, spec in scenarios.items()
        },
        **goals_vocabulary(plan, language),
    }  # fmt: skip


def _ranking(plan: Plan, ranking: Ranking, results: AbstractSet[str]) -> dict[str, Any]:
    spec = plan.spec.needs
    assert spec is not None  # noqa: S101  (a ranking rests on it)
    return {
        "aggregate": spec.aggregate,
        "themes": [
            {
                "id": name,
                "weight": _digits(sum(ranking.weights.get(name, {}).values())),
                "parts": [
                    _part(ranking, (name, result), weight, results)
                    for result, weight in ranking.within_themes[name].items()
                ],
            }
            for name in spec.themes
        ],
        "rows": [[need.rank_low, need.rank_high] for need in ranking.needs],
    }


def _part(
    ranking: Ranking, of_theme: tuple[str, str], weight: float, results: AbstractSet[str]
) -> dict[str, Any]:
    """A result of a theme: its needs by the declared threshold, then by the others."""
    _, result = of_theme
    of_result = {
        result: ranking.indicator_needs[of_theme],
        **ranking.other_thresholds.get(of_theme, {}),
    }
    return {
        "weight": _digits(weight),
        "options": [
            {
                "id": name,
                "need": [_digits(round(need, EQUAL_TO)) for need in needs],
                "without": _without(ranking, name),
            }
            for name, needs in of_result.items()
            if name in results or name == result
        ],
    }


def _without(ranking: Ranking, result: str) -> list[int | None] | None:
    """Residents without, of each neighbourhood; None where the value is the reason."""
    people = [one.people_without.get(result) for one in ranking.needs]
    return [_people(one) for one in people] if any(one is not None for one in people) else None


def _siting(siting: SitingResult, ground: Ground) -> dict[str, Any]:
    places = np.array([siting.places[key] for key in siting.chosen if key in siting.places])
    return {
        "id": siting.id,
        "service": siting.service,
        "feasible": siting.status != "infeasible",
        "chosen": list(siting.chosen),
        "at": ground.points(places.reshape(-1, 2)).tolist(),
        "before": _people(siting.people_before),
        "after": _people(siting.people_after),
        "new": _people(siting.newly_served),
        "unreachable": _people(siting.unreachable),
        "distance": [_people(siting.mean_walk_before_m), _people(siting.mean_walk_after_m)],
        "proven": siting.proven,
        "gap": _digits(siting.gap),
        "equal": siting.equally_good,
    }


def _programme(plan: Plan, ground: Ground) -> dict[str, Any] | None:
    programme = plan.programme
    if programme is None:
        return None
    later = 0 if plan.spec.serves_from == "last_payment" else 1
    delay = {one.id: len(one.payments) - 1 + later for one in programme.facts}
    placed = [one for one in programme.facts if one.at is not None]
    points = ground.points(np.array([one.at for one in placed]).reshape(-1, 2)).tolist()
    at = dict(zip((one.id for one in placed), points, strict=True))
    return {
        "currency": plan.spec.currency,
        "feasible": programme.status != "infeasible",
        "years": [
            [one.year, one.budget, one.spent, _people(one.newly_served)]
            for one in programme.by_year
        ],
        "actions": [
            [one.id, one.year, one.cost, _people(one.newly_served_alone),
             _people(one.newly_served_in_plan), one.year + delay[one.id], at.get(one.id),
             _people(one.cost_per_person_alone), _people(one.cost_per_person_in_plan)]
            for one in programme.actions
        ],
        "left_out": [key for key, _ in programme.left_out],
        "sheets": [one.id for one in programme.facts],
        "curve": [[one.budget, _people(one.people), list(one.dropped)] for one in programme.curve],
        "proven": programme.proven,
        "gap": _digits(programme.gap),
        "between": None if plan.spec.weights == "need" or plan.spec.objective != "people" else [
            _people(programme.objective), _people(programme.bound),
        ],
    }  # fmt: skip


def _scenario(scenario: ScenarioResult, rows: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "indicator": rows[scenario.query.id],
        "city": _pair(scenario.city),
        "values": [_pair(one)[1] for one in scenario.by_neighbourhood.values()],
    }


def _pair(values: BeforeAfter) -> list[float | None]:
    return [
        published(values.before), published(values.after), _people(values.people_before),
        _people(values.people_after),
    ]  # fmt: skip


def _people(count: float | None) -> int | None:
    return None if count is None or not math.isfinite(count) else round(count)


def _digits(value: float | None) -> float | None:
    """A number with all its digits, which JavaScript reads as Python has it."""
    return None if value is None or not math.isfinite(value) else float(value) + 0.0
