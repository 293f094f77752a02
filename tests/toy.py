"""A toy city of nine square neighbourhoods on a street grid, whose answers can be worked by hand.

Metres, origin at the south-west corner. Neighbourhoods are 400 m squares, keyed in no order;
streets run each 100 m. A home is a square of 10 m whose middle lies 10 m north of a street.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from urbanlayer.city import access, neighbourhoods, residents, streets
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.specification import ResidentsSpec

CRS = "EPSG:25834"
KEYS = ("Q7", "Q4", "Q9", "Q1", "Q3", "Q8", "Q2", "Q6", "Q5")
"""South-west to north-east, row by row."""
CENSUS = dict(zip(KEYS, (90.0, 60.0, 30.0, 120.0, 10.0, 40.0, 0.0, 20.0, 80.0), strict=True))
SIDE_M = 400.0
STEP_M = 100.0
ORIGIN = (357_000.0, 4_700_000.0)
SERVICES = (
    "kindergarten", "school", "clinic", "pharmacy", "stop", "waste_point", "eservice_point",
    "citizens_office",
)  # fmt: skip
Shapes = dict[str, tuple[list[shapely.Geometry], dict[str, list[Any]]]]


def shapes(seed: int | None = None) -> Shapes:
    """Geometry of every layer, about (0, 0), and its columns; homes and facilities by seed."""
    squares = [
        shapely.box(x, y, x + SIDE_M, y + SIDE_M)
        for y in np.arange(3) * SIDE_M
        for x in np.arange(3) * SIDE_M
    ]
    side = 3 * SIDE_M
    lines = [
        line
        for at in np.arange(0, side + 1, STEP_M)
        for line in (
            shapely.LineString([(at, 0), (at, side)]),
            shapely.LineString([(0, at), (side, at)]),
        )
    ]
    random = np.random.default_rng(seed if seed is not None else 0)
    homes = _homes(random) if seed is not None else _one_home_each()
    found: Shapes = {
        "neighbourhoods": (
            squares,
            {
                "key": list(KEYS),
                "name": [f"N {key}" for key in KEYS],
                "residents": list(CENSUS.values()),
            },
        ),
        "streets": (lines, {"bridge": [False] * len(lines), "closed": [False] * len(lines)}),
        "buildings": (homes, {"residential": [True] * len(homes), "levels": [2.0] * len(homes)}),
        "green": (
            [
                shapely.box(108, 108, 192, 192),
                shapely.box(808, 808, 892, 892),
                shapely.box(508, 8, 592, 92),
            ],
            {"public": [True, True, False]},
        ),
        "broadband": (
            [shapely.box(0, 0, side / 2, side), shapely.box(side / 2, 0, side, side)],
            {"avg_d_kbps": [100_000.0, 60_000.0], "tests": [30.0, 10.0]},
        ),
    }
    for service in SERVICES:
        places = random.uniform(0, side, (3, 2)) if seed is not None else np.array([[200.0, 200.0]])
        found[service] = ([shapely.Point(p) for p in places], {"name": [service] * len(places)})
    return found


def _one_home_each() -> list[shapely.Geometry]:
    """A home at (250, 210) of each neighbourhood: 50 m west of a crossing, 10 m off the street."""
    return [
        shapely.box(x + 245, y + 205, x + 255, y + 215)
        for y in np.arange(3) * SIDE_M
        for x in np.arange(3) * SIDE_M
    ]


def _homes(random: np.random.Generator) -> list[shapely.Geometry]:
    """Homes at random, four or more in each neighbourhood."""
    corners = np.repeat([(x * SIDE_M, y * SIDE_M) for y in range(3) for x in range(3)], 4, axis=0)
    centres = corners + random.uniform(10, SIDE_M - 10, (len(corners), 2))
    return [shapely.box(x - 5, y - 5, x + 5, y + 5) for x, y in centres]


def layer(role: str, geometry: list[shapely.Geometry], columns: dict[str, list[Any]]) -> Layer:
    """A layer that keeps its promises, without a file."""
    columns = dict(columns)
    keys = columns.pop("key", [f"{role[0]}{number}" for number in range(len(geometry))])
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)
    frame.index = frame.index.map(dict(enumerate(keys)))
    frame.index.name = "key"
    if "name" not in frame:
        frame["name"] = ""
    return Layer(role, frame, Provenance("toy", f"{role}.toy", "0"), read=len(frame))


def city(
    found: Shapes | None = None,
    *,
    moved: tuple[float, float] = (0.0, 0.0),
    turned_deg: float = 0.0,
    shuffled: int | None = None,
    questions: tuple[Any, ...] = (),
    without: tuple[str, ...] = (),
) -> City:
    """The toy city, moved, turned or its features shuffled."""
    layers = {}
    random = np.random.default_rng(shuffled)
    for role, (geometry, columns) in (found or shapes()).items():
        if role in without:
            continue
        placed = [_placed(shape, moved, turned_deg) for shape in geometry]
        made = layer(role, placed, columns)
        if shuffled is not None:
            order = random.permutation(len(made.frame))
            made = dataclasses.replace(made, frame=made.frame.iloc[order])
        layers[role] = made
    hoods = neighbourhoods.from_layer(layers["neighbourhoods"])
    spec = ResidentsSpec.model_validate({"from": ["buildings", "census"]})
    made_city = City(
        crs=CRS,
        neighbourhoods=hoods,
        residents=residents.place_residents(spec, hoods, layers, {}),
        streets=streets.build_streets(layers["streets"]) if "streets" in layers else None,
        layers=layers,
        rasters={},
    )
    return dataclasses.replace(made_city, access=access.answer(questions, made_city))


def _placed(
    shape: shapely.Geometry, moved: tuple[float, float], turned_deg: float
) -> shapely.Geometry:
    turned = affinity.rotate(shape, turned_deg, origin=(0, 0))
    return affinity.translate(turned, ORIGIN[0] + moved[0], ORIGIN[1] + moved[1])
