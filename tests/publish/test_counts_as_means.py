"""A mean over few values is a count of people by another name, and tells no more than one.

Every number of people is tried who have the upper value; the attacker knows the values of homes.
"""

from dataclasses import replace

import numpy as np
import pytest
from made_city import make_indicator, make_publication, make_result

from urbanlayer.model.indicator import Kind
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.residents import Residents
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.disclosure.levels import levels_of
from urbanlayer.publish.page.places import walks


def _published(of_each, kind=Kind.MEAN_OVER_RESIDENTS, unit="places", **more):
    """Published means of neighbourhoods, each the people who have each value."""
    names = [f"N{n}" for n in range(len(of_each))]
    publication = make_publication(names)
    hoods = publication.city.neighbourhoods
    at = np.array([[one.centroid.x, one.centroid.y] for one in hoods.geometry])
    flat = [(row, *one) for row, each in enumerate(of_each) for one in each.items()]
    row, value, people = (np.array(column) for column in zip(*flat, strict=True))
    residents = Residents(
        xy=at[row], people=people.astype(float), neighbourhood=row, source="census+buildings"
    )
    exact = make_result(hoods, residents, "made", 1, unit=unit, origins=value.astype(float), **more)
    means = [np.average(list(one), weights=list(one.values())) for one in of_each]
    if kind is Kind.INDEX:
        means = [max(one) for one in of_each]
    values = exact.values * 0 + means
    values.iloc[:] = means
    result = replace(exact, values=values, low=values, high=values, ranges={}, reasons={})
    indicator = make_indicator("made", "services", unit, kind=kind, bounds=(0, np.inf))
    city = replace(publication.city, residents=residents)
    shown = disclosed(
        replace(publication, city=city, results=(result,), indicators={"made": indicator})
    )
    return shown.results[0]


def _candidates(total, low, high, step=1):
    """For each published mean how many counts it may stand for that are small, or all."""
    counts = list(range(0, total + 1, step))
    shown = _published([{low: total - count, high: count} for count in counts])
    found = {}
    for count, value in zip(counts, shown.values, strict=True):
        found.setdefault(value if value == value else None, set()).add(count)  # noqa: PLR0124
    return found


@pytest.mark.parametrize(("low", "high"), [(0, 1), (2, 3), (100, 900)])
@pytest.mark.parametrize("total", [22, 60, 115])
def test_a_mean_of_two_values_leaves_ten_candidates_to_the_people_of_each(low, high, total):
    assert min(map(len, _candidates(total, low, high).values())) >= 10


def test_three_of_1479_who_reach_one_school_are_told_as_none():
    """0.002 times 1,479 are 2 to 4 people: a step of two people narrowed them to three."""
    shown = _published([{0: 1476, 1: 3}, {0: 1000, 1: 479}])
    assert shown.values.tolist() == [0, pytest.approx(479 / 1479, abs=5 / 1479)]
    assert shown.low.iloc[0] == 0


def test_the_mean_of_two_values_is_the_published_share():
    """33 to 43 of 100 are published as 38: the count of coverage, so that no two narrow it."""
    assert _published([{0: 65, 1: 35}]).values.iloc[0] == pytest.approx(0.38)
    assert _published([{0: 65, 4: 35}]).values.iloc[0] == pytest.approx(4 * 0.38, abs=0.1)


def test_one_class_of_people_moves_a_mean_of_few_values_by_a_step_at_most():
    """11 people who reach three places and not two move the mean of 550 by 0.02: one step."""
    first, second = _published([{0: 200, 2: 300, 3: 50}, {0: 200, 2: 289, 3: 61}]).values
    assert min(abs(first - second), abs(abs(first - second) - 0.05)) < 1e-9
    many = _published([dict.fromkeys(range(11), 50)]).values.iloc[0]
    assert many == pytest.approx(5)


def test_levels_are_those_of_the_neighbourhood():
    residents = Residents(
        xy=np.zeros((9, 2)),
        people=np.array([1.0, 1, 1, 1, 0, 1, 1, 1, 1]),
        neighbourhood=np.array([0, 0, 1, 1, 1, 2, 2, 2, 3]),
        source="t",
    )
    origins = np.array([5.0, 9.0, 7.0, 7.0, 1.0, 1.0, 2.0, 4.0, np.nan])
    levels = levels_of(residents, origins, 5)
    assert np.isnan(levels.lowest).tolist() == [False, True, True, True, True]
    assert levels.lowest[0] == 5
    assert levels.apart.tolist() == [4, 0, 2, 0, 0]


def test_a_percentile_is_told_where_ten_people_lie_beyond_it():
    """Whether a tenth of 90 people live in the far house tells that 9 do or do not."""
    some = [{100 + n: people / 9 for n in range(9)} for people in (90, 99, 108, 500)]
    shown = _published(some, Kind.INDEX, "m", parameters={"share": 0.9})
    assert shown.values.isna().tolist() == [True, True, False, False]
    assert set(shown.reasons.values()) == {"too-few-residents"}


def test_the_walk_of_the_half_is_told_from_two_classes_of_people_on():
    """22 people are published as 22 to 32: up to 10, and 11 and more."""
    publication = make_publication(["A", "B"])
    residents = publication.city.residents
    few = np.where(residents.neighbourhood == 0, 21 / 40, 22 / 40)
    city = replace(publication.city, residents=replace(residents, people=few))
    told = walks(disclosed(replace(publication, city=city, results=())))["kindergarten"]
    assert [one is None for one in told] == [True, False]


def test_the_walk_of_the_half_is_that_of_the_border_of_a_class_next_to_it():
    """Next to the half of 100 people is 55: 49 live at 100 m, and 20 more at 200 m.

    The half of 110 is itself a border, and 55 of them live at 100 m.
    """
    publication = make_publication(["A", "B"])
    at = np.array([[0.0, 0.0]] * 6)
    people = np.array([49.0, 20.0, 31.0, 55.0, 30.0, 25.0])
    residents = Residents(xy=at, people=people, neighbourhood=np.repeat([0, 1], 3), source="census")
    metres = np.array([100.0, 200.0, 300.0] * 2)
    city = replace(publication.city, residents=residents)
    query = NearestQuery("kindergarten")
    nearest = replace(publication.network[query], distance_m=metres)
    told = replace(publication, city=city, results=(), network={query: nearest})
    assert walks(disclosed(told))["kindergarten"] == [20, 10]
