"""Whatever stands in a file, nothing of it runs and nothing of it is lost."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd
import pytest
import untrusted_files
from page_parts import Parts
from untrusted_text import HOSTILE

import urbanlayer
from urbanlayer import pipeline

pytestmark = pytest.mark.slow  # reads some fifty files, each in its own process


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    city = untrusted_files.write(folder)
    built = urbanlayer.build(city, folder / "out")
    pipeline.check(city, folder / "inventory")
    return built, folder


def test_the_corpus_stands_in_every_place():
    assert len(untrusted_files.file_names()) >= 40
    assert len(untrusted_files.sheet_names()) >= 40
    assert len(set(HOSTILE)) >= 40


def test_every_name_is_published_as_it_is_written(published):
    built, folder = published
    frame = gpd.read_file(folder / "out/data/neighbourhoods.gpkg", layer="neighbourhoods")
    names = list(built.publication.city.neighbourhoods.names[""])
    assert sorted(frame["name"]) == sorted(names)
    told = json.loads((folder / "out/data/neighbourhoods.geojson").read_text(encoding="utf-8"))
    assert sorted(f["properties"]["name"] for f in told["features"]) == sorted(names)
    assert len(names) == len(HOSTILE)


def test_no_table_holds_a_formula(published):
    _, folder = published
    tables = [*(folder / "out").rglob("*.csv"), *(folder / "inventory").rglob("*.csv")]
    assert len(tables) >= 4
    for table in tables:
        text = table.read_text(encoding="utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                assert not cell.strip(" ;").startswith(FORMULA_STARTS) or _is_number(cell), (
                    table.name,
                    cell,
                )


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_no_page_takes_a_text_for_markup(published):
    _, folder = published
    pages = [*(folder / "out").glob("*.html"), *(folder / "inventory").glob("*.html")]
    assert len(pages) >= 2
    for page in pages:
        parts = Parts(page.read_text(encoding="utf-8"))
        assert not {"img", "iframe", "form", "base"} & {tag for tag, _ in parts.tags}, page.name
        for tag, attributes in parts.tags:
            assert not [n for n in attributes if n.startswith("on") or n == "style"], (page, tag)
            assert not (attributes.get("href") or "").lower().startswith("javascript"), page
