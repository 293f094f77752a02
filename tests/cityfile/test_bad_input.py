"""The planner's mistakes: each told in one clear message, all at once, and nothing half-written."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from city_folder import CITY, change, rewrite, told, write_city

import urbanlayer
from urbanlayer.errors import CityFileError, LayerError


@pytest.fixture
def city(tmp_path):
    """A toy city in files, without a fault."""
    write_city(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_without_a_fault_it_is_published(city, tmp_path):
    built = urbanlayer.build(city / "city.toml", tmp_path / "out")
    assert built.publication.city.residents.total == pytest.approx(90)
    assert json.loads((tmp_path / "out/run.json").read_text())["city"]


def test_a_missing_file_is_told_with_the_nearest_that_exists(city, tmp_path):
    rewrite(city, "schools.geojson", "school.geojson")
    message = told(city, tmp_path / "out")
    assert "'school.geojson' does not exist; did you mean 'schools.geojson'?" in message
    assert "line 17" in message


def test_an_unknown_crs_of_a_layer_is_told(city, tmp_path):
    rewrite(city, 'key = "id"', 'key = "id"\ncrs = "EPSG:99999"')
    message = told(city, tmp_path / "out")
    assert "school" in message
    assert "EPSG:99999" in message


def test_a_layer_without_features_is_told(city, tmp_path):
    change(city / "schools.geojson", lambda frame: frame.iloc[:0])
    message = told(city, tmp_path / "out")
    assert "layer 'school' (schools.geojson)" in message
    assert "no features" in message


def test_a_where_that_keeps_nothing_says_which_values_there_are(city, tmp_path):
    rewrite(city, 'key = "id"', 'key = "id"\nwhere = { id = "X9" }')
    message = told(city, tmp_path / "out")
    assert "X9" in message
    assert "S1" in message


def test_the_wrong_kind_of_geometry_is_told(city, tmp_path):
    change(
        city / "hoods.geojson",
        lambda frame: frame.set_geometry(frame.geometry.to_crs(25834).centroid.to_crs(4326)),
    )
    message = told(city, tmp_path / "out")
    assert "layer 'neighbourhoods'" in message
    assert "point" in message
    assert "polygon" in message


def test_a_missing_key_column_is_told_with_the_nearest(city, tmp_path):
    rewrite(city, 'key = "key"', 'key = "kez"')
    message = told(city, tmp_path / "out")
    assert "'kez'" in message
    assert "'key'" in message


def test_duplicate_keys_of_neighbourhoods_are_refused_and_named(city, tmp_path):
    change(city / "hoods.geojson", lambda frame: frame.assign(key=["Q7", "Q7", *frame.key[2:]]))
    message = told(city, tmp_path / "out")
    assert "Q7" in message


def test_duplicate_keys_of_another_layer_keep_the_first_and_list_the_rest(city, tmp_path):
    change(city / "schools.geojson", lambda frame: frame.assign(id=["S1", "S1"]))
    built = urbanlayer.build(city / "city.toml", tmp_path / "out")
    assert len(built.publication.city.layers["school"]) == 1
    assert [item.reason for item in built.publication.excluded] == ["duplicate-key"]


def test_a_layer_of_another_city_is_told_with_how_far_it_lies(city, tmp_path):
    change(
        city / "schools.geojson",
        lambda frame: frame.set_geometry(
            shapely.transform(frame.geometry, lambda xy: xy + np.array([5.0, 0.0]))
        ),
    )
    message = told(city, tmp_path / "out")
    assert "layer 'school'" in message
    assert "km" in message


def test_swapped_latitude_and_longitude_are_mended_and_said(city, tmp_path):
    change(
        city / "schools.geojson",
        lambda frame: frame.set_geometry(shapely.transform(frame.geometry, lambda xy: xy[:, ::-1])),
    )
    straight = urbanlayer.build(city / "city.toml", tmp_path / "out").publication
    assert any("school" in text and "swapped" in text for text in straight.warnings)
    assert np.isfinite(straight.results[0].city)


def test_an_empty_population_is_told(city, tmp_path):
    change(city / "population.geojson", lambda frame: frame.assign(people=0.0))
    message = told(city, tmp_path / "out")
    assert "layer 'population' (population.geojson): 'people' holds no people" in message


def test_negative_people_are_told(city, tmp_path):
    change(city / "population.geojson", lambda frame: frame.assign(people=-5.0))
    assert "people" in told(city, tmp_path / "out")


def test_faults_of_many_layers_are_told_at_once(city, tmp_path):
    rewrite(city, 'key = "key"', 'key = "kez"')
    change(city / "schools.geojson", lambda frame: frame.iloc[:0])
    (city / "streets.gpkg").write_bytes(b"not a GeoPackage at all")
    message = told(city, tmp_path / "out")
    for role in ("neighbourhoods", "school", "streets"):
        assert role in message


def test_a_fault_leaves_the_last_publication_untouched(city, tmp_path):
    out = tmp_path / "out"
    urbanlayer.build(city / "city.toml", out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    rewrite(city, "schools.geojson", "school.geojson")
    with pytest.raises(CityFileError):
        urbanlayer.build(city / "city.toml", out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_a_service_without_a_layer_is_not_answerable_and_the_rest_goes_on(city, tmp_path):
    rewrite(city, "{ school = 500 }", "{ school = 500, library = 1000 }")
    publication = urbanlayer.build(city / "city.toml", tmp_path / "out").publication
    assert [(lost.variant, lost.missing) for lost in publication.not_answerable] == [
        ("library", ("library",))
    ]
    assert len(publication.results) == 2


def test_all_that_lacks_the_same_is_told_in_one_sentence(city, tmp_path):
    rewrite(
        city, "{ school = 500 }", "{ school = 500 }\n[indicators.nearest_facility_p90_m]\n"
        'services = ["library", "clinic"]\n[indicators.lcrpgr]',
    )  # fmt: skip
    told = urbanlayer.build(city / "city.toml", tmp_path / "out").publication.warnings
    lost = [text for text in told if "not answerable" in text]
    roles = "[layers.built_up], [layers.built_up_before], [layers.population_before]"
    assert lost == [
        "nearest_facility_p90_m (library): not answerable. Add [layers.library] to city.toml.",
        "nearest_facility_p90_m (clinic): not answerable. Add [layers.clinic] to city.toml.",
        f"lcrpgr: not answerable. Add {roles} to city.toml.",
    ]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("coverage_within]\nservices = { school = -5 }", "services.school"),
        ('coverage_within]\nservices = { school = "near" }', "services.school"),
        ("coverage_within]\nservices = {}", "coverage_within.services"),
        ("coverage_within]\nservice = { school = 500 }", "did you mean 'services'?"),
        ("sfca_access]\nminutes = [30, 10]\nweights = [1, 0.5]", "minutes have to ascend"),
        ("sfca_access]\nminutes = [10, 30]\nweights = [1]", "one weight for each"),
        ("city15_count]\nminutes = 0", "city15_count.minutes"),
        ("eservice_point_late_access]\nopen_after_h = 24", "open_after_h"),
        ("lcrpgr]\nyears = 0", "lcrpgr.years"),
        ("green_access_who]\ntarget = 50", "50 lies out of 0 to 1"),
        ("no2_mean]\ntarget = -1", "-1 lies out of 0 to 2000"),
        ("lst_mean]\nradius_m = true", "lst_mean.radius_m"),
        ("greenaccess]", "greenaccess"),
    ],
)
def test_a_parameter_of_nonsense_is_told_before_any_data_is_read(tmp_path, table, told):
    # There is no file of data in the folder: whoever opened one would complain of that.
    usual = "[indicators.coverage_within]\nservices = { school = 500 }\n"
    text = CITY.replace(usual, "") + f"\n[indicators.{table}\n"
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CityFileError) as found:
        urbanlayer.build(tmp_path / "city.toml", tmp_path / "out")
    assert told in str(found.value)


def test_text_where_numbers_belong_names_the_layer_the_column_and_the_texts(city, tmp_path):
    schools = gpd.read_file(city / "schools.geojson")
    schools["seats"] = "many"
    schools.to_file(city / "schools.geojson")
    told = 'path = "schools.geojson"\nkey = "id"'
    rewrite(city, told, f'{told}\ncapacity = "seats"')
    with pytest.raises(LayerError) as found:
        urbanlayer.build(city / "city.toml", tmp_path / "out")
    assert "school" in str(found.value)
    assert "'seats' are not numbers (many)" in str(found.value)


def test_a_number_that_no_feature_has_is_a_fault_of_the_layer_and_not_an_answer_of_none(
    city, tmp_path
):
    queries = "[indicators.sfca_access]\nservices = ['school']"
    rewrite(city, "[indicators.population_density]", queries)
    with pytest.raises(LayerError) as found:
        urbanlayer.build(city / "city.toml", tmp_path / "out")
    assert "layer 'school': no feature has capacity" in str(found.value)
