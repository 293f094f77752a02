"""Standards as profiles: every item is what its source says, and every line is accounted for."""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter

import numpy as np
import pydantic
import pytest
import shapely
import toy
from toy_publication import publication

from urbanlayer import registry
from urbanlayer.cityfile.queries import (
    indicator_of_item,
    queries_of_item,
)
from urbanlayer.locales import languages
from urbanlayer.model.specification import CitySpec
from urbanlayer.publish import standards as table
from urbanlayer.publish.data.standards_table import standards_csv
from urbanlayer.publish.standards_page import standards_page
from urbanlayer.publish.words import Words

ALL = list(registry.standards())


def test_the_profiles_of_the_city_file_are_there():
    assert set(ALL) == {
        "who-green", "3-30-300", "15-minute", "sdg-11", "ghsci", "iso-37120", "iso-37122", "u4ssc",
    }  # fmt: skip


def test_u4ssc_has_ninety_one_indicators_of_which_twenty_eight_are_spatial():
    # 45 of economy, 17 of environment, 29 of society and culture
    # (Collection methodology for KPIs for smart sustainable cities, 2017).
    items = registry.standards()["u4ssc"].items
    assert len({item.code for item in items}) == len(items) == 91
    assert sum(item.spatial for item in items) == 28
    assert Counter(item.code[:2] for item in items) == {"EC": 45, "EN": 17, "SC": 29}
    assert {item.code[-1] for item in items} == {"C", "A"}  # core and advanced


@pytest.mark.parametrize("name", ALL)
def test_what_a_standard_asks_is_understood_by_the_indicator_that_answers_it(name):
    for item in registry.standards()[name].items:
        indicator = indicator_of_item(item, registry.indicators())
        if indicator is not None:
            assert queries_of_item(item, indicator), item.code
        if item.unread or not item.spatial:
            assert (item.indicator, dict(item.custom), item.layers) == ("", {}, ()), item.code


@pytest.mark.parametrize("name", ALL)
def test_every_spatial_item_names_an_indicator_that_is_there_and_the_layers_it_takes(name):
    for item in registry.standards()[name].items:
        if item.spatial and not item.unread:
            assert indicator_of_item(item, registry.indicators()), item.code
            assert item.layers, item.code


def test_every_item_is_answered_answerable_or_not_spatial():
    made = publication("who-green", "u4ssc", green_access_who={"target": 0.4})
    rows = table.rows(made)
    who = [row for row in rows if row.standard == "who-green"]
    assert [(row.status, row.target) for row in who] == [("answered", 0.4)] * 2
    assert who[0].value == next(r.city for r in made.results if r.id == who[0].result)
    assert who[0].met == (who[0].value >= 0.4)
    live = next(row for row in rows if row.code == "EC: ICT: T: 1C")
    assert live.status == "answerable"
    assert live.add == ("stop_live",)
    assert Counter(row.status for row in rows if row.standard == "u4ssc")["not-spatial"] == 63
    assert {row.code for row in rows if row.standard == "u4ssc"} == {
        item.code for item in registry.standards()["u4ssc"].items
    }


def test_a_standard_is_not_answered_by_the_city_s_other_distance():
    made = publication("u4ssc", coverage_within={"services": {"stop": 900}})
    (row,) = [row for row in table.rows(made) if row.code == "EC: I: T: 2A"]
    assert row.result == "coverage_within.stop.500"


def test_a_profile_names_what_the_city_asks_already_only_once():
    made = publication("who-green", green_access_who={})
    assert [r.id for r in made.results if r.indicator == "green_access_who"] == [
        "green_access_who.300.0.5",
        "green_access_who.straight_line.300.0.5",
    ]


def test_what_a_standard_leaves_open_is_as_the_city_says():
    item = next(i for i in registry.standards()["3-30-300"].items if i.code == "300")
    indicator = indicator_of_item(item, registry.indicators())
    (query,) = queries_of_item(item, indicator, {"min_area_ha": 0.5})
    assert query["min_area_ha"] == 0.5
    who = registry.standards()["who-green"].items[0]
    green = indicator_of_item(who, registry.indicators())
    (query,) = queries_of_item(who, green, {"distance_m": 900})
    assert query["distance_m"] == 300  # the standard's own number


def test_the_table_has_a_line_for_each_row():
    made = publication("sdg-11")
    text = standards_csv(made).decode("utf-8-sig")
    assert text.startswith("standard,edition,code,title,status,indicator,answer,value,unit,target")
    assert text.count("\r\n") == 1 + len(table.rows(made))


def test_counts_add_up_to_the_items():
    made = publication("u4ssc", "sdg-11")
    assert {name: sum(told.values()) for name, told in table.counts(made).items()} == {
        "u4ssc": 91,
        "sdg-11": 16,
    }


def test_what_could_not_be_read_in_a_standard_is_neither_answered_nor_called_not_spatial():
    made = publication("iso-37122")
    unread = [row for row in table.rows(made) if row.status == "not-read"]
    assert {row.code for row in unread} == {"18.3", "20.3", "21.4"}
    assert all(row.paraphrase and np.isnan(row.value) and not row.add for row in unread)
    document = standards_page(made)
    assert document.count("its definition could not be read in the standard") == 3
    assert "0 not spatial; 3 whose definition could not be read" in document
    assert "Its text could not be read, only what these clauses are about." in document


@pytest.mark.parametrize("code", languages())
def test_the_layers_of_a_standard_and_what_is_said_of_it_have_words_in_every_language(code):
    words = Words.for_language(code)
    standards = registry.standards().values()
    roles = {role for standard in standards for item in standard.items for role in item.layers}
    keys = {f"role.{role}.{many}" for role in roles for many in ("many", "one")}
    keys -= {key for key in keys if words.has(f"group.{key.split('.')[1]}")}
    keys |= {f"standards.remark.{s.remark}" for s in standards if s.remark}
    assert sorted(key for key in keys if not words.has(key)) == []


def test_live_air_stations_on_each_km2():
    # Two stations in 1.44 km² of toy city.
    item = next(i for i in registry.standards()["iso-37122"].items if i.code == "8.2")
    indicator = indicator_of_item(item, registry.indicators())
    stations = toy.layer("air_station", [shapely.Point(210, 110), shapely.Point(900, 900)], {})
    moved = stations.frame.set_geometry(stations.frame.geometry.translate(*toy.ORIGIN))
    city = toy.city()
    layers = {**city.layers, "air_station": dataclasses.replace(stations, frame=moved)}
    city = dataclasses.replace(city, layers=layers)
    (query,) = queries_of_item(item, indicator)
    assert toy.result(indicator, query, city).city == pytest.approx(2 / 1.44)
    assert indicator.source == "ISO 37122, Indicators for smart cities, 8.2"


def test_a_standard_is_frozen():
    (item, *_) = registry.standards()["who-green"].items
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.code = "x"
    with pytest.raises(pydantic.ValidationError):
        CitySpec.model_validate({"custom_indicator": [{"kind": "nonsense"}]})


def test_the_page_of_standards_says_every_item_and_runs_no_script():
    made = publication("u4ssc", "who-green", green_access_who={"target": 0.4})
    document = standards_page(made)
    for item in registry.standards()["u4ssc"].items:
        assert f">{item.code}</th>" in document
    assert document.count("<tr ") == len(table.rows(made))
    assert "not spatial: a ledger, a meter or a survey" in document
    assert "answerable with: Stops with live information" in document
    # WHO's brief has no titles for its figures; the standard's own words carry no mark.
    assert "within 300 m of home*</td>" in document
    assert "Household Internet Access</td>" in document
    assert "* Worded by us" in document
    assert "<script" not in document
    assert "default-src 'none'" in document


def test_hostile_text_of_a_city_stays_text_on_the_page_of_standards():
    made = publication("who-green")
    spec = made.spec.model_copy(update={"name": "<script>alert(1)</script>"})
    document = standards_page(dataclasses.replace(made, spec=spec))
    assert "<script" not in document
    assert "&lt;script&gt;alert(1)" in document


def test_titles_of_ours_are_told_apart_from_those_of_the_standard():
    standards = registry.standards()
    ours = {name: sum(item.paraphrase for item in s.items) for name, s in standards.items()}
    assert ours["sdg-11"] == ours["iso-37120"] == 0
    assert ours["u4ssc"] == 1  # open listings differ on the emergency services
    assert ours["who-green"] == len(standards["who-green"].items)
    made = publication("u4ssc", "who-green")
    lines = standards_csv(made).decode("utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines))
    assert {row["paraphrase"] for row in rows if row["standard"] == "who-green"} == {"yes"}
    assert sum(row["paraphrase"] == "yes" for row in rows if row["standard"] == "u4ssc") == 1
