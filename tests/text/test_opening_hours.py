"""Opening hours, as municipal lists and OpenStreetMap write them."""

import pytest

from urbanlayer.text.opening_hours import open_after


@pytest.mark.parametrize(
    ("written", "late"),
    [
        ("Mo-Fr 07:00-15:00", False),
        ("Mo-Fr 08:00-16:00", False),  # what closes at four is not open after four
        ("Mo-Fr 08:00-16:01", True),
        ("Mo-Fr 08:00-12:00,17:00-20:00", True),
        ("Mo,We 08:00-18:00", True),
        ("Mo-Fr 07:00-15:00; We 07:00-19:00", True),  # the long day
        ("Mo-Fr 07:00-15:00, We 07:00-19:00", True),
        ("Mo-Fr 07:00-20:00; Mo-Fr 07:00-15:00", False),  # a later rule overrides
        ("Mo-Su 10:00-22:00; Mo-Fr off", False),
        ("Mo-Fr 08:00-15:00; Sa 10:00-20:00", False),  # Saturday is no working day
        ("Mo-Fr 08:00-15:00, Sa 10:00-20:00", False),
        ("Fr-Mo 10:00-18:00", True),  # over the weekend
        ("Sa-Su 10:00-18:00", False),
        ("10:00-18:00", True),  # every day
        ("Mo-Fr 22:00-06:00", True),  # over midnight
        ("PH off; Mo-Fr 09:00-17:00", True),
        ("24/7", True),
        ("MO-FR 08:00 - 17:00", True),
        ("", False),
        ("po dogovoru", False),
    ],
)
def test_who_is_open_after_four_on_a_working_day(written, late):
    assert open_after([written], 16).tolist() == [late]


def test_the_hour_may_have_a_fraction():
    assert open_after(["Mo-Fr 08:00-16:30"] * 2, 16.5).tolist() == [False, False]
    assert open_after(["Mo-Fr 08:00-16:30"], 16.4).tolist() == [True]


def test_an_hour_has_sixty_minutes():
    assert open_after(["Mo-Fr 08:00-16:45"], 16.74).tolist() == [True]
    assert open_after(["Mo-Fr 08:00-16:45"], 16.75).tolist() == [False]
