"""`urbanlayer plan`: what stands on the terminal."""

import json

import pytest
from plan_city import built_plan, write_plan
from typer.testing import CliRunner

from urbanlayer.cli import app


@pytest.fixture
def city(tmp_path):
    write_plan(tmp_path)
    return tmp_path


def test_the_json_is_plan_json_and_nothing_is_published(city):
    done = CliRunner().invoke(app, ["plan", str(city / "city.toml"), "--json"])
    assert done.exit_code == 0
    assert not (city / "out").exists()
    assert json.loads(done.stdout) == built_plan(city)


def test_ranks_stand_in_order_with_their_range(city):
    done = CliRunner().invoke(app, ["plan", str(city / "city.toml")])
    rows = [line.split() for line in done.stdout.splitlines() if line[:4].strip().isdigit()]
    assert [int(row[0]) for row in rows] == sorted(int(row[0]) for row in rows)
    assert len(rows) == 8
    assert "not ranked: Q2" in done.stdout


def test_without_a_plan_it_is_refused(tmp_path):
    write_plan(tmp_path, plan="")
    done = CliRunner().invoke(app, ["plan", str(tmp_path / "city.toml")])
    assert done.exit_code == 1
    assert "has neither [plan] nor [scenario.NAME]" in done.stderr
