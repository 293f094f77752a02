"""`urbanlayer figure`: where figures go, and what is refused."""

import json

import pytest

pytest.importorskip("matplotlib")

import geopandas as gpd
from small_city import write
from typer.testing import CliRunner

from urbanlayer.cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["figure", *map(str, arguments), "--offline"])


def test_figures_of_one_indicator_in_a_language_lie_in_a_folder_with_their_digests(tmp_path):
    city, out = write(tmp_path), tmp_path / "drawn"
    done = run(city, "--out", out, "--language", "sq", "--format", "svg")
    assert done.exit_code == 0, done.stderr
    record = json.loads((out / "run.json").read_text())
    assert sorted(record["files"]) == sorted(p.name for p in out.iterdir() if p.name != "run.json")
    assert any(name.endswith(".map.svg") for name in record["files"])


def test_an_unknown_indicator_or_language_is_refused(tmp_path):
    city = write(tmp_path)
    assert "does not query 'greeen'" in run(city, "--indicator", "greeen").stderr
    assert "no words in 'xx'" in run(city, "--language", "xx").stderr


def test_figures_do_not_replace_a_publication(tmp_path):
    city, out = write(tmp_path), tmp_path / "page"
    built = CliRunner().invoke(app, ["build", str(city), "--out", str(out), "--offline"])
    assert built.exit_code == 0, built.stderr
    done = run(city, "--out", out)
    assert done.exit_code == 1
    assert "which the figures would replace" in done.stderr
    assert (out / "index.html").exists()


def test_kinds_that_there_are_not_or_that_lack_a_plan_are_named_all_at_once(tmp_path):
    city, out = write(tmp_path), tmp_path / "drawn"
    done = run(city, "--out", out, "--kind", "mapp", "--kind", "budget", "--kind", "priority")
    assert done.exit_code == 1
    assert "no kind of figures 'mapp'; did you mean 'map'?" in done.stderr
    assert "'budget' needs [plan.actions], which the city file does not have" in done.stderr
    assert "'priority' needs [plan.needs], which the city file does not have" in done.stderr
    assert not out.exists()


def test_a_city_file_that_asks_for_figures_of_a_plan_it_lacks_is_refused_with_the_line(tmp_path):
    city = write(tmp_path)
    city.write_text(city.read_text() + '\n[publish]\nfigures = ["map", "change"]\n')
    line = city.read_text().splitlines().index('figures = ["map", "change"]') + 1
    done = run(city)
    assert f"line {line}: publish.figures.1: 'change' needs [scenario.NAME]" in done.stderr


def test_languages_have_a_folder_each_and_a_column_is_85_mm_wide(tmp_path):
    city, out = write(tmp_path), tmp_path / "drawn"
    done = run(city, "--out", out, "--kind", "multiples", "--width", "column", "--language", "en",
               "--language", "sr_Latn_ME")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert {path.parent.name for path in out.rglob("*.png")} == {"en", "sr_Latn_ME"}
    head = (out / "en/city.multiples.png").read_bytes()[16:20]
    assert int.from_bytes(head, "big") == pytest.approx(85 / 25.4 * 300, abs=1)


def test_nothing_to_draw_of_a_kind_is_one_message_and_leaves_no_folder(tmp_path):
    city, out = write(tmp_path), tmp_path / "drawn"
    done = run(city, "--out", out, "--kind", "lorenz", "--indicator", "population_density")
    assert done.exit_code == 1
    assert "nothing to draw of kind 'lorenz' of population_density: no result is" in done.stderr
    assert not out.exists()


def test_names_in_a_script_without_letters_are_one_note(tmp_path):
    city, out = write(tmp_path), tmp_path / "drawn"
    hoods = gpd.read_file(tmp_path / "hoods.gpkg")
    hoods["name"] = ["東京", "大阪", *hoods["name"][2:]]
    hoods.to_file(tmp_path / "hoods.gpkg")
    done = run(city, "--out", out, "--format", "svg")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.count("has no letters for '東京' and 1 more") == 1


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path):
    city, out = write(tmp_path), tmp_path / "taken"
    out.write_text("a file")
    done = run(city, "--out", out / "drawn")
    assert done.exit_code == 1
    assert done.stderr.count("error: ") == 1
    assert "Traceback" not in done.stderr
    assert out.read_text() == "a file"


def test_of_two_indicators_the_one_without_a_result_is_named(tmp_path):
    city, out = write(tmp_path), tmp_path / "drawn"
    city.write_text(city.read_text() + "\n[indicators.lst_mean]\n")
    both = ("--indicator", "lst_mean", "--indicator", "population_density")
    done = run(city, "--out", out, *both, "--format", "svg")
    assert done.exit_code == 0, done.stderr
    assert "lst_mean: nothing is drawn; there is no result" in done.stdout + done.stderr
    assert any(one.name.startswith("population_density") for one in out.iterdir())
