"""Means, quantiles, ratios, mixes, growth and thresholds at their edges, worked by hand."""

import math

import numpy as np
import pytest

from urbanlayer.kernels import growth, mix, quantiles, ratios, weighted
from urbanlayer.kernels.components import component_numbers
from urbanlayer.kernels.junctions import junctions
from urbanlayer.kernels.opportunities import decay_weights, reachable_amount
from urbanlayer.kernels.pairs import Pairs
from urbanlayer.kernels.soft import logistic_within
from urbanlayer.kernels.threshold import at_least, within
from urbanlayer.text.spelling import did_you_mean

NAN = np.nan


def test_a_mean_leaves_out_what_is_not_known_and_who_belongs_nowhere():
    values = np.array([1.0, NAN, 4.0, 8.0, 9.0])
    people = np.array([0.25, 50.0, 0.25, 3.0, 0.0])
    groups = np.array([0, 0, 0, -1, 1])
    found = weighted.group_means(values, people, groups, 3)
    assert found[0] == 2.5  # less than one person in all, and still a mean
    assert np.isnan(found[1:]).all()  # nobody has the 9; the third group is empty
    assert weighted.mean(values, people) == pytest.approx((0.25 + 1 + 24) / 3.5)
    assert math.isnan(weighted.mean(np.array([2.0]), np.zeros(1)))


def test_quantiles_of_groups_by_the_weight_that_they_cover():
    values = np.array([30.0, 10.0, 20.0, NAN, np.inf, 5.0, 7.0])
    people = np.array([1.0, 8.0, 1.0, 100.0, 1.0, 9.0, 0.0])
    groups = np.array([0, 0, 0, 0, 1, -1, 1])
    for share, expected in ((0.8, 10), (0.81, 20), (0.9, 20), (0.95, 30), (1.0, 30)):
        found = quantiles.group_quantiles(values, people, groups, 3, share=share)
        assert found[0] == expected
        assert found[1] == np.inf
        assert np.isnan(found[2])


def test_the_quantile_of_a_later_group_counts_its_own_weight_alone():
    values, people = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0]), np.ones(6)
    groups = np.array([0, 0, 0, 1, 1, 1])
    found = quantiles.group_quantiles(values, people, groups, 2, share=0.5)
    assert found.tolist() == [2, 20]


def test_one_over_nothing_is_no_answer_and_over_little_it_is_one():
    found = ratios.safe_ratio(np.array([6.0, 0.0, 6.0, 1.0]), np.array([0.5, 2.0, 0.0, -1.0]))
    assert found[:2].tolist() == [12, 0]
    assert np.isnan(found[2:]).all()


def test_rates_of_small_numbers_are_drawn_towards_the_whole():
    # μ = 2 in 1,000; a prior worth 1,000: (0.002 · 1000 + 6) / (1000 + 1000).
    found = ratios.shrunken_rate(np.array([6.0, 0.0]), np.array([1000.0, 0.0]), 0.002, 1000.0)
    assert found.tolist() == [0.004, 0.002]
    plain = ratios.shrunken_rate(np.array([6.0, 0.0]), np.array([1000.0, 0.0]), 0.002, 0.0)
    assert plain[0] == 0.006
    assert np.isnan(plain[1])


def test_a_scale_ends_at_both_ends_and_may_run_downwards():
    values = np.array([-5.0, 0.0, 2.5, 10.0, 20.0, NAN])
    up = ratios.min_max_score(values, 0, 10)
    assert up[:5].tolist() == [0, 0, 0.25, 1, 1]
    assert np.isnan(up[5])
    assert ratios.min_max_score(values, 10, 0)[:5].tolist() == [1, 1, 0.75, 0, 0]


def test_the_limit_itself_is_within_and_what_is_not_known_is_not():
    values = np.array([NAN, 499.0, 500.0, 500.001, np.inf])
    assert within(values, 500).tolist() == [False, True, True, False, False]
    assert at_least(values, 500).tolist() == [False, False, True, True, True]
    assert within(np.array([0.1 + 0.2]), 0.3).tolist() == [True]  # rounding moves nobody out
    assert at_least(np.array([0.7 + 0.1]), 0.8).tolist() == [True]
    assert within(np.array([500.0]), 499.99).tolist() == [False]


def test_soft_coverage_of_what_cannot_be_reached_or_is_very_far_is_none():
    found = logistic_within(np.array([0.0, 1e9, np.inf]), 500, 5)
    assert found[0] == pytest.approx(1 / (1 + math.exp(-5)))
    assert found[1] == pytest.approx(0, abs=1e-12)
    assert found[2] == 0


def test_mixes_of_one_use_of_none_and_of_all_alike():
    shares = np.array([[1.0, 0.0, 0.0], [1 / 3] * 3, [NAN] * 3])
    assert mix.entropy(shares)[:2] == pytest.approx([0, math.log(3)])
    assert mix.evenness(shares)[:2] == pytest.approx([0, 1])
    assert mix.simpson(shares)[:2] == pytest.approx([0, 2 / 3])
    assert mix.hill(shares)[:2] == pytest.approx([1, 3])
    for measured in (mix.entropy, mix.evenness, mix.simpson, mix.hill):
        assert np.isnan(measured(shares)[2])


def test_growth_from_nothing_or_of_nobody_has_no_rate():
    land = growth.land_consumption_rate(np.array([0.0, 0.5, 4.0]), np.array([1.0, 1.0, 3.0]), 2)
    assert math.isnan(land[0])
    assert land[1:].tolist() == [0.5, -0.125]
    people = growth.population_growth_rate(
        np.array([0.0, 100.0, 100.0]), np.array([100.0, 0.0, 50.0]), 2
    )
    assert np.isnan(people[:2]).all()
    assert people[2] == pytest.approx(math.log(0.5) / 2)
    few = growth.population_growth_rate(np.array([0.5]), np.array([0.25]), 1)
    assert few[0] == pytest.approx(-math.log(2))  # a cell of a grid holds less than one person
    # a tenth of a per cent is the least change that counts, itself included
    found = growth.growth_ratio(np.full(4, 0.01), np.array([0.001, -0.001, 0.0009, 0.0]))
    assert found[:2].tolist() == [10, -10]
    assert np.isnan(found[2:]).all()


def test_what_is_reached_is_counted_summed_or_weighed():
    pairs = Pairs(3, 2, np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([5.0, 10.0, 0.5]))
    assert reachable_amount(pairs).tolist() == [2, 1, 0]
    assert reachable_amount(pairs, np.array([3.0, 4.0])).tolist() == [7, 4, 0]
    cost = np.array([0.5, 2.0, 4.0])
    assert decay_weights(cost, decay="power", rate=1).tolist() == [
        1,
        0.5,
        0.25,
    ]  # below 1 counts as 1
    assert decay_weights(cost, decay="gaussian", rate=2)[1] == pytest.approx(math.exp(-0.5))
    assert decay_weights(cost, decay="gaussian", rate=2)[2] == pytest.approx(math.exp(-2))
    with pytest.raises(ValueError, match="needs a rate above 0"):
        decay_weights(cost, decay="exponential")
    assert decay_weights(cost, decay="exponential", rate=0.5)[2] == pytest.approx(math.exp(-2))
    for rate in (0.0, -1.0, NAN):
        with pytest.raises(ValueError, match="needs a rate above 0"):
            decay_weights(cost, decay="power", rate=rate)


def test_nodes_become_one_junction_in_chains_and_only_where_three_streets_meet():
    # A star of three, twice, 12 m apart, and a third 12 m on; a bend of two far away.
    star = np.array([[0.0, 0], [0, 90], [0, -90], [-90, 0]])
    xy = np.vstack(
        [star, star + np.array([12, 0]), star + np.array([24, 0]), [[500.0, 0], [600, 0], [700, 5]]]
    )
    legs = np.array([[0, 1], [0, 2], [0, 3]])
    edges = np.vstack([legs, legs + 4, legs + 8, [[12, 13], [13, 14]]])
    assert junctions(xy, edges, merge_m=12).tolist() == [[12, 0]]
    assert len(junctions(xy, edges, merge_m=11.9)) == 3
    assert junctions(xy[12:], np.array([[0, 1], [1, 2]]), merge_m=12).shape == (0, 2)


def test_of_parts_that_are_equally_long_the_one_with_the_lowest_node_is_first():
    ends = np.array([[2, 3], [0, 1], [4, 5]])
    assert component_numbers(7, ends, np.array([5.0, 5.0, 9.0])).tolist() == [1, 1, 2, 2, 0, 0, 3]


# Two trips of route 2, at stops 0 and 1, and one of route 0 by stops 1, 0 and 2.
CALLS = {
    "call_trip": np.array([0, 0, 1, 1, 2, 2, 2]),
    "call_stop": np.array([0, 1, 0, 1, 1, 0, 2]),
    "departure_s": np.array([0.0, 600, 3600, 4200, 1800, 3599, 4000]),
    "trip_route": np.array([2, 2, 0]),
    "trip_direction": np.array([0, 0, 0]),
}


def test_up_to_twelve_known_words_are_told_and_of_more_how_many_there_are():
    words = [f"lane{letter}" for letter in "abcdefghijklm"]
    assert did_you_mean("x", words[:12]) == f"; known: {', '.join(words[:12])}"
    assert did_you_mean("x", words) == f"; known: {', '.join(words[:12])} … (13 in all)"
