"""Low and high as the page shows them."""

from __future__ import annotations

import dataclasses
import json
import re

from made_city import make_publication, with_causes

from urbanlayer.publish.disclosure import city_people, disclosed
from urbanlayer.publish.figures.subject import subjects
from urbanlayer.publish.page import page
from urbanlayer.publish.page.result_records import result_records
from urbanlayer.publish.page.two_scripts import SPELLED
from urbanlayer.publish.words import Words


def test_the_page_says_where_low_and_high_come_from_in_each_of_its_languages():
    made = make_publication(languages=["en", "sq"])
    first, second, *others = made.results
    results = (
        with_causes(first, "threshold", "residents"),
        dataclasses.replace(second, low=None, high=None, ranges={}),
        *others,
    )
    written = page(dataclasses.replace(made, results=results))
    data, words = (
        json.loads(re.search(rf'id="{name}"[^>]*>(.*?)</script>', written, re.DOTALL)[1])
        for name in ("data", "words")
    )
    assert data["indicators"][0]["causes"] == ["threshold", "residents"]
    assert "causes" not in data["indicators"][1]
    for spoken in words.values():
        assert set(spoken["causes"]) == {"none", "residents", "threshold"}
        texts = [sentence for sentence in spoken["causes"].values() if sentence != SPELLED]
        assert all(" " in sentence for sentence in texts)


def test_a_range_on_the_page_is_never_narrower_than_it_is():
    made = make_publication()
    result = made.results[0]
    low = result.values.where(result.values.isna(), 0.4449)
    exact = result.values.where(result.values.isna(), 0.29)
    shown = result_records(dataclasses.replace(
        made, results=(dataclasses.replace(result, low=low, high=low + 0.1),
                       dataclasses.replace(result, low=exact, high=exact)),
    ))  # fmt: skip
    for record, (least, most) in zip(shown, ((44, 55), (29, 29)), strict=True):
        assert {*record["low"]} - {None} == {least}  # per cent
        assert {*record["high"]} - {None} == {most}


def test_the_city_has_its_own_low_and_high_not_those_of_its_neighbourhoods():
    """By a second source each neighbourhood is 20 points lower or higher, and the city by 1."""
    made = make_publication()
    result = with_causes(
        dataclasses.replace(
            made.results[0],
            low=made.results[0].values - 0.2,
            high=made.results[0].values + 0.2,
            city_low=made.results[0].city,
            city_high=made.results[0].city + 0.01,
        ),
        "residents",
    )
    shown = disclosed(dataclasses.replace(made, results=(result,))).results[0]
    total = city_people(made)
    assert shown.city_low == shown.ranges["residents"].city_low == shown.city
    assert 0 <= shown.city_high - shown.city < 0.01 + 22 / total + abs(shown.city - result.city)


def test_the_range_of_the_city_is_rounded_outwards_so_that_its_value_lies_within():
    """1.1458 reads 1.1: a range that begins at it begins at 1.1, not at 1.2 by way of 1.15."""
    made = make_publication()
    known = made.results[0].values.notna()
    result = dataclasses.replace(
        made.results[0], unit="z", values=made.results[0].values.where(~known, 1.1458),
        city=1.1458, city_low=1.1458, city_high=1.16,
    )  # fmt: skip
    (record,) = result_records(dataclasses.replace(made, results=(result,)))
    assert (record["decimals"], record["range"]) == (1, [1.1, 1.2])


def test_a_small_rate_is_written_as_its_multiple_everywhere():
    """0.0297 places per resident are 29.7 for each 1,000 residents."""
    made = make_publication()
    known = made.results[0].values.notna()
    result = dataclasses.replace(
        made.results[0], unit="places/resident", city=0.0297,
        values=made.results[0].values.where(~known, 0.0297),
        low=made.results[0].values.where(~known, 0.0291),
        high=made.results[0].values.where(~known, 0.0302),
    )  # fmt: skip
    one = subjects(dataclasses.replace(made, results=(result,)), Words.for_language("en"))[0]
    row = int(known.to_numpy().argmax())
    assert one.full(0.0297).replace("\u00a0", " ") in {
        "29.7 places per 1,000 residents", "30 places per 1,000 residents",
    }  # fmt: skip
    assert one.unit == "places per 1,000 residents"
    assert one.range_text(*one.ends(row)).replace(".0", "") in {"29–31", "29.1–30.2"}
