"""Before and after, by neighbourhood: what each scenario, and the programme, changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from urbanlayer.files.names import file_stem
from urbanlayer.model.text import text_in
from urbanlayer.publish.figures.axis import axis_of
from urbanlayer.publish.figures.figure import DotPlotData, DotRow, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.plan import Plan
    from urbanlayer.model.scenario_result import BeforeAfter, ScenarioResult
    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

KIND = "change"
_MOST_NAMED = 12
"""Neighbourhoods in an alternative text."""


def figures_of(material: Material, shown: Sequence[Subject]) -> Iterator[Figure]:
    """What each scenario and the programme change of these results, where it can be read."""
    plan = material.publication.plan
    if plan is None:
        return
    by_id = {subject.record["id"]: subject for subject in shown}
    for name, what, change in _changes(material, plan):
        subject = by_id.get(change.query.id)
        if subject is None:
            continue
        figure = _figure(material, subject, what, change, name)
        if figure is not None:
            yield figure


def _changes(material: Material, plan: Plan) -> Iterator[tuple[str, str, ScenarioResult]]:
    """Each change with the beginning of its file's name, and what makes it."""
    words, scenarios = material.words, material.publication.spec.scenario
    for one in plan.scenarios:
        title = text_in(scenarios[one.id].title, words.language, one.id)
        yield one.id, words.headed(words.text("page.plan_scenario"), title), one
    seen = set()
    for card in plan.scorecards:
        for one in card.results:
            if one.query.id not in seen:
                seen.add(one.query.id)
                yield "programme", words.text("page.plan_with_programme"), one


def _figure(
    material: Material, subject: Subject, what: str, change: ScenarioResult, name: str
) -> Figure | None:
    """The figure of one change; None where no neighbourhood reads another number after."""
    words = material.words
    held = [
        (values, key)
        for key, values in change.by_neighbourhood.items()
        if not math.isnan(values.before) and not math.isnan(values.after)
    ]
    changed = [(one, key) for one, key in held if _reads_another(subject, one)]
    if not changed:
        return None
    changed.sort(key=lambda one: (-abs(one[0].after - one[0].before), one[1]))
    whole = (words.text("page.whole_city"), change.city)
    of_city = not subject.record.get("total") and math.isfinite(change.city.after)
    named = [*([whole] if of_city else []), *((material.by_key[key], one) for one, key in changed)]
    ends = [end for _, one in named for end in (one.before, one.after)]
    data = DotPlotData(
        rows=tuple(
            DotRow(label, (("before", one.before), ("after", one.after)), strong=one is change.city)
            for label, one in named
        ),
        axis=axis_of(subject, ends),
        lines=(),
        key=(("before", words.text("page.plan_before")), ("after", words.text("page.plan_after"))),
        joined=True,
    )
    same = words.text("figure.unchanged", count=words.number(len(held) - len(changed)))
    title = material.title(subject)
    texts = material.texts(words.headed(title, what), f"{subject.definition}. {same}", subject.unit)
    told = [words.headed(label, _read(subject, one)) for label, one in named[: _MOST_NAMED + 1]]
    alt = material.told(
        f"{words.headed(material.city, texts.title)}.", f"{words.followed(told)}.", f"{same}."
    )
    stem = file_stem(f"{name}.{subject.record['id']}")
    return Figure(KIND, stem, texts, alt, data, material.width)


def _read(subject: Subject, change: BeforeAfter) -> str:
    return f"{subject.full(change.before)} → {subject.full(change.after)}"


def _reads_another(subject: Subject, change: BeforeAfter) -> bool:
    return subject.short(change.before) != subject.short(change.after)
