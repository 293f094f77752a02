"""The table of standards: each item answered, answerable with a layer, or not spatial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.data.tables import as_csv, number
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.standards import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.standards import Row

COLUMNS = (
    "standard", "edition", "code", "title", "status", "indicator", "answer", "value", "unit",
    "target", "met", "proxy", "add", "paraphrase", "note",
)  # fmt: skip


def standards_csv(publication: Publication) -> bytes:
    """Every item of every standard that the city follows, a line for each answer."""
    note = file_notice(publication)
    return as_csv(COLUMNS, ((*_cells(row), note) for row in rows(publication)))


def _cells(row: Row) -> Sequence[str]:
    met = "" if row.met is None else ("yes" if row.met else "no")
    return (
        row.standard, row.edition, row.code, row.title, row.status, row.indicator, row.result,
        number(row.value), row.unit, "" if row.target is None else f"{row.target:g}", met,
        "yes" if row.proxy else "", " ".join(row.add), "yes" if row.paraphrase else "",
    )  # fmt: skip
