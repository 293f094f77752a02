"""An attacker who knows the rules narrows no count of people below ten to fewer than ten.

Candidates are found by trying all counts that would be published in the same way, and by linear
programming; the attacker knows the code, the classes, and in two builds who was added.
"""

import itertools

import numpy as np
import pytest

from urbanlayer.publish.disclosure.audit import Table, narrowed
from urbanlayer.publish.disclosure.counts import published_counts

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


def test_two_layers_that_differ_by_a_strip_leave_nine_candidates_to_its_people():
    """About 60 people live here, and in the other layer with a strip; who is served is asked.

    Residents to the nearest ten leave 0 to 9; a count that is seen to pass the border of a class
    takes 0 away: this is what is still learnt.
    """
    shown = {total: _published(range(100), total) for total in range(0, 110, 10)}
    found = {}
    for people, strip, served in itertools.product(range(55, 65), range(30), range(65)):
        here, both = ((count + 5) // 10 * 10 for count in (people, people + strip))
        count = min(served, people)
        for more in range(strip + 1):
            told = here, both, shown[here][count], shown[both][count + more]
            found.setdefault(told, set()).add(strip)
    assert min(len(strips) for strips in found.values() if min(strips) < 10) == 9


def test_a_group_that_narrows_a_small_part_is_found():
    """Of 100 people 51 to 60 are served and 51 to 60 of the group: two to ten of it are served."""
    table = Table(np.array([55.0, 100.0]), np.array([9.0, 54.0]), (100.0, 55.5), SMALL)
    assert narrowed(table)


def test_a_group_spread_like_all_others_narrows_nothing():
    table = Table(np.array([300.0, 600.0, 1000.0]), np.array([95.0, 190.0, 305.0]),
                  (1000.0, 305.5), SMALL)  # fmt: skip
    assert not narrowed(table)


def test_published_counts_stay_nested_and_near():
    values = _published(range(1001), 1000)
    assert (np.diff(values) >= 0).all()
    assert np.abs(values - np.arange(1001)).max() <= 10
