"""A build that uses what the last one made gives the bytes of a build from nothing."""

from __future__ import annotations

import json
import shutil

import geopandas as gpd
import plan_city
import pytest
import small_city
from city_folder import rewrite
from command import run

import urbanlayer
from urbanlayer.pipeline import build

CITY = (
    small_city.CITY
    + """
[indicators.nearest_facility_m]
services = ["school"]
[indicators.green_300]

[layers.green]
path = "green.shp"
key = "id"
"""
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A city, and a cache of its own."""
    monkeypatch.delenv("URBANLAYER_NO_CACHE")
    monkeypatch.setenv("URBANLAYER_CACHE", str(tmp_path / "cache"))
    park = small_city.frames()["hoods"].iloc[:1][["id", "geometry"]]
    corner = small_city.point(520, 520).buffer(80, cap_style="square")
    (tmp_path / "city").mkdir()
    small_city.write(tmp_path / "city", CITY)
    parks = park.set_geometry([corner], crs=park.crs)
    parks.to_file(tmp_path / "city" / "green.shp")
    return tmp_path / "city"


def published(folder, *, cache=True):
    """The bytes of a publication, without how long it took, and why each step was done."""
    built = build(folder / "city.toml", folder.parent / "out", cache=cache)
    files = {
        file.relative_to(built.target).as_posix(): file.read_bytes()
        for file in built.target.rglob("*")
        if file.is_file()
    }
    record = json.loads(files.pop("run.json"))
    timed = {"seconds", "started", "finished", "record_sha256"}
    files["run.json"] = {name: value for name, value in record.items() if name not in timed}
    return files, {change.step: change.why for change in built.changes}


def move_a_tree(folder):
    trees = gpd.read_file(folder / "trees.gpkg")
    trees.geometry = [trees.geometry.iloc[0].buffer(0).centroid, *trees.geometry.iloc[1:]]
    trees.loc[0, "geometry"] = small_city.point(1500, 1500)
    trees.to_file(folder / "trees.gpkg")


def move_a_school(folder):
    schools = gpd.read_file(folder / "schools.gpkg")
    schools.loc[0, "geometry"] = small_city.point(1500, 500)
    schools.to_file(folder / "schools.gpkg")


def count_again(folder):
    hoods = gpd.read_file(folder / "hoods.gpkg")
    hoods["census"] = [150, *hoods["census"].iloc[1:]]
    hoods.to_file(folder / "hoods.gpkg")


def close_a_street(folder):
    streets = gpd.read_file(folder / "streets.gpkg")
    streets.iloc[1:].to_file(folder / "streets.gpkg")


def enlarge_the_park(folder):
    parks = gpd.read_file(folder / "green.shp")
    parks.geometry = parks.buffer(40)
    parks.to_file(folder / "green.shp")


def _written(folder, before, after):
    text = (folder / "city.toml").read_text(encoding="utf-8")
    assert before in text
    (folder / "city.toml").write_text(text.replace(before, after), encoding="utf-8")


def walk_less(folder):
    _written(folder, "school = 800", "school = 500")


def date_it_later(folder):
    _written(folder, "as_of = 2026-06-30", "as_of = 2027-06-30")


def add_a_language(folder):
    _written(folder, '["en", "sr_Latn_ME"]', '["en", "sr_Latn_ME", "sq"]')


def say_another_crs(folder):
    (folder / "green.prj").unlink()
    _written(folder, 'path = "green.shp"', 'path = "green.shp"\ncrs = "EPSG:25834"')


EDITS = [
    move_a_tree, move_a_school, count_again, close_a_street, enlarge_the_park, walk_less,
    date_it_later, add_a_language, say_another_crs,
]  # fmt: skip
QUICK = (move_a_school,)


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(edit, marks=() if edit in QUICK else pytest.mark.slow, id=edit.__name__)
        for edit in EDITS
    ],
)
def test_after_an_edit_the_bytes_are_those_of_a_build_from_nothing(folder, edit):
    before, _ = published(folder)
    edit(folder)
    after, _ = published(folder)
    assert after == published(folder, cache=False)[0]
    assert after != before


SITES = {"C1": (600, 100), "C2": (1000, 200), "C3": (200, 600), "C4": (1000, 600)}
ISOCHRONES = "[publish]\nisochrones = { school = { metres = [300] } }"
SITING = """
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 500
new = 2
"""
STEPS = ("sites schools", "isochrones", "style and scripts of the page")


@pytest.mark.slow
def test_sites_and_isochrones_are_found_again_only_where_what_they_rest_on_changed(folder):
    city = folder.parent / "planned"
    city.mkdir()
    plan_city.write_plan(city, plan="")
    plan_city.add_plots(city, SITES)
    rewrite(city, "[publish]", ISOCHRONES)
    with (city / "city.toml").open("a", encoding="utf-8") as file:
        file.write(SITING)
    published(city)
    _written(city, "within_m = 500", "within_m = 400")
    files, why = published(city)
    assert [why[step] == "unchanged" for step in STEPS] == [False, True, True]
    assert files == published(city, cache=False)[0]
    schools = gpd.read_file(city / "schools.geojson")
    schools.geometry = schools.geometry.translate(0.002, 0)
    schools.to_file(city / "schools.geojson")
    files, why = published(city)
    assert [why[step] == "unchanged" for step in STEPS] == [False, False, True]
    assert why["isochrones"].startswith("because schools.geojson changed")
    assert files == published(city, cache=False)[0]


def test_nothing_is_done_again_where_nothing_changed(folder):
    first, new = published(folder)
    again, why = published(folder)
    assert set(new.values()) == {"new"}
    assert set(why.values()) == {"unchanged"}
    assert again == first


@pytest.mark.slow
def test_a_moved_school_is_the_reason_for_what_rests_on_schools_alone(folder):
    published(folder)
    move_a_school(folder)
    why = published(folder)[1]
    assert why["layer school"] == "because schools.gpkg changed (1 feature)"
    assert why["coverage_within.school.800"] == "because schools.gpkg changed (1 feature)"
    assert {why[name] for name in ("layer streets", "residents", "population_density")} == {
        "unchanged"
    }


@pytest.mark.slow
def test_an_entry_that_is_cut_or_wrong_is_made_again(folder):
    first, _ = published(folder)
    for number, entry in enumerate(sorted((folder.parent / "cache/steps").glob("??/*"))):
        content = entry.read_bytes()
        if number % 3 == 0:
            entry.write_bytes(content[: len(content) // 2])
        elif number % 3 == 1:
            entry.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        else:
            entry.write_bytes(b"")
    assert published(folder)[0] == first


@pytest.mark.slow
def test_a_copied_city_is_unchanged_wherever_it_lies(folder):
    first, _ = published(folder)
    shutil.copytree(folder, folder.parent / "moved" / "city")
    build(folder.parent / "moved/city/city.toml", folder.parent / "moved/out")
    for name in ("index.html", "data/indicators.csv"):
        assert (folder.parent / "moved/out" / name).read_bytes() == first[name]


def test_a_cache_that_cannot_be_written_is_said_once_and_the_city_is_built(folder, monkeypatch):
    place = folder.parent / "file"
    place.write_text("", encoding="utf-8")
    monkeypatch.setenv("URBANLAYER_CACHE", str(place))
    built = build(folder / "city.toml", folder.parent / "out")
    assert [note for note in built.notes if "Nothing was kept" in note] == [*built.notes]
    assert len(built.notes) == 1


@pytest.mark.slow
def test_a_cache_that_others_may_write_to_is_not_used(folder):
    published(folder)
    (folder.parent / "cache/steps").chmod(0o777)
    built = build(folder / "city.toml", folder.parent / "out")
    assert "others may write to it" in built.notes[0]
    assert built.changes == ()


def test_the_command_says_how_much_is_kept_and_removes_it(folder):
    published(folder)
    assert "results of steps: 0 files" not in run("cache", "--size").stdout
    assert run("cache", "--clear").returncode == 0
    assert "results of steps: 0 files" in run("cache").stdout


@pytest.mark.slow
def test_the_command_explains_each_step(folder):
    out = folder.parent / "out"
    run("build", folder / "city.toml", "--out", out, "--quiet")
    move_a_school(folder)
    explained = run("build", folder / "city.toml", "--out", out, "--explain", "--profile").stdout
    assert "layer school: because schools.gpkg changed (1 feature)" in explained
    assert "layer trees: unchanged" in explained
    assert "publication: because schools.gpkg changed (1 feature)" in explained
    assert "walking distances" in explained


@pytest.mark.slow
def test_each_step_names_the_files_that_changed(folder):
    published(folder)
    move_a_school(folder)
    close_a_street(folder)
    both = published(folder)[1]
    schools, streets = "schools.gpkg (1 feature)", "streets.gpkg (1 feature)"
    assert both["street network"] == "because streets.gpkg changed (1 feature)"
    assert both["coverage_within.school.800"] == f"because {streets}, {schools} changed"
    count_again(folder)
    counted = published(folder)[1]
    assert counted["residents"] == "because hoods.gpkg changed (1 feature)"
    assert counted["population_density"] == "because hoods.gpkg changed (1 feature)"


def test_the_command_publishes_the_same_files_where_nothing_changed(folder):
    out = folder.parent / "out"
    run("build", folder / "city.toml", "--out", out, "--quiet")
    before = {name: (out / name).read_bytes() for name in ("index.html", "data/indicators.csv")}
    shutil.rmtree(out)
    again = run("build", folder / "city.toml", "--out", out, "--explain")
    assert "publication: unchanged" in again.stdout
    assert "small: 4 neighbourhoods, 400 residents" in again.stdout
    assert {name: (out / name).read_bytes() for name in before} == before
    assert run("verify", out).returncode == 0


@pytest.mark.slow
def test_a_file_that_a_scenario_adds_is_read_each_time(folder):
    out = folder.parent / "out"
    new = gpd.read_file(folder / "schools.gpkg").iloc[:1]
    new["id"] = "new"
    new.geometry = [small_city.point(1500, 500)]
    new.to_file(folder / "new.geojson")
    text = (folder / "city.toml").read_text(encoding="utf-8")
    text += '[scenario.more]\nadd = { school = "new.geojson" }\n'
    (folder / "city.toml").write_text(text, encoding="utf-8")
    run("build", folder / "city.toml", "--out", out, "--quiet")
    first = (out / "data/plan.json").read_bytes()
    new.geometry = [small_city.point(500, 1500)]
    new.to_file(folder / "new.geojson")
    run("build", folder / "city.toml", "--out", out, "--quiet")
    assert (out / "data/plan.json").read_bytes() != first


def test_no_cache_leaves_nothing_behind(folder):
    published(folder, cache=False)
    assert not (folder.parent / "cache").exists()


def test_a_city_read_twice_in_a_notebook_is_the_same(folder):
    first, again = (urbanlayer.read_city(folder / "city.toml") for _ in range(2))
    assert first.layers["school"].digest == again.layers["school"].digest
    assert first.residents.digest == again.residents.digest
