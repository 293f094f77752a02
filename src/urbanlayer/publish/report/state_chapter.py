"""The chapter on the existing state: data, digital services, organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.maturity import DIMENSIONS, LEVELS
from urbanlayer.model.text import text_in
from urbanlayer.publish.inventory import sentences
from urbanlayer.publish.report.blocks import Heading, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.maturity import GradedLayer, Inventory
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.words import Words

_WORST_FIRST = {"poor": 0, "fair": 1, "unknown": 2}


def state_chapter(inventory: Inventory, words: Words) -> Iterator[Block]:
    """How digital the city is, each part with its next step."""
    yield Heading(words.text("report.state"))
    yield Heading(words.text("maturity.data.title"), 2)
    yield Table(
        words.text("maturity.data.title"),
        (
            words.text("maturity.page.layer"),
            *(words.text(f"maturity.level.{level}") for level in LEVELS),
            words.text("report.first_to_mend"),
        ),
        tuple(_layer(layer, inventory, words) for layer in inventory.layers),
        frozenset(range(1, 1 + len(LEVELS))),
        frozenset({1 + len(LEVELS)}),
    )
    yield _step(sentences.data_step(inventory, words), words)
    yield Heading(words.text("maturity.services.title"), 2)
    yield _step(sentences.services_step(inventory, words), words)
    yield Heading(words.text("maturity.organisation.title"), 2)
    judged = [
        (words.text(f"maturity.dimension.{name}"), one)
        for name in DIMENSIONS
        if (one := getattr(inventory.spec.maturity, name, None)) is not None
    ]
    if judged:
        yield Table(
            words.text("maturity.organisation.title"),
            (
                words.text("maturity.organisation.title"),
                f"{words.text('maturity.organisation.score')} (0–5)",
                words.text("maturity.organisation.evidence"),
                words.text("maturity.organisation.date"),
            ),
            tuple(
                (
                    name, str(one.score), text_in(one.evidence, words.language),
                    words.date(one.date),
                )
                for name, one in judged
            ),
            frozenset({1}),
            frozenset({2}),
        )  # fmt: skip
    yield _step(sentences.organisation_step(inventory, words), words)


def _step(text: str, words: Words) -> Paragraph:
    return Paragraph(words.headed(words.text("maturity.data.step"), text))


def _layer(layer: GradedLayer, inventory: Inventory, words: Words) -> tuple[str, ...]:
    """How many aspects have which level, and the worst of them in a sentence."""
    counts = [sum(grade.level == level for grade in layer.grades) for level in LEVELS]
    worst = min(
        (grade for grade in layer.grades if grade.level in _WORST_FIRST),
        key=lambda grade: _WORST_FIRST[grade.level],
        default=None,
    )
    return (
        words.role(layer.role, inventory.spec),
        *(str(count) if count else "" for count in counts),
        "" if worst is None else sentences.sentence(worst, words),
    )
