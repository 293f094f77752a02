"""Where new facilities should stand, in the chapter on priorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.report.blocks import Heading, Paragraph
from urbanlayer.publish.report.plan_chapters.plan_report import NOTHING
from urbanlayer.publish.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.plan import SitingResult
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport


def sites(report: PlanReport) -> Iterator[Block]:
    """The chosen sites of each service, whom they serve, and whether that is proven."""
    words, spec = report.words, report.plan.spec
    for wanted, one in zip(spec.siting, report.plan.siting, strict=True):
        title = text_in(wanted.title, words.language) if wanted.title else ""
        head = title or words.role(one.service, report.publication.spec)
        yield Heading(words.headed(words.text("page.plan_sites"), head), 2)
        if one.why is not None:
            yield Paragraph(report.said.note(one.why), warning=True)
            continue
        before, after = report.people(one.people_before), report.people(one.people_after)
        yield Paragraph(
            " ".join([
                (", ".join(report.site(one, key) for key in one.chosen) or NOTHING) + ".",
                words.text("page.plan_new", count=round(one.newly_served)) + ".",
                words.text("page.plan_served", before=before, after=after),
                *_distance(report, one),
                *([words.text("page.plan_proven")] if one.proven else []),
            ])
        )  # fmt: skip
        yield from (Paragraph(report.said.note(note), quiet=True) for note in one.notes)


def _distance(report: PlanReport, siting: SitingResult) -> Iterator[str]:
    """The mean distance before and after, where the shortest were asked for."""
    if siting.mean_walk_after_m is None:
        return
    metres = [
        NOTHING if one is None else f"{report.words.number(one)}{NO_BREAK_SPACE}m"
        for one in (siting.mean_walk_before_m, siting.mean_walk_after_m)
    ]
    yield report.words.text("page.plan_distance", before=metres[0], after=metres[1])
