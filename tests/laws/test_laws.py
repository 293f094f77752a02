"""The laws of every indicator, over the whole registry, on random toy cities.

An indicator added to the registry is tested here with no new test file: its kind, its traits and
what it reads say which laws hold for it, and a law is collected for these queries alone.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import random_cities
import toy
from random_cities import SECOND_ALONE, SECOND_SOURCE, SEEDS, TWICE, result

from urbanlayer import registry
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.evaluation.reads import reads_of_query
from urbanlayer.model.cause import SNAPPING, THRESHOLD, of_data
from urbanlayer.model.indicator import Indicator, Kind, Query, Trait
from urbanlayer.model.network_query import BufferQuery, NearestQuery, TransitQuery
from urbanlayer.model.travel_modes import MODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from urbanlayer.model.result import Result

    Asked = tuple[Indicator, Query]
    Applies = Callable[[Indicator, Query], bool]

ROLLED = "wheelchair"
STRAIGHT = "straight_line"


@functools.cache
def every_query() -> tuple[Asked, ...]:
    """Every query of every indicator's default table, and the same by wheelchair."""
    return tuple(
        (indicator, query)
        for indicator in registry.indicators().values()
        for query in indicator.queries(_table(indicator))
    )


def _table(indicator: Indicator):
    by_mode = "modes" in indicator.params.model_fields
    return indicator.params(**({"modes": ["walk", ROLLED]} if by_mode else {}))


def reads(indicator: Indicator, query: Query, *roles: str) -> bool:
    """Whether a result rests on one of these inputs."""
    return not set(roles).isdisjoint(reads_of_query(indicator, query, MODES))


def network(indicator: Indicator, query: Query, kind: type) -> list:
    """The network queries of one kind that a result rests on."""
    return [one for one in indicator.network_queries(query) if isinstance(one, kind)]


# which queries a law holds for


def always(_indicator: Indicator, _query: Query) -> bool:
    return True


def over_residents(indicator: Indicator, _query: Query) -> bool:
    return indicator.kind in {Kind.SHARE_OF_RESIDENTS, Kind.MEAN_OVER_RESIDENTS}


def is_amount(indicator: Indicator, _query: Query) -> bool:
    return indicator.kind is Kind.AMOUNT


def reads_green(indicator: Indicator, query: Query) -> bool:
    return reads(indicator, query, "green")


def reads_streets(indicator: Indicator, query: Query) -> bool:
    return reads(indicator, query, "streets")


def can_be_turned(indicator: Indicator, query: Query) -> bool:
    """Grids, and the squares that neighbourhood buffers are made of, lie north and south."""
    on_grid = not set(toy.GRIDS).isdisjoint(indicator.reads(query))
    return not on_grid and not network(indicator, query, BufferQuery)


def counts_no_people(indicator: Indicator, query: Query) -> bool:
    return over_residents(indicator, query) and Trait.COUNTS_PEOPLE not in indicator.traits


def gains_by_facilities(indicator: Indicator, query: Query) -> bool:
    """Shares and means that rest on a service, unless people crowd where there is one more."""
    on_service = reads(indicator, query, *toy.SERVICES)
    return on_service and over_residents(indicator, query) and Trait.CROWDS not in indicator.traits


def rests_on_its_own(indicator: Indicator, _query: Query) -> bool:
    return Trait.WHOLE_CITY not in indicator.traits


def has_threshold(indicator: Indicator, query: Query) -> bool:
    return indicator.kind is Kind.SHARE_OF_RESIDENTS and "distance_m" in query.numbers


def is_share_on_foot(indicator: Indicator, query: Query) -> bool:
    """Shares that rest on the way along streets to something, and need no more of the streets."""
    along = [one for one in network(indicator, query, NearestQuery) if one.mode != STRAIGHT]
    needs_streets = "streets" in indicator.reads(query) or network(indicator, query, TransitQuery)
    return bool(along) and not needs_streets and indicator.kind is Kind.SHARE_OF_RESIDENTS


CITIES = [
    pytest.param(SEEDS[:1], id="first-city"),
    *([pytest.param(SEEDS[1:], id="more-cities", marks=pytest.mark.slow)] if SEEDS[1:] else []),
]


def law(applies: Applies) -> Callable[[Callable], Callable]:
    """Collects a test for each query that it applies to, for the first city and for the others."""

    def collected(test: Callable[[Indicator, Query, int], None]) -> Callable:
        @pytest.mark.parametrize("seeds", CITIES)
        @pytest.mark.parametrize(
            ("indicator", "query"),
            [
                pytest.param(indicator, query, id=_name(query))
                for indicator, query in every_query()
                if applies(indicator, query)
            ],
        )
        def in_each_city(indicator, query, seeds):
            for seed in seeds:
                try:
                    test(indicator, query, seed)
                except AssertionError as error:
                    error.add_note(f"in the toy city of seed {seed}")
                    raise

        in_each_city.__name__ = test.__name__
        return in_each_city

    return collected


def _name(query: Query) -> str:
    return f"{query.indicator}-{query.variant}{'' if query.mode == 'walk' else f'-{query.mode}'}"


# the laws


def assert_same(one: Result, other: Result, tolerance: float = 1e-6) -> None:
    pd.testing.assert_series_equal(one.values, other.values, rtol=tolerance, atol=tolerance)
    assert one.city == pytest.approx(other.city, rel=tolerance, abs=tolerance, nan_ok=True)


def assert_within(inner: Result, outer: Result) -> None:
    """The values and the low and high of the one lie between low and high of the other."""
    in_data = bool(of_data(outer.causes))
    assert in_data == (outer.low is not None) == (outer.high is not None)
    whole = in_data and not np.isnan(outer.city)
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


@law(always)
def test_results_are_for_the_same_neighbourhoods_within_bounds(indicator, query, seed):
    found = result(indicator, query, seed)
    hoods = random_cities.city(seed).neighbourhoods
    assert list(found.values.index) == sorted(toy.KEYS) == list(hoods.keys)
    least, greatest = indicator.bounds
    assert found.values.dropna().between(least, greatest).all()
    assert_within(found, found)


@law(always)
def test_a_second_source_of_residents_widens_what_is_about_people_and_nothing_else(
    indicator, query, seed
):
    alone = result(indicator, query, seed)
    both = result(indicator, query, seed, SECOND_SOURCE)
    assert_same(alone, both)
    assert_within(alone, both)
    if not indicator.is_about_people(query):
        assert both.causes == alone.causes
        return
    assert both.causes == (*alone.causes, "residents")
    second = result(indicator, query, seed, SECOND_ALONE)
    none = {"low": None, "high": None, "city_low": np.nan, "city_high": np.nan}
    assert_within(dataclasses.replace(second, **none), both)
    for cause in {*second.causes} - {THRESHOLD, SNAPPING}:  # these vary by the first source alone
        one = second.ranges[cause]
        ends = {name: getattr(one, name) for name in none}
        assert_within(dataclasses.replace(second, **ends), both)


@law(over_residents)
def test_the_results_of_a_group_have_low_and_high_as_those_of_all_residents(indicator, query, seed):
    whole = result(indicator, query, seed, SECOND_SOURCE)
    group = result(indicator, dataclasses.replace(query, group="over_65"), seed, SECOND_SOURCE)
    assert group.causes == whole.causes
    assert_within(group, group)
    # the same share of the people of every place are of the group
    for cause, one in group.ranges.items():
        np.testing.assert_allclose(one.low, whole.ranges[cause].low, rtol=1e-9)
        np.testing.assert_allclose(one.high, whole.ranges[cause].high, rtol=1e-9)


@law(over_residents)
def test_a_result_is_no_better_and_no_worse_than_those_of_its_places(indicator, query, seed):
    found, city = result(indicator, query, seed), random_cities.city(seed)
    origins = pd.Series(found.origins).groupby(city.residents.neighbourhood)
    for row, key in enumerate(city.neighbourhoods.keys):
        if not np.isnan(found.values[key]):
            own = origins.get_group(row).dropna()
            assert own.min() - 1e-9 <= found.values[key] <= own.max() + 1e-9


@law(always)
def test_moving_the_whole_city_changes_nothing(indicator, query, seed):
    assert_same(result(indicator, query, seed), result(indicator, query, seed, "moved"))


@law(can_be_turned)
def test_turning_the_whole_city_changes_nothing(indicator, query, seed):
    assert_same(result(indicator, query, seed), result(indicator, query, seed, "turned"))


@law(always)
def test_the_order_of_the_features_changes_nothing(indicator, query, seed):
    assert_same(result(indicator, query, seed), result(indicator, query, seed, "shuffled"))


@pytest.mark.parametrize(
    ("indicator", "query"), [pytest.param(*one, id=_name(one[1])) for one in every_query()]
)
def test_computing_a_result_changes_nothing_in_the_city(indicator, query):
    city = random_cities.city(SEEDS[0])
    names = reads_of_query(indicator, query, city.modes)
    layers = {role: city.layers[role].frame for role in names if role in city.layers}
    before = copy.deepcopy(layers)
    grids = {role: city.rasters[role].values.copy() for role in names if role in city.rasters}
    people = pickle.dumps(city.residents)
    evaluate(city, [(indicator, query)])
    for role, frame in before.items():
        pd.testing.assert_frame_equal(frame, city.layers[role].frame)
    for role, values in grids.items():
        np.testing.assert_array_equal(values, city.rasters[role].values)
    assert pickle.dumps(city.residents) == people


@law(always)
def test_a_neighbourhood_without_residents_has_no_result_and_the_reason(indicator, query, seed):
    found = result(indicator, query, seed)
    assert set(found.reasons) == set(found.values.index[found.values.isna()])
    if "residents" not in indicator.needs:
        assert "no-residents" not in found.reasons.values()  # it is not about people
    elif indicator.kind in {Kind.DENSITY, Kind.AMOUNT}:
        assert found.values["Q2"] == 0  # nobody lives there: measured, none
    else:
        assert np.isnan(found.values["Q2"])
        assert found.reasons["Q2"] == "no-residents"


@law(over_residents)
def test_people_weighted_parts_give_the_whole(indicator, query, seed):
    found, city = result(indicator, query, seed), random_cities.city(seed)
    people = city.residents.per_neighbourhood(len(city.neighbourhoods))
    known = found.values.notna().to_numpy()
    whole = np.average(found.values[known], weights=people[known])
    assert found.city == pytest.approx(whole, rel=1e-9)


@law(is_amount)
def test_parts_of_an_amount_add_up(indicator, query, seed):
    found = result(indicator, query, seed)
    assert found.city == pytest.approx(found.values.sum(), rel=1e-9)


@law(rests_on_its_own)
def test_a_part_of_the_city_has_the_results_of_the_whole(indicator, query, seed):
    whole, city = result(indicator, query, seed), random_cities.city(seed)
    keys = sorted(toy.KEYS)[::2]  # squares of every row and column
    (alone,) = evaluate(random_cities.part(city, keys), [(indicator, query)]).results
    pd.testing.assert_series_equal(alone.values, whole.values.loc[keys], rtol=1e-9, atol=1e-12)


@law(counts_no_people)
def test_twice_as_many_people_leave_shares_and_means_as_they_are(indicator, query, seed):
    assert_same(result(indicator, query, seed), result(indicator, query, seed, TWICE))


@law(reads_green)
def test_cutting_a_park_in_two_changes_nothing(indicator, query, seed):
    assert_same(result(indicator, query, seed), result(indicator, query, seed, "park cut"))


@law(reads_streets)
def test_cutting_a_street_at_a_point_changes_nothing(indicator, query, seed):
    assert_same(result(indicator, query, seed), result(indicator, query, seed, "street cut"))


@law(has_threshold)
def test_a_wider_threshold_never_lowers_a_share(indicator, query, seed):
    further = np.random.default_rng(seed).uniform(1, 3)
    wider = query.with_parameters(distance_m=query["distance_m"] * further)
    near, far = result(indicator, query, seed), result(indicator, wider, seed)
    sign = -1 if indicator.better == "lower" else 1  # who lives away from a lamp
    assert (sign * (far.values - near.values).dropna() >= -1e-12).all()


@law(gains_by_facilities)
def test_one_more_facility_never_makes_a_result_worse(indicator, query, seed):
    before = result(indicator, query, seed)
    after = result(indicator, query, seed, "facility more")
    sign = -1 if indicator.better == "lower" else 1
    assert (sign * (after.values - before.values).dropna() >= -1e-9).all()


@law(is_share_on_foot)
def test_along_streets_never_serves_more_than_the_straight_line(indicator, query, seed):
    on_foot = result(indicator, query, seed)
    straight = result(indicator, query, seed, "no streets")
    assert on_foot.method == query.mode
    assert straight.method == STRAIGHT
    assert (on_foot.values.dropna() <= straight.values.dropna() + 1e-12).all()
