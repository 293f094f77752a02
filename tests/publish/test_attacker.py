"""An attacker who knows the rules narrows no count of people below ten to fewer than ten.

Candidates are found by trying all counts that would be published in the same way, and by linear
programming; the attacker knows the code, the classes, and in two builds who was added.
"""

import itertools

import numpy as np
import pytest

from urbanlayer.publish.disclosure.audit import Table, narrowed
from urbanlayer.publish.disclosure.counts import count_classes, published_counts, rounded_residents

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


def test_a_group_that_narrows_a_small_part_is_found():
    """Of 103 people 55 to 65 are served and 55 to 65 of the group: 7 to 10 of it are served."""
    table = Table(np.array([55.0, 103.0]), np.array([8.0, 56.0]), (103.0, 60.0), SMALL)
    assert narrowed(table)


def test_a_group_spread_like_all_others_narrows_nothing():
    table = Table(np.array([300.0, 600.0, 1000.0]), np.array([95.0, 190.0, 305.0]),
                  (1000.0, 302.0), SMALL)  # fmt: skip
    assert not narrowed(table)


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
