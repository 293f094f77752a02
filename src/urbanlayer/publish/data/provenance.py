"""Where each layer comes from and by what right it is shown, for tables and for layers of a GIS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.data.tables import as_csv
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.record import inputs_of

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication

SOURCE_COLUMNS = (
    "layer", "source", "path", "date", "licence", "attribution", "sha256", "crs", "crs_operation",
    "crs_accuracy_m", "read", "kept", "excluded", "note",
)  # fmt: skip
UNLICENSED = "none given"


def sources_csv(publication: Publication) -> bytes:
    """Every layer, a line each: source, date, licence, attribution, digest and counts."""
    note = file_notice(publication)
    rows = [
        [role, *(_cell(name, record) for name in SOURCE_COLUMNS[1:-1]), note]
        for role, record in sorted(inputs_of(publication.city).items())
    ]
    return as_csv(SOURCE_COLUMNS, rows)


def metadata(publication: Publication) -> dict[str, str]:
    """What a layer says of the layers it was made from: licences and attributions, each once."""
    records = dict(sorted(inputs_of(publication.city).items()))
    sources = {
        role: {name: _cell(name, record) for name in SOURCE_COLUMNS[1:7]}
        for role, record in records.items()
    }
    return {
        "licence": "; ".join(_each_once(sources, "licence")),
        "attribution": "; ".join(_each_once(sources, "attribution")),
        "as_of": publication.spec.as_of.isoformat(),
        "note": file_notice(publication),
        "sources": json.dumps(sources, ensure_ascii=False, sort_keys=True),
    }


def in_a_line(publication: Publication) -> str:
    """The same in one sentence, for formats that hold no more."""
    about = metadata(publication)
    parts = (about["note"], about["attribution"], f"licence: {about['licence']}")
    return " · ".join(part for part in parts if part)


def _each_once(records: dict[str, dict[str, str]], name: str) -> list[str]:
    return [text for text in dict.fromkeys(record[name] for record in records.values()) if text]


def _cell(name: str, record: dict[str, Any]) -> str:
    value = record.get(name)
    if name == "licence":
        return value or UNLICENSED
    return "" if value is None else str(value)
