"""The laws of every indicator, over the whole registry, on random toy cities.

An indicator added to the registry is tested here with no new test file; its kind says which laws
hold for it. The same few cities serve every indicator, so that each is made once; with
`LAW_EXAMPLES=20` in the environment there are as many, and other ones each time.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import os
import pickle
import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer import registry
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.indicator import Indicator, Kind, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkQuery
    from urbanlayer.model.result import Result

Random = np.random.Generator
OVER_RESIDENTS = {Kind.SHARE_OF_RESIDENTS, Kind.MEAN_OVER_RESIDENTS}
EXAMPLES = os.environ.get("LAW_EXAMPLES")
ROLLED = "wheelchair"
NOT_MONOTONE = {"threesfca_access"}
"""A facility more makes people spread their choices, and so may crowd a small one."""
ABOUT_NUMBERS = {
    "sfca_access",
    "e2sfca_access",
    "threesfca_access",
    "childcare_e2sfca",
    "green_sfca_m2",
    "nh_population_density",
    "walkability_index",
    "heat_vulnerability",
}
"""What they say depends on how many people share, or live near one another."""
ON_SQUARES = {"nh_population_density", "nh_intersection_density", "walkability_index"}
"""Surroundings are made of squares that lie north and south, however the city is turned."""
SEEDS = random.sample(range(10_000), int(EXAMPLES)) if EXAMPLES else (11, 12, 13)
seeds = st.sampled_from(SEEDS)
few = settings(max_examples=len(SEEDS), derandomize=not EXAMPLES, deadline=None)


def queries() -> list[Any]:
    """Every ask of every indicator's default table, and the same by wheelchair."""
    return [
        pytest.param(indicator, query, id=f"{indicator.id}-{query.variant}{_by(query)}")
        for indicator in registry.indicators().values()
        for query in asks_of(indicator)
    ]


def asks_of(indicator: Indicator) -> tuple[Query, ...]:
    by_profile = "modes" in indicator.params.model_fields
    ways = {"modes": ["walk", ROLLED]} if by_profile else {}
    return indicator.params(**ways).queries()


def _by(query: Query) -> str:
    return "" if query.mode == "walk" else f"-{query.mode}"


every_ask = pytest.mark.parametrize(("indicator", "query"), queries())


@functools.cache
def network_of(indicator: Indicator, query: Query) -> tuple[NetworkQuery, ...]:
    """The network queries of a query and its variations."""
    every = (query, *(variation.query for variation in indicator.sensitivity(query)))
    return tuple({one: None for query in every for one in indicator.network_queries(query)})


@functools.lru_cache(maxsize=10 * len(SEEDS))
def made(seed: int, change: str = "") -> City:
    """A random toy city, or the same after a random change; made once for all indicators."""
    found, how = CHANGES[change](_with_gravel(toy.shapes(seed)), np.random.default_rng(seed))
    return toy.city(found, seed=seed, **how)


def _with_gravel(found: toy.Shapes) -> toy.Shapes:
    """The same, where every third street is none for wheelchairs."""
    lines, columns = found["streets"]
    surface = ["gravel" if row % 3 == 1 else None for row in range(len(lines))]
    return {**found, "streets": (lines, {**columns, "surface": surface})}


def _park_cut(found: toy.Shapes, _draw: Random) -> tuple[toy.Shapes, dict[str, Any]]:
    (park, *others), columns = found["green"]
    west, south, east, north = park.bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    cut = ([*halves, *others], {"public": [True, *columns["public"]]})
    return {**found, "green": cut}, {}


def _street_cut(found: toy.Shapes, draw: Random) -> tuple[toy.Shapes, dict[str, Any]]:
    (street, *others), columns = found["streets"]
    length = street.length
    at = draw.uniform(0.01, 0.99) * length
    halves = [shapely.ops.substring(street, 0, at), shapely.ops.substring(street, at, length)]
    longer = {name: [values[0], *values] for name, values in columns.items()}
    return {**found, "streets": ([*halves, *others], longer)}, {}


def _facility_more(found: toy.Shapes, draw: Random) -> tuple[toy.Shapes, dict[str, Any]]:
    place = shapely.Point(draw.uniform(0, 1200, 2))
    more = {
        role: (
            [*found[role][0], place],
            {name: [*values, values[-1]] for name, values in found[role][1].items()},
        )
        for role in toy.SERVICES
    }
    return {**found, **more}, {}


CHANGES: dict[str, Callable[[toy.Shapes, Random], tuple[toy.Shapes, dict[str, Any]]]] = {
    "": lambda found, _: (found, {}),
    "moved": lambda found, draw: (found, {"moved": tuple(draw.uniform(-3000, 3000, 2))}),
    "turned": lambda found, draw: (found, {"turned_deg": draw.uniform(1, 359)}),
    "shuffled": lambda found, draw: (found, {"shuffled": draw.integers(10_000)}),
    "park cut": _park_cut,
    "street cut": _street_cut,
    "facility more": _facility_more,
    "no streets": lambda found, _: (found, {"without": ("streets",)}),
}


def answered(indicator: Indicator, query: Query, city: City) -> Result:
    assert not indicator.missing(city, query), "the toy city must have every layer that is asked of"
    return toy.result(indicator, query, city)


def assert_same(one: Result, other: Result, tolerance: float = 1e-6) -> None:
    pd.testing.assert_series_equal(one.values, other.values, rtol=tolerance, atol=tolerance)
    assert one.city == pytest.approx(other.city, rel=tolerance, abs=tolerance, nan_ok=True)


@every_ask
@given(seed=seeds)
@few
def test_answers_are_for_the_same_neighbourhoods_within_bounds(indicator, query, seed):
    city = made(seed)
    result = answered(indicator, query, city)
    assert list(result.values.index) == sorted(toy.KEYS) == list(city.neighbourhoods.keys)
    least, greatest = indicator.bounds
    known = result.values.dropna()
    assert known.between(least, greatest).all()
    assert_within(result, result)


def assert_within(inner: Result, outer: Result) -> None:
    """The answers and the low and high of the one lie between low and high of the other."""
    assert bool(outer.causes) == (outer.low is not None) == (outer.high is not None)
    whole = bool(outer.causes) and not np.isnan(outer.city)
    assert whole == (not np.isnan(outer.city_low)) == (not np.isnan(outer.city_high))
    if outer.low is None or outer.high is None:
        return
    for one in (inner.values, inner.low, inner.high):
        if one is not None:
            assert (outer.low <= one + 1e-12)[one.notna()].all()
            assert (outer.high >= one - 1e-12)[one.notna()].all()
    for whole in (inner.city, inner.city_low, inner.city_high):
        assert np.isnan(whole) or outer.city_low <= whole + 1e-12
        assert np.isnan(whole) or outer.city_high >= whole - 1e-12


@functools.lru_cache(maxsize=len(SEEDS))
def with_second_source(seed: int) -> City:
    """A random toy city, and a source that says otherwise how many live in each place."""
    city = made(seed)
    factor = np.random.default_rng(seed).uniform(0.2, 3, len(city.residents))
    groups = {name: people * factor for name, people in city.residents.groups.items()}
    other = dataclasses.replace(
        city.residents, people=city.residents.people * factor, groups=groups
    )
    return dataclasses.replace(
        city, residents=dataclasses.replace(city.residents, second_source=other)
    )


@every_ask
@given(seed=seeds)
@few
def test_a_second_source_of_residents_widens_what_is_about_people_and_nothing_else(
    indicator, query, seed
):
    city = with_second_source(seed)
    alone = answered(indicator, query, made(seed))
    result = answered(indicator, query, city)
    assert_same(alone, result)
    assert_within(alone, result)
    if not indicator.is_about_people(query):
        assert result.causes == alone.causes
        return
    assert result.causes == (*alone.causes, "residents")
    by_other = toy.result(indicator, query, city.by_second_source())
    assert_within(by_other, result)


@every_ask
@given(seed=seeds)
@few
def test_the_answers_of_a_group_have_low_and_high_as_those_of_everybody(indicator, query, seed):
    if indicator.kind not in OVER_RESIDENTS:
        pytest.skip("is not asked of groups")
    of_group = dataclasses.replace(query, group="over_65")
    asked = [(indicator, query), (indicator, of_group)]
    (whole, group) = evaluate(with_second_source(seed), asked).results
    assert group.causes == whole.causes
    assert_within(group, group)
    # the same share of the people of every place are of the group
    np.testing.assert_allclose(group.low, whole.low, rtol=1e-9)
    np.testing.assert_allclose(group.high, whole.high, rtol=1e-9)


@every_ask
@given(seed=seeds)
@few
def test_an_answer_is_no_better_and_no_worse_than_those_of_its_places(indicator, query, seed):
    city = made(seed)
    result = answered(indicator, query, city)
    if indicator.kind not in OVER_RESIDENTS or result.origins is None:
        pytest.skip("is no mean over places")
    origins = pd.Series(result.origins).groupby(city.residents.neighbourhood)
    for row, key in enumerate(city.neighbourhoods.keys):
        if not np.isnan(result.values[key]):
            own = origins.get_group(row).dropna()
            assert own.min() - 1e-9 <= result.values[key] <= own.max() + 1e-9


@every_ask
@given(seed=seeds)
@few
def test_moving_the_whole_city_changes_nothing(indicator, query, seed):
    here = answered(indicator, query, made(seed))
    there = answered(indicator, query, made(seed, "moved"))
    assert_same(here, there)


@every_ask
@given(seed=seeds)
@few
def test_turning_the_whole_city_changes_nothing(indicator, query, seed):
    if set(toy.GRIDS) & {*indicator.needs, *query.needs}:
        pytest.skip("asks of a grid, which cannot be turned")
    if indicator.id in ON_SQUARES:
        pytest.skip("asks of squares, which are not turned with the city")
    here = answered(indicator, query, made(seed))
    there = answered(indicator, query, made(seed, "turned"))
    assert_same(here, there)


@every_ask
@given(seed=seeds)
@few
def test_the_order_of_the_features_changes_nothing(indicator, query, seed):
    here = answered(indicator, query, made(seed))
    there = answered(indicator, query, made(seed, "shuffled"))
    assert_same(here, there)


@every_ask
def test_asking_changes_nothing_in_the_city(indicator, query):
    city = made(1)
    before = copy.deepcopy({role: layer.frame for role, layer in city.layers.items()})
    grids = {role: grid.values.copy() for role, grid in city.rasters.items()}
    people = pickle.dumps(city.residents)
    toy.result(indicator, query, city)
    for role, frame in before.items():
        pd.testing.assert_frame_equal(frame, city.layers[role].frame)
    for role, values in grids.items():
        np.testing.assert_array_equal(values, city.rasters[role].values)
    assert pickle.dumps(city.residents) == people


@every_ask
@given(seed=seeds)
@few
def test_a_neighbourhood_without_residents_has_no_answer_and_says_why(indicator, query, seed):
    result = answered(indicator, query, made(seed))
    assert set(result.reasons) == set(result.values.index[result.values.isna()])
    if "residents" not in indicator.needs:
        assert "no-residents" not in result.reasons.values()  # it is not about people
    elif indicator.kind in {Kind.DENSITY, Kind.AMOUNT}:
        assert result.values["Q2"] == 0  # nobody lives there: measured, none
    else:
        assert np.isnan(result.values["Q2"])
        assert result.reasons["Q2"] == "no-residents"


@every_ask
@given(seed=seeds)
@few
def test_people_weighted_parts_give_the_whole(indicator, query, seed):
    if indicator.kind not in OVER_RESIDENTS:
        pytest.skip(f"a {indicator.kind.value} is no mean over residents")
    city = made(seed)
    result = answered(indicator, query, city)
    people = city.residents.per_neighbourhood(len(city.neighbourhoods))
    known = result.values.notna().to_numpy()
    whole = np.average(result.values[known], weights=people[known])
    assert result.city == pytest.approx(whole, rel=1e-9)


@every_ask
@given(seed=seeds)
@few
def test_parts_of_an_amount_add_up(indicator, query, seed):
    if indicator.kind is not Kind.AMOUNT:
        pytest.skip(f"a {indicator.kind.value} is no amount")
    result = answered(indicator, query, made(seed))
    assert result.city == pytest.approx(result.values.sum(), rel=1e-9)


@every_ask
@given(seed=seeds)
@few
def test_twice_as_many_people_leave_shares_and_means_as_they_are(indicator, query, seed):
    if indicator.kind not in OVER_RESIDENTS or indicator.id in ABOUT_NUMBERS:
        pytest.skip("depends on how many people there are")
    city = made(seed)
    groups = {name: 2 * people for name, people in city.residents.groups.items()}
    residents = dataclasses.replace(city.residents, people=2 * city.residents.people, groups=groups)
    twice = dataclasses.replace(city, residents=residents)
    assert_same(answered(indicator, query, city), answered(indicator, query, twice))


@every_ask
@given(seed=seeds)
@few
def test_cutting_a_park_in_two_changes_nothing(indicator, query, seed):
    before = answered(indicator, query, made(seed))
    after = answered(indicator, query, made(seed, "park cut"))
    assert_same(before, after)


@every_ask
@given(seed=seeds)
@few
def test_cutting_a_street_at_a_point_changes_nothing(indicator, query, seed):
    before = answered(indicator, query, made(seed))
    after = answered(indicator, query, made(seed, "street cut"))
    assert_same(before, after)


@every_ask
@given(seed=seeds, further=st.floats(1, 3))
@few
def test_a_wider_threshold_never_lowers_a_share(indicator, query, seed, further):
    if "distance_m" not in query.numbers or indicator.kind is not Kind.SHARE_OF_RESIDENTS:
        pytest.skip("has no threshold")
    wider = query.with_parameters(distance_m=query["distance_m"] * further)
    near = answered(indicator, query, made(seed))
    far = answered(indicator, wider, made(seed))
    sign = -1 if indicator.better == "lower" else 1  # who lives away from a lamp
    assert (sign * (far.values - near.values).dropna() >= -1e-12).all()


@every_ask
@given(seed=seeds)
@few
def test_a_facility_more_never_makes_an_answer_worse(indicator, query, seed):
    if not query.needs or indicator.kind not in OVER_RESIDENTS or indicator.id in NOT_MONOTONE:
        pytest.skip("asks of no service")
    before = answered(indicator, query, made(seed))
    after = answered(indicator, query, made(seed, "facility more"))
    sign = -1 if indicator.better == "lower" else 1
    assert (sign * (after.values - before.values).dropna() >= -1e-9).all()


@every_ask
@given(seed=seeds)
@few
def test_on_foot_never_serves_more_than_the_straight_line(indicator, query, seed):
    if not query.needs or indicator.kind is not Kind.SHARE_OF_RESIDENTS:
        pytest.skip("asks of no service")
    on_foot = answered(indicator, query, made(seed))
    straight = answered(indicator, query, made(seed, "no streets"))
    assert on_foot.method == query.mode
    assert straight.method == "straight_line"
    assert (on_foot.values.dropna() <= straight.values.dropna() + 1e-12).all()
