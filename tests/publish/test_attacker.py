"""An attacker who knows the rules narrows no count of people below ten to fewer than ten.

Candidates are found by trying all counts that would be published in the same way, and by linear
programming; the attacker knows the code, the classes, and in two builds who was added.
"""

import itertools

import numpy as np
import pytest

from urbanlayer.publish.disclosure.audit import CountTable, narrowed
from urbanlayer.publish.disclosure.counts import (
    WIDTH,
    count_classes,
    published_counts,
    rounded_residents,
    rounded_total,
    total_among_parts,
)
from urbanlayer.publish.disclosure.totals import totals_beside_parts

SMALL = 10


def _published(counts, total):
    counts = np.asarray(counts, float)
    return np.nan_to_num(
        published_counts(counts, np.full(len(counts), float(total)), SMALL), nan=-1
    )


def _same(values):
    """For each published value the counts that it may stand for."""
    found = {}
    for count, value in enumerate(values):
        found.setdefault(value, set()).add(count)
    return found


@pytest.mark.parametrize("total", [10, 17, 22, 31, 32, 41, 98, 100, 143, 1003])
def test_a_published_count_leaves_ten_candidates_to_every_count(total):
    values = _published(range(total + 1), total)
    assert min(len(counts) for counts in _same(values).values()) >= 10


@pytest.mark.parametrize("total", [22, 35, 47, 60])
def test_nested_thresholds_leave_ten_candidates_to_the_people_between_them(total):
    values = _published(range(total + 1), total)
    between = {}
    for near, far in itertools.combinations_with_replacement(range(total + 1), 2):
        between.setdefault((values[near], values[far]), set()).add(far - near)
    for told in between.values():
        assert len(told) >= 10 or min(told) >= 10


@pytest.mark.parametrize("served", [True, False])
@pytest.mark.parametrize("total", [22, 31, 44, 52, 98, 100, 109])
def test_one_person_more_between_two_builds_narrows_no_small_count(total, served):
    before = _published(range(total + 1), total)
    after = _published(range(total + 2), total + 1)
    found = {}
    for count in range(total + 1):
        found.setdefault((before[count], after[count + served]), set()).add(count)
    for counts in found.values():
        left = {total - count for count in counts}
        assert len(counts) >= 10 or (min(counts) >= 10 and min(left) >= 10)


def test_two_layers_that_differ_by_a_strip_leave_ten_candidates_to_its_people():
    """About 60 people live here, and in the other layer with a strip; who is served is asked.

    Residents in classes of eleven leave 0 to 10; a count that is seen to pass the border of a class
    takes 0 away.
    """
    totals = rounded_residents(np.arange(0.0, 120.0))
    shown = {total: _published(range(110), total) for total in totals if total > 0}
    found = {}
    for people, strip, served in itertools.product(range(55, 66), range(30), range(66)):
        here, both = totals[people], totals[people + strip]
        count = min(served, people)
        for more in range(strip + 1):
            told = here, both, shown[here][count], shown[both][count + more]
            found.setdefault(told, set()).add(strip)
    assert min(len(strips) for strips in found.values() if min(strips) < 10) >= 10


@pytest.mark.parametrize("total", [44, 60, 77])
def test_a_strip_of_known_people_leaves_ten_candidates_within_two_thresholds(total):
    """A census publishes the people here and those of a strip of 15, so that both are known."""
    strip = 15
    here, both = _published(range(total + 1), total), _published(range(total + 16), total + strip)
    found = {}
    for near, far in itertools.combinations_with_replacement(range(total + 1), 2):
        for more, most in itertools.combinations_with_replacement(range(strip + 1), 2):
            told = here[near], here[far], both[near + more], both[far + most]
            found.setdefault(told, set()).add(most)
    assert min(len(served) for served in found.values() if min(served) < 10) >= 10


def test_residents_of_no_census_leave_ten_candidates():
    told = _same(np.nan_to_num(rounded_residents(np.arange(1.0, 198.0)), nan=-1))
    assert min(len(counts) for counts in told.values()) >= 10


def _table(everybody, *groups, published, whole=False):
    rows = np.array(groups, float)
    return CountTable(
        np.array(everybody, float), rows, np.array(published, float), SMALL, whole=whole
    )


def test_a_group_that_narrows_a_small_part_is_found():
    """Of 103 people 55 to 65 are served and 55 to 65 of the group: 7 to 10 of it are served."""
    table = _table([55, 103], [8, 56], published=(103, 60))
    assert narrowed(table, [True])


def test_a_group_spread_like_all_others_narrows_nothing():
    table = _table([300, 600, 1000], [95, 190, 305], published=(1000, 302))
    assert not narrowed(table, [True])


def test_three_groups_that_make_up_all_residents_narrow_the_smallest():
    """66 to 76 of 200 are served; 22 to 32 of each of two groups: 2 to 10 of the third."""
    parts = [66, 200], [32, 80], [32, 80], [2, 40]
    table = _table(*parts, published=(200, 82, 82, 38), whole=True)
    assert narrowed(table, [True, True, True])
    assert not narrowed(table, [True, False, True])
    apart = _table(*parts, published=(200, 82, 82, 38))
    assert not narrowed(apart, [True, True, True])


def test_published_counts_stay_nested_and_near():
    values = _published(range(1001), 1000)
    assert (np.diff(values) >= 0).all()
    assert np.abs(values - np.arange(1001)).max() <= 10


@pytest.mark.parametrize("total", [22, 31, 38, 77, 150, 199])
def test_a_published_count_of_a_small_total_is_off_by_ten_people_at_most(total):
    values = _published(range(total + 1), total)
    assert np.abs(values - np.arange(total + 1)).max() <= 10


def test_classes_have_the_same_borders_whatever_the_total():
    counts = np.arange(21.0)
    for total in range(30, 140):
        low, _ = count_classes(counts, np.full(21, float(total)), SMALL)
        assert (low % 11 == 0).all()


def _total(*counts, of):
    """The published number of all people served in neighbourhoods of so many residents."""
    parts = np.array(counts, float)
    sizes = np.array(of, float), 0.0
    return total_among_parts(rounded_total(parts.sum(), SMALL), parts, sizes, SMALL)


@pytest.mark.parametrize("of", [(30, 41), (60, 33)])
def test_a_total_narrows_no_small_count_of_its_neighbourhoods(of):
    """By trying all counts of two neighbourhoods: those served, and those left, keep ten each."""
    found = {}
    shown = [_published(range(size + 1), size) for size in of]
    for first, second in itertools.product(*(range(size + 1) for size in of)):
        told = shown[0][first], shown[1][second], _total(first, second, of=of)
        found.setdefault(told, set()).add((first, second))
    for pairs in found.values():
        for row, size in enumerate(of):
            served = {pair[row] for pair in pairs}
            assert len(served) >= 10 or (min(served) >= 10 and size - max(served) >= 10)


def test_a_total_beside_parts_stays_near_and_is_as_rounded_where_it_narrows_nothing():
    assert _total(170, 300, 420, of=(1000, 1000, 1000)) == 900  # 890, halves up
    assert (
        _total(5, 22, of=(50, 50)) == 40
    )  # at least 22 of the second: 20 would leave 7 of the first


# Totals of a plan --------------------------------------------------------------------------------


def _plan_total(*counts, of):
    """The published number of all people served, as plans publish it."""
    parts = np.array(counts, float)
    return totals_beside_parts([parts.sum()], [parts], np.array(of, float), 0.0, SMALL)[0]


@pytest.mark.parametrize("served", [1, 0])
def test_one_person_more_beside_totals_and_classes_narrows_no_small_count(served):
    """By trying all counts of two neighbourhoods; one of the first joins those who are served."""
    of, more = (22, 33), (23, 33)
    shown = [_published(range(size + 1), size) for size in (*of, more[0])]
    found = {}
    for first, second in itertools.product(*(range(size + 1) for size in of)):
        told = (
            (shown[0][first], shown[1][second], _plan_total(first, second, of=of)),
            (shown[2][first + served], _plan_total(first + served, second, of=more)),
        )
        found.setdefault(told, set()).add((first, second))
    for pairs in found.values():
        for row, size in enumerate(of):
            served_of = {pair[row] for pair in pairs}
            assert len(served_of) >= 10 or (min(served_of) >= 10 and size - max(served_of) >= 10)


def test_a_total_of_exact_people_leaves_all_their_class_to_parts_beside_one_that_is_known():
    """Of ten parts, whatever the total and one of them: the others' lowest and highest by sums."""
    draw = np.random.default_rng(4)
    of, exact = np.full(10, 200.0), 0
    for _ in range(100):
        parts = draw.integers(0, 200, 10)
        shown = _plan_total(*parts, of=of)
        low, high = count_classes(parts.astype(float), of, SMALL)
        high = np.where(np.isinf(high), of, high - 1)
        if shown == rounded_total(_published(parts, 200).sum(), SMALL):
            continue  # what the classes tell
        exact += 1
        for total, known in itertools.product((shown - 10, shown + 9), range(10)):
            for one in {*range(10)} - {known}:
                rest = [*({*range(10)} - {known, one})]
                for end in (low[known], high[known]):
                    assert total - end - high[rest].sum() <= low[one]
                    assert total - end - low[rest].sum() >= high[one]
    assert exact > 20


# A publication each month ------------------------------------------------------------------------


@pytest.mark.parametrize("total", [44, 103, 150])
def test_a_year_of_births_and_moves_of_others_averages_nothing_out(total):
    """Who is served stays, and one of the others comes and goes: known are the residents.

    Where several come of whom none is served, those who are served are at most the former
    residents: small counts of them keep ten candidates, small counts of the others may not.
    """
    draw = np.random.default_rng(total)
    for most in (1, 8):
        months = total + draw.integers(0, most + 1, 12)
        shown = [_published(range(total + 1), month) for month in months]
        found = {}
        for served in range(min(months) + 1):
            found.setdefault(tuple(month[served] for month in shown), set()).add(served)
        assert len(found) > 3
        for counts in found.values():
            left = min(months) - max(counts)
            assert len(counts) >= 10 or (min(counts) >= 10 and (left >= 10 or most > 1))


def test_the_same_rule_within_many_distances_bounds_no_ring_of_few_people():
    """A custom indicator for each of three distances, and the rings between them: 33 people."""
    shown = _published(range(34), 33)
    found = {}
    for parts in itertools.product(range(34), repeat=3):
        if sum(parts) <= 33:
            told = tuple(shown[sum(parts[: row + 1])] for row in range(len(parts)))
            found.setdefault(told, []).append(parts)
    for each in found.values():
        for some in map(set, zip(*each, strict=True)):
            assert len(some) >= 10 or min(some) >= 10


def test_medians_beside_classes_of_every_distance_narrow_no_home():
    """Four homes of 25 people that a census counts, one after another.

    Told are the classes of those within each distance, and where the border next to the half lies.
    """
    shown = _published(range(26), 25)
    found = {}
    for parts in itertools.product(range(26), repeat=3):
        if sum(parts) > 25:
            continue
        each = np.cumsum([*parts, 25 - sum(parts)])
        told = (*(shown[each[:3]]), int(np.argmax(each >= WIDTH)))
        found.setdefault(told, []).append((*parts, 25 - sum(parts)))
    for candidates in found.values():
        for some in map(set, zip(*candidates, strict=True)):
            assert len(some) >= 10 or min(some) >= 10
