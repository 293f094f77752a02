"""Rules of need, aggregates and ranks, by pencil."""

from statistics import NormalDist

import numpy as np
import pytest

from urbanlayer.kernels import needs

NAN = float("nan")


def test_by_target_the_need_is_the_distance_to_the_target_between_the_goalposts():
    found = needs.by_target(np.array([20.0, 15.0, 5.0, 0.0, 30.0, NAN]), target=20, worst=0)
    assert found[:5].tolist() == [0, 0.25, 0.75, 1, 0]
    assert np.isnan(found[5])


def test_a_target_below_the_worst_is_for_results_of_which_less_is_better():
    found = needs.by_target(np.array([300.0, 600.0, 1200.0]), target=300, worst=900)
    assert found.tolist() == [0, 0.5, 1]


def test_by_min_max_the_worst_has_1_and_what_is_missing_stays_out():
    values = np.array([2.0, 4.0, 6.0, NAN])
    assert needs.by_min_max(values, higher_is_better=True)[:3].tolist() == [1, 0.5, 0]
    assert needs.by_min_max(values, higher_is_better=False)[:3].tolist() == [0, 0.5, 1]
    assert np.isnan(needs.by_min_max(values, higher_is_better=True)[3])


def test_by_rank_ties_have_the_average_of_their_ranks():
    # least is neediest: 1 has rank 5, the two 3 share (3 + 4) / 2, 7 and 9 have 2 and 1
    found = needs.by_rank(np.array([3.0, 9.0, 1.0, 3.0, 7.0]), higher_is_better=True)
    assert found.tolist() == [0.625, 0, 1, 0.625, 0.25]


def test_by_rank_values_that_differ_by_rounding_are_ties():
    found = needs.by_rank(np.array([0.3, 0.1 + 0.2, 0.9]), higher_is_better=True)
    assert found.tolist() == [0.75, 0.75, 0]


def test_by_z_score_the_divisor_is_n():
    # mean 5, population standard deviation 2 (Wikipedia's example 2 4 4 4 5 5 7 9)
    values = np.array([2.0, 4, 4, 4, 5, 5, 7, 9])
    found = needs.by_z_score(values, higher_is_better=False)
    normal = [NormalDist().cdf((value - 5) / 2) for value in values]
    assert found == pytest.approx(normal, rel=1e-12)
    turned = needs.by_z_score(values, higher_is_better=True)
    assert turned == pytest.approx(1 - found, rel=1e-12)


@pytest.mark.parametrize("rule", [needs.by_min_max, needs.by_rank, needs.by_z_score])
def test_where_all_are_alike_nobody_is_needier(rule):
    assert rule(np.array([4.0, 4.0, 4.0]), higher_is_better=True).tolist() == [0.5, 0.5, 0.5]
    assert rule(np.array([4.0, NAN]), higher_is_better=True)[0] == 0.5
    rounded = np.array([0.3, 0.1 + 0.2, 0.3])  # the second is larger by 2**-54
    assert rule(rounded, higher_is_better=True).tolist() == [0.5, 0.5, 0.5]
    assert np.isnan(rule(np.array([NAN, NAN]), higher_is_better=True)).all()


def test_a_missing_result_leaves_its_weight_to_the_others_and_is_not_0():
    table = np.array([[0.4, 0.8], [0.4, NAN], [NAN, NAN]])
    found = needs.weighted_mean(table, np.array([1.0, 3.0]))
    assert found[:2] == pytest.approx([0.7, 0.4])
    assert np.isnan(found[2])


def test_the_geometric_aggregate_is_of_achievements_with_a_floor():
    table = np.array([[0.5, 0.75], [1.0, 0.0], [1.0, 1.0]])
    found = needs.aggregated(table, np.array([0.5, 0.5]), "geometric")
    # 1 - √(0.5 · 0.25), 1 - √(0.01 · 1), 1 - 0.01
    assert found == pytest.approx([1 - 0.125**0.5, 0.9, 0.99])


def test_draws_of_weights_give_needs_of_each_draw():
    table = np.array([[0.0, 1.0], [1.0, 0.0]])
    weights = np.array([[0.25, 0.75], [1.0, 0.0]])
    by_theme = np.broadcast_to(table, (2, 2, 2))
    found = needs.aggregated(by_theme, weights, "arithmetic")
    assert found.tolist() == [[0.75, 0.25], [0.0, 1.0]]


def test_equal_needs_share_the_best_rank():
    assert needs.ranks_of(np.array([0.9, 0.3, 0.1 + 0.2, 0.1])).tolist() == [1, 2, 2, 4]
