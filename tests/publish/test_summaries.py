"""The index page of a folder of publications."""

from __future__ import annotations

import json

import pytest

import urbanlayer
from urbanlayer.publish import summaries

SUMMARY = {
    "drawing": '<path class="dot-1" fill-rule="evenodd" d="M1.0 2.0L3.0 4.0z"/>',
    "texts": {
        "en": {"name": "Toy", "neighbourhoods": "9", "indicators": "1", "date": "d", "notice": ""}
    },
}


def put(folder, name, card):
    path = folder / name / summaries.SUMMARY
    path.parent.mkdir(parents=True)
    path.write_text(card if isinstance(card, str) else json.dumps(card), encoding="utf-8")


def test_each_publication_is_named_in_the_order_of_the_folders(tmp_path):
    for name in ("tirana", "bar"):
        put(
            tmp_path,
            name,
            {**SUMMARY, "texts": {"en": {**SUMMARY["texts"]["en"], "name": name.title()}}},
        )
    page = summaries.index_html(tmp_path).decode("utf-8")
    assert page.index("bar/index.html") < page.index("tirana/index.html")
    assert "Bar" in page
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page


@pytest.mark.parametrize(
    "card",
    [
        "not json",
        "[]",
        {**SUMMARY, "drawing": '<path d=""/><script>alert(1)</script>'},
        {**SUMMARY, "drawing": '<path class="dot-1" fill-rule="evenodd" d="M0 0" onload="x"/>'},
        {**SUMMARY, "texts": {}},
        {**SUMMARY, "texts": {"en": {"name": 1}}},
    ],
)
def test_a_card_that_was_changed_is_left_out(tmp_path, card):
    put(tmp_path, "bad", card)
    put(tmp_path, "good", SUMMARY)
    page = summaries.index_html(tmp_path).decode("utf-8")
    assert "bad/index.html" not in page
    assert "good/index.html" in page


def test_what_else_there_is_of_a_city_is_led_to(tmp_path):
    for name in ("bar", "toy"):
        put(tmp_path, name, SUMMARY)
    (tmp_path / "bar" / "standards.html").write_text("x", encoding="utf-8")
    (tmp_path / "bar-inventory").mkdir()
    (tmp_path / "bar-inventory" / "index.html").write_text("x", encoding="utf-8")
    page = summaries.index_html(tmp_path).decode("utf-8")
    assert page.count('href="bar/standards.html"') == 1
    assert page.count('href="bar-inventory/index.html"') == 1
    assert "toy/standards.html" not in page
    assert page.count("State of the data") == 1


def test_a_name_with_markup_stays_text(tmp_path):
    texts = {"en": {**SUMMARY["texts"]["en"], "name": "<img src=x onerror=alert(1)>{{7*7}}"}}
    put(tmp_path, "toy", {**SUMMARY, "texts": texts})
    page = summaries.index_html(tmp_path).decode("utf-8")
    assert "<img src=x" not in page
    assert "49" not in page.split("card-text")[1]


def test_a_build_into_maps_brings_the_front_page_up_to_date(tmp_path, monkeypatch):
    from city_folder import write_city

    write_city(tmp_path)
    monkeypatch.chdir(tmp_path)
    built = urbanlayer.build("city.toml")
    page = (tmp_path / "maps/index.html").read_text(encoding="utf-8")
    assert f"{built.target.name}/index.html" in page
