"""Inequality and clusters: the worked examples of the catalogue, laws, and PySAL as an oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from urbanlayer.kernels import clusters, inequality

X, P = np.array([2.0, 4.0, 9.0]), np.array([100.0, 200.0, 100.0])
LINE = np.array([[0, 1], [1, 0], [1, 2], [2, 1], [2, 3], [3, 2]])
FOUR = np.array([1.0, 2.0, 3.0, 6.0])

values = arrays(np.float64, st.integers(1, 30), elements=st.floats(0.01, 1000))


def test_the_worked_example_of_the_catalogue():
    assert inequality.gini(X, P) == pytest.approx(0.276316, abs=5e-7)
    assert inequality.theil(X, P).total == pytest.approx(0.139312, abs=5e-7)
    assert inequality.theil(X, P, index="l").total == pytest.approx(0.142404, abs=5e-7)
    for aversion, expected in ((0.5, 0.068434), (1, 0.132730), (2, 0.242105)):
        assert inequality.atkinson(X, P, aversion=aversion) == pytest.approx(expected, abs=5e-7)


def test_palma_of_ten_equal_groups_is_four():
    assert inequality.palma(np.arange(1.0, 11), np.ones(10)) == pytest.approx(4.0)


def test_palma_splits_the_group_that_straddles_a_cut():
    # Half have 1, half have 3, whole 2. Poorest 40 %: mean 1; richest 10 %: mean 3.
    assert inequality.palma(np.array([1.0, 3.0]), np.array([5.0, 5.0])) == pytest.approx(3)
    # 20 % have 1, 80 % have 3: the poorest 40 % have (0.2·1 + 0.2·3)/0.4 = 2.
    assert inequality.palma(np.array([1.0, 3.0]), np.array([2.0, 8.0])) == pytest.approx(1.5)


def test_palma_by_income_and_not_by_the_answer():
    # The rich have less here: ranked by income, the richest tenth has 1, the poorest 40 % have 2.
    rich = np.array([1.0, 2.0])
    assert inequality.palma(np.array([2.0, 1.0]), np.ones(2), rich) == pytest.approx(0.5)


def test_concentration_index_of_the_catalogue_s_example():
    x, p = np.array([2.0, 9.0, 4.0]), np.array([100.0, 100.0, 200.0])
    rank = np.array([1.0, 2.0, 3.0])
    assert inequality.concentration_index(x, p, rank) == pytest.approx(0.013158, abs=5e-7)
    corrected = inequality.concentration_index(x, p, rank, bounds=(0, 10))
    assert corrected == pytest.approx(4 * 4.75 * 0.0131579 / 10, abs=1e-6)


def test_concentration_does_not_depend_on_the_order_of_who_is_equally_poor():
    x, p, same = np.array([1.0, 5.0]), np.ones(2), np.zeros(2)
    assert inequality.concentration_index(x, p, same) == pytest.approx(0)


def test_where_one_has_everything_gini_nears_one():
    x = np.zeros(1000)
    x[0] = 1
    assert inequality.gini(x, np.ones(1000)) == pytest.approx(0.999)


@given(values)
def test_doubling_people_or_values_changes_no_inequality(x):
    p = np.linspace(1, 2, len(x))
    for measure in (
        inequality.gini,
        inequality.palma,
        lambda x, p: inequality.theil(x, p).total,
        lambda x, p: inequality.atkinson(x, p, aversion=0.5),
    ):
        one = measure(x, p)
        assert measure(x, 2 * p) == pytest.approx(one, abs=1e-9)
        assert measure(2 * x, p) == pytest.approx(one, abs=1e-9)
        assert measure(np.repeat(x, 2), np.repeat(p, 2) / 2) == pytest.approx(one, abs=1e-9)


@given(values)
def test_gini_lies_between_nothing_and_one_and_equal_values_have_none(x):
    p = np.ones(len(x))
    assert -1e-12 <= inequality.gini(x, p) < 1
    assert inequality.gini(np.full(len(x), 7.0), p) == pytest.approx(0, abs=1e-12)


@given(values)
def test_concentration_by_the_values_themselves_is_gini(x):
    p = np.linspace(1, 3, len(x))
    assert inequality.concentration_index(x, p, x) == pytest.approx(inequality.gini(x, p), abs=1e-9)


@given(values, st.integers(1, 5))
def test_between_and_within_add_up_and_neither_is_negative(x, groups):
    p = np.linspace(1, 2, len(x))
    for index in ("t", "l"):
        parts = inequality.theil(x, p, np.arange(len(x)) % groups, index=index)
        assert parts.between + parts.within == pytest.approx(parts.total)
        assert parts.between >= -1e-9
        assert parts.within >= -1e-9


def test_within_is_the_weighted_inequality_of_the_groups():
    # Two groups of equal people: (1, 3) and (2, 2); only the first is unequal within.
    x, p = np.array([1.0, 3, 2, 2]), np.ones(4)
    groups = np.array([0, 0, 1, 1])
    first = inequality.theil(np.array([1.0, 3]), np.ones(2)).total
    assert inequality.theil(x, p, groups).within == pytest.approx(first / 2)
    assert inequality.theil(x, p, groups).between == pytest.approx(0)


@pytest.mark.parametrize("x", [[], [np.nan], [0.0, 0.0], [-1.0, 2.0]])
def test_what_has_no_meaning_has_no_answer(x):
    x = np.array(x, dtype=float)
    p = np.ones(len(x))
    assert math.isnan(inequality.gini(x, p))
    assert math.isnan(inequality.theil(x, p).total)
    assert math.isnan(inequality.atkinson(x, p, aversion=1))
    assert math.isnan(inequality.palma(x, p))


def test_who_has_nothing():
    x, p = np.array([0.0, 1.0]), np.ones(2)
    assert math.isnan(inequality.theil(x, p, index="l").total)
    assert inequality.theil(x, p).total == pytest.approx(math.log(2))
    assert inequality.atkinson(x, p, aversion=1) == 1
    assert inequality.palma(x, p) == math.inf


def test_not_known_takes_its_people_out():
    x, p = np.append(X, np.nan), np.append(P, 1e6)
    assert inequality.gini(x, p) == pytest.approx(inequality.gini(X, P))


def test_moran_of_a_line_of_four():
    assert clusters.moran(FOUR, LINE).statistic == pytest.approx(0.214286, abs=5e-7)
    binary = clusters.moran(FOUR, LINE, row_standardised=False)
    assert binary.statistic == pytest.approx(0.190476, abs=5e-7)
    assert binary.expected == pytest.approx(-1 / 3)


def test_local_moran_of_a_line_of_four_whose_mean_is_moran():
    local = clusters.local_moran(FOUR, LINE)
    assert local.statistic == pytest.approx([0.571429, 0.285714, 0, 0], abs=5e-7)
    assert local.statistic.mean() == pytest.approx(clusters.moran(FOUR, LINE).statistic)


def test_false_discoveries_are_held():
    p = np.array([0.001, 0.012, 0.02, 0.2, 0.6])
    assert clusters.benjamini_hochberg(p, alpha=0.05).sum() == 3  # Bonferroni names 1
    assert not clusters.benjamini_hochberg(np.array([0.5, 0.9]), alpha=0.05).any()


def _grid(side):
    return np.array([shapely.box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)])


def test_queens_touch_at_corners():
    pairs = clusters.contiguity_pairs(_grid(3), tolerance_m=0.01)
    neighbours = np.bincount(pairs[:, 0])
    assert neighbours.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_a_corner_of_high_answers_is_named_and_noise_is_not():
    side = 12
    pairs = clusters.contiguity_pairs(_grid(side), tolerance_m=0.01)
    random = np.random.default_rng(3)
    noise = random.normal(size=(side, side))
    assert (clusters.local_moran(noise.ravel(), pairs).kind == "").mean() > 0.95
    gathered = noise.copy()
    gathered[:4, :4] += 6
    local = clusters.local_moran(gathered.ravel(), pairs)
    kind = local.kind.reshape(side, side)
    assert (kind[1:3, 1:3] == "high-high").all()
    assert clusters.moran(gathered.ravel(), pairs).p_value < 0.01


def test_islands_and_those_without_an_answer_have_none():
    x = np.array([1.0, 2.0, 3.0, np.nan, 5.0])  # the last has no neighbour
    local = clusters.local_moran(x, LINE)
    assert np.isnan(local.statistic).tolist() == [False, False, False, True, True]
    assert clusters.moran(x, LINE).count == 3
    assert math.isnan(clusters.moran(np.full(4, 2.0), LINE).statistic)


def test_the_same_answers_give_the_same_clusters():
    x = np.random.default_rng(5).normal(size=25)
    pairs = clusters.contiguity_pairs(_grid(5), tolerance_m=0.01)
    one, other = clusters.local_moran(x, pairs), clusters.local_moran(x, pairs)
    assert one.p_value.tobytes() == other.p_value.tobytes()


@pytest.mark.slow
@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # esda's own
def test_pysal_agrees():
    esda, libpysal = pytest.importorskip("esda"), pytest.importorskip("libpysal")
    measured = pytest.importorskip("inequality")
    x = np.random.default_rng(8).gamma(2.0, size=100)
    pairs = clusters.contiguity_pairs(_grid(10), tolerance_m=0.01)
    neighbours = {row: pairs[pairs[:, 0] == row, 1].tolist() for row in range(100)}
    weights = libpysal.weights.W(neighbours, silence_warnings=True)
    weights.transform = "r"
    assert clusters.moran(x, pairs).statistic == pytest.approx(esda.Moran(x, weights).I)
    theirs = esda.Moran_Local(x, weights, permutations=99, seed=1).Is
    assert clusters.local_moran(x, pairs).statistic == pytest.approx(theirs * 100 / 99)
    ones = np.ones(100)
    assert inequality.gini(x, ones) == pytest.approx(measured.gini.Gini(x).g)
    assert inequality.theil(x, ones).total == pytest.approx(measured.theil.Theil(x).T)
    parts = measured.theil.TheilD(x, np.arange(100) % 4)
    ours = inequality.theil(x, ones, np.arange(100) % 4)
    assert ours.between == pytest.approx(float(np.ravel(parts.bg)[0]))


NOT_KNOWN = np.array([2.0, np.nan, 4.0, 7.0, 9.0])
NOBODY = np.array([100.0, 50.0, 200.0, 0.0, 100.0])
"""The second is not known, and where the fourth is nobody lives: what is left is 2, 4 and 9."""


@pytest.mark.parametrize(
    "measured",
    [
        inequality.gini,
        inequality.palma,
        lambda x, p: inequality.theil(x, p).total,
        lambda x, p: inequality.theil(x, p, index="l").total,
        lambda x, p: inequality.theil(x, p, groups=np.arange(len(x)) % 2 * 0).between,
        lambda x, p: inequality.atkinson(x, p, aversion=0.5),
        lambda x, p: inequality.concentration_index(x, p, -x),
    ],
)
def test_what_is_not_known_and_where_nobody_lives_is_left_out(measured):
    left = np.array([2.0, 4.0, 9.0]), np.array([100.0, 200.0, 100.0])
    assert measured(NOT_KNOWN, NOBODY) == pytest.approx(measured(*left))


def test_one_rank_that_is_not_known_is_left_out():
    x, p = np.array([1.0, 5.0, 9.0]), np.ones(3)
    rank = np.array([1.0, np.nan, 3.0])
    two = inequality.palma(x[[0, 2]], p[:2], rank_by=rank[[0, 2]])
    assert inequality.palma(x, p, rank_by=rank) == pytest.approx(two)


def test_neighbourhoods_that_are_all_alike_or_fewer_than_three_have_no_clusters():
    pairs = np.array([[0, 1], [1, 0], [1, 2], [2, 1]])
    alike = clusters.local_moran(np.ones(3), pairs)
    assert np.isnan(alike.statistic).all()
    two = clusters.local_moran(np.array([1.0, 2.0, np.nan]), pairs)
    assert np.isnan(two.statistic).all()
    assert set(two.kind) == {""}


def test_a_hot_spot_is_no_chance_and_a_cold_one_is_told_from_it():
    # A grid of 10 × 10: nine high in one corner, nine low in the opposite one, the rest between.
    x = np.tile(np.linspace(4.9, 5.1, 10), 10)
    rows, columns = np.divmod(np.arange(100), 10)
    high, low = (rows < 3) & (columns < 3), (rows > 6) & (columns > 6)
    x[high], x[low] = 9.0, 1.0
    found = clusters.local_moran(x, clusters.contiguity_pairs(_grid(10), tolerance_m=0.01))
    assert found.kind[0] == "high-high"
    assert found.kind[99] == "low-low"
    assert found.p_value[0] < 0.01
    assert not set(found.kind[high | low]) & {"high-low", "low-high"}


def test_a_statistic_that_ties_with_chance_is_counted_on_both_sides():
    # Of 3 permutations one is as far out above, two below or the same: 2 · (1 + 1) / (3 + 1) = 1.
    here, by_chance = np.array([2.0]), np.array([[1.0], [2.0], [3.0]])
    assert clusters._p_value(here, by_chance).tolist() == [1.0]
    # None of 99 as far above: 2 · (0 + 1) / 100.
    assert clusters._p_value(np.array([9.0]), np.zeros((99, 1))).tolist() == [0.02]
    # Rounding does not part what ties: 0.1 + 0.2 is not 0.3 in floating point.
    tied = clusters._p_value(np.array([0.3]), np.full((99, 1), 0.1 + 0.2))
    assert tied.tolist() == [1.0]


def test_a_wealth_that_is_not_known_is_left_out_of_concentration():
    x, p = np.array([2.0, 9.0, 4.0, 7.0]), np.array([100.0, 100.0, 200.0, 50.0])
    wealth = np.array([1.0, 2.0, 3.0, np.nan])
    found = inequality.concentration_index(x, p, wealth)
    assert found == pytest.approx(inequality.concentration_index(x[:3], p[:3], wealth[:3]))
    assert found == pytest.approx(0.013158, abs=1e-6)  # the catalogue's example


def test_clusters_do_not_hang_on_the_unit():
    x = np.tile(np.linspace(4.9, 5.1, 10), 10)
    rows, columns = np.divmod(np.arange(100), 10)
    x[(rows < 3) & (columns < 3)], x[(rows > 6) & (columns > 6)] = 9.0, 1.0
    pairs = clusters.contiguity_pairs(_grid(10), tolerance_m=0.01)
    kinds = clusters.local_moran(x, pairs).kind
    assert clusters.local_moran(x / 1000, pairs).kind.tolist() == kinds.tolist()
    assert clusters.local_moran(-x, pairs).kind[0] == "low-low"
    assert clusters.moran(x / 1000, pairs).statistic == pytest.approx(
        clusters.moran(x, pairs).statistic
    )


@pytest.mark.parametrize("drawn", [1, 3, 7, 8, 9, 16, 21])
def test_permuted_sums_are_those_of_numpy_to_the_digit(drawn):
    table = np.random.default_rng(7).normal(size=(drawn, 50)) * np.logspace(-6, 6, 50)
    expected = np.ascontiguousarray(table.T).sum(axis=1)
    assert (clusters._sum_of_rows(table) == expected).all()
