"""The date that a draft takes from the name of an extract."""

import datetime as dt
from pathlib import Path

import pytest

from urbanlayer.drafting.extract_dates import date_of_extract

TODAY = dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("las_palmas_2023-02-21.osm.pbf", dt.date(2023, 2, 21)),
        ("montenegro-230221.osm.pbf", dt.date(2023, 2, 21)),
        ("bar.20240229.osm", dt.date(2024, 2, 29)),
        ("montenegro-latest.osm.pbf", None),
        ("sheet-231301.osm.pbf", None),
        ("city_2030-01-01.osm.pbf", None),
        ("parks_2024-05-01.gpkg", None),
        ("area_123456789.osm.pbf", None),
    ],
)
def test_a_date_is_one_that_there_was_in_the_name_of_an_extract(name, day):
    expected = None if day is None else (day, name)
    assert date_of_extract([Path(name)], TODAY) == expected
