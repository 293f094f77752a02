"""Neighbourhoods by need, in the chapter on priorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.page.plan_words import theme_titles
from urbanlayer.publish.report.blocks import Heading, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.plan import Need, Ranking
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport
    from urbanlayer.publish.words import Words


_ROWS_OF_A_PAGE = 50
"""Ranks that a picture of one page holds."""


def priorities(report: PlanReport, ranking: Ranking) -> Iterator[Block]:
    """Neighbourhoods by need with the range of their rank and the reasons."""
    words, said = report.words, report.said
    yield Heading(words.text("page.plan_ranks"), 2)
    yield Paragraph(words.text("page.plan_ranks_note"))
    placed = sorted(
        (need for need in ranking.needs if need.rank is not None),
        key=lambda need: (need.rank or 0, need.key),
    )
    yield _weights(report, ranking)
    yield Table(
        words.text("page.plan_ranks"),
        (
            words.text("report.rank"), words.text("report.rank_range"),
            words.text("page.neighbourhood"), words.text("report.reasons"),
        ),
        tuple(
            (
                str(need.rank), rank_range(need),
                report.names.get(need.key, need.key), joined(said.reasons(need), words),
            )
            for need in placed
        ),
        frozenset({0, 1}),
    )  # fmt: skip
    missing = [report.names.get(n.key, n.key) for n in ranking.needs if n.rank is None]
    if missing:
        head = words.text("page.plan_not_ranked")
        yield Paragraph(words.headed(head, ", ".join(missing)), quiet=True)
    yield from (Paragraph(said.note(note), quiet=True) for note in ranking.warnings)
    if len(placed) <= _ROWS_OF_A_PAGE:
        yield from report.picture("priority", words.text("page.plan_ranks"))


def _weights(report: PlanReport, ranking: Ranking) -> Table:
    """How much each theme, and each result within it, counts for the need."""
    words, titles = report.words, theme_titles(report.plan, report.words)
    return Table(
        words.text("page.plan_weights"),
        (words.text("report.theme"), words.text("page.indicator"), words.text("report.weight")),
        tuple(
            (_theme(report, theme, titles[theme]), report.title(result), words.percent(weight, 1))
            for theme, of_theme in ranking.weights.items()
            for result, weight in of_theme.items()
        ),
        frozenset({2}),
    )


def _theme(report: PlanReport, name: str, title: str) -> str:
    """The title of a theme; one that has no language is spelled in the script of the reader."""
    needs = report.plan.spec.needs
    titled = isinstance(needs.themes[name].title, dict) if needs else False
    return title if titled else report.plain(title)


def rank_range(need: Need) -> str:
    """From the best to the worst rank: `2–4`; one number where they are equal."""
    low, high = need.rank_low, need.rank_high
    return str(low) if low == high else f"{low}–{high}"


def joined(reasons: Sequence[str], words: Words) -> str:
    """The reasons in one line; empty without any."""
    return words.followed(reasons) if reasons else ""
