"""Capacity shared by floating catchments: the example worked by hand, and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer.kernels.floating import step_weights, three_step, two_step
from urbanlayer.kernels.pairs import Pairs

# Luo & Qi 2009 (for driving); Wan, Zou & Sternberg 2012
E2SFCA_MINUTES, E2SFCA_WEIGHTS = (10.0, 20.0, 30.0), (1.0, 0.68, 0.22)
THREE_SFCA_MINUTES = (10.0, 20.0, 30.0, 60.0)
THREE_SFCA_WEIGHTS = (0.962, 0.704, 0.377, 0.042)

MINUTES = np.array([[5.0, 25.0], [15.0, 8.0], [40.0, 12.0]])
PEOPLE = np.array([1000.0, 500.0, 800.0])
CAPACITY = np.array([100.0, 50.0])


def paired(cost, limit=np.inf):
    origin, destination = np.nonzero(cost <= limit)
    return Pairs(*cost.shape, origin, destination, cost[origin, destination])


def test_two_steps_by_hand():
    # Σ_A = 1500, Σ_B = 2300: R = 100/1500 and 50/2300; the third reaches B alone
    shared = two_step(paired(MINUTES, 30.0), CAPACITY, PEOPLE)
    np.testing.assert_allclose(shared.access, [0.088406, 0.088406, 0.021739], atol=5e-7)
    np.testing.assert_allclose(shared.ratio, [100 / 1500, 50 / 2300])


def test_weights_enter_both_steps():
    # Σ_A = 1000 + 0.68·500, Σ_B = 0.22·1000 + 500 + 0.68·800
    pairs = paired(MINUTES)
    weight = step_weights(pairs.cost, E2SFCA_MINUTES, E2SFCA_WEIGHTS)
    shared = two_step(pairs, CAPACITY, PEOPLE, weight)
    np.testing.assert_allclose(shared.access, [0.083329, 0.090303, 0.026899], atol=5e-7)
    np.testing.assert_allclose(shared.ratio, [100 / 1340, 50 / 1264])


def test_what_nobody_reaches_is_unused_and_no_division_by_zero():
    shared = two_step(paired(np.array([[5.0, 99.0]]), 30.0), CAPACITY, np.array([10.0]))
    assert shared.access.tolist() == [10.0]
    assert np.isnan(shared.ratio[1])
    assert shared.unused == 50.0


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_capacity_used_and_unused_is_the_capacity_offered(data):
    origins, destinations = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    numbers = st.floats(0, 60)
    cost = np.array(
        data.draw(
            st.lists(numbers, min_size=origins * destinations, max_size=origins * destinations)
        )
    )
    people = np.array(
        data.draw(st.lists(st.integers(0, 900), min_size=origins, max_size=origins)), float
    )
    capacity = np.array(
        data.draw(st.lists(st.integers(0, 90), min_size=destinations, max_size=destinations)), float
    )
    pairs = paired(cost.reshape(origins, destinations), 45.0)
    weight = step_weights(pairs.cost, E2SFCA_MINUTES, E2SFCA_WEIGHTS)
    for shared in (
        two_step(pairs, capacity, people),
        two_step(pairs, capacity, people, weight),
        three_step(pairs, capacity, people, weight),
    ):
        assert people @ shared.access + shared.unused == pytest.approx(capacity.sum())


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_a_capacity_of_nonsense_says_which_row(wrong):
    with pytest.raises(ValueError, match=r"capacity: 1 negative or unknown \(rows 1\)"):
        two_step(paired(MINUTES), np.array([100.0, wrong]), PEOPLE)


def test_steps_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="limits ascend"):
        step_weights(np.array([1.0]), (20, 10), (1, 0.5))


def test_the_steps_are_those_of_the_papers():
    assert dict(zip(E2SFCA_MINUTES, E2SFCA_WEIGHTS, strict=True)) == {10: 1, 20: 0.68, 30: 0.22}
    three = dict(zip(THREE_SFCA_MINUTES, THREE_SFCA_WEIGHTS, strict=True))
    assert three == {10: 0.962, 20: 0.704, 30: 0.377, 60: 0.042}


def test_a_step_s_end_is_in_it_and_beyond_the_last_nothing_counts():
    minutes = np.array([0.0, 10.0, 10.5, 20.0, 30.0, 30.5, 90.0])
    weight = step_weights(minutes, E2SFCA_MINUTES, E2SFCA_WEIGHTS)
    assert weight.tolist() == [1, 1, 0.68, 0.68, 0.22, 0, 0]


def test_a_facility_that_only_an_empty_house_reaches_gives_nothing():
    # The second facility is reached by the third place alone, where nobody lives.
    pairs = Pairs(3, 2, np.array([0, 1, 2]), np.array([0, 0, 1]), np.ones(3))
    shared = two_step(pairs, np.array([10.0, 40.0]), np.array([3.0, 2.0, 0.0]))
    assert shared.access.tolist() == [2, 2, 0]
    assert np.isnan(shared.ratio[1])
    assert shared.unused == 40


def test_half_a_person_shares_with_nobody():
    shared = two_step(
        Pairs(1, 1, np.array([0]), np.array([0]), np.ones(1)), np.array([10.0]), np.array([0.5])
    )
    assert shared.access.tolist() == [20]
    assert shared.unused == 0
