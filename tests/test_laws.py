"""The laws of every indicator, over the whole registry, on random toy cities.

An indicator added to the registry is tested here with no new test file; its kind says which laws
hold for it.
"""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
import toy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from urbanlayer import registry
from urbanlayer.model.indicator import Ask, Indicator, Kind

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.result import Result

OVER_RESIDENTS = {Kind.SHARE_OF_RESIDENTS, Kind.MEAN_OVER_RESIDENTS}
seeds = st.integers(0, 10_000)
few = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def asks() -> list[Any]:
    """Every ask of every indicator's default table."""
    return [
        pytest.param(indicator, ask, id=f"{indicator.id}-{ask.variant}")
        for indicator in registry.indicators().values()
        for ask in indicator.params().asks()
    ]


every_ask = pytest.mark.parametrize(("indicator", "ask"), asks())


def answered(indicator: Indicator, ask: Ask, found: toy.Shapes, **how: Any) -> tuple[City, Result]:
    city = toy.city(found, questions=indicator.questions(ask), **how)
    assert not indicator.missing(city, ask), "the toy city must have every layer that is asked of"
    return city, indicator.ask(city, ask, {})


def assert_same(one: Result, other: Result, tolerance: float = 1e-6) -> None:
    pd.testing.assert_series_equal(one.values, other.values, rtol=tolerance, atol=tolerance)
    assert one.city == pytest.approx(other.city, rel=tolerance, abs=tolerance, nan_ok=True)


@every_ask
@given(seed=seeds)
@few
def test_answers_are_for_the_same_neighbourhoods_within_bounds(indicator, ask, seed):
    city, result = answered(indicator, ask, toy.shapes(seed))
    assert list(result.values.index) == sorted(toy.KEYS) == list(city.neighbourhoods.keys)
    least, greatest = indicator.bounds
    known = result.values.dropna()
    assert known.between(least, greatest).all()
    if result.low is not None and result.high is not None:
        low, high = result.low.dropna(), result.high.dropna()
        assert (low <= known[low.index] + 1e-12).all()
        assert (high >= known[high.index] - 1e-12).all()


@every_ask
@given(seed=seeds, east=st.floats(-3000, 3000), north=st.floats(-3000, 3000))
@few
def test_moving_the_whole_city_changes_nothing(indicator, ask, seed, east, north):
    _, here = answered(indicator, ask, toy.shapes(seed))
    _, there = answered(indicator, ask, toy.shapes(seed), moved=(east, north))
    assert_same(here, there)


@every_ask
@given(seed=seeds, degrees=st.floats(1, 359))
@few
def test_turning_the_whole_city_changes_nothing(indicator, ask, seed, degrees):
    _, here = answered(indicator, ask, toy.shapes(seed))
    _, there = answered(indicator, ask, toy.shapes(seed), turned_deg=degrees)
    assert_same(here, there)


@every_ask
@given(seed=seeds, order=seeds)
@few
def test_the_order_of_the_features_changes_nothing(indicator, ask, seed, order):
    _, here = answered(indicator, ask, toy.shapes(seed))
    _, there = answered(indicator, ask, toy.shapes(seed), shuffled=order)
    assert_same(here, there)


@every_ask
def test_asking_changes_nothing_in_the_city(indicator, ask):
    city = toy.city(toy.shapes(1), questions=indicator.questions(ask))
    before = copy.deepcopy({role: layer.frame for role, layer in city.layers.items()})
    people = pickle.dumps(city.residents)
    indicator.ask(city, ask, {})
    for role, frame in before.items():
        pd.testing.assert_frame_equal(frame, city.layers[role].frame)
    assert pickle.dumps(city.residents) == people


@every_ask
@given(seed=seeds)
@few
def test_a_neighbourhood_without_residents_has_no_answer_and_says_why(indicator, ask, seed):
    _, result = answered(indicator, ask, toy.shapes(seed))
    if indicator.kind is Kind.DENSITY:
        assert result.values["Q2"] == 0  # nobody lives there: measured, none
    else:
        assert np.isnan(result.values["Q2"])
        assert result.reasons["Q2"] == "no-residents"
    assert set(result.reasons) == set(result.values.index[result.values.isna()])


@every_ask
@given(seed=seeds)
@few
def test_people_weighted_parts_give_the_whole(indicator, ask, seed):
    city, result = answered(indicator, ask, toy.shapes(seed))
    if indicator.kind not in OVER_RESIDENTS:
        pytest.skip(f"a {indicator.kind.value} is no mean over residents")
    people = city.residents.per_neighbourhood(len(city.neighbourhoods))
    known = result.values.notna().to_numpy()
    whole = np.average(result.values[known], weights=people[known])
    assert result.city == pytest.approx(whole, rel=1e-9)


@every_ask
@given(seed=seeds)
@few
def test_cutting_a_park_in_two_changes_nothing(indicator, ask, seed):
    found = toy.shapes(seed)
    (park, *others), columns = found["green"]
    west, south, east, north = park.bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    cut = {**found, "green": ([*halves, *others], {"public": [True, *columns["public"]]})}
    _, before = answered(indicator, ask, found)
    _, after = answered(indicator, ask, cut)
    assert_same(before, after)


@every_ask
@given(seed=seeds, at=st.floats(0.01, 0.99))
@few
def test_cutting_a_street_at_a_point_changes_nothing(indicator, ask, seed, at):
    found = toy.shapes(seed)
    (street, *others), columns = found["streets"]
    length = street.length
    halves = [
        shapely.ops.substring(street, 0, at * length),
        shapely.ops.substring(street, at * length, length),
    ]
    longer = {name: [values[0], *values] for name, values in columns.items()}
    cut = {**found, "streets": ([*halves, *others], longer)}
    _, before = answered(indicator, ask, found)
    _, after = answered(indicator, ask, cut)
    assert_same(before, after)


@every_ask
@given(seed=seeds, further=st.floats(1, 3))
@few
def test_a_wider_threshold_never_lowers_a_share(indicator, ask, seed, further):
    if "distance_m" not in ask.parameters or indicator.kind is not Kind.SHARE_OF_RESIDENTS:
        pytest.skip("has no threshold")
    numbers = {**ask.parameters, "distance_m": ask.parameters["distance_m"] * further}
    wider = Ask(ask.variant, numbers, ask.needs)
    found = toy.shapes(seed)
    _, near = answered(indicator, ask, found)
    _, far = answered(indicator, wider, found)
    assert (far.values.dropna() >= near.values.dropna() - 1e-12).all()


@every_ask
@given(seed=seeds, x=st.floats(0, 1200), y=st.floats(0, 1200))
@few
def test_a_facility_more_never_lowers_a_share(indicator, ask, seed, x, y):
    if not ask.needs or indicator.kind is not Kind.SHARE_OF_RESIDENTS:
        pytest.skip("asks of no service")
    service = ask.needs[0]
    found = toy.shapes(seed)
    points, columns = found[service]
    more = {
        **found,
        service: ([*points, shapely.Point(x, y)], {"name": [*columns["name"], "one more"]}),
    }
    _, before = answered(indicator, ask, found)
    _, after = answered(indicator, ask, more)
    assert (after.values.dropna() >= before.values.dropna() - 1e-12).all()


@every_ask
@given(seed=seeds)
@few
def test_on_foot_never_serves_more_than_the_straight_line(indicator, ask, seed):
    if not ask.needs or indicator.kind is not Kind.SHARE_OF_RESIDENTS:
        pytest.skip("asks of no service")
    found = toy.shapes(seed)
    _, on_foot = answered(indicator, ask, found)
    _, straight = answered(indicator, ask, found, without=("streets",))
    assert on_foot.method == "walk"
    assert straight.method == "straight_line"
    assert (on_foot.values.dropna() <= straight.values.dropna() + 1e-12).all()
