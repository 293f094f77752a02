"""The parts of a country have the results of the whole, and add up to it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from pathlib import Path

import command
import geopandas as gpd
import numpy as np
import pytest
import shapely
import small_city

from urbanlayer import splitting
from urbanlayer.errors import (
    CityError,
    CityFileError,
    CrsError,
    LayerError,
    SourceError,
    TargetError,
)
from urbanlayer.pipeline import evaluated, read_city_file
from urbanlayer.splitting import margins, parts
from urbanlayer.stages import Errors, Stages

ROOT = Path(__file__).parents[2]
X, Y = small_city.X, small_city.Y
MUNICIPALITIES = """
[layers.municipalities]
path = "municipalities.gpkg"
title = "Municipalities"
key = "id"
name = "name"
"""
SIDE, ROWS = 1000.0, 7
"""A strip of seven neighbourhoods, each a square of 1 km."""


def country(folder, queries="[indicators.coverage_within]\nservices = { school = 800 }\n"):
    """A strip from west to east with a street along its middle, and homes north of it."""
    squares = [shapely.box(X + SIDE * n, Y, X + SIDE * (n + 1), Y + SIDE) for n in range(ROWS)]
    keys = [f"N{n}" for n in range(ROWS)]
    files = {
        "hoods": ({"id": keys, "name": keys, "old": [10.0 * n for n in range(ROWS)]}, squares),
        "streets": ({"id": ["a"]}, [shapely.LineString([(X, Y + 500), (X + 7000, Y + 500)])]),
        # on each side of a border of municipalities, 300 m and more from it
        "schools": (
            {"id": ["S1", "S2"], "name": ["One", "Two"]},
            [shapely.Point(X + 2300, Y + 510), shapely.Point(X + 6900, Y + 510)],
        ),
        # one storey is known, the others are the median of the whole country
        "buildings": (
            {"id": range(14), "levels": [4, 4, *[None] * 12], "use": ["home"] * 14},
            [
                shapely.box(x - 5, Y + 505, x + 5, Y + 515)
                for x in (X + 250 + 500 * n for n in range(14))
            ],
        ),
        "municipalities": (
            {"id": ["M1", "M2", "M3"], "name": ["West", "East", "Nobody's"]},
            [
                shapely.box(X, Y, X + 2000, Y + SIDE),
                shapely.box(X + 2000, Y, X + 7000, Y + SIDE),
                shapely.box(X, Y - SIDE, X + 7000, Y),
            ],
        ),
    }
    for name, (columns, shapes) in files.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=small_city.CRS)
        frame.to_file(folder / f"{name}.gpkg")
    text = small_city.CITY.partition("[layers.trees]")[0].replace('residents = "census"\n', "")
    text += '[layers.school]\npath = "schools.gpkg"\nkey = "id"\nname = "name"\n'
    text += '[layers.buildings]\npath = "buildings.gpkg"\nkey = "id"\nlevels = "levels"\n'
    text += 'use = { field = "use", residential = ["home"] }\n' + MUNICIPALITIES
    text += '[residents]\nfrom = ["buildings"]\ntotal = 700\n'
    text += 'groups = { old = { layer = "neighbourhoods", field = "old" } }\n' + queries
    (folder / "country.toml").write_text(text, encoding="utf-8")
    return folder / "country.toml"


def results(city_file):
    """The city and its results, from nothing."""
    found = evaluated(read_city_file(city_file), Stages(), Errors())
    assert found.city is not None
    return found.city, found.evaluation.results


def assert_parts_are_the_whole(whole, every):
    """Each neighbourhood in one part, with its people and its values; the parts' sums are the
    whole's."""
    city, of_whole = whole
    keys = [key for part, _ in every for key in part.neighbourhoods.keys]
    assert sorted(keys) == list(city.neighbourhoods.keys)
    total = sum(part.residents.total for part, _ in every)
    assert total == pytest.approx(city.residents.total, rel=1e-9)
    for number, result in enumerate(of_whole):
        there = [found[number] for _, found in every]
        for alone in there:
            expected = result.values[alone.values.index]
            np.testing.assert_allclose(alone.values, expected, rtol=1e-9, atol=1e-12)
        people = [part.residents.total for part, _ in every]
        if result.unit.startswith("share"):
            whole_people = sum(n * one.city for n, one in zip(people, there, strict=True))
            assert whole_people == pytest.approx(result.city * total, rel=1e-9)


@pytest.mark.slow
def test_parts_of_a_made_country_have_the_results_of_the_whole(tmp_path):
    file = country(tmp_path)
    done = splitting.split(file, tmp_path / "cities")
    assert [part.city_file.parent.name for part in done.parts] == ["west", "east"]
    assert [part.neighbourhoods for part in done.parts] == [2, 5]
    # fourteen homes, two of four storeys: all of four, so each has a fourteenth of 700
    assert [part.residents for part in done.parts] == pytest.approx([200, 500], rel=1e-12)
    assert done.empty == ("M3",)
    whole = results(file)
    every = [results(part.city_file) for part in done.parts]
    assert_parts_are_the_whole(whole, every)
    # homes at 1,750 m walk 550 m and 10 m on either side to the school across the border, those
    # at 1,250 m walk 1,070
    west = every[0][1][0].values
    assert west.to_dict() == {"N0": 0.0, "N1": 0.5}
    old = [part.residents.groups["old"].sum() for part, _ in every]
    assert old == pytest.approx([10, 200], rel=1e-12)


LIBRARIES = """
[indicators.coverage_within]
services = { school = 500, library = 500 }
[indicators.nearest_facility_min]
services = ["library"]
cap_min = 5
[[custom_indicator]]
id = "seats"
title = "Seats for each km²"
kind = "ratio"
numerator = { layer = "library", measure = "sum", field = "seats" }
denominator = { layer = "neighbourhoods", measure = "area_km2" }
unit = "seats/km²"
[layers.library]
path = "libraries.gpkg"
key = "id"
"""


@pytest.mark.slow
def test_a_part_without_any_library_near_has_the_results_of_the_whole(tmp_path):
    file = country(tmp_path, LIBRARIES)
    # beyond the margin of the west, and beyond the box that a file is read by
    only = {"id": ["L"], "name": ["Far"], "seats": [40.0]}
    place = [shapely.Point(X + 6950, Y + 510)]
    libraries = gpd.GeoDataFrame(only, geometry=place, crs=small_city.CRS)
    libraries.to_file(tmp_path / "libraries.gpkg")
    done = splitting.split(file, tmp_path / "cities")
    without = [read_city_file(part.city_file).spec.part_of.without for part in done.parts]
    assert [list(roles) for roles in without] == [["library"], []]
    whole = results(file)
    every = [results(part.city_file) for part in done.parts]
    assert_parts_are_the_whole(whole, every)
    west = every[0][0].layers["library"]
    assert (len(west), west.provenance.licence) == (0, "CC-BY-4.0")
    values = {one.query.id: one.values for one in every[0][1]}
    assert values["coverage_within.library.500"].to_dict() == {"N0": 0.0, "N1": 0.0}
    # of the whole the part is not: a library that was there and is lost is an error
    libraries.iloc[:0].to_file(tmp_path / "libraries.gpkg")
    with pytest.raises(LayerError, match="it holds no features"):
        results(done.parts[1].city_file)
    (tmp_path / "libraries.gpkg").unlink()
    with pytest.raises(CityFileError, match=r"libraries\.gpkg' does not exist"):
        results(done.parts[0].city_file)
    (tmp_path / "libraries.gpkg").write_bytes(b"SQLite format 3")
    with pytest.raises(SourceError, match=r"libraries\.gpkg"):
        results(done.parts[0].city_file)


def part(folder, metres_east, without):
    """The city file of a part with a library so far from it, or with none."""
    for name in ("hoods", "streets"):
        small_city.frames()[name].to_file(folder / f"{name}.gpkg")
    place = [] if metres_east is None else [shapely.Point(X + metres_east, Y + 510)]
    library = gpd.GeoDataFrame({"id": ["L"] * len(place)}, geometry=place, crs=small_city.CRS)
    library.to_file(folder / "libraries.gpkg")
    text = small_city.CITY.partition("[layers.trees]")[0]
    text += '[layers.library]\npath = "libraries.gpkg"\nkey = "id"\n'
    text += '[residents]\nfrom = ["census"]\n'
    listed = f'library = "{without}"' if without else ""
    of = f'part_of = {{ whole = "land", cut = "a", without = {{ {listed} }} }}\n'
    file = folder / "city.toml"
    queries = "[indicators.coverage_within]\nservices = { library = 500 }\n"
    file.write_text(of + text + queries, encoding="utf-8")
    return file


def test_a_layer_is_empty_only_in_the_part_that_the_split_names(tmp_path):
    city, found = results(part(tmp_path, None, "digest of another file"))
    assert len(city.layers["library"]) == 0
    assert found[0].values.max() == 0
    with pytest.raises(LayerError, match=r"'library'.*it holds no features"):
        results(part(tmp_path, None, ""))


def test_what_lies_elsewhere_is_none_only_in_the_file_of_the_whole(tmp_path):
    file = part(tmp_path, 100_000, "another")
    with pytest.raises(CrsError, match="'library'"):
        results(file)
    digest = hashlib.sha256((tmp_path / "libraries.gpkg").read_bytes()).hexdigest()
    text = file.read_text(encoding="utf-8").replace('"another"', f'"{digest}"')
    file.write_text(text, encoding="utf-8")
    assert len(results(file)[0].layers["library"]) == 0
    assert len(results(part(tmp_path, 100, digest))[0].layers["library"]) == 1


def test_a_margin_holds_the_widest_threshold_both_snaps_and_a_fragment(tmp_path):
    file = read_city_file(country(tmp_path))
    modes = results(tmp_path / "country.toml")[0].modes
    # 800 m and a tenth, 200 m at both ends, 20 m to an entrance, 1,000 m of a fragment
    assert margins.margin_m(file.queries, file.spec.publish, modes) == pytest.approx(2300)
    minutes = country(
        tmp_path, '[indicators.nearest_facility_min]\nservices = ["school"]\ncap_min = 30\n'
    )
    file = read_city_file(minutes)
    speed = modes["walk"].speed_m_per_min
    expected = pytest.approx(30 * speed + 1420)
    assert margins.margin_m(file.queries, file.spec.publish, modes) == expected


def test_a_box_holds_adjoining_areas_whole_and_enough_streets(tmp_path):
    city, _ = results(country(tmp_path))
    by, green = city.layers["municipalities"], city.layers["school"]
    chain = [shapely.box(X + x, Y, X + x + 100, Y + 100) for x in range(2950, 3350, 100)]
    far = shapely.box(X + 4000, Y, X + 4100, Y + 100)
    frame = gpd.GeoDataFrame(geometry=[*chain, far], crs=small_city.CRS)
    park = dataclasses.replace(green, role="green", frame=frame)
    with_park = dataclasses.replace(city, layers={**city.layers, "green": park}, streets=None)
    west = parts.cut(with_park, by, 1000.0, joined=["green"]).parts[0]
    # to 1,000 m beyond the border at 2,000; the chain of parks from 2,950 on goes to 3,350
    assert west.box == (X - 1000, Y - 1000, X + 3350, Y + 2000)
    # the one street of 7 km is wanted: its middle lies at 3,500 m, 1,500 m beyond the border
    grown = parts.cut(city, by, 100.0, joined=[]).parts[0]
    assert grown.margin_m == 1500.0


def test_results_that_rest_on_the_whole_are_named(tmp_path):
    file = country(
        tmp_path,
        "[indicators.population_density]\n[indicators.street_density]\n"
        "[indicators.nh_population_density]\n[indicators.floor_area_ratio]\n",
    )
    done = splitting.split(file, tmp_path / "cities")
    assert done.differing == (
        "street_density",
        "nh_population_density.1000",
        "floor_area_ratio",  # unknown storeys are the median of all buildings
    )
    assert "street_density" in done.parts[0].city_file.read_text(encoding="utf-8")


def test_a_neighbourhood_in_no_polygon_is_an_error(tmp_path):
    file = country(tmp_path)
    only = gpd.read_file(tmp_path / "municipalities.gpkg").iloc[:1]
    only.to_file(tmp_path / "municipalities.gpkg")
    with pytest.raises(CityError, match="5 of 7 neighbourhoods lie in none of its polygons"):
        splitting.split(file, tmp_path / "cities")
    assert not (tmp_path / "cities").exists()
    assert not list(tmp_path.glob(".cities*"))


def test_wrong_layers_and_folders_in_use_are_refused(tmp_path):
    file = country(tmp_path)
    with pytest.raises(CityFileError, match="no layer 'districts'"):
        splitting.split(file, tmp_path / "cities", by="districts")
    with pytest.raises(TargetError, match="not empty"):
        splitting.split(file, tmp_path)


@pytest.mark.slow
def test_the_command_lists_the_parts_and_the_next_step(tmp_path):
    file = country(tmp_path)
    done = command.run("split", file, "--out", "parts", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    other = command.run("split", file, "--out", "others", "--json", cwd=tmp_path)
    record = json.loads(other.stdout)
    assert [part["residents"] for part in record["parts"]] == pytest.approx([200, 500])
    again = command.run("split", file, "--out", "third", cwd=tmp_path)
    assert "next: urbanlayer build third/*/city.toml" in again.stdout


LAS_PALMAS = ROOT / "tests/cities/las_palmas.toml"
DATA = ROOT.parent / "shared/data"
COUNTS = [2, 7, 29] if os.environ.get("SPLIT_ALL") else [7]
"""Into how many parts it is cut."""


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason="the data of Las Palmas are not there")
@pytest.mark.parametrize("count", COUNTS)
def test_parts_of_las_palmas_have_the_results_of_the_whole(tmp_path, count):
    table = MUNICIPALITIES + "\n[layers]\n"
    text = LAS_PALMAS.read_text(encoding="utf-8").replace("\n[layers]\n", table, 1)
    (tmp_path / "country.toml").write_text(
        text.replace("../../../shared/data", DATA.as_posix()), encoding="utf-8"
    )
    catchments = gpd.read_file(DATA / "las_palmas/secondary_school_catchments.geojson")
    x = catchments.geometry.to_crs("EPSG:4083").centroid.x
    catchments["id"] = [
        f"M{int(rank) * count // len(catchments)}" for rank in x.rank(method="first") - 1
    ]
    merged = catchments.dissolve("id").reset_index()[["id", "geometry"]]
    merged["name"] = merged["id"]
    merged.to_file(tmp_path / "municipalities.gpkg")
    done = splitting.split(tmp_path / "country.toml", tmp_path / "cities")
    assert len(done.parts) == count
    whole = results(tmp_path / "country.toml")
    assert_parts_are_the_whole(whole, [results(part.city_file) for part in done.parts])


def test_no_parameter_of_a_query_escapes_the_margin():
    """Distances and times are told by their names alone; whatever else is a number is known."""
    from urbanlayer import registry

    others = {
        name
        for indicator in registry.indicators().values()
        for query in indicator.queries()
        for name, value in query.pairs
        if not isinstance(value, str)
        and not (isinstance(value, tuple) and all(isinstance(one, str) for one in value))
        and not name.endswith(("_m", "_min", "minutes"))
    }
    # classes and categories, years, hours, shares, weights, counts, levels, speeds and densities
    assert others <= {
        "beta_per_min", "classes", "code_year", "headway_min", "level_db", "level_ug_m3",
        "min_area_ha",
        "min_tests", "nearest", "old_share", "open_after_h", "prior_residents", "share",
        "since_hour", "speed_kmh", "speed_mbps", "steepness", "trees", "until_hour", "water",
        "weights", "years", "radius_m", "categories",
    }  # fmt: skip
