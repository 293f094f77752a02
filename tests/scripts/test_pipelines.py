"""The scripts that planners copy: short, and they do what they say."""

import runpy
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from city_folder import rewrite, write_city
from nine_squares import write_nine

SCRIPTS = Path(__file__).parents[2] / "scripts"
COPIED = [
    "build_city.py", "green_access_only.py", "compare_dates.py", "plan_in_budget.py",
    "report_in_albanian.py",
]  # fmt: skip


def run(monkeypatch, script, *words):
    monkeypatch.setattr(sys, "argv", [script, *map(str, words)])
    runpy.run_path(str(SCRIPTS / script), run_name="__main__")


@pytest.mark.parametrize("script", COPIED)
def test_they_are_short(script):
    assert len((SCRIPTS / script).read_text(encoding="utf-8").splitlines()) < 30


@pytest.mark.parametrize("script", COPIED)
def test_an_error_is_one_line(script, tmp_path, monkeypatch):
    if script.startswith("report"):
        pytest.importorskip("docx")
    with pytest.raises(SystemExit, match=r"error: .*none\.toml"):
        run(monkeypatch, script, tmp_path / "none.toml", tmp_path / "none.toml")


@pytest.mark.slow
def test_two_dates_are_compared(tmp_path, monkeypatch, capsys):
    """A school less: fewer residents have one, and the layer is named as the cause."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        write_city(tmp_path / name)
        rewrite(tmp_path / name, 'name = "Toy"', 'id = "toy"\nname = "Toy"')
    schools = gpd.read_file(tmp_path / "new/schools.geojson")
    schools.iloc[1:].to_file(tmp_path / "new/schools.geojson")
    folders = (tmp_path / "old/city.toml", tmp_path / "new/city.toml", tmp_path / "out")
    run(monkeypatch, "compare_dates.py", *folders)
    (line, *rest) = capsys.readouterr().out.splitlines()
    indicator, variant, before, _, after = line.split()
    assert (indicator, variant) == ("coverage_within", "school")
    assert float(after) < float(before)
    assert any(one.startswith("changed:") and "school" in one for one in rest)


def test_a_plan_stays_within_its_budgets(tmp_path, monkeypatch, capsys):
    write_nine(tmp_path)
    run(monkeypatch, "plan_in_budget.py", tmp_path / "city.toml")
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["2027: 100 of 100", "2028: 60 of 100"]
    assert [line.split() for line in lines[2:4]] == [["2027", "C1", "100"], ["2027", "C3", "60"]]
    assert lines[4].startswith("left out: C2 (")


def test_the_report_is_in_albanian(tmp_path, monkeypatch, capsys):
    docx = pytest.importorskip("docx")
    write_city(tmp_path)
    run(monkeypatch, "report_in_albanian.py", tmp_path / "city.toml", tmp_path / "r.docx")
    assert "written:" in capsys.readouterr().out
    document = docx.Document(tmp_path / "r.docx")
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads[0] == "Qyteti në një faqe"
