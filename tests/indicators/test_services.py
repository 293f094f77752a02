"""Services and reach, worked by hand.

Homes stand at (250, 210) of each 400 m square; every service is at the crossing (200, 200) of Q7.
On foot it is 60 m from Q7's home, 460 m from Q4's and Q1's, 860 m from Q9's, Q3's (and Q2's, where
nobody lives), 1,260 m from Q8's and Q6's, 1,660 m from Q5's. People: Q7 90, Q4 60, Q9 30, Q1 120,
Q3 10, Q8 40, Q6 20, Q5 80; 450 in all. Every service has 45 places.
"""

import numpy as np
import pytest
import toy
from pydantic import ValidationError
from toy_results import query, values

from urbanlayer import registry
from urbanlayer.kernels.floating import step_weights, three_step, two_step
from urbanlayer.kernels.opportunities import reachable_amount
from urbanlayer.kernels.pairs import Pairs
from urbanlayer.kernels.soft import logistic_within


def test_nearest_in_metres_is_a_mean_over_residents():
    result = query("nearest_facility_m", variant="kindergarten")
    assert values(result, "Q7 Q4 Q9 Q5") == pytest.approx([60, 460, 860, 1660])
    metres = 90 * 60 + 180 * 460 + 40 * 860 + 60 * 1260 + 80 * 1660
    assert result.city == pytest.approx(metres / 450)


def test_what_is_farther_than_the_cap_counts_as_the_cap():
    assert values(query("nearest_facility_m", {"cap_m": 1000}, variant="school"), "Q4 Q5") == [
        pytest.approx(460),
        1000,
    ]


def test_nine_in_ten_residents_walk_no_farther():
    # 370 of 450 residents (82 %) walk 1,260 m or less; with those of Q5 it is all of them.
    assert query("nearest_facility_p90_m", variant="clinic").city == pytest.approx(1660)
    half = query("nearest_facility_p90_m", {"share": 0.5}, variant="clinic")
    assert half.city == pytest.approx(460)  # Q7, Q4 and Q1 are 60 % of the people


def test_soft_coverage_has_no_cliff_ex():
    near = logistic_within(np.array([250.0, 500.0, 600.0, 0.0]), 500, 5)
    assert near.round(4).tolist() == [0.9241, 0.5, 0.2689, 0.9933]
    assert values(query("coverage_soft", {"services": {"stop": 460}}, variant="stop"), "Q4") == [
        pytest.approx(0.5)
    ]


def test_needs_met_within_a_quarter_of_an_hour():
    # 15 minutes are 1,200 m: five homes reach all nine kinds, those of Q8, Q6 and Q5 none.
    assert values(query("city15_count"), "Q7 Q3 Q8 Q5") == [9, 9, 0, 0]
    assert query("city15_share").city == pytest.approx(310 / 450)


def test_a_kind_of_need_counts_once_whichever_service_meets_it():
    table = {"categories": {"learning": ["kindergarten", "school"], "health": ["clinic"]}}
    assert values(query("city15_count", table), "Q7") == [2]


def test_a_service_in_two_kinds_of_need_is_refused():
    params = registry.indicators()["city15_count"].params
    with pytest.raises(ValueError, match="each service stands in one category"):
        params.model_validate({"categories": {"one": ["clinic"], "other": ["clinic"]}})


def test_minutes_to_daily_needs():
    # 60 m at 80 m a minute: three quarters of a minute; 1,660 m: 20.75.
    assert values(query("city15_time"), "Q7 Q5") == pytest.approx([0.75, 20.75])


def test_of_two_nearest_the_one_that_is_not_there_counts_as_the_cap():
    result = query("city15_time", {"nearest": 2, "categories": {"health": ["clinic"]}})
    assert values(result, "Q7") == pytest.approx([(0.75 + 60) / 2])


def test_places_within_reach_are_counted_twice():
    near, far = (
        query(
            "cumulative_opportunities", {"services": ["clinic"], "minutes": [minutes]}, first=True
        )
        for minutes in (15, 30)
    )
    assert near.city == pytest.approx(310 / 450)
    assert far.city == 1


def test_jobs_within_reach_are_summed():
    assert query("jobs_reach_walk", {"minutes": [30]}).city == 35  # 10 + 20 + 5, within 2,400 m


def test_hansen_ex():
    pairs = Pairs(1, 2, np.array([0, 0]), np.array([0, 1]), np.array([5.0, 12.0]))
    jobs = np.array([200.0, 100.0])
    assert reachable_amount(pairs, jobs, decay="exponential", rate=0.1) == pytest.approx(
        [151.426], abs=1e-3
    )


def test_near_places_count_more():
    # One clinic at 0.75 and at 5.75 minutes: e^-0.075 and e^-0.575.
    result = query("hansen_access", variant="clinic")
    assert values(result, "Q7 Q4") == pytest.approx([0.927743, 0.562705], rel=1e-5)


PEOPLE, PLACES = np.array([1000.0, 500.0, 800.0]), np.array([100.0, 50.0])
MINUTES = np.array([[5.0, 25.0], [15.0, 8.0], [40.0, 12.0]])
EVERY = Pairs(3, 2, np.repeat([0, 1, 2], 2), np.tile([0, 1], 3), MINUTES.ravel())


@pytest.mark.parametrize(
    ("steps", "weights", "share", "expected"),
    [
        ((30,), (1,), two_step, [0.088406, 0.088406, 0.021739]),
        ((10, 20, 30), (1, 0.68, 0.22), two_step, [0.083329, 0.090303, 0.026899]),
        ((10, 20, 30), (1, 0.68, 0.22), three_step, [0.087875, 0.062523, 0.038580]),
    ],
)
def test_floating_catchments_ex(steps, weights, share, expected):
    weight = step_weights(EVERY.cost, steps, weights)
    access = share(EVERY, PLACES, PEOPLE, weight).access
    assert access == pytest.approx(expected, abs=1e-6)
    assert PEOPLE @ access == pytest.approx(150)


def test_capacity_is_shared_among_all_who_reach_it():
    # 45 places among the 310 residents within 1,200 m.
    assert values(query("sfca_access", variant="kindergarten"), "Q7 Q3 Q8") == pytest.approx(
        [45 / 310, 45 / 310, 0]
    )


def test_who_lives_exactly_at_the_last_minute_shares_too():
    # 460 m are 5.75 minutes: the 90 of Q7 and the 60 and 120 of Q4 and Q1.
    table = {"services": ["kindergarten"], "minutes": [5.75], "weights": [1]}
    shared = values(query("sfca_access", table, variant="kindergarten"), "Q7 Q4 Q9")
    assert shared == pytest.approx([45 / 270, 45 / 270, 0])


@pytest.mark.parametrize(
    "steps",
    [
        {"minutes": [10, 5], "weights": [1, 0.5]},
        {"minutes": [5, 5], "weights": [1, 0.5]},
        {"minutes": [5, 10], "weights": [1]},
        {"minutes": [121], "weights": [1]},
        {"minutes": [], "weights": []},
    ],
)
def test_steps_that_make_no_sense_are_refused(steps):
    with pytest.raises(ValidationError):
        registry.indicators()["sfca_access"].params.model_validate(steps)


def test_who_is_nearer_has_more_of_the_capacity():
    # Within 400 m: 90 people, weight 1; within 800 m: 180, 0.68; within 1,200 m: 40, 0.22.
    demand = 90 + 0.68 * 180 + 0.22 * 40
    assert values(query("e2sfca_access", variant="kindergarten"), "Q7 Q4 Q9") == pytest.approx(
        [45 / demand, 0.68 * 45 / demand, 0.22 * 45 / demand]
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_capacity_is_shared_among_all_in_reach_whatever_else_they_reach(seed):
    indicator = registry.indicators()["sfca_access"]
    one = indicator.params().queries()[0]
    (network_query,) = indicator.network_queries(one)
    city = toy.city(toy.shapes(seed))
    pairs = toy.network(city, network_query)[network_query].pairs
    reached = np.zeros((pairs.origin_count, pairs.destination_count))
    reached[pairs.origin, pairs.destination] = 1
    demand = city.residents.people @ reached
    expected = reached @ np.divide(45, demand, out=np.zeros_like(demand), where=demand > 0)
    np.testing.assert_allclose(toy.result(indicator, one, city).origins, expected)


@pytest.mark.parametrize("name", ["sfca_access", "e2sfca_access", "threesfca_access"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_people_times_access_is_the_capacity_that_is_reached(name, seed):
    indicator = registry.indicators()[name]
    one = indicator.params().queries()[0]
    (network_query,) = indicator.network_queries(one)
    city = toy.city(toy.shapes(seed))
    used = np.unique(toy.network(city, network_query)[network_query].pairs.destination)
    result = toy.result(indicator, one, city)
    assert city.residents.people @ result.origins == pytest.approx(45 * len(used))


def test_places_for_children_of_the_neighbourhood():
    # 45 places for a tenth of 90 residents; next door there is none.
    assert values(query("childcare_places_ratio"), "Q7 Q4") == pytest.approx([5, 0])
    assert query("childcare_places_ratio").city == pytest.approx(1)


def test_daily_living_counts_three_needs_within_500_m():
    assert values(query("daily_living_score"), "Q7 Q4 Q9") == [3, 3, 0]


def test_a_service_without_capacity_is_told_before_anything_is_computed():
    indicator = registry.indicators()["sfca_access"]
    found = toy.shapes()
    points, columns = found["kindergarten"]
    nothing = {name: values for name, values in columns.items() if name != "capacity"}
    city = toy.city({**found, "kindergarten": (points, nothing)})
    (fault,) = indicator.errors(city, indicator.params().queries()[0])
    assert "kindergarten" in fault
    assert "capacity" in fault


def test_minutes_to_the_nearest_at_eighty_metres_a_minute():
    # 60 m from Q7's home, 460 m from Q4's, 1,660 m from Q5's: capped at 10 minutes.
    table = {"services": ["kindergarten"], "cap_min": 10}
    minutes = query("nearest_facility_min", table, variant="kindergarten")
    assert values(minutes, "Q7 Q4 Q5") == pytest.approx([0.75, 5.75, 10])


def test_kindergarten_places_shared_among_children_alone():
    # One in ten is a child: 9 in Q7 (60 m), 6 and 12 in Q4 and Q1 (460 m, 5.75 minutes), 1 and 3
    # in Q3 and Q9 (860 m, 10.75 minutes). Σ p w = 9 + 0.68 · 18 + 0.22 · 4 = 22.12 of 45 places.
    shared = query("childcare_e2sfca")
    assert values(shared, "Q7 Q4 Q3 Q5") == pytest.approx(
        [45 / 22.12, 0.68 * 45 / 22.12, 0.22 * 45 / 22.12, 0]
    )
    assert shared.city == pytest.approx(45 / 45)  # all 45 places go to the city's 45 children


def test_coverage_asks_once_of_each_service_and_distance():
    params = registry.indicators()["coverage_within"].params
    queries = params.model_validate(
        {"services": {"school": [400, 900], "library": 50_000}}
    ).queries()
    assert [(one.variant, one.needs, dict(one.parameters)) for one in queries] == [
        ("school", ("school",), {"distance_m": 400}),
        ("school", ("school",), {"distance_m": 900}),
        ("library", ("library",), {"distance_m": 50_000}),
    ]
    with pytest.raises(ValidationError, match="less than or equal to 50000"):
        params.model_validate({"services": {"school": 50_001}})


def test_the_distances_that_a_city_need_not_say():
    """The planning defaults of the definitions; 500 m to a stop as in SDG 11.2.1."""
    queries = registry.indicators()["coverage_within"].params().queries()
    assert {one.variant: one["distance_m"] for one in queries} == {
        "kindergarten": 500, "school": 800, "clinic": 1000, "pharmacy": 800, "stop": 500,
        "waste_point": 150,
    }  # fmt: skip
