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


def state_chapter(inventory: Inventory, words: Words, *, flows: bool = False) -> Iterator[Block]:
    """How digital the city is, each part with its next step.

    Parameters
    ----------
    inventory
        Of the layers.
    words
        Of the language.
    flows
        Whether it goes on where the chapter before it ends.
    """
    yield Heading(words.text("report.state"), flows=flows)
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
    )
    yield _step(sentences.data_step(inventory, words), words)
    if inventory.spec.digital_service:
        yield Heading(words.text("maturity.services.title"), 2)
        yield from _services(inventory, words)
        yield _step(sentences.services_step(inventory, words), words)
    yield from _organisation(inventory, words)


def _organisation(inventory: Inventory, words: Words) -> Iterator[Block]:
    """The city's own judgement; nothing where it has not judged itself."""
    judged = [
        (words.text(f"maturity.dimension.{name}"), one)
        for name in DIMENSIONS
        if (one := getattr(inventory.spec.maturity, name, None)) is not None
    ]
    if judged:
        yield Heading(words.text("maturity.organisation.title"), 2)
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
        )  # fmt: skip
    if len(judged) == len(DIMENSIONS):
        yield _step(sentences.organisation_step(inventory, words), words)


def _services(inventory: Inventory, words: Words) -> Iterator[Block]:
    """The services that the city lists, and whether each has an online form."""
    listed = inventory.spec.digital_service
    online = sum(service.online_form for service in listed)
    said = words.text(
        "maturity.services.count", online=words.number(online), listed=words.number(len(listed))
    )
    yield Paragraph(f"{said}.", see=1)
    yield Table(
        words.text("maturity.services.title"),
        (words.text("maturity.services.name"), words.text("maturity.services.form")),
        tuple(
            (
                text_in(service.name, words.language),
                words.text(f"maturity.services.{'yes' if service.online_form else 'no'}"),
            )
            for service in listed
        ),
    )  # fmt: skip


def _step(text: str, words: Words) -> Paragraph:
    return Paragraph(words.headed(words.text("maturity.data.step"), text))


def _layer(layer: GradedLayer, inventory: Inventory, words: Words) -> tuple[str, ...]:
    """How many aspects have which level, and the first thing to fix in a sentence."""
    counts = [sum(grade.level == level for grade in layer.grades) for level in LEVELS]
    first = next((fix for fix in inventory.fixes if layer.role in fix.roles), None)
    return (
        words.role(layer.role, inventory.spec),
        *(str(count) if count else "" for count in counts),
        "" if first is None else sentences.fix_sentence(first, words),
    )
