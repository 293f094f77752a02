"""What the command says where something is wrong: to people in few lines, to programs as JSON."""

import json

import pytest
from city_folder import change, rewrite, write_city
from typer.testing import CliRunner

from urbanlayer.cli import app
from urbanlayer.cli.check import _table


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.mark.parametrize("verb", ["build", "check", "plan"])
def test_errors_are_json_for_programs(verb, tmp_path):
    done = run(verb, tmp_path / "city.toml", "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert said["error"] == "CityFileError"
    assert "does not exist" in said["errors"][0]


def test_a_check_with_errors_prints_one_json_object_with_them(tmp_path):
    write_city(tmp_path)
    change(tmp_path / "schools.geojson", lambda frame: frame.assign(id="S1").iloc[:0])
    done = run("check", tmp_path / "city.toml", "--out", tmp_path / "inventory", "--json")
    assert done.exit_code == 1
    assert any("school" in fault for fault in json.loads(done.stdout)["errors"])


def test_an_unknown_theme_is_an_error_that_lists_the_themes():
    done = run("catalogue", "--theme", "grean", "--json")
    (error,) = json.loads(done.stdout)["errors"]
    assert error.startswith("'grean' is not a theme; known: green, ")


def test_one_indicator_alone_needs_a_folder_before_anything_is_drafted(tmp_path):
    done = run("build", tmp_path, "--only", "green_access_who")
    assert done.exit_code == 1
    assert "--only: 1 error\n  needs --out" in done.stderr


def test_roles_are_listed_with_their_tags():
    rows = {row["id"]: row for row in json.loads(run("catalogue", "--layers", "--json").stdout)}
    assert "amenity=school" in " ".join(rows["school"]["tags"])
    assert rows["streets"]["tags"] == ["highway=*"]


def test_a_started_city_file_names_the_tags_of_its_roles(tmp_path):
    run("init", "Bar", "--folder", tmp_path / "bar")
    text = (tmp_path / "bar/city.toml").read_text(encoding="utf-8")
    assert "# OpenStreetMap: amenity=" in text
    assert "@TAGS" not in text


def test_a_table_that_is_too_wide_goes_on_below():
    rows = [["layer", "number", "complete", "date"], ["kindergarten", "12", "95 %", "2026 !"]]
    assert list(_table(rows, 60)) == [
        "layer         number  complete    date",
        "kindergarten      12      95 %  2026 !",
    ]
    assert list(_table(rows, 32)) == [
        "layer         number  complete",
        "kindergarten      12      95 %",
        "",
        "layer           date",
        "kindergarten  2026 !",
    ]


def test_a_folder_of_the_same_name_is_not_built_from_the_draft_of_another(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place in ("old", "new"):
        (tmp_path / place / "bar").mkdir(parents=True)
    write_city(tmp_path / "old/bar")
    (tmp_path / "maps").mkdir()
    draft = (tmp_path / "old/bar/city.toml").read_text(encoding="utf-8")
    moved = draft.replace('path = "', 'path = "../old/bar/')
    (tmp_path / "maps/bar.city.toml").write_text(moved, encoding="utf-8")
    (tmp_path / "new/bar/skole.geojson").write_text("{}", encoding="utf-8")
    done = run("build", "new/bar")
    assert done.exit_code == 1
    assert "was drafted from other data" in done.stderr
    assert not (tmp_path / "maps/bar").exists()


def test_two_drafts_whose_names_have_one_id_do_not_replace_one_another(tmp_path):
    write_city(tmp_path)
    rewrite(tmp_path, 'name = "Toy"', 'id = "bar"\nreviewed = false\nname = "Bar"')
    out = tmp_path / "maps"
    assert run("build", tmp_path / "city.toml", "--out", out, "--quiet").exit_code == 0
    rewrite(tmp_path, 'name = "Bar"', 'name = "Bär"')
    done = run("build", tmp_path / "city.toml", "--out", out)
    assert done.exit_code == 1
    assert "holds the publication of another city, 'Bar'" in done.stderr


def test_a_draft_with_doubtful_neighbourhoods_says_which_lines_to_free(tmp_path):
    (tmp_path / "files").mkdir()
    write_city(tmp_path / "files")
    (tmp_path / "files/city.toml").unlink()
    (tmp_path / "files/hoods.geojson").rename(tmp_path / "files/podjela.geojson")
    done = run("init", "Bar", tmp_path / "files", "--folder", tmp_path / "bar")
    assert done.exit_code == 0
    assert "podjela.geojson may be the neighbourhoods; remove the #" in " ".join(
        done.stdout.split("\n")
    )


def test_a_misspelled_folder_is_named_with_the_one_that_is_there(tmp_path):
    (tmp_path / "podaci").mkdir()
    done = run("init", "Bar", tmp_path / "podatci", "--folder", tmp_path / "bar")
    assert "podatci does not exist; did you mean 'podaci'?" in done.stderr
