"""The inventory as tables: a line for each grade, for each thing to fix, for the other parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.maturity import DIMENSIONS
from urbanlayer.model.text import text_in
from urbanlayer.publish.data import tables
from urbanlayer.publish.inventory import sentences
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.maturity import Inventory

LAYER_COLUMNS = ("layer", "file", "aspect", "level", "counts", "sentence", "note")
MATURITY_COLUMNS = ("part", "item", "value", "unit", "evidence", "date", "next_step", "note")


def layers_csv(inventory: Inventory) -> bytes:
    """Every grade of every layer, with the counts that it was judged by."""
    words = Words.for_language(inventory.spec.languages[0])
    note = _note(inventory, words)
    return tables.as_csv(
        LAYER_COLUMNS,
        (
            (
                layer.role,
                layer.path,
                grade.aspect,
                grade.level,
                ";".join(f"{name}={count}" for name, count in sorted(grade.counts.items())),
                sentences.sentence(grade, words),
                note,
            )
            for layer in inventory.layers
            for grade in layer.grades
        ),
    )


def maturity_csv(inventory: Inventory) -> bytes:
    """The three parts of maturity, each with all that it is made of and its next step."""
    words = Words.for_language(inventory.spec.languages[0])
    note = _note(inventory, words)
    return tables.as_csv(MATURITY_COLUMNS, ((*row, note) for row in _rows(inventory, words)))


def _rows(inventory: Inventory, words: Words) -> Iterator[tuple[str, ...]]:
    step = sentences.data_step(inventory, words)
    for level, count in inventory.levels().items():
        yield "data", level, str(count), "grades", "", "", step
    step = sentences.services_step(inventory, words)
    for service in inventory.spec.digital_service:
        name = text_in(service.name, words.language)
        yield "services", name, str(int(service.online_form)), "online form", "", "", step
    for result in inventory.digital:
        yield "services", result.id, tables.number(result.city), result.unit, "", "", step
    step = sentences.organisation_step(inventory, words)
    for name in DIMENSIONS:
        judged = getattr(inventory.spec.maturity, name, None)
        if judged is None:
            yield "organisation", name, "", "0 to 5", "", "", step
        else:
            evidence = text_in(judged.evidence, words.language)
            score, day = str(judged.score), judged.date.isoformat()
            yield "organisation", name, score, "0 to 5", evidence, day, step


def _note(inventory: Inventory, words: Words) -> str:
    return words.text("page.demonstration") if inventory.spec.demonstration else ""
