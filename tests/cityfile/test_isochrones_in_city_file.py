"""`[publish] isochrones`: what it takes, what it refuses, and the layer that comes of it."""

import pyogrio
import pytest
import shapely
from city_folder import rewrite, told, write_city

import urbanlayer

ASKED = '{ school = [400, 800], clinic = { minutes = [5], mode = "wheelchair" } }'


@pytest.fixture
def city(tmp_path):
    write_city(tmp_path)
    schools = '[layers.school]\npath = "schools.geojson"\nkey = "id"\n'
    rewrite(tmp_path, schools, schools + schools.replace("school]", "clinic]"))
    return tmp_path


def ask(city, isochrones):
    rewrite(city, "[residents]", f"[publish]\nisochrones = {isochrones}\n\n[residents]")


def test_the_layer_has_a_row_for_each_limit_of_each_service(city):
    ask(city, ASKED)
    urbanlayer.build(city / "city.toml", city / "out")
    path = city / "out/data/isochrones.gpkg"
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["isochrones"]
    frame = pyogrio.read_dataframe(path)
    limits = frame[["distance_m", "minutes"]].fillna(0).to_numpy().tolist()
    assert frame["role"].tolist() == ["school", "school", "clinic"]
    assert frame["mode"].tolist() == ["walk", "walk", "wheelchair"]
    assert limits == [[400, 0], [800, 0], [0, 5]]
    assert frame["facilities"].tolist() == [2, 2, 2]
    assert frame.crs.to_epsg() == 25834
    assert frame.is_valid.all()
    assert shapely.contains(frame.geometry[1], frame.geometry[0])
    assert frame.area[0] > 100_000  # two schools, streets of several hundred metres each


def test_the_layer_says_where_it_comes_from_and_is_the_same_each_time(city):
    ask(city, ASKED)
    files = []
    for out in ("one", "two"):
        urbanlayer.build(city / "city.toml", city / out)
        files.append((city / out / "data/isochrones.gpkg").read_bytes())
    assert files[0] == files[1]
    told_of = pyogrio.read_info(city / "one/data/isochrones.gpkg")["layer_metadata"]
    assert told_of["licence"] == "CC0-1.0"
    assert told_of["as_of"] == "2026-06-30"
    assert "school" in told_of["sources"]


def test_without_the_line_and_for_one_indicator_alone_there_is_no_such_layer(city):
    urbanlayer.build(city / "city.toml", city / "out")
    assert not (city / "out/data/isochrones.gpkg").exists()
    ask(city, ASKED)
    urbanlayer.build(city / "city.toml", city / "alone", only="population_density")
    assert not (city / "alone/data/isochrones.gpkg").exists()


REFUSED = {
    "{ shool = [400] }": "there is no [layers.shool]; did you mean 'school'?",
    "{ streets = [400] }": "is no service that people walk to; known: school, clinic",
    '{ school = { minutes = [5], mode = "wheelchar" } }': "did you mean 'wheelchair'?",
    "{ school = { minute = [5] } }": "unknown key; did you mean 'minutes'?",
    "{ school = { minutes = [5], metres = [400] } }": "needs metres = [400, 800] or minutes",
    "{ school = {} }": "needs metres = [400, 800] or minutes",
    "{ school = [] }": "needs metres = [400, 800] or minutes",
    "{ school = 400 }": "needs a list of metres",
    "{ school = [0] }": "greater than 0",
    "{ school = [25_000] }": "less than or equal to 20000",
    "{ school = [true] }": "valid number",
    '{ school = ["400"] }': "without quotes and unit: 400",
}


@pytest.mark.parametrize(("isochrones", "message"), REFUSED.items(), ids=REFUSED)
def test_what_makes_no_isochrone_is_refused_with_the_line_and_what_would(city, isochrones, message):
    ask(city, isochrones)
    error = told(city, city / "out")
    assert message in error
    assert "publish.isochrones" in error
    assert "line" in error
