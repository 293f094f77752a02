"""A data package (Frictionless): what each file of a publication holds, for machines."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from urbanlayer.model.text import text_in
from urbanlayer.publish.data.provenance import UNLICENSED
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.record import inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from urbanlayer.model.publication import Publication

FOLDER = PurePosixPath("data")
NAME = str(FOLDER / "datapackage.json")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")
_MEDIA_TYPES = {
    ".csv": "text/csv", ".json": "application/json", ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3", ".fgb": "application/flatgeobuf",
    ".parquet": "application/vnd.apache.parquet", ".jsonld": "application/ld+json",
    ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip

_NOT_A_TABLE = {".xlsx", ".parquet"}
"""Checked by their digests alone: a workbook has two rows of headings and several sheets."""


def data_package_json(publication: Publication, files: Mapping[str, bytes]) -> bytes:
    """The description of all files in `data/`, with fields of tables, digests and sources.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    files
        The files of the publication by path.
    """
    spec = publication.spec
    language = spec.languages[0]
    package = {
        "profile": "data-package",
        "name": f"{spec.id}-urbanlayer".lower(),
        "title": text_in(spec.name, language),
        "description": file_notice(publication),
        "version": spec.as_of.isoformat(),
        "licenses": [{"name": _as_name(one)} for one in _licences(publication)],
        "sources": [
            {"title": record.get("attribution") or role, "path": record["path"]}
            if str(record.get("path", "")).startswith(("http://", "https://"))
            else {"title": record.get("attribution") or role}
            for role, record in sorted(inputs_of(publication.city).items())
        ],
        "resources": [
            _resource(path, content)
            for path, content in sorted(files.items())
            if PurePosixPath(path).parent == FOLDER
        ],
    }
    kept = {key: value for key, value in package.items() if value}
    return (json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode()


def _licences(publication: Publication) -> Iterable[str]:
    records = inputs_of(publication.city).values()
    return sorted({record.get("licence") or UNLICENSED for record in records} - {UNLICENSED})


def _as_name(licence: str) -> str:
    """A licence as the package takes it: without spaces."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", licence).strip("-") or "other"


def media_type(path: str) -> str:
    """The media type of a file by its name."""
    return _MEDIA_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def _resource(path: str, content: bytes) -> dict[str, Any]:
    file = PurePosixPath(path)
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", file.name.lower()).replace(".", "-"),
        "path": file.name,
        "format": file.suffix.lstrip("."),
        "mediatype": media_type(path),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if file.suffix == ".csv":
        resource |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "schema": {"fields": _fields(content), "missingValues": [""]},
        }
    elif file.suffix in _NOT_A_TABLE:
        resource["type"] = "file"
    return resource


def _fields(content: bytes) -> list[dict[str, str]]:
    """Name and type of each column: a number where every cell that is not empty is one."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    head, body = rows[0], rows[1:]
    return [
        {"name": name, "type": _type([row[column] for row in body])}
        for column, name in enumerate(head)
    ]


def _type(cells: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    return "number" if filled and all(map(_NUMBER.fullmatch, filled)) else "string"
