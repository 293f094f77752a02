"""Who lives near the edge of the data may be better served than shown."""

import dataclasses

import numpy as np
import pytest
import shapely
import toy
from pyproj import Transformer

from urbanlayer import registry
from urbanlayer.network.edge_of_data import metres_to_edge


def answer(distance_m, found=None):
    indicator = registry.indicators()["coverage_within"]
    (one,) = indicator.params(services={"kindergarten": distance_m}).queries()
    city = toy.city(found)
    return toy.result(indicator, one, city)


def test_the_unserved_within_the_distance_of_the_last_street_are_told():
    # Streets end at 0 and 1,200 m; homes stand at 250, 650 or 1,050 m east and 210, 610 or 1,010 m
    # north. Within 240 m of the edge: all of the lowest row (210 m) and of the uppermost (190 m),
    # and Q8 of the middle one (150 m). Q7 (60 m) is served.
    result = answer(240)
    assert result.edge_effect["Q7"] == 0
    assert result.edge_effect[["Q4", "Q9", "Q8", "Q6", "Q5"]].tolist() == [60, 30, 40, 20, 80]
    assert result.edge_effect[["Q1", "Q3"]].tolist() == [0, 0]  # 250 m and 550 m from any edge
    # Within 190 m: the uppermost row and Q8, and Q9 (150 m east).
    assert answer(190).edge_effect[["Q4", "Q9", "Q8", "Q6", "Q5"]].tolist() == [0, 30, 40, 20, 80]


def test_streets_beyond_the_border_move_the_edge_away():
    found = toy.shapes()
    lines, columns = found["streets"]
    ring = shapely.LineString(shapely.box(-2000, -2000, 3200, 3200).exterior.coords)
    more = {name: [*values, values[0]] for name, values in columns.items()}
    result = answer(240, {**found, "streets": ([*lines, ring], more)})
    assert result.edge_effect.sum() == 0


def test_a_shore_inside_the_box_that_the_streets_were_asked_for_is_no_edge():
    # A box whose western side lies 50 m west of the city's, whose others are far: within 320 m of
    # it lives the western column (250 + 50 m east of it), and nobody else.
    west, south = (at - 50 for at in toy.ORIGIN)
    up = Transformer.from_crs(toy.CRS, "EPSG:4326", always_xy=True)
    at_home = up.transform(west, toy.ORIGIN[1] + 600)[0]
    lon, lat = up.transform(west, south)
    city = toy.city()
    streets = city.layers["streets"]
    asked_for = (at_home, lat - 0.1, lon + 0.1, lat + 0.1)
    told = dataclasses.replace(streets.provenance, window=asked_for)
    layers = {**city.layers, "streets": dataclasses.replace(streets, provenance=told)}
    city = dataclasses.replace(city, layers=layers)
    keys = city.neighbourhoods.keys[city.residents.neighbourhood]
    assert set(keys[metres_to_edge(city) <= 320]) == {"Q7", "Q1", "Q2"}
    assert not (metres_to_edge(city) <= 280).any()


def test_without_streets_the_neighbourhoods_are_all_that_is_known():
    city = dataclasses.replace(toy.city(), streets=None)
    assert (metres_to_edge(city) <= 149).sum() == 0
    assert (metres_to_edge(city) <= 150).sum() == 3  # the eastern column


def test_the_table_and_the_page_tell_it():
    from toy_publication import publication

    from urbanlayer.publish.data.tables import indicators_csv
    from urbanlayer.publish.page import vocabulary
    from urbanlayer.publish.words import Words

    made = publication(coverage_within={"services": {"kindergarten": 240}})
    lines = indicators_csv(made).decode("utf-8-sig").splitlines()
    at = lines[0].split(",").index("edge_effect")
    assert lines[1].split(",")[at] == "230"
    records = vocabulary._indicators(made, Words.for_language("en"))
    (told,) = [record["edge"] for record in records if "edge" in record]
    assert "230 of those who are not served live near the edge of the data" in told


def test_an_indicator_of_the_city_s_own_tells_it_too():
    from urbanlayer.indicators._custom import custom_indicator
    from urbanlayer.model.custom import FacilityCoverage

    own = custom_indicator(
        FacilityCoverage(id="own", kind="coverage", title="x", layer="kindergarten", distance_m=240)
    )
    (one,) = own.params().queries()
    result = toy.result(own, one, toy.city())
    assert result.edge_effect.sum() == pytest.approx(230)
    assert np.isfinite([result.threshold.city_low, result.threshold.city_high]).all()
