"""A city of four neighbourhoods as files, so small that every count can be made by hand.

Squares of 1 km, 100 residents each; a street in three of them; ten trees, all in the first;
three schools, one without a geometry and one told twice under one key.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import geopandas as gpd
import shapely

CRS = "EPSG:25834"
X, Y = 357_000.0, 4_700_000.0
CITY = """
id = "small"
name = { en = "Small", sr_Latn_ME = "Mali" }
crs = "EPSG:25834"
languages = ["en", "sr_Latn_ME"]
as_of = 2026-06-30
licence = "CC-BY-4.0"
attribution = "City of Small"
date = 2026-01-01

[layers.neighbourhoods]
path = "hoods.gpkg"
key = "id"
name = "name"
residents = "census"

[layers.streets]
path = "streets.gpkg"
key = "id"
date = 2021-01-01

[layers.trees]
path = "trees.gpkg"
key = "id"

[layers.school]
path = "schools.gpkg"
key = "id"
name = "name"
capacity = "places"

[residents]
from = ["census"]

[indicators.population_density]
[indicators.coverage_within]
services = { school = 800 }
"""

WITH_PEOPLE = (
    CITY.partition("[residents]")[0]
    + """
[layers.population]
path = "people.gpkg"
people = "people"

[residents]
from = ["population"]
"""
)
"""The city with people at points, `people.gpkg`, and no indicators yet."""
HOMES = {"A": (150, 510, 40), "B": (1500, 510, 30), "C": (500, 1500, 20), "D": (1850, 510, 10)}
"""Metres from the south-west corner, along the streets, and people."""


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(X + x, Y + y)


def frames() -> dict[str, gpd.GeoDataFrame]:
    """The four files, by name; a test may change one before it is written."""
    hoods = gpd.GeoDataFrame(
        {
            "id": ["N1", "N2", "N3", "N4"],
            "name": ["First", "Second", "Third", "Fourth"],
            "census": [100] * 4,
        },
        geometry=[
            shapely.box(X + x, Y + y, X + x + 1000, Y + y + 1000)
            for y in (0, 1000)
            for x in (0, 1000)
        ],
        crs=CRS,
    )
    streets = gpd.GeoDataFrame(
        {"id": ["a", "b"]},
        geometry=[
            shapely.LineString([(X + 100, Y + 500), (X + 1900, Y + 500)]),
            shapely.LineString([(X + 500, Y + 500), (X + 500, Y + 1900)]),
        ],
        crs=CRS,
    )
    trees = gpd.GeoDataFrame(
        {"id": [f"T{n}" for n in range(10)]},
        geometry=[point(50 + n * 20, 480) for n in range(10)],
        crs=CRS,
    )
    schools = gpd.GeoDataFrame(
        {
            "id": ["S1", "S2", "S2", "S3"],
            "name": ["One", "Two", "Two again", "Three"],
            "places": [400, None, 300, 200],
        },
        geometry=[point(300, 510), point(1300, 510), point(1800, 510), None],
        crs=CRS,
    )
    return {"hoods": hoods, "streets": streets, "trees": trees, "schools": schools}


def people(extra=()) -> gpd.GeoDataFrame:
    """Points where people live, of `HOMES` and others: x, y, people."""
    rows = [*HOMES.values(), *extra]
    return gpd.GeoDataFrame(
        {"people": [float(row[2]) for row in rows]},
        geometry=[point(x, y) for x, y, _ in rows],
        crs=CRS,
    )


def write(folder, text=CITY, **changed):
    """The city in a folder; frames that are named replace the usual ones. Returns the city file."""
    for name, content in _files().items():
        if name not in changed:
            (folder / f"{name}.gpkg").write_bytes(content)
    for name, frame in changed.items():
        path = folder / f"{name}.gpkg"
        path.unlink(missing_ok=True)
        frame.to_file(path, driver="GPKG")
    file = folder / "city.toml"
    file.write_text(text, encoding="utf-8")
    return file


@functools.cache
def _files() -> dict[str, bytes]:
    """The usual files, made once, by name of the frame."""
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in frames().items():
            frame.to_file(Path(folder) / f"{name}.gpkg", driver="GPKG")
        return {path.stem: path.read_bytes() for path in Path(folder).iterdir()}
