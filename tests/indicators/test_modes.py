"""How people get there: indicators asked for other profiles than walking, by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import toy

from urbanlayer import registry
from urbanlayer.cityfile.queries import query_errors, requested_queries
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.publication import Publication
from urbanlayer.model.specification import CitySpec
from urbanlayer.model.travel_modes import travel_modes
from urbanlayer.publish.connectivity import on_page, streets_of
from urbanlayer.publish.data.connectivity_table import not_connected_csv
from urbanlayer.publish.data.tables import indicators_csv
from urbanlayer.publish.disclosure import disclosed_notes
from urbanlayer.publish.page.vocabulary import vocabulary
from urbanlayer.publish.query_text import parameters_of
from urbanlayer.publish.record import notes_of
from urbanlayer.publish.worded_notes import in_english

BASE = {
    "id": "toy", "name": "Toy", "crs": toy.CRS, "as_of": "2026-06-30",
    "layers": {"neighbourhoods": {"path": "x"}},
    "modes": {"pram": {"speed_kmh": 3.6, "closed": {"surface": "gravel"},
                          "title": "with a {pram}"}},
}  # fmt: skip


def city():
    """The toy city, whose street along y = 200 is of gravel."""
    found = toy.shapes()
    lines, columns = found["streets"]
    gravel = ["gravel" if line.bounds[1] == line.bounds[3] == 200 else None for line in lines]
    found["streets"] = lines, {**columns, "surface": gravel}
    return toy.city(found)


def asked(**tables):
    spec = CitySpec.model_validate({**BASE, "indicators": tables})
    indicators = registry.indicators()
    assert list(query_errors(spec, indicators, {})) == []
    queries = requested_queries(spec, indicators, {})
    made = dataclasses.replace(city(), modes=travel_modes(spec.modes))
    answers = evaluate(made, queries)
    return spec, made, answers.results


def test_coverage_by_wheelchair_goes_round_the_gravel():
    ways = ["walk", "wheelchair", "pram"]
    _, _, results = asked(coverage_within={"services": {"kindergarten": 460}, "modes": ways})
    # The kindergarten lies at (200, 200). On foot 60 m from Q7, 460 m from Q4 and Q1; round the
    # street of gravel Q4 is at 50 + 90 + 400 + 100 m.
    walked, rolled, pushed = results
    assert walked.city == pytest.approx(270 / 450)
    assert rolled.city == pushed.city == pytest.approx(210 / 450)
    assert rolled.id == "coverage_within.kindergarten.460.wheelchair"
    assert walked.id == "coverage_within.kindergarten.460"
    assert parameters_of(rolled) == "distance_m=460;mode=wheelchair"
    assert rolled.method == "wheelchair"


def test_minutes_are_those_of_each_profile():
    # Q4's home at (650, 210): 460 m on foot at 80 m a minute; 640 m with a pram at 60
    ways = {"services": ["kindergarten"], "modes": ["walk", "pram", "cycle"]}
    _, _, results = asked(nearest_facility_min=ways)
    assert [result.values["Q4"] for result in results] == pytest.approx([5.75, 640 / 60, 460 / 250])
    needs = {"categories": {"learning": ["kindergarten"]}, "modes": ["pram"]}
    _, _, timed = asked(city15_time=needs, city15_count={**needs, "minutes": 10})
    assert [timed[0].values["Q4"], timed[1].values["Q4"]] == pytest.approx([640 / 60, 0.0])
    _, _, several = asked(city15_time={**needs, "nearest": 2, "cap_min": 20})
    assert several[0].values["Q4"] == pytest.approx((640 / 60 + 20) / 2)  # there is but one


def test_what_is_within_minutes_is_so_by_the_speed_of_each_profile():
    # The kindergarten's 45 places, within 8 minutes: 640 m on foot, from Q7, Q4 and Q1 at 60, 460
    # and 460 m; 480 m with a pram, from Q7 and Q1, since Q4's way round the gravel is 640 m.
    ways = {"services": ["kindergarten"], "minutes": [8], "modes": ["walk", "pram", "cycle"]}
    _, _, (walked, pushed, ridden) = asked(sfca_access={**ways, "weights": [1]})
    assert walked.values["Q4"] == pytest.approx(45 / 270)
    assert [pushed.values["Q1"], pushed.values["Q4"]] == pytest.approx([45 / 210, 0])
    assert ridden.values["Q5"] == pytest.approx(45 / 450)  # 1,660 m, 6.64 minutes by bicycle
    assert ridden.id == "sfca_access.kindergarten.8.cycle"
    _, _, counted = asked(cumulative_opportunities=ways)
    assert [one.values["Q4"] for one in counted] == [1, 0, 1]
    fading = {"services": ["kindergarten"], "modes": ["walk", "pram", "cycle"]}
    _, _, near = asked(hansen_access={**fading, "beta_per_min": 0.1})
    minutes = np.array([460 / 80, 640 / 60, 460 / 250])
    assert [one.values["Q4"] for one in near] == pytest.approx(np.exp(-minutes / 10))


def test_green_and_daily_living_go_round_what_is_closed():
    # Food market, shop and stop lie at (200, 200): 460 m from Q4 on foot, 640 m with a pram
    _, _, daily = asked(daily_living_score={"distance_m": 500, "modes": ["walk", "pram"]})
    assert [one.values["Q4"] for one in daily] == [3, 0]
    # The park ends at (192, 192); at (198, 200) the street is 10 m from it, and leads into it: from
    # Q4's home at (650, 210) 10 + 452 + 10 m on foot, and over 500 m round the gravel
    green = {"distance_m": 473, "min_area_ha": 0.5, "modes": ["walk", "pram"]}
    _, _, both = asked(green_300=green, green_access_who=green)
    assert [one.values["Q4"] for one in both] == [1, 0, 1, 0, 1]
    assert [(one.variant, one.mode) for one in both[2:]] == [
        ("", "walk"), ("", "pram"), ("straight_line", "walk"),
    ]  # fmt: skip


def test_stops_and_a_citys_own_coverage_are_asked_by_profile():
    ways = ["walk", "pram"]
    _, _, stops = asked(
        sdg_11_2_1={"modes": ways, "low_m": 460, "high_m": 460},
        transit_freq_access={"modes": ways, "walk_m": 460, "minutes": [30]},
    )
    assert [one.city for one in stops] == pytest.approx([270 / 450, 210 / 450] * 2)


def test_an_own_indicator_goes_by_profile_and_refuses_one_that_nobody_described():
    table = {"id": "nursery", "kind": "coverage", "layer": "kindergarten", "distance_m": 460,
             "title": "Nursery"}  # fmt: skip
    layers = {**BASE["layers"], "kindergarten": {"path": "x"}}
    told = {**BASE, "layers": layers, "residents": {"from": ["census"]}}
    spec = CitySpec.model_validate(
        {**told, "custom_indicator": [{**table, "modes": ["walk", "pram"]}]}
    )
    assert list(query_errors(spec, {}, {})) == []
    queries = requested_queries(spec, {}, {})
    made = dataclasses.replace(city(), modes=travel_modes(spec.modes))
    results = evaluate(made, queries).results
    assert [one.city for one in results] == pytest.approx([270 / 450, 210 / 450])
    spec = CitySpec.model_validate({**told, "custom_indicator": [{**table, "modes": ["prem"]}]})
    (fault,) = query_errors(spec, {}, {})
    assert fault == (("custom_indicator", 0, "modes"), "no mode 'prem'; did you mean 'pram'?")


def test_an_unknown_profile_is_told_with_the_nearest():
    table = {"modes": ["wheelchiar"]}
    spec = CitySpec.model_validate({**BASE, "indicators": {"coverage_within": table}})
    (fault,) = query_errors(spec, registry.indicators(), {})
    assert fault == (
        ("indicators", "coverage_within", "modes"),
        "no mode 'wheelchiar'; did you mean 'wheelchair'?",
    )


def published(**tables):
    spec, made, results = asked(**tables)
    indicators = {result.indicator: registry.indicators()[result.indicator] for result in results}
    return Publication(spec=spec, city=made, results=results, indicators=indicators)


def test_page_and_tables_say_how_people_get_there():
    publication = published(
        coverage_within={"services": {"kindergarten": 460}, "modes": ["walk", "cycle", "pram"]}
    )
    words = vocabulary(publication)["en"]
    titles = [record["title"] for record in words["indicators"]]
    # braces of a city file are no placeholders
    assert titles == ["Kindergarten", "Kindergarten, by bicycle", "Kindergarten, with a (pram)"]
    assert "within 460\u00a0m by bicycle" in words["indicators"][1]["definition"]
    assert "with a (pram)" in words["methods"]["pram"]
    assert b"distance_m=460;mode=pram" in indicators_csv(publication)


def test_people_and_facilities_off_the_streets_are_counted_and_listed():
    made = city()
    far = [toy._placed(shape, (0.0, 0.0), 0.0) for shape in [toy.shapely.Point(-300, 0)]]
    library = toy.layer("library", [*made.layers["library"].frame.geometry, *far], {})
    xy = made.residents.xy.copy()
    xy[0] = np.array(toy.ORIGIN) - 1000
    made = dataclasses.replace(
        made,
        layers={**made.layers, "library": library},
        residents=dataclasses.replace(made.residents, xy=xy),
    )
    spec = CitySpec.model_validate({**BASE, "indicators": {"nearest_facility_m":
                                                           {"services": ["library"]}}})  # fmt: skip
    queries = requested_queries(spec, registry.indicators(), {})
    network = evaluate(made, queries).network
    told = list(in_english(notes_of(made, network, ())))
    off = "Outside the city and away from its streets, so that they serve nobody: 1 of 2 (l1)."
    assert any("library" in text and off in text for text in told)
    far = "90 residents live farther than 200\N{NO-BREAK SPACE}m from any street and reach nothing."
    assert any(text.endswith(far) for text in told)
    publication = Publication(spec=spec, city=made, results=(), indicators={}, network=network)
    assert b"library,l1,walk,200,outside the city" in not_connected_csv(publication)
    page = on_page(publication)
    # published counts of the city go to the nearest twenty
    assert (page["far"], page["cut"], page["all"]) == (100, None, False)
    assert page["off"] == []
    assert page["outside"] == [["library", 1, 2]]
    assert page["joins"][0] == 1.0
    assert streets_of(publication)["not_connected"] == {}
    assert streets_of(publication)["outside_city"] == {"library (walk)": ["l1"]}


def with_an_island():
    """The toy city with a street of 370 m that is joined to no other, and a library on it."""
    found = toy.shapes()
    lines, columns = found["streets"]
    turns = [(x, y) for y in range(720, 781, 20) for x in ((720, 780) if y % 40 else (780, 720))]
    island = toy.shapely.LineString([*turns, (780, 790), (720, 790)])
    found["streets"] = (
        [*lines, island],
        {name: [*values, False] for name, values in columns.items()},
    )
    library, _ = found["library"]
    on_island = toy.shapely.Point(750, 740)
    found["library"] = [*library, on_island], {"capacity": [50.0, 70.0]}
    return toy.city(found)


def test_a_facility_on_streets_that_are_joined_to_nothing_is_reported():
    made = with_an_island()
    spec = CitySpec.model_validate({**BASE, "indicators": {"nearest_facility_m":
                                                           {"services": ["library"]}}})  # fmt: skip
    network = evaluate(made, requested_queries(spec, registry.indicators(), {})).network
    told = list(in_english(notes_of(made, network, ())))
    cut = "On streets that are not connected to the rest, so that they cannot be reached from there"
    assert any("library" in text and f"{cut}: 1 of 2 (l1)." in text for text in told)
    places = "Capacity that residents on the connected streets cannot reach: 70 of 120 places."
    assert any("library" in text and places in text for text in told)
    publication = Publication(spec=spec, city=made, results=(), indicators={}, network=network)
    row = b"library,l1,walk,200,in the city,on streets not connected to the rest"
    assert row in not_connected_csv(publication)
    page = on_page(publication)
    assert (page["islands"], page["off"], page["outside"]) == ([["library", 1, 2]], [], [])
    assert page["capacity"] == [["library", 70, 120]]
    assert streets_of(publication)["cut_off"] == {"library (walk)": ["l1"]}


def test_of_a_layer_that_is_not_shown_neither_keys_nor_capacity_are_told():
    made = with_an_island()
    spec = CitySpec.model_validate({**BASE, "indicators": {}})
    publication = Publication(spec=spec, city=made, results=(), indicators={})
    names = Note.of("destinations-cut-off", count=1, total=2, names=Listing.of(["l1"]))
    notes = [
        Note.of("of-layer", layer="library", note=note)
        for note in (names, Note.of("capacity-cut-off", capacity=70, total=120))
    ]
    shown = in_english(disclosed_notes(notes, publication))
    assert len(shown) == 1
    assert "1 of 2" in shown[0]
    assert "l1" not in shown[0]


def test_what_is_measured_is_never_under_the_straight_line_and_at_most_a_tenth_more():
    _, _, (metres, minutes) = asked(
        nearest_facility_m={"services": ["kindergarten"]},
        nearest_facility_min={"services": ["kindergarten"]},
    )
    # Q4: from (650, 210) to (200, 200), 460 m along streets; Q5: (1050, 1010), 50 + 10 + 800 + 800
    straight = np.hypot(450, 10)
    assert metres.values["Q4"] == pytest.approx(460)
    assert metres.values["Q5"] == pytest.approx(1660)
    measured = metres.ranges["measured"]
    assert measured.low["Q4"] == pytest.approx(straight)  # 10 % less would be 414
    assert measured.high["Q4"] == pytest.approx(506)
    assert measured.low["Q5"] == pytest.approx(1494)
    measured = minutes.ranges["measured"]
    assert measured.low["Q4"] == pytest.approx(straight / 80)
    assert measured.high["Q4"] == pytest.approx(506 / 80)


def test_low_of_who_is_not_connected_is_the_straight_line_and_high_the_cap():
    made = city()
    xy = made.residents.xy.copy()
    xy[0] = np.array(toy.ORIGIN) + np.array(
        [-1000, 200]
    )  # Q7's people, 1,200 m west of the kindergarten
    made = dataclasses.replace(made, residents=dataclasses.replace(made.residents, xy=xy))
    tables = {"nearest_facility_m": {"services": ["kindergarten"]}}
    spec = CitySpec.model_validate({**BASE, "indicators": tables})
    queries = requested_queries(spec, registry.indicators(), {})
    (metres,) = evaluate(made, queries).results
    hood = made.residents.neighbourhood[0]
    found = [one.iloc[hood] for one in (metres.low, metres.values, metres.high)]
    assert found == pytest.approx([1200, 5000, 5000])


def test_time_to_daily_needs_has_low_and_high_within_its_cap():
    needs = {"categories": {"learning": ["kindergarten"]}, "cap_min": 6}
    # The second does not exist: the cap, in low and high too. Both are pairs within the cap, of
    # which the way to the street is not varied; the one nearest may have its door on the street.
    for nearest, low_m in ((1, 450), (2, 460)):
        _, _, (result,) = asked(city15_time={**needs, "nearest": nearest})
        # Q4 at 460 m: 5.75 minutes; Q5 at 1,660 m: the cap
        ends = (0.9 * low_m / 80, 5.75, 6.0)
        low, value, high = ((ours + 6 * (nearest - 1)) / nearest for ours in ends)
        found = (result.low["Q4"], result.values["Q4"], result.high["Q4"])
        assert found == pytest.approx((low, value, high))
        assert result.low["Q5"] == result.high["Q5"] == pytest.approx(6)
