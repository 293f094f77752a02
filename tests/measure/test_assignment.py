"""Assignment under capacity: by hand, and against every way there is."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer.measure.assignment import assign
from urbanlayer.measure.pairs import Pairs


def everywhere(cost):
    place, target = np.nonzero(np.isfinite(cost))
    return Pairs(*cost.shape, place, target, cost[place, target])


def test_who_has_a_choice_makes_room_for_who_has_none():
    # the first home may go to either school, the second only to the near one
    cost = np.array([[100.0, 500.0], [100.0, np.inf]])
    done = assign(everywhere(cost), np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    assert done.people.tolist() == [0.0, 1.0, 1.0]
    assert done.left_out.tolist() == [0.0, 0.0]
    assert done.person_cost == 600.0


def test_who_does_not_fit_is_left_out_and_counted():
    done = assign(everywhere(np.array([[10.0], [20.0]])), np.array([3.0, 4.0]), np.array([5.0]))
    assert done.load.tolist() == [5.0]
    assert done.left_out.tolist() == [0.0, 2.0]


def test_nobody_in_reach_leaves_all_out():
    done = assign(everywhere(np.full((2, 1), np.inf)), np.array([3.0, 4.0]), np.array([5.0]))
    assert (done.left_out.tolist(), done.load.tolist()) == ([3.0, 4.0], [0.0])
    assert (len(done.people), done.person_cost) == (0, 0.0)


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_numbers_that_are_negative_or_not_known_are_refused(wrong):
    pairs = everywhere(np.array([[10.0], [20.0]]))
    with pytest.raises(ValueError, match="people: negative or not known"):
        assign(pairs, np.array([3.0, wrong]), np.array([5.0]))
    with pytest.raises(ValueError, match="capacity: negative or not known"):
        assign(pairs, np.array([3.0, 4.0]), np.array([wrong]))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_other_assignment_serves_more_or_costs_less(data):
    places, targets = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    cell = st.one_of(st.just(np.inf), st.integers(1, 50).map(float))
    size = places * targets
    cost = np.array(data.draw(st.lists(cell, min_size=size, max_size=size)))
    cost = cost.reshape(places, targets)
    capacity = np.array(data.draw(st.lists(st.integers(0, 3), min_size=targets, max_size=targets)))
    done = assign(everywhere(cost), np.ones(places), capacity.astype(float))
    assert (done.load <= capacity + 1e-9).all()
    best = min(tried(cost, capacity))
    assert (done.left_out.sum(), done.person_cost) == pytest.approx(best)


def tried(cost, capacity):
    """Left out, and cost in all, of every way in which each may go somewhere or stay out."""
    places, targets = cost.shape
    for choice in product(range(targets + 1), repeat=places):
        going = [(row, column) for row, column in enumerate(choice) if column < targets]
        load = np.bincount([column for _, column in going], minlength=targets)
        total = sum(cost[pair] for pair in going)
        if (load <= capacity).all() and np.isfinite(total):
            yield float(places - len(going)), float(total)
