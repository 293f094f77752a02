"""What is published of a plan's people. Numbers are worked by hand."""

import itertools
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_city import make_publication, make_result

from urbanlayer.model.plan import Plan, ProgrammeYear, SitingResult
from urbanlayer.model.plan_specification import PlanSpec, SitingSpec
from urbanlayer.model.scenario_result import BeforeAfter, ScenarioResult
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.disclosure.plans import PlanCounts, _by_year, _person_years, _siting

SITING = SitingSpec(
    id="schools", service="school", candidates="plots", problem="max_coverage", within_m=400, new=1
)
COUNTS = PlanCounts({"A": 1000.0, "B": 400.0}, 10, 0.0)


@pytest.fixture(scope="module")
def shown():
    """Six neighbourhoods; in the first lives one child, whose walk and share are known."""
    publication = make_publication(list("ABCDEF"))
    hoods, residents = publication.city.neighbourhoods, publication.city.residents
    children = np.where(residents.neighbourhood == 0, 0.0, residents.people / 4)
    children[0] = 1.0
    residents = replace(residents, groups={"children": children})
    city = replace(publication.city, residents=residents)
    of_children = residents.of_group("children")
    asked = {"group": "children", "variant": "kindergarten", "parameters": {"distance_m": 500.0}}
    served = (residents.xy[:, 0] % 1000 < 600).astype(float)
    share = make_result(hoods, of_children, "coverage_within", 3, origins=served, **asked)
    walk = make_result(hoods, of_children, "broadband_down_mbps", 5, unit="m", scale=900.0,
                       origins=np.linspace(0, 900, len(residents)), group="children")  # fmt: skip
    density = publication.results[4]
    results = share, walk, density
    nothing = BeforeAfter(0.0, 0.0)
    scenarios = tuple(
        ScenarioResult(
            "more", one.query, nothing, dict.fromkeys(map(str, hoods.keys), nothing),
            ((city, one), (city, one)),
        )
        for one in results
    )  # fmt: skip
    plan = Plan(spec=PlanSpec(), scenarios=scenarios)
    return disclosed(replace(publication, city=city, results=results, plan=plan))


def test_a_scenario_has_the_values_of_the_table(shown):
    for result, scenario in zip(shown.results, shown.plan.scenarios, strict=True):
        assert scenario.city.before == result.city
        told = pd.Series({key: one.before for key, one in scenario.by_neighbourhood.items()})
        assert np.array_equal(told, result.values, equal_nan=True)


def test_a_scenario_tells_nothing_of_the_one_child_of_a_neighbourhood(shown):
    first = str(shown.city.neighbourhoods.keys[0])
    for scenario in shown.plan.scenarios[:2]:
        told = scenario.by_neighbourhood[first]
        assert np.isnan([told.before, told.after, told.people_before, told.people_after]).all()


def test_groups_before_and_after_narrow_no_small_count():
    """Linear programming narrows those newly served of one of three groups, not those of a state.

    Each state alone leaves ten candidates, so that the table has every group.
    """
    publication = make_publication(["A", "B"])
    hoods, residents = publication.city.neighbourhoods, publication.city.residents
    first = residents.neighbourhood == 0
    in_first = {"young": (27, 9, 13), "adult": (60, 49, 50), "old": (45, 9, 13)}
    groups = {name: np.where(first, of / 40, 20.0) for name, (of, *_) in in_first.items()}
    residents = replace(residents, people=sum(groups.values()), source="census", groups=groups)
    city = replace(publication.city, residents=residents)
    in_first[""] = tuple(map(sum, zip(*in_first.values(), strict=True)))
    made = make_result(hoods, residents, "coverage_within", 1, variant="school")
    made = replace(made, low=None, high=None, ranges={}, reasons={})

    def state(name, at):
        share = in_first[name][at] / in_first[name][0]
        values = made.values.fillna(0) * 0 + [share, 0.5]
        return city, replace(made, query=replace(made.query, group=name), values=values)

    nothing = BeforeAfter(0.0, 0.0)
    by_key = dict.fromkeys(map(str, hoods.keys), nothing)
    states = {name: (state(name, 1), state(name, 2)) for name in ("", *groups)}
    scenarios = tuple(
        ScenarioResult("more", both[0][1].query, nothing, by_key, both) for both in states.values()
    )
    results = tuple(both[0][1] for both in states.values())
    plan = Plan(spec=PlanSpec(), scenarios=scenarios)
    shown = disclosed(replace(publication, city=city, results=results, plan=plan))
    assert all(one.values.notna().all() for one in shown.results)
    of_all, *of_groups = (one.by_neighbourhood for one in shown.plan.scenarios)
    key, other = map(str, hoods.keys)
    assert not np.isnan(of_all[key].after)
    hidden = [np.isnan(one[key].after) for one in of_groups]
    assert hidden == [np.isnan(one[key].before) for one in of_groups]
    assert any(hidden)
    assert not any(np.isnan(one[other].after) for one in of_groups)


def test_people_of_a_share_are_those_of_the_group(shown):
    share, (scenario, *_) = shown.results[0], shown.plan.scenarios
    key = share.values.dropna().index[0]
    children = scenario.by_neighbourhood[str(key)].people_before / share.values[key]
    assert children < 0.3 * shown.city.residents.per_neighbourhood(6).max()


def test_years_add_up_to_the_published_whole():
    """5, 10, 22 and 41 until each year are 0, 0, 20 and 40."""
    years = [ProgrammeYear(2027 + n, 1, 1, newly) for n, newly in enumerate((5.0, 5.0, 12.0, 19.0))]
    published = _by_year(years, COUNTS)
    assert [one.newly_served for one in published] == [0, 0, 20, 20]
    assert _person_years(published, 0.0) == 60


def test_the_share_that_a_floor_keeps_is_rounded_down_to_a_class_of_the_smallest():
    """11 of 400 are 0.0275, the next step is 0.05; of 100 it would be 0.2."""
    assert COUNTS.least_share(0.2857) == 0.25
    assert PlanCounts({"A": 1000.0, "B": 100.0, "C": 0.0}, 10, 0.0).least_share(0.2857) == 0.2
    assert PlanCounts({"A": 1000.0, "B": float("nan")}, 10, 0.0).least_share(0.2857) is None


def test_metres_of_few_people_are_not_told():
    """Three people at 210 m would be told by 630 m; of 400 at 250 m twenty people are a step."""
    assert COUNTS.person_metres(630.0, 3.0) is None
    assert COUNTS.person_metres(101_300.0, 400.0) == 100_000


def test_people_of_a_siting_leave_ten_candidates_in_each_neighbourhood():
    """5 and 22 are published as 0 and 27, and add up to 20 to the nearest twenty."""
    sited = SitingResult(
        "schools", "solved", people_after=27.0, by_neighbourhood={"A": 5.0, "B": 22.0}
    )
    published = _siting(sited, SITING, COUNTS)
    assert published.people_after == 20
    assert published.by_neighbourhood == {"A": 0.0, "B": 27.0}


def test_people_newly_served_are_the_difference_of_the_totals():
    """1 of A before and 31 after are published as 0 and 27: 20 to the nearest twenty."""
    sited = SitingResult(
        "schools", "solved", people_before=1.0, people_after=31.0, newly_served=30.0, bound=31.0,
        gap=0.0, unreachable=1369.0, before_by_neighbourhood={"A": 1.0, "B": 0.0},
        by_neighbourhood={"A": 31.0, "B": 0.0}, reachable_by_neighbourhood={"A": 31.0, "B": 0.0},
    )  # fmt: skip
    published = _siting(sited, SITING, replace(COUNTS, everybody=1400.0))
    assert (published.people_before, published.people_after) == (0, 20)
    assert (published.newly_served, published.unreachable, published.bound) == (20, 1380, 20)


def test_an_action_at_the_site_of_a_siting_newly_serves_the_same_people():
    """30 by itself reads 40, since halves go up; beside classes of a siting 20 are told of them."""
    counts = replace(COUNTS, told={30.0: 20.0})
    assert (counts.whole(30.0), counts.whole(30.0000001), counts.whole(31.0)) == (20, 20, 40)


@pytest.mark.parametrize("of", [(44, 33), (26, 44)])
def test_totals_and_classes_of_a_siting_leave_ten_candidates_everywhere(of):
    """By trying all who are served before in two neighbourhoods, and newly in the first."""
    counts = PlanCounts(dict(zip("AB", map(float, of), strict=True)), 10, 0.0, float(sum(of)))
    pairs = list(itertools.product(*(range(size + 1) for size in of)))
    classes = {key: [counts.of(key, served) for served in range(size + 1)]
               for key, size in zip("AB", of, strict=True)}  # fmt: skip
    by_key = {pair: dict(zip("AB", map(float, pair), strict=True)) for pair in pairs}
    totals = {pair: counts.totals_of((float(sum(pair)), by_key[pair]))[0] for pair in pairs}
    rest = {pair: counts.rest_of(by_key[pair]) for pair in pairs}
    found = defaultdict(list)
    for (first, second), after in itertools.product(pairs, range(of[0] + 1)):
        if after >= first:
            told = (totals[first, second], totals[after, second], rest[after, second],
                    classes["A"][first], classes["A"][after], classes["B"][second])  # fmt: skip
            found[told].append((first, after - first, second, of[0] - after, of[1] - second))
    for each in found.values():
        for some in map(set, zip(*each, strict=True)):
            assert len(some) >= 10 or min(some) >= 10


def test_a_ratio_to_a_group_is_to_its_published_number(shown):
    """30 places for 25 children, who are published as 27 (22 to 32)."""
    residents = shown.city.residents
    row = residents.neighbourhood
    children = np.zeros(len(residents))
    for hood in range(1, 6):
        children[np.flatnonzero(row == hood)[0]] = 25.0
    children[np.flatnonzero(row == 0)[0]] = 3.0
    city = replace(shown.city, residents=replace(residents, groups={"children": children}))
    of_each = np.bincount(row, children, 6)
    places = np.full(6, 30.0)
    made = make_result(shown.city.neighbourhoods, residents, "made_up_by_the_city", 1)
    result = replace(
        made, values=pd.Series(places / of_each, index=made.values.index),
        low=None, high=None, ranges={}, fraction=(places, of_each, 1.0),
    )  # fmt: skip
    exact = replace(shown, city=city, results=(result,), plan=None, disclosed=False)
    (published,) = disclosed(exact).results
    assert np.isnan(published.values.iloc[0])
    assert published.reasons[published.values.index[0]] == "too-few-residents"
    assert published.values.iloc[2] == pytest.approx(30 / 27)


def test_few_people_of_an_earlier_date_have_no_result(shown):
    made = make_result(shown.city.neighbourhoods, shown.city.residents, "made_up_by_the_city", 1)
    before = np.array([3.0, 0.0, 11.0, 500.0, 800.0, 900.0])
    result = replace(made, counts=(before,), origins=None)
    (published,) = disclosed(replace(shown, results=(result,), plan=None, disclosed=False)).results
    assert published.values.notna().tolist() == [False, False, True, False, True, True]
    few = [published.reasons[key] for key in published.values.index[:2]]
    assert few == ["too-few-people"] * 2
