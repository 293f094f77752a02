"""The made city of `benchmarks/make_metropolis.py`, small."""

import importlib.util
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from urbanlayer import pipeline

_FILE = Path(__file__).parents[1] / "benchmarks" / "make_metropolis.py"


@pytest.fixture(scope="module")
def metropolis():
    spec = importlib.util.spec_from_file_location("make_metropolis", _FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its data classes look there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_same_arguments_make_the_same_city(metropolis, tmp_path):
    city, again = (metropolis.make(tmp_path / name, 600) for name in ("one", "other"))
    assert city.read_text() == again.read_text()
    counts = {}
    for layer in sorted(city.parent.glob("*.gpkg")):
        frame = gpd.read_file(layer)
        assert frame.equals(gpd.read_file(again.parent / layer.name))
        counts[layer.stem] = len(frame)
    # the least that 22 by 22 neighbourhoods allow: 23 by 23 crossings, 2 · 23 · 22 streets
    assert counts == {
        "buildings": 600, "clinic": 1000, "neighbourhoods": 484, "pharmacy": 2000,
        "school": 2000, "streets": 1012,
    }  # fmt: skip
    buildings = gpd.read_file(city.parent / "buildings.gpkg").geometry
    row, other = shapely.STRtree(buildings).query(buildings, predicate="intersects")
    assert (row == other).all()  # none touches another


@pytest.mark.slow
def test_a_build_of_it_is_marked_and_counts_everybody(metropolis, tmp_path):
    city = metropolis.make(tmp_path / "city", 5000, timetable=True)
    census = gpd.read_file(city.parent / "neighbourhoods.gpkg")["census"].sum()
    built = pipeline.build(city, tmp_path / "out", cache=False)
    assert built.publication.city.residents.people.sum() == pytest.approx(census)
    results = pd.read_csv(tmp_path / "out/data/indicators.csv")
    assert set(results["indicator"]) == {
        "coverage_within", "floor_area_ratio", "nearest_facility_min", "nh_population_density",
        "stop_headway_min", "street_density",
    }  # fmt: skip
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert "Demonstration data, generated; not a survey" in page
