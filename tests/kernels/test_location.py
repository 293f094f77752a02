"""Location problems beside every choice, worked by hand and by the bound's own law."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from urbanlayer.kernels.location.choices import different, preferred, with_fewest
from urbanlayer.kernels.location.lagrangian import FREE, Prices, bound
from urbanlayer.kernels.location.problem import (
    Floors,
    Limit,
    can_be_chosen,
    location_problem,
    merged,
)
from urbanlayer.kernels.location.solve import solved
from urbanlayer.kernels.location.value import NONE, Valuation

SITES = 7
KINDS = ("coverage", "need", "metres", "pass", "nearest")


def random_problem(seed, kind):
    random = np.random.default_rng(seed)
    metres = random.uniform(0, 100, (14, SITES))
    people = random.integers(0, 50, 14).astype(float)
    demand, site = np.nonzero(metres < (80 if kind == "metres" else random.choice([20, 40])))
    given = {}
    if kind == "metres":
        given["gain"] = 100 - metres[demand, site]
    if kind == "need":
        given["gain"] = random.uniform(0, 1, 14)[demand]
    if kind in {"pass", "nearest"}:
        room = random.integers(10, 120, SITES).astype(float)
        given = {"capacity": room, "assignment": kind, "metres": metres[demand, site]}
    if random.random() < 0.4:
        given["plot"] = np.sort(random.integers(0, SITES, SITES))
    limit = Limit(np.ones(SITES), float(random.integers(0, 4)), exact=kind != "nearest")
    if random.random() < 0.5:
        limit = Limit(random.integers(0, 9, SITES).astype(float), float(random.integers(3, 20)))
    if random.random() < 0.4:
        zone = random.integers(0, 3, 14)
        least = np.bincount(zone, people, 3) * random.choice([0.2, 0.4])
        given["floors"] = Floors(zone[demand], np.maximum(least, 1e-3))
    return location_problem(people, demand, site, site_count=SITES, limits=(limit,), **given)


def every_choice(problem):
    value = Valuation(problem)
    found = {
        chosen: value(chosen)
        for count in range(SITES + 1)
        for chosen in itertools.combinations(range(SITES), count)
        if can_be_chosen(problem, chosen)
    }
    return {chosen: worth for chosen, worth in found.items() if worth > NONE}


@pytest.mark.parametrize("kind", KINDS)
def test_the_solution_and_its_equals_are_those_of_all_choices(kind):
    for seed in range(12):
        problem = random_problem(seed, kind)
        every = every_choice(problem)
        found = solved(problem)
        if not every:
            assert found.chosen is None
            continue
        best = max(every.values())
        assert found.value == pytest.approx(best)
        assert found.proven
        equal = sorted(one for one, worth in every.items() if worth >= best - 1e-9 * max(1, best))
        assert list(found.equals) == equal


@pytest.mark.parametrize("kind", ["coverage", "pass"])
def test_the_fewest_sites_for_all_who_can_be_served(kind):
    for seed in range(6):
        problem = replace(random_problem(seed, kind), floors=None)
        value = Valuation(problem)
        every = every_choice(replace(problem, limits=(Limit(np.ones(SITES), 99.0),)))
        most = max(every.values())
        fewest = min(len(one) for one in every if value(one) >= most - 1e-9)
        found = with_fewest(problem)
        assert len(found.chosen) == fewest == found.bound
        assert value(found.chosen) == pytest.approx(most)


@pytest.mark.parametrize("kind", KINDS)
def test_no_choice_exceeds_the_bound_of_any_prices(kind):
    random = np.random.default_rng(4)
    for seed in range(10):
        problem = random_problem(seed, kind)
        every = every_choice(problem)
        if not every:
            continue
        floors = 0 if problem.floors is None else len(problem.floors)
        for _ in range(5):
            prices = Prices(
                random.uniform(-0.2, problem.gain.max() * 1.2, len(problem.people)),
                random.uniform(-1, 3, floors),
                np.empty(0),
            )
            found = bound(problem, prices, np.full(SITES, FREE, dtype=np.int8))
            assert found.value >= max(every.values()) - 1e-9
            for chosen, worth in every.items():
                for site in range(SITES):
                    upper = found.if_open if site in chosen else found.if_closed
                    assert upper[site] >= worth - 1e-9


def test_a_greedy_choice_is_not_the_best():
    # the middle site reaches most alone; the two beside it reach all four together
    reach = {0: [0, 1], 1: [1, 2], 2: [2, 3]}
    people = np.array([10.0, 9.0, 9.0, 10.0])
    site, demand = np.array([(s, d) for s, some in reach.items() for d in some]).T
    limit = Limit(np.ones(3), 2.0, exact=True)
    found = solved(location_problem(people, demand, site, site_count=3, limits=(limit,)))
    assert (found.chosen, found.value, found.bound) == ((0, 2), 38.0, 38.0)


def test_who_passes_a_full_site_is_served_and_who_does_not_is_cut():
    # ten people nearest to site 0, which has room for four; site 1 has room for five
    given = {
        "people": np.array([10.0]), "demand": np.array([0, 0]), "site": np.array([0, 1]),
        "site_count": 2, "limits": (Limit(np.ones(2), 2.0),),
        "capacity": np.array([4.0, 5.0]), "metres": np.array([10.0, 20.0]),
    }  # fmt: skip
    passing = location_problem(**given, assignment="pass")
    nearest = location_problem(**given, assignment="nearest")
    assert Valuation(passing)((0, 1)) == 9
    assert Valuation(nearest)((0, 1)) == 4
    assert solved(passing).chosen == (0, 1)
    assert solved(nearest).chosen == (1,)  # with the nearer site open too, one person fewer


def test_demands_of_equal_reach_are_one():
    people = np.array([3.0, 4.0, 5.0, 6.0])
    demand, site = np.array([0, 1, 2, 0, 1]), np.array([0, 0, 1, 2, 2])
    limit = Limit(np.ones(3), 1.0, exact=True)
    small = merged(location_problem(people, demand, site, site_count=3, limits=(limit,)))
    assert small.people.tolist() == [7.0, 5.0]  # nothing reaches the last


def test_equally_good_choices_are_told_apart_by_what_comes_first():
    people = np.array([5.0, 5.0, 5.0])
    rows = np.arange(3)
    limit = Limit(np.ones(3), 1.0, exact=True)
    problem = location_problem(people, rows, rows, site_count=3, limits=(limit,))
    found = solved(problem)
    assert found.equals == ((0,), (1,), (2,))
    price = {(0,): 3.0, (1,): 2.0, (2,): 2.0}
    assert preferred(problem, found, lambda choice: (price[choice],)) == (1,)
    assert different(problem, (1,), 2, least=5.0) == (((0,), 5.0), ((2,), 5.0))
    one_plot = replace(problem, plot=np.array([0, 1, 1]))  # another site there is no other plan
    assert different(one_plot, (1,), 2, least=5.0) == (((0,), 5.0),)


def test_people_that_differ_by_rounding_alone_leave_the_choice_to_what_comes_next():
    """Added up in another order 105 people are 105.00000000000001: the shorter walk decides."""
    limits = (Limit(np.ones(2), 1.0, exact=True),)
    rows = np.arange(2)
    problem = location_problem(np.array([105.0, 105.0]), rows, rows, site_count=2, limits=limits)
    measures = {(0,): (-105.00000000000001, 0.0, 900.0), (1,): (-105.0, 0.0, 800.0)}
    assert preferred(problem, solved(problem), measures.__getitem__) == (1,)
