"""The chapter on the programme: years, actions, sources of money, budgets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Table
from urbanlayer.publish.report.plan_chapters.plan_report import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.plan import ProgrammeResult
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport


def investment(report: PlanReport, programme: ProgrammeResult) -> Iterator[Block]:
    """The programme by year, its actions, what was left out, and the curve of budgets."""
    words, said = report.words, report.said
    yield Heading(words.text("page.plan_programme"), flows=True)
    if programme.why is not None:
        yield Paragraph(said.note(programme.why), warning=True)
        return
    yield Table(
        words.text("report.by_year"),
        (
            words.text("report.year"), words.text("report.budget"), words.text("report.spent"),
            words.text("report.newly_served"),
        ),
        tuple(
            (
                str(one.year), report.money(one.budget), report.money(one.spent),
                report.people(one.newly_served),
            )
            for one in programme.by_year
        ),
        frozenset({1, 2, 3}),
    )  # fmt: skip
    yield Table(
        words.text("report.actions"),
        (
            words.text("report.action"), words.text("report.year"), words.text("report.cost"),
            words.text("report.alone"), words.text("report.in_plan"),
            words.text("report.per_person"),
        ),
        tuple(
            (
                report.action(one.id), str(one.year), report.money(one.cost),
                report.people(one.newly_served_alone), report.people(one.newly_served_in_plan),
                words.followed(map(report.each, (
                    one.cost_per_person_alone, one.cost_per_person_in_plan,
                ))),
            )
            for one in programme.actions
        ),
        frozenset({2, 3, 4, 5}),
    )  # fmt: skip
    yield from _by_source(report, programme)
    if programme.proven:
        yield Paragraph(words.text("page.plan_proven"))
    yield from (Paragraph(said.note(note), quiet=True) for note in programme.notes)
    if programme.left_out:
        yield Heading(words.text("page.plan_left_out"), 2)
        yield Bullets(
            tuple(
                words.headed(report.action(key), said.note(why)) for key, why in programme.left_out
            )
        )
    yield from report.picture("budget", words.text("page.plan_curve"))
    if programme.curve:
        yield Table(
            words.text("page.plan_curve"),
            (words.text("report.budget"), words.text("report.newly_served")),
            tuple((report.money(one.budget), report.people(one.people)) for one in programme.curve),
            frozenset({0, 1}),
        )


def _by_source(report: PlanReport, programme: ProgrammeResult) -> Iterator[Block]:
    """What each source of money pays in each year; nothing where no action names one."""
    words = report.words
    paid = payments_by_source(programme)
    if not any(paid):
        return
    years = [one.year for one in programme.by_year]
    rows = {
        report.plain(source) or words.text("report.unnamed"): paid[source]
        for source in sorted(paid)
    }
    if len(rows) > 1:
        rows[words.text("report.total")] = sum(paid.values(), Counter())
    yield Table(
        words.text("report.by_source"),
        (words.text("sheet.funding"), *map(str, years), words.text("report.total")),
        tuple(
            (
                source, *(report.money(of[year]) if of[year] else NOTHING for year in years),
                report.money(sum(of.values())),
            )
            for source, of in rows.items()
        ),
        frozenset(range(1, len(years) + 2)),
    )  # fmt: skip


def payments_by_source(programme: ProgrammeResult) -> dict[str, Counter[int]]:
    """What each source of money pays, by year; the source is empty where an action names none.

    The years add up to what the programme spends in them: payments, then running costs.
    """
    last = max((one.year for one in programme.by_year), default=0)
    facts = {one.id: one for one in programme.facts}
    paid: dict[str, Counter[int]] = {}
    for action in programme.actions:
        of = facts[action.id]
        by_year = paid.setdefault(of.funding, Counter())
        for year, amount in enumerate(of.payments, start=action.year):
            by_year[year] += amount
        for year in range(action.year + len(of.payments), last + 1):
            by_year[year] += of.running
    return paid
