"""The table `layer_styles`, in which QGIS keeps the styles of a layer of a GeoPackage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from urbanlayer.publish.data.qgis_style import qml
from urbanlayer.publish.figures.subject import subjects
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

LAYER = "neighbourhoods"
"""The layer with a column for each result."""
_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""
_ROW = "INSERT INTO layer_styles VALUES (NULL, '', '', ?, 'geom', ?, ?, '', ?, ?, '', '', ?)"
_CONTENTS = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)
VALUES ('layer_styles', 'attributes', 'layer_styles', ?)"""


def column_of(result: Result) -> str:
    """The name of a result's column."""
    return result.id.replace(".", "_")


def with_styles(geopackage: bytes, publication: Publication) -> bytes:
    """The GeoPackage of neighbourhoods with a style for each result; the first is the default.

    Parameters
    ----------
    geopackage
        With the layer `neighbourhoods`.
    publication
        As `disclosure.disclosed` gives it. Titles are in its first language.
    """
    moment = f"{publication.spec.as_of.isoformat()}T00:00:00.000Z"
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(geopackage)
        with database:
            database.execute(_TABLE)
            database.executemany(_ROW, _rows(publication, moment))
            database.execute(_CONTENTS, [moment])
        return database.serialize()


def _rows(publication: Publication, moment: str) -> Iterator[tuple[str, str, str, bool, str, str]]:
    words = Words.for_language(publication.spec.languages[0])
    shown = zip(publication.results, subjects(publication, words), strict=True)
    for number, (result, subject) in enumerate(shown):
        style = qml(subject, column_of(result), "name")
        yield LAYER, subject.title, style, number == 0, subject.definition, moment
