"""Nothing is read that is not declared: a result rests on what its query says, and on no more."""

from __future__ import annotations

import dataclasses
import functools

import pydantic
import pytest
import toy
from watched import WatchedCity, WatchedNetwork

from urbanlayer import registry
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.indicators._custom import custom_indicator
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.custom import CustomSpec
from urbanlayer.model.network_query import (
    BufferQuery,
    EdgeQuery,
    JunctionQuery,
    NearestQuery,
    TransitQuery,
)
from urbanlayer.model.residents import Residents
from urbanlayer.network import evaluate as network_evaluation
from urbanlayer.network.reads import MODE, reads

CUSTOM = [
    {"kind": "share_of_area", "layer": "green"},
    {"kind": "share_of_area", "layer": "heat"},
    {"kind": "count_per_1000", "layer": "trees"},
    {"kind": "ratio", "numerator": {"layer": "trees"}, "denominator": {"layer": "residents"}},
    {"kind": "raster_mean", "layer": "heat"},
    {"kind": "raster_mean", "layer": "heat", "over": "residents"},
    {"kind": "coverage", "layer": "school", "distance_m": 300},
    {"kind": "nearest", "layer": "school"},
    {"kind": "field", "layer": "flood", "field": "value", "combine": "mean_over_area"},
    {"kind": "field", "layer": "flood", "field": "value", "combine": "mean_over_residents"},
    {"kind": "field", "layer": "flood", "field": "value", "combine": "sum"},
    {"kind": "change", "now": {"layer": "trees"}, "before": {"layer": "crashes"}, "as": "share"},
]
"""One table of each kind of a city's own indicators, as far as it reads something else."""


@functools.cache
def _city():
    """The toy city with water, entrances, barriers and hills: whatever may be read is there."""
    city = toy.city(toy.shapes(7), seed=7)
    box, point = toy.shapely.box, toy.shapely.Point
    x, y = toy.ORIGIN
    more = {
        "water": toy.layer("water", [box(x, y, x + 30, y + 30)], {}),
        "barriers": toy.layer("barriers", [point(x + 50, y + 100)], {"barrier": ["stile"]}),
        "entrances": toy.layer("entrances", [point(x + 108, y + 150)], {"entrance": ["yes"]}),
    }
    return dataclasses.replace(city, layers={**city.layers, **more})


def _own_indicators():
    for number, table in enumerate(CUSTOM):
        spec = pydantic.TypeAdapter(CustomSpec).validate_python(
            {"id": f"own_{number}", "title": "Own", **table}
        )
        yield custom_indicator(spec)


def _every_query():
    for indicator in (*registry.indicators().values(), *_own_indicators()):
        for query in indicator.queries():
            yield pytest.param(indicator, query, id=query.id)


@pytest.mark.parametrize("has_streets", [True, False])
@pytest.mark.parametrize(("indicator", "query"), [*_every_query()])
def test_an_indicator_reads_and_queries_what_it_declares(indicator, query, has_streets):
    city = _city() if has_streets else dataclasses.replace(_city(), streets=None)
    if indicator.missing(city, query):
        assert not has_streets  # whatever may be read is there
        return
    read, used = set(), set()
    asked = indicator.network_queries(query)
    network = WatchedNetwork(_network(asked, has_streets=has_streets), used)
    indicator.compute(WatchedCity(city, read), query, network)
    allowed = set(indicator.reads(query))
    allowed |= {"origins"} if "residents" in allowed else set()
    assert read <= allowed
    assert used <= set(asked)


@functools.cache
def _network(asked, *, has_streets):
    city = _city() if has_streets else dataclasses.replace(_city(), streets=None)
    return evaluate(city, asked).network


@pytest.mark.parametrize(
    "query",
    [
        NearestQuery("school"),
        NearestQuery("school", within_m=500.0),
        NearestQuery("school", "straight_line"),
        NearestQuery("school", "wheelchair", step_free=True),
        NearestQuery("school", "walk_slope", within_min=10.0),
        NearestQuery("green", min_area_m2=5000.0, public_only=True),
        BufferQuery(500.0),
        BufferQuery(500.0, "straight_line"),
        TransitQuery("school", 30.0, "capacity"),
        EdgeQuery(),
        JunctionQuery(12.0),
    ],
    ids=repr,
)
def test_a_network_query_reads_what_it_declares(query):
    read = set()
    network_evaluation.evaluate([query], WatchedCity(_city(), read))[query]()
    assert read <= set(reads(query, _city().modes))


def test_a_declared_mode_is_one_of_the_city():
    named = reads(NearestQuery("school", "cycle"), _city().modes)
    assert MODE + "cycle" in named


def test_a_digest_holds_every_part_of_the_residents():
    # A part that is added to the residents and not to their digest would be reused when it changed.
    kept = {"people", "neighbourhood", "groups", "deprivation", "xy", "second_source"}
    kept |= {"unknown", "group_unknown", "estimated", "alternatives"}
    told = {"source", "outside", "unallocated", "notes", "places_digest", "digest"}
    assert {field.name for field in dataclasses.fields(Residents)} == kept | told
    assert digest_of([1.0], "a") != digest_of([1.0, "a"])
