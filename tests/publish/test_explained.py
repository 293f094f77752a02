"""`explain` prints no more of a city than its publication does."""

import math

import pytest
import shapely
from small_city import CITY, CRS, X, Y, write

from urbanlayer.explanation import explain

PEOPLE = [60.0, 37.0, 3.0]
TEXT = (
    CITY.replace('from = ["census"]', 'from = ["population"]')
    + """
[indicators.nearest_facility_m]
services = ["school"]
cap_m = 3000

[layers.population]
path = "people.gpkg"
people = "people"
"""
)


@pytest.fixture(scope="module")
def city_file(tmp_path_factory):
    """The first neighbourhood has 97 people near the school and 3 far from it; N2 has 3."""
    import geopandas as gpd

    folder = tmp_path_factory.mktemp("city")
    places = ((200, 490), (400, 490), (500, 990), (1700, 490), (500, 1500))
    squares = [shapely.box(X + x, Y + y, X + x + 20, Y + y + 20) for x, y in places]
    people = gpd.GeoDataFrame({"people": [*PEOPLE, 3.0, 60.0]}, geometry=squares, crs=CRS)
    return write(folder, TEXT.replace("school = 800", "school = 300"), people=people)


def _steps(city_file, name, neighbourhood=None):
    (found,) = explain(city_file, name, neighbourhood=neighbourhood).results
    return found, {step.what: step.value for step in found.steps}


def test_a_small_count_is_not_printed(city_file):
    found, told = _steps(city_file, "coverage_within", "N1")
    assert told["residents"] == 93  # 98.5: 88 to 98
    assert told["result"] == pytest.approx(87 / 93)  # 97: 77 or more, nearly all
    assert not {3, 97, 0.97} & set(told.values())
    assert not any("lowest" in what or "reach no" in what for what in told)
    assert found.reason == ""


def test_a_mean_has_the_precision_of_its_publication(city_file):
    _, told = _steps(city_file, "nearest_facility_m", "N1")
    results = {name: value for name, value in told.items() if name.startswith("result")}
    assert told.keys() - results.keys() <= {"area", "residents"}
    assert {"result", "result, low", "result, high"} <= results.keys()
    assert all(value % 10 == 0 for value in results.values())


def test_a_hidden_neighbourhood_has_no_steps(city_file):
    found, told = _steps(city_file, "coverage_within", "N2")
    assert found.reason == "too-few-residents"
    assert told == {}


def test_the_city_is_the_sum_of_what_is_published(city_file):
    _, told = _steps(city_file, "coverage_within")
    assert told["residents"] == 93  # N2 and N3 are hidden together
    assert math.isfinite(told["result"])


def test_an_internal_city_is_explained_exactly(city_file):
    text = city_file.read_text(encoding="utf-8")
    internal = city_file.with_name("internal.toml")
    internal.write_text(text + '\n[publish]\ndisclosure = "internal"\n', encoding="utf-8")
    _, told = _steps(internal, "coverage_within", "N1")
    assert told["people who have it: Σ p·x"] == pytest.approx(97)
