"""The toy city as files in a folder, with a city file; and ways to break them."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import toy

import urbanlayer
from urbanlayer.errors import UrbanlayerError

CITY = """
name = "Toy"
crs = "EPSG:25834"
as_of = 2026-06-30
licence = "CC0-1.0"

[layers.neighbourhoods]
path = "hoods.geojson"
key = "key"
name = "name"
residents = "census"

[layers.streets]
path = "streets.gpkg"

[layers.school]
path = "schools.geojson"
key = "id"

[layers.population]
path = "population.geojson"
people = "people"

[residents]
from = ["population"]

[indicators.coverage_within]
services = { school = 500 }
[indicators.population_density]
"""


def write_city(folder):
    """The toy city: a grid of streets, two schools, 90 people in Q7."""
    for name, content in _files().items():
        (folder / name).write_bytes(content)
    (folder / "city.toml").write_text(CITY, encoding="utf-8")


@functools.cache
def _files():
    """The layers as files, made once, by name."""
    x0, y0 = toy.ORIGIN
    found = toy.shapes()
    squares = [shapely.affinity.translate(g, x0, y0) for g in found["neighbourhoods"][0]]
    hoods = {"key": list(toy.KEYS), "name": list(toy.KEYS), "census": list(toy.CENSUS.values())}
    lines = [shapely.affinity.translate(g, x0, y0) for g in found["streets"][0]]
    schools = [shapely.Point(x0 + 200, y0 + 200), shapely.Point(x0 + 900, y0 + 900)]
    people = [shapely.box(x0 + 10, y0 + 10, x0 + 390, y0 + 390)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        save(folder / "hoods.geojson", squares, hoods, lonlat=True)
        save(folder / "streets.gpkg", lines, {"id": list(range(len(lines)))})
        save(folder / "schools.geojson", schools, {"id": ["S1", "S2"]}, lonlat=True)
        save(folder / "population.geojson", people, {"people": [90.0]}, lonlat=True)
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def save(path, geometry, columns, *, lonlat=False):
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=toy.CRS)
    (frame.to_crs(4326) if lonlat else frame).to_file(path, engine="pyogrio")


def told(city, out):
    """What the build says, and that nothing was written."""
    with pytest.raises(UrbanlayerError) as caught:
        urbanlayer.build(city / "city.toml", out)
    assert not out.exists()
    return str(caught.value)


def rewrite(city, old, new):
    text = (city / "city.toml").read_text(encoding="utf-8")
    assert old in text
    (city / "city.toml").write_text(text.replace(old, new, 1), encoding="utf-8")


def change(path, function):
    frame = gpd.read_file(path, engine="pyogrio")
    changed = function(frame)
    path.unlink()
    changed.to_file(path, engine="pyogrio")
