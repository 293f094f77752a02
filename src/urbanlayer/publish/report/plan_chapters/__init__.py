"""The chapters of a report that a plan gives, in their order; each has its module here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.report.blocks import Heading
from urbanlayer.publish.report.plan_chapters.action_sheets import action_sheets
from urbanlayer.publish.report.plan_chapters.enterprises import enterprises
from urbanlayer.publish.report.plan_chapters.goals import goals, monitoring
from urbanlayer.publish.report.plan_chapters.priorities import priorities
from urbanlayer.publish.report.plan_chapters.programme import investment
from urbanlayer.publish.report.plan_chapters.sites import sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport


def plan_chapters(report: PlanReport) -> Iterator[Block]:
    """The chapters that the plan of the city file has; the others are left out."""
    plan = report.plan
    if plan.scorecards:
        yield from enterprises(report, plan.scorecards)
    if plan.ranking is not None or plan.siting:
        yield Heading(report.words.text("report.priorities"), flows=bool(plan.scorecards))
    if plan.ranking is not None:
        yield from priorities(report, plan.ranking)
    if plan.siting:
        yield from sites(report)
    if plan.goals:
        yield from goals(report)
    if plan.programme is not None:
        yield from investment(report, plan.programme)
        if report.sheets is not None:
            yield from action_sheets(report.sheets)
    if any(one.query is not None for one in plan.goals):
        yield from monitoring(report)
