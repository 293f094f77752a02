"""The chapters on goals with their measures, and on what is watched to see them reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.report.blocks import Heading, Table
from urbanlayer.publish.report.plan_chapters.plan_report import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport


def goals(report: PlanReport) -> Iterator[Block]:
    """Goals, their measures and actions, each with the one responsible."""
    words = report.words
    yield Heading(words.text("report.goals"), flows=True)
    done = {} if report.plan.programme is None else {
        one.id: str(one.year) for one in report.plan.programme.actions
    }  # fmt: skip
    for spec in report.plan.spec.goal:
        yield Heading(text_in(spec.title, words.language), 2)
        yield Table(
            text_in(spec.title, words.language),
            (
                words.text("report.measure"), words.text("page.plan_responsible"),
                words.text("report.actions"),
            ),
            tuple(
                (
                    text_in(measure.title, words.language),
                    report.plain(measure.responsible or spec.responsible) or NOTHING,
                    ", ".join(
                        f"{report.action(key)} "
                        f"({done.get(key, words.text('page.plan_not_planned'))})"
                        for key in measure.actions
                    ),
                )
                for measure in spec.measures
            ),
        )  # fmt: skip


def monitoring(report: PlanReport) -> Iterator[Block]:
    """What shows whether each goal is reached: baseline, now, target, each with its date."""
    words, now = report.words, report.publication.spec.as_of
    yield Heading(words.text("report.monitoring"), flows=True)
    rows = []
    for spec, one in zip(report.plan.spec.goal, report.plan.goals, strict=True):
        if one.query is None:
            continue
        key = one.query.id
        first = now if spec.baseline is None else spec.baseline_date
        values = ((one.baseline, first), (one.value, now), (one.target, spec.target_date))
        rows.append((
            text_in(spec.title, words.language), report.title(key),
            *(
                "\n".join([report.value(key, value), *([words.date(day)] if day else [])])
                for value, day in values
            ),
            report.plain(spec.responsible) or NOTHING,
        ))  # fmt: skip
    yield Table(
        words.text("report.monitoring"),
        (
            words.text("page.plan_goal"), words.text("page.indicator"),
            words.text("report.baseline"), words.text("report.now"),
            words.text("page.plan_target"), words.text("page.plan_responsible"),
        ),
        tuple(rows),
        frozenset({2, 3, 4}),
    )  # fmt: skip
