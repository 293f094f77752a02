"""A city whose files try to run: their names, layers, sheets, columns, keys and cells."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl
import shapely
from made_city import CRS, ORIGIN, SIDE_M
from untrusted_text import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
id = "hostile"
name = "Hostile"
crs = "EPSG:25834"
as_of = 2026-06-30
licence = "CC0-1.0"
languages = ["en", "sr_Cyrl_ME"]

[residents]
from = ["population"]

[indicators.population_density]
[indicators.coverage_within]
"""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_SHEET = re.compile(r"[\[\]:*?/\\]")


def file_names() -> list[str]:
    """The texts that a disk takes for the name of a file, and GDAL for that of a GeoPackage."""
    taken = (text.replace("/", "|").replace("\x00", "")[:60].strip() for text in HOSTILE)
    names = dict.fromkeys(name for name in taken if name.strip(". "))
    return [name for name in names if ";" not in name and "!" not in name]


def sheet_names() -> list[str]:
    """The texts that a workbook takes for the name of a sheet, as far as it takes them."""
    names = (_NO_SHEET.sub("|", _NO_XML.sub("", text))[:31].strip("'") for text in HOSTILE)
    return list({name.casefold(): name for name in names if name.strip()}.values())


def write(folder: Path) -> Path:
    """Write the city; every text of the corpus stands in every place that can hold it."""
    texts = [_NO_XML.sub("", text) for text in HOSTILE]
    squares = _squares(len(texts))
    columns = {text: texts for text in dict.fromkeys(texts) if text.strip()}
    hoods = {**columns, "key": [f"{text}#{n}" for n, text in enumerate(texts)], "name": texts}
    borders = "<img src=x onerror=window.hacked=1> {{7|7}} =1+1"
    _save(folder / f"{borders}.gpkg", borders, squares, hoods)
    _save(folder / "people.gpkg", "people", squares, {"people": [50.0] * len(squares)})
    layers = [
        (
            "neighbourhoods",
            f"{borders}.gpkg",
            borders,
            'key = "key"\nname = "name"',
        ),
        ("population", "people.gpkg", "people", 'people = "people"'),
    ]
    for n, name in enumerate(file_names()):
        points = [square.centroid for square in squares[:2]]
        _save(folder / f"{name}.gpkg", name, points, {name: [name, "x"], "title": [name, name]})
        layers.append((f"place_{n}", f"{name}.gpkg", name, 'name = "title"'))
    sheet = _workbook(folder / "=1+1 {{7|7}}.xlsx", texts, squares)
    layers.append(
        ("library", "=1+1 {{7|7}}.xlsx", sheet, 'key = "key"\nname = "name"\ncrs = "EPSG:25834"')
    )
    asked = ", ".join(f"{role} = 300" for role, *_ in layers[2:])
    tables = (
        f"[layers.{role}]\npath = {_text(path)}\nlayer = {_text(layer)}\n{more}\n"
        for role, path, layer, more in layers
    )
    city = folder / "city.toml"
    city.write_text(f"{HEAD}services = {{ {asked} }}\n" + "\n".join(tables), encoding="utf-8")
    return city


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def _squares(count: int) -> list[shapely.Polygon]:
    corners = [
        ORIGIN + SIDE_M * shapely.get_coordinates(shapely.Point(n % 8, n // 8))[0]
        for n in range(count)
    ]
    return [shapely.box(x, y, x + SIDE_M, y + SIDE_M) for x, y in corners]


def _save(path: Path, layer: str, geometry: list[shapely.Geometry], columns: dict) -> None:
    """A GeoPackage whose layer has the name, which GDAL reads but refuses to write."""
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)
    plain = path.with_name("plain.gpkg")
    frame.to_file(plain, layer="plain", driver="GPKG", engine="pyogrio", SPATIAL_INDEX="NO")
    quoted = layer.replace('"', '""')
    with contextlib.closing(sqlite3.connect(plain)) as store, store:
        for (trigger,) in store.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            store.execute(f'DROP TRIGGER "{trigger}"')
        store.execute(f'ALTER TABLE plain RENAME TO "{quoted}"')
        for table in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents"):
            store.execute(f"UPDATE {table} SET table_name = ?", (layer,))  # noqa: S608  (above)
        store.execute("UPDATE gpkg_contents SET identifier = ?", (layer,))
    plain.rename(path)


def _workbook(path: Path, texts: list[str], squares: list[shapely.Polygon]) -> str:
    book = openpyxl.Workbook()
    first, *others = sheet_names()
    sheet = book.active
    sheet.title = first
    others_of = [f"{text} {number}" for number, text in enumerate(texts[:-1])]
    heads = ["x", "y", "key", "name", *others_of, texts[-1]]
    for row, cells in enumerate(
        [
            heads,
            *(
                [s.centroid.x, s.centroid.y, f"{t}#{n}", t, *texts]
                for n, (t, s) in enumerate(zip(texts, squares, strict=True))
            ),
        ],
        start=1,
    ):
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(row, column, value)
            if isinstance(value, str) and column < len(heads):
                cell.data_type = "s"  # text, not the formula that it looks like; the last stays one
    for name in others:
        book.create_sheet(name)
    book.save(path)
    return first
