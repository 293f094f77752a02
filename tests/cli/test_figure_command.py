"""`urbanlayer figure`: where figures go, and what is refused."""

import json

import pytest

pytest.importorskip("matplotlib")

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
