"""Ranges of ranks over draws, by pencil."""

import numpy as np

from urbanlayer.kernels.rank_ranges import groups_tied_with_best, rank_ranges

DRAWS = np.array([[0.9, 0.5, 0.5]] * 90 + [[0.5, 0.9, 0.1]] * 6 + [[0.1, 0.2, 0.9]] * 4)
"""100 draws of three neighbourhoods."""


def test_shares_count_the_draws_of_each_rank():
    found = rank_ranges(DRAWS)
    # second: 90 times 2 (shared with the third), 6 times 1, 4 times 2
    assert found.shares.tolist() == [[0.9, 0.06, 0.04], [0.06, 0.94, 0], [0.04, 0.9, 0.06]]


def test_low_and_high_are_the_least_ranks_whose_cumulated_share_reaches_5_and_95_per_cent():
    found = rank_ranges(DRAWS)
    assert found.low.tolist() == [1, 1, 2]
    assert found.high.tolist() == [2, 2, 3]


def test_a_share_of_exactly_5_per_cent_reaches_it():
    draws = np.array([[1.0, 0.0]] * 5 + [[0.0, 1.0]] * 95)
    found = rank_ranges(draws)
    assert found.low.tolist() == [1, 1]
    assert found.high.tolist() == [2, 1]


def test_above_counts_the_draws_in_which_one_is_needier_and_ties_for_neither():
    found = rank_ranges(DRAWS)
    assert found.above.tolist() == [[0, 0.9, 0.96], [0.1, 0, 0.06], [0.04, 0.04, 0]]


def test_a_group_is_what_cannot_be_told_apart_from_its_best():
    above = np.array(
        [[0, 0.9, 0.99, 0.99], [0.1, 0, 0.9, 0.99], [0.01, 0.1, 0, 0.9], [0.01, 0.01, 0.1, 0]]
    )
    # the first and second are tied; the second and third too, but the first is above the third
    assert groups_tied_with_best(np.array([1, 2, 3, 4]), above).tolist() == [1, 1, 2, 2]
