"""What keeps people from getting about: told with layer and cure, and the rest answered."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
import toy
from affine import Affine
from city_folder import change, rewrite, save, told, write_city

import urbanlayer

X0, Y0 = toy.ORIGIN


@pytest.fixture
def city(tmp_path):
    write_city(tmp_path)
    return tmp_path


def built(city):
    return urbanlayer.build(city / "city.toml", city / "out").publication


def moved(frame, east_m):
    return frame.set_geometry(frame.to_crs(toy.CRS).translate(east_m, 0).to_crs(frame.crs))


def school_share(publication):
    return next(r for r in publication.results if r.indicator == "coverage_within").city


def test_streets_that_all_lie_beyond_the_city_leave_nobody_connected_and_it_is_said(city):
    # one street in a corner of the city, 300 m and more from every home: the layer itself is fine
    far = [shapely.LineString([(X0 + 1190, Y0 + 1100), (X0 + 1190, Y0 + 1190)])]
    (city / "streets.gpkg").unlink()
    save(city / "streets.gpkg", far, {"id": [1]})
    publication = built(city)
    assert school_share(publication) == 0.0
    warnings = " ".join(publication.warnings)
    assert "No home lies within 200\u00a0m of a street that is open to them" in warnings
    assert "Check that the street layer is of this city" in warnings
    assert "Layer 'school': All 2 features lie farther than 200\u00a0m from any street" in warnings


def test_streets_that_are_all_closed_are_a_fault_that_says_what_to_do(city):
    change(city / "streets.gpkg", lambda frame: frame.assign(stanje="zatvoreno"))
    rewrite(
        city, 'path = "streets.gpkg"', 'path = "streets.gpkg"\nclosed = { stanje = "zatvoreno" }'
    )
    message = told(city, city / "out")
    assert "layer 'streets'" in message
    assert "is a walkable street; check path, `where` and `closed`" in message


def test_streets_that_are_all_apart_from_one_another_cut_people_off_and_they_are_counted(city):
    # two streets that never meet: the school lies on one, the people on the other
    lines = [
        shapely.LineString([(X0 - 500, Y0 + 200), (X0 + 1500, Y0 + 200)]),
        shapely.LineString([(X0 - 500, Y0 + 900), (X0 + 1400, Y0 + 900)]),
    ]
    (city / "streets.gpkg").unlink()
    save(city / "streets.gpkg", lines, {"id": [1, 2]})
    change(city / "schools.geojson", lambda frame: frame.iloc[1:])
    publication = built(city)
    assert school_share(publication) == 0.0
    lengths = publication.network.connections["walk"]
    assert (lengths.parts, lengths.residents_joined) == (2, pytest.approx(90))


def test_a_negative_capacity_names_layer_column_and_features(city):
    change(city / "schools.geojson", lambda frame: frame.assign(seats=[-30.0, 20.0]))
    rewrite(city, 'schools.geojson"', 'schools.geojson"\ncapacity = "seats"')
    message = told(city, city / "out")
    assert "layer 'school'" in message
    assert "a negative value in 'seats'" in message


def test_capacities_of_zero_are_an_answer_of_none(city):
    change(city / "schools.geojson", lambda frame: frame.assign(seats=[0.0, 0.0]))
    rewrite(city, 'schools.geojson"', 'schools.geojson"\ncapacity = "seats"')
    rewrite(
        city, "[indicators.population_density]", '[indicators.sfca_access]\nservices = ["school"]'
    )
    publication = built(city)
    access = next(r for r in publication.results if r.indicator == "sfca_access")
    assert access.city == 0.0


def test_an_elevation_that_misses_half_of_the_city_is_said_and_the_rest_is_answered(city):
    values = np.full((40, 20), 50.0, dtype="float32")  # 30 m cells over the western 600 m
    with rasterio.open(
        city / "dem.tif", "w", driver="GTiff", height=40, width=20, count=1, dtype="float32",
        crs=toy.CRS, transform=Affine(30, 0, X0, 0, -30, Y0 + 1200), nodata=-9999,
    ) as file:  # fmt: skip
        file.write(values, 1)
    rewrite(
        city,
        "[layers.school]",
        '[layers.elevation]\nsource = "raster"\npath = "dem.tif"\n\n[layers.school]',
    )
    rewrite(city, "{ school = 500 }", '{ school = 500 }\nmodes = ["walk", "walk_slope"]')
    publication = built(city)
    shares = [r.city for r in publication.results if r.indicator == "coverage_within"]
    assert shares[0] == shares[1] > 0  # all is level
    warnings = " ".join(publication.warnings)
    assert "without elevation, taken as level" in warnings
    assert "Use a grid that covers the whole city" in warnings


def test_facilities_far_from_all_streets_are_listed_in_a_file(city):
    frame = gpd.read_file(city / "schools.geojson", engine="pyogrio")
    far = moved(frame.iloc[1:], 700)  # 400 m east of the last street
    (city / "schools.geojson").unlink()
    frame = gpd.GeoDataFrame(
        {"id": ["S1", "S2"]}, geometry=[frame.geometry[0], far.geometry.iloc[0]], crs=frame.crs
    )
    frame.to_file(city / "schools.geojson", engine="pyogrio")
    publication = built(city)
    outside = "Outside the city and away from its streets, so that they serve nobody: 1 of 2 (S2)."
    assert f"Layer 'school': {outside}" in publication.warnings
    listed = (city / "out/data/not_connected.csv").read_text(encoding="utf-8-sig")
    assert listed.splitlines()[1].startswith("school,S2,walk,200")
