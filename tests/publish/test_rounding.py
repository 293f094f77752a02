"""Published numbers have the digits that they mean, whatever order a library adds in."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from made_city import make_publication

from urbanlayer.model.publication import Publication
from urbanlayer.publish.data.equity_tables import clusters_csv, equity_csv
from urbanlayer.publish.data.tables import indicators_csv, number
from urbanlayer.publish.disclosure.amounts import _few_digits, _scaled
from urbanlayer.publish.disclosure.people_behind import Behind
from urbanlayer.publish.equity import equities


def with_noise(publication: Publication, relative: float) -> Publication:
    """The publication with every value off by as much as another order of additions makes it."""
    random = np.random.default_rng(7)

    def noisy(values):
        return values * (1 + relative * random.uniform(-1, 1, np.shape(values)))

    return dataclasses.replace(
        publication,
        results=tuple(
            dataclasses.replace(
                one, values=noisy(one.values), city=float(noisy(one.city)),
                low=noisy(one.low), high=noisy(one.high),
            )
            for one in publication.results
        ),
    )  # fmt: skip


@pytest.mark.parametrize("disclosure", ["internal", "public"])
def test_files_are_equal_where_sums_differ_in_their_last_digits(disclosure):
    one = make_publication(publish={"disclosure": disclosure})
    other = with_noise(one, 1e-14)
    assert indicators_csv(one) == indicators_csv(other)
    assert equity_csv(one, equities(one)) == equity_csv(other, equities(other))
    assert clusters_csv(one, equities(one)) == clusters_csv(other, equities(other))


def test_a_difference_that_means_something_is_published():
    one = make_publication(publish={"disclosure": "internal"})
    assert indicators_csv(one) != indicators_csv(with_noise(one, 1e-5))


def test_what_cancels_is_zero():
    assert number(0.1 + 0.2 - 0.3) == number(-0.0) == "0"  # 5.6e-17
    assert number(1 / 3) == "0.33333333"
    assert number(123_456_789.0, 9) == "123456789"
    assert number(float("nan")) == ""


def test_the_range_of_a_threshold_moves_as_the_published_value_does():
    # Twice the value is published: no end of a range stays as it was, and each has three digits.
    result = make_publication().results[4]
    many = np.full(len(result.values), 1e6)
    made = _scaled(result, result.values * 2, result.city * 2, Behind(many, many, many, 10))
    assert result.threshold is not None
    assert made.threshold is not None
    np.testing.assert_allclose(made.threshold.low, result.threshold.low * 2, rtol=5e-3)
    np.testing.assert_allclose(made.threshold.high, result.threshold.high * 2, rtol=5e-3)
    assert made.threshold.city_high == pytest.approx(result.threshold.city_high * 2, rel=5e-3)


def test_a_number_is_no_more_precise_than_one_class_of_its_people():
    """11 of 57 people are 19 %, 24 of 123: steps of 50; of 11,000 three digits are coarser."""
    few = _few_digits(np.array([123.4, 123.4, 123.4]), np.array([57.0, 11_000.0, 0.0]))
    assert few.tolist() == [100.0, 123.0, 123.0]
