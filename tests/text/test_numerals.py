"""Numbers and texts as offices write them, read by hand."""

import numpy as np
import pandas as pd
import pytest

from urbanlayer.text.normalise import plain_text
from urbanlayer.text.numerals import decimal_sign, degrees, numbers

NAN = np.nan


@pytest.mark.parametrize(
    ("texts", "sign", "in_doubt"),
    [
        (["1.234,56"], ",", False),
        (["1,234.56"], ".", False),
        (["1.234.567"], ",", False),
        (["1,234,567"], ".", False),
        (["14.56"], ".", False),
        (["14,56"], ",", False),
        (["14.566"], ".", True),
        (["14,566"], ",", True),
        (["14.566", "3.5"], ".", False),
        (["0,566"], ",", False),  # no group of thousands begins with 0
        (["5", "17"], ".", False),
    ],
)
def test_the_decimal_sign_is_the_one_that_a_number_of_the_column_decides(texts, sign, in_doubt):
    assert decimal_sign(texts) == (sign, in_doubt)


def test_thousands_are_read_where_they_are_grouped_in_threes():
    found = numbers(["1.234,5", "1.23,5", "12.345.678", "1.234", "-7", " ", None, "n/a", "many"])
    np.testing.assert_array_equal(
        found.values, [1234.5, NAN, 12_345_678, 1234, -7, NAN, NAN, NAN, NAN]
    )
    assert np.flatnonzero(found.unreadable).tolist() == [1, 8]
    assert (found.decimal, found.ambiguous) == (",", False)


@pytest.mark.parametrize("sign", [":", "..", "...", "…", "*", "*****", "—", "#N/A", "n.a.", "?"])
def test_signs_of_statistical_offices_for_what_is_not_known_are_no_numbers(sign):
    # ":" Eurostat, ".." and "..." UN, "*" suppressed, "#N/A" a table program
    found = numbers(["12", sign, "1’234"])
    assert found.values[[0, 2]].tolist() == [12, 1234]
    assert np.isnan(found.values[1])
    assert not found.unreadable.any()


def test_a_decimal_sign_that_is_given_leaves_no_doubt():
    assert numbers(["14.566"], decimal=",").values.tolist() == [14_566]
    assert not numbers(["14.566"], decimal=",").ambiguous
    assert numbers(["14.566"]).values.tolist() == [14.566]
    assert numbers(["14.566"]).ambiguous


def test_degrees_minutes_and_seconds_are_negative_towards_south_and_west():
    north = 42 + 26 / 60 + 28.6 / 3600
    texts = ["42°26'28.6\"N", "42 26 28,6", "42°26′28.6″ s", "19:15 W", "-19°15'", "", None, "–"]
    expected = [north, north, -north, -19.25, -19.25, NAN, NAN, NAN]
    assert degrees(texts) == pytest.approx(expected, nan_ok=True)


def test_what_is_not_all_degrees_is_none():
    assert degrees(["42°26'28\"N", "42.44"]) is None
    assert degrees(["", None]) is None


def test_nothing_of_any_kind_is_empty_text_and_a_whole_number_has_no_point():
    things = pd.Series([None, NAN, pd.NA, pd.NaT, " a ", 17, "Bo\u0308r\x07"], dtype=object)
    assert plain_text(things).tolist() == ["", "", "", "", "a", "17", "Bör"]
    assert plain_text(pd.Series([17.0, NAN, 2.5])).tolist() == ["17", "", "2.5"]


def test_a_column_of_text_is_cleaned_of_what_cannot_be_seen():
    column = pd.Series(["\x07", " b ", None, "", "c\u030c", "x" * 10_001], dtype="str")
    found = plain_text(column)
    assert found.tolist() == ["", "b", "", "", "č", "x" * 10_000]
    assert plain_text(column[:0]).tolist() == []
