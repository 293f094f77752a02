"""A declared name or key that tells who a person is, is refused unless the city file allows it."""

import geopandas as gpd
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


def test_single_names_of_persons_are_left_out_of_a_column_of_others(city):
    points = [shapely.Point(toy.ORIGIN[0] + 300, toy.ORIGIN[1] + 300 + n) for n in range(4)]
    names = ["Fontana", "Klupa", *PERSONS]
    save(city / "cases.gpkg", points, {"id": [1, 2, 3, 4], "who": names})
    _with(city, "name = 'who'\nshow = true")
    urbanlayer.build(city / "city.toml", city / "out")
    page = (city / "out/index.html").read_text(encoding="utf-8")
    assert '"Fontana"' in page
    assert "Petrović" not in page
    notes = (city / "out/run.json").read_text(encoding="utf-8")
    assert "Names in 'who' that seem to be those of persons, left out: 2 of 4." in notes


def test_a_public_name_in_honour_of_a_person_stays(city):
    rewrite(city, 'path = "schools.geojson"', 'path = "schools.geojson"\nname = "naziv"')
    schools = gpd.read_file(city / "schools.geojson")
    schools["naziv"] = ["Savo Pejanović", "Vučković, Ivo"]
    schools.to_file(city / "schools.geojson")
    urbanlayer.build(city / "city.toml", city / "out")
    page = (city / "out/index.html").read_text(encoding="utf-8")
    assert "Savo Pejanović" in page
    assert "Vučković" not in page


def test_keys_of_a_joined_table_that_are_persons_are_counted_and_not_named(city):
    (city / "census.csv").write_text(
        'mz,n\nQ7,90\n"Petrović, Ana",3\nAna Petrović,2\nQ99,1\n', encoding="utf-8"
    )
    rewrite(city, 'residents = "census"', "residents = {path='census.csv', key='mz', field='n'}")
    urbanlayer.build(city / "city.toml", city / "out")
    notes = (city / "out/run.json").read_text(encoding="utf-8")
    assert "not used: 3 (Q99 and 2 more)" in notes
    assert "Petrović" not in notes


@pytest.mark.parametrize(
    "settings",
    ["where = { who = 'nobody' }", "people = 'who'"],
)
def test_no_error_quotes_a_person(city, settings):
    table = "population" if "people" in settings else "cases"
    _with(city, settings)
    if table == "population":
        rewrite(
            city,
            'path = "population.geojson"\npeople = "people"',
            "path = 'cases.gpkg'\n" + settings,
        )
        rewrite(city, f"[layers.cases]\npath = 'cases.gpkg'\n{settings}\n\n", "")
    message = told(city, city / "out")
    assert "who" in message
    assert not any(part in message for value in PERSONS for part in value.split(", "))
    urbanlayer.check(city / "city.toml", city / "inventory")
    for path in (city / "inventory").rglob("*.*"):
        assert b"Petrovi" not in path.read_bytes()
