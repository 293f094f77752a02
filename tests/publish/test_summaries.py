"""The index page of a folder of publications."""

from __future__ import annotations

import json
import re

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


RECORD = {
    "of": ["coverage_within", "school", "walk", ""],
    "definition": {"distance_m": "800", "unit": "share", "method": "walk"},
    "value": 0.5,
    "higher_is_better": True,
    "class": 3,
    "dates": ["2025-01-01", "2026-01-01"],
    "complete": [[3, 4]],
    "figures": {"en": "50%"},
    "questions": {"en": "Who has a school within 800 m?"},
}


def compared(tmp_path, **changed):
    """The comparison of the cities Ada and Bar and of those that are named, as plain text."""
    for name, record in {
        "ada": {},
        "bar": {"value": 0.7, "figures": {"en": "70%"}},
        **changed,
    }.items():
        texts = {"en": {**SUMMARY["texts"]["en"], "name": name.title()}}
        put(tmp_path, name, {**SUMMARY, "texts": texts, "results": [{**RECORD, **record}]})
    page = summaries.index_html(tmp_path).decode("utf-8")
    _, found, section = page.partition('<section class="compared">')
    return re.sub(r"<[^>]*>", "|", section.partition("</section>")[0]) if found else ""


def test_cities_of_one_definition_have_ranks_dates_and_completeness(tmp_path):
    text = compared(tmp_path, low={"value": 0.5})
    assert "Who has a school within 800 m?" in text
    assert [text.index(f"|{name}|") for name in ("Bar", "Ada", "Low")] == sorted(
        text.index(f"|{name}|") for name in ("Bar", "Ada", "Low")
    )
    ranks = re.findall(r"\|\|(\d)\|\|\|", text)
    assert ranks == ["1", "2", "2"]  # equal as written, equal in rank
    assert "1 January 2025 – 1 January 2026" in text
    assert "3 / 4" in text


def test_lower_comes_first_where_lower_is_better(tmp_path):
    far = {"higher_is_better": False}
    text = compared(tmp_path, ada=far, bar={**far, "value": 0.7})
    assert text.index("|Ada|") < text.index("|Bar|")


def test_there_are_no_ranks_where_definitions_differ_and_it_is_said_which(tmp_path):
    other = {"distance_m": "500", "unit": "share", "method": "walk"}
    text = compared(tmp_path, cetinje={"definition": other})
    assert "Not comparable, since the definitions differ." in text
    assert "distance_m: 800 (Ada, Bar); 500 (Cetinje)" in text
    assert "Rank|" not in text


def test_one_city_is_not_compared_and_changed_records_are_left_out(tmp_path):
    put(tmp_path, "ada", {**SUMMARY, "results": [RECORD]})
    put(tmp_path, "bar", {**SUMMARY, "results": [{**RECORD, "value": "1"}]})
    put(tmp_path, "old", SUMMARY)
    assert 'class="compared"' not in summaries.index_html(tmp_path).decode("utf-8")
    assert compared(tmp_path / "more", evil={"figures": {"en": "<script>"}}).count("<script>") == 0
