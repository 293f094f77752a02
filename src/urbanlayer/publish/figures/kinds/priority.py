"""Neighbourhoods by need: the rank of each, and its range under other weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.figures.axis import axis
from urbanlayer.publish.figures.figure import DotPlotData, DotRow, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

KIND = "priority"
_MOST_NAMED = 10
"""Neighbourhoods in an alternative text."""


def figures_of(material: Material, _shown: Sequence[Subject]) -> Iterator[Figure]:
    """The ranks of the plan, the neediest first."""
    plan = material.publication.plan
    needs = () if plan is None or plan.ranking is None else plan.ranking.needs
    placed = [
        (need.rank, need.rank_low or need.rank, need.rank_high or need.rank, need.key)
        for need in needs
        if need.rank is not None
    ]
    if not placed:
        return
    placed.sort(key=lambda one: (one[0], one[3]))
    words = material.words
    title, note = words.text("page.plan_ranks"), words.text("page.plan_ranks_note")
    missing = ", ".join(material.by_key[need.key] for need in needs if need.rank is None)
    not_ranked = words.headed(words.text("page.plan_not_ranked"), missing) if missing else ""
    told = (
        words.headed(
            f"{rank} {material.by_key[key]}", words.text("page.plan_range", low=low, high=high)
        )
        for rank, low, high, key in placed[:_MOST_NAMED]
    )
    alt = material.told(
        f"{words.headed(material.city, title)}.", note, f"{words.followed(told)}.",
        f"{not_ranked}." if not_ranked else "",
    )  # fmt: skip
    texts = material.texts(title, " ".join(filter(None, (note, not_ranked))))
    yield Figure(KIND, "plan", texts, alt, _data(material, placed), material.width)


def _data(material: Material, placed: Sequence[tuple[int, int, int, str]]) -> DotPlotData:
    """Rank, its range and the key of each neighbourhood as rows."""
    words = material.words
    return DotPlotData(
        rows=tuple(
            DotRow(material.by_key[key], (("now", float(rank)),), (("ranks", low, high),))
            for rank, low, high, key in placed
        ),
        axis=axis(
            (1.0, *(float(high) for _, _, high, _ in placed)),
            words.number,
            title=words.text("report.rank"),
            whole=True,
        ),
        lines=(),
        key=(("now", words.text("report.rank")), ("ranks", words.text("report.rank_range"))),
    )
