"""The chapter on enterprises: results, targets and what the programme changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.report.blocks import Heading, Paragraph, Table
from urbanlayer.publish.report.plan_chapters.plan_report import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.plan import Scorecard
    from urbanlayer.model.scenario_result import ScenarioResult
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport


_EARLIER, _NOW, _WITH_PROGRAMME, _TARGET = range(1, 5)
"""Columns of an enterprise."""
_SCORES = {_EARLIER, _NOW, _WITH_PROGRAMME, _TARGET}


def enterprises(report: PlanReport, cards: Sequence[Scorecard]) -> Iterator[Block]:
    """Each enterprise with its results, targets, trend, and what the programme changes."""
    words = report.words
    yield Heading(words.text("report.enterprises"))
    head = (
        words.text("page.indicator"), words.text("page.plan_earlier"), words.text("report.now"),
        words.text("page.plan_with_programme"), words.text("page.plan_target"),
        words.text("page.plan_fails"),
    )  # fmt: skip
    rows_of = [[_score(report, card, one) for one in card.results] for card in cards]
    everything = [row for rows in rows_of for row in rows]
    # without an earlier value, or without a programme, nobody has a column of dashes
    kept = [
        column for column in range(len(head))
        if column not in {_EARLIER, _WITH_PROGRAMME}
        or any(row[column] != NOTHING for row in everything)
    ]  # fmt: skip
    numbers = frozenset(place for place, column in enumerate(kept) if column in _SCORES)
    for spec, rows in zip(report.plan.spec.enterprise, rows_of, strict=True):
        name = text_in(spec.name, words.language)
        yield Heading(name, 2)
        shown = tuple(tuple(row[column] for column in kept) for row in rows)
        yield Table(name, tuple(head[column] for column in kept), shown, numbers)
        if spec.standard:
            yield Paragraph(words.text("page.definition_source", source=spec.standard), quiet=True)


def _score(report: PlanReport, card: Scorecard, one: ScenarioResult) -> tuple[str, ...]:
    key = one.query.id
    failing = card.failing(one)
    named = ", ".join(report.names.get(name, name) for name in failing[:3])
    more = len(failing) - 3
    rest = f" {report.words.text('report.more', count=more)}" if more > 0 else ""
    return (
        report.title(key),
        report.value(key, card.earlier.get(key)),
        report.value(key, one.city.before),
        report.value(key, one.city.after),
        report.value(key, card.targets[key]),
        f"{named}{rest}" or NOTHING,
    )
