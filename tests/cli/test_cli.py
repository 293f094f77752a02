"""The command as the planner meets it: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from city_folder import write_city
from command import run, run_apart

from urbanlayer import pipeline


def test_help_names_every_verb():
    told = run("--help")
    assert told.returncode == 0
    for verb in ("build", "check", "init", "schema", "catalogue"):
        assert verb in told.stdout


def test_importing_and_asking_for_help_load_nothing_heavy():
    code = (
        "import sys, urbanlayer, urbanlayer.cli;"
        "print([m for m in ('geopandas', 'pandas', 'shapely', 'scipy', 'folium', 'rasterio') "
        "if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_verb_that_does_not_exist_is_a_fault_of_usage():
    assert run("biuld").returncode == 2


def test_a_city_file_that_does_not_exist_is_told_in_one_line(tmp_path):
    told = run_apart("build", tmp_path / "city.toml")
    assert told.returncode == 1
    assert "city.toml" in told.stderr
    assert "urbanlayer init" in told.stderr
    assert "Traceback" not in told.stderr


def test_without_a_clone_build_says_to_run_init(tmp_path):
    told = run("build", cwd=tmp_path)
    assert told.returncode == 1
    assert "urbanlayer init" in told.stderr


def test_init_writes_a_starter_that_check_reads_and_that_lacks_only_its_files(tmp_path):
    told = run("init", "Đečić Стара", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    starter = tmp_path / "data/gis/decic-stara/city.toml"
    assert starter.exists()
    assert "fr, mk, sq" in starter.read_text(encoding="utf-8")
    checked = run("check", starter)
    assert checked.returncode == 1
    errors = checked.stderr.strip().splitlines()[1:]
    assert errors
    assert all("does not exist" in fault for fault in errors), errors


def test_init_does_not_overwrite(tmp_path):
    run("init", "Bar", cwd=tmp_path)
    again = run("init", "Bar", cwd=tmp_path)
    assert again.returncode == 1
    assert "already exists" in again.stderr


def test_the_schema_is_json():
    assert json.loads(run("schema").stdout)["title"] == "urbanlayer city file"


def test_the_catalogue_tells_definition_and_source_of_every_indicator():
    rows = json.loads(run("catalogue", "--json").stdout)
    green = next(row for row in rows if row["id"] == "green_access_who")
    assert "WHO" in green["source"]
    assert green["needs"] == ["neighbourhoods", "residents", "green"]
    assert all(row["about"] and row["source"] for row in rows)
    digital = json.loads(run("catalogue", "--theme", "digital", "--json").stdout)
    assert {row["id"] for row in digital} >= {"eservice_point_access", "broadband_down_mbps"}


def test_the_catalogue_lists_the_layers_and_what_they_bring():
    rows = json.loads(run("catalogue", "--layers", "--json").stdout)
    buildings = next(row for row in rows if row["id"] == "buildings")
    assert "levels" in buildings["fields"]
    assert run("catalogue", "--markdown").stdout.startswith("| id | title | about |")


def test_only_needs_a_folder_of_its_own():
    told = run("build", "--only", "green_access_who")
    assert told.returncode == 1
    assert "--out" in told.stderr


def test_a_folder_with_other_files_is_refused_before_any_work(tmp_path, monkeypatch):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    monkeypatch.delattr(pipeline, "evaluated")
    told = run("build", "--out", tmp_path)
    assert told.returncode == 1
    assert "holds files and no run.json" in told.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_console_in_a_western_codepage_shows_what_it_can(tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "urbanlayer", "init", "Đečić Стара"],
        cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert told.returncode == 0


def test_faults_of_several_layers_are_told_at_once_and_nothing_is_published(tmp_path):
    write_city(tmp_path)
    (tmp_path / "streets.gpkg").write_bytes(b"not a GeoPackage")
    (tmp_path / "schools.geojson").write_bytes(b"not GeoJSON")
    out = tmp_path / "out"
    told = run("build", tmp_path / "city.toml", "--out", out)
    assert told.returncode == 1
    assert "streets.gpkg" in told.stderr
    assert "schools.geojson" in told.stderr
    assert not out.exists()


def test_strict_ends_with_3_where_there_are_warnings(tmp_path):
    write_city(tmp_path)
    told = run("check", tmp_path / "city.toml", "--strict", "--quiet")
    assert told.returncode == 3
    assert told.stdout == ""
