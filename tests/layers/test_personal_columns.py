"""A declared name or key that tells who a person is, is refused unless the city file allows it."""

import pytest
import shapely
import toy
from city_folder import rewrite, save, told, write_city

import urbanlayer

PERSONS = ["Petrović, Ana", "Marković, Ivo"]


@pytest.fixture
def city(tmp_path):
    write_city(tmp_path)
    points = [shapely.Point(toy.ORIGIN[0] + 300, toy.ORIGIN[1] + 300 + n) for n in range(2)]
    save(tmp_path / "cases.gpkg", points, {"id": ["0101990210005", "7"], "who": PERSONS})
    return tmp_path


def _with(city, settings):
    table = f"[layers.cases]\npath = 'cases.gpkg'\n{settings}\n\n[layers.school]"
    rewrite(city, "[layers.school]", table)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("name = 'who'", "'who', declared as name, seems to hold names of persons"),
        ("key = 'id'", "'id', declared as key, seems to hold personal identity numbers"),
    ],
)
def test_a_declared_column_of_personal_data_is_refused_without_quoting_it(city, settings, expected):
    _with(city, settings)
    message = told(city, city / "out")
    assert expected in message
    assert "cases.gpkg" in message
    assert not any(value in message for value in [*PERSONS, "0101990210005"])


def test_the_city_file_may_allow_it(city):
    _with(city, "name = 'who'\npersonal = 'allowed'")
    urbanlayer.build(city / "city.toml", city / "out")
    assert (city / "out/run.json").is_file()


def test_an_undeclared_column_is_nobody_s_matter(city):
    _with(city, "")
    urbanlayer.build(city / "city.toml", city / "out")
    assert b"Petrovi" not in (city / "out/index.html").read_bytes()
