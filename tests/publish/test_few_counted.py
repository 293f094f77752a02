"""The city's number of people of a layer, where neighbourhoods have too few of them to be shown."""

import geopandas as gpd
import pytest
from published_tables import rows
from small_city import CITY, CRS, WITH_PEOPLE, point, write

import urbanlayer

CASES = """
[layers.welfare_cases]
path = "cases.gpkg"
key = "id"

[[custom_indicator]]
id = "cases"
kind = "count_per_1000"
layer = "welfare_cases"
title = "Cases"
"""


def _city(folder, *numbers):
    """Welfare cases in N1, N2 and N3; none in N4. 100 people live in each."""
    at = [(500, 500), (1500, 500), (500, 1500)]
    points = [
        point(x + n, y) for (x, y), number in zip(at, numbers, strict=True) for n in range(number)
    ]
    cases = gpd.GeoDataFrame({"id": range(len(points))}, geometry=points, crs=CRS)
    urbanlayer.build(write(folder, CITY + CASES, cases=cases), folder / "out", only="cases")
    return {row["key"]: row["value"] for row in rows(folder / "out")}


@pytest.mark.parametrize(
    ("numbers", "of_city"),
    [
        ((10, 9, 8), 20 / 0.4),  # 27 of 400 people; those of no neighbourhood are shown
        ((30, 9, 0), 40 / 0.4),
        ((4, 1, 2), None),  # up to ten in the whole city
    ],
)
def test_the_city_counts_those_of_neighbourhoods_that_show_none(tmp_path, numbers, of_city):
    values = _city(tmp_path, *numbers)
    shown = float(values["small"]) if values["small"] else None
    assert shown == (of_city if of_city is None else pytest.approx(of_city))
    assert {key: values[key] for key in ("N2", "N3", "N4")} == dict.fromkeys(("N2", "N3", "N4"), "")
    assert values["N1"] == ("" if numbers[0] <= 10 else "270")  # 22 to 32 stand as 27


@pytest.mark.parametrize("people", [32, 33])
def test_a_mean_over_many_values_is_told_from_three_classes_of_people_on(tmp_path, people):
    """Eight homes in N1, 40 m apart; in N2 live 60 people."""
    homes = [(320 + 40 * n, 500, people - 28 if n == 7 else 4) for n in range(8)]
    homes += [(1320 + 40 * n, 500, 10) for n in range(6)]
    frame = gpd.GeoDataFrame(
        {"people": [one for *_, one in homes]},
        geometry=[point(x, y) for x, y, _ in homes],
        crs=CRS,
    )
    text = WITH_PEOPLE + '\n[indicators.nearest_facility_m]\nservices = ["school"]\n'
    urbanlayer.build(write(tmp_path, text, people=frame), tmp_path / "out")
    told = {row["key"]: row for row in rows(tmp_path / "out")}
    assert bool(told["N1"]["value"]) == (people == 33)
    assert told["N1"]["reason"] == ("" if people == 33 else "too few residents")
    assert told["N2"]["value"]
