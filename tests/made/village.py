"""A village of nine neighbourhoods, Q1 to Q9, with people of several kinds at points.

Squares of 600 m in three rows; a street along the middle of each row and one that joins them. Some
150 people live in each square, in Q5 so few as a test says, in one home. Two schools, four plots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

if TYPE_CHECKING:
    from pathlib import Path

CRS = "EPSG:25834"
X, Y = 357_000.0, 4_700_000.0
SIDE = 600
SCHOOLS = {"S1": (300, 310), "S2": (1500, 910)}
PLOTS = {"P1": (900, 310), "P2": (700, 910), "P3": (1300, 1510), "P4": (300, 1510)}
CITY = """
id = "village"
name = "Village"
crs = "EPSG:25834"
languages = ["en"]
as_of = 2026-06-30
licence = "CC-BY-4.0"

[layers.neighbourhoods]
path = "hoods.gpkg"
key = "id"
name = "name"
residents = "census"

[layers.streets]
path = "streets.gpkg"
key = "id"

[layers.school]
path = "schools.gpkg"
key = "id"

[layers.population]
path = "people.gpkg"
people = "people"

[layers.plots]
path = "plots.gpkg"
key = "id"

[residents]
from = ["population"]
"""


def at(x: float, y: float) -> shapely.Point:
    """A point by its metres from the south-west corner."""
    return shapely.Point(X + x, Y + y)


def homes(
    few: int = 6,
    few_at: float = 640.0,
    *,
    child_at: float | None = None,
    more: tuple[tuple[float, float], ...] = (),
) -> gpd.GeoDataFrame:
    """Where people live: all, women, children, the old and others, and of a register.

    Parameters
    ----------
    few, few_at
        People of Q5, who live in one home on its street, so many metres from the west.
    child_at
        Then 30 people each live in Q5 at 640 and 1,160 m, with one child at this one.
    more
        Homes of one person more each, as metres from the south-west corner.
    """
    draw = np.random.default_rng(7)
    places = [(x, y) for y in (300, 900, 1500) for x in range(20, 1800, 40)]
    places = [(x, y) for x, y in places if not (600 < x < 1200 and y == 900)]
    people = draw.integers(4, 17, len(places))
    children = draw.binomial(people, 0.4)
    old = draw.binomial(people - children, 0.5)
    women = draw.binomial(people, 0.5)
    own, counts, child = [(few_at, 900.0)], [few], [1]
    if child_at is not None:
        own, counts = [(640.0, 900.0), (1160.0, 900.0)], [30, 30]
        child = [int(x == child_at) for x, _ in own]
    own, counts = [*own, *more], np.array([*counts, *[1] * len(more)])
    child = np.array([*child, *[0] * len(more)])
    return gpd.GeoDataFrame(
        {
            "people": np.append(people, counts),
            "women": np.append(women, counts // 2),
            "children": np.append(children, child),
            "old": np.append(old, counts // 3),
            "register": np.append(people + 1, counts),
        },
        geometry=[at(*place) for place in (*places, *own)],
        crs=CRS,
    )


def write_village(folder: Path, text: str, **changed: gpd.GeoDataFrame) -> Path:
    """The village in a new folder; frames that are named replace the usual ones, or are added.

    The text of the city file begins in the table `[residents]`.
    """
    folder.mkdir(parents=True)
    for name, frame in {**_frames(), **changed}.items():
        frame.to_file(folder / f"{name}.gpkg", driver="GPKG")
    file = folder / "city.toml"
    file.write_text(CITY + text, encoding="utf-8")
    return file


def _frames() -> dict[str, gpd.GeoDataFrame]:
    corners = [(x, y) for y in (0, 600, 1200) for x in (0, 600, 1200)]
    hoods = gpd.GeoDataFrame(
        {
            "id": [f"Q{n}" for n in range(1, 10)],
            "name": [f"Part {n}" for n in range(1, 10)],
            "census": [150] * 4 + [20] + [150] * 4,
        },
        geometry=[shapely.box(X + x, Y + y, X + x + SIDE, Y + y + SIDE) for x, y in corners],
        crs=CRS,
    )
    rows = [shapely.LineString([at(0, y), at(1800, y)]) for y in (300, 900, 1500)]
    streets = [*rows, shapely.LineString([at(900, 300), at(900, 1500)])]
    return {
        "hoods": hoods,
        "streets": gpd.GeoDataFrame({"id": list("abcd")}, geometry=streets, crs=CRS),
        "schools": _points(SCHOOLS),
        "plots": _points(PLOTS, service="school", cost=[10, 20, 30, 40]),
        "people": homes(),
    }


def _points(places: dict[str, tuple[float, float]], **columns: object) -> gpd.GeoDataFrame:
    points = [at(*place) for place in places.values()]
    return gpd.GeoDataFrame({"id": list(places), **columns}, geometry=points, crs=CRS)
