"""A toy city of nine square neighbourhoods on a street grid, whose answers can be worked by hand.

Metres, origin at the south-west corner. Neighbourhoods are 400 m squares, keyed in no order;
streets run each 100 m. A home is a square of 10 m whose middle lies 10 m north of a street.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from affine import Affine
from shapely import affinity

from urbanlayer.city import neighbourhoods, residents, streets
from urbanlayer.city.residents import with_digests
from urbanlayer.contents import remembering
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.evaluation.results import Evaluation
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.city import City
from urbanlayer.model.indicator import Indicator, Query
from urbanlayer.model.layer import Layer, Provenance, Raster
from urbanlayer.model.network_query import NetworkQuery, NetworkResults
from urbanlayer.model.result import Result
from urbanlayer.model.specification import ResidentsSpec
from urbanlayer.model.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from urbanlayer.model.plan_inputs import Evaluate

CRS = "EPSG:25834"
_CRS = pyproj.CRS(CRS)
KEYS = ("Q7", "Q4", "Q9", "Q1", "Q3", "Q8", "Q2", "Q6", "Q5")
"""South-west to north-east, row by row."""
CENSUS = dict(zip(KEYS, (90.0, 60.0, 30.0, 120.0, 10.0, 40.0, 0.0, 20.0, 80.0), strict=True))
SIDE_M = 400.0
STEP_M = 100.0
ORIGIN = (357_000.0, 4_700_000.0)
SERVICES = (
    "kindergarten", "school", "clinic", "pharmacy", "stop", "waste_point", "eservice_point",
    "citizens_office", "library", "playground", "sports", "culture", "food_market", "convenience",
    "restaurant", "bank", "post_office", "recycling_point", "public_wifi", "fire_station",
)  # fmt: skip
GROUPS = {"children_0_2": 0.1, "over_65": 0.2}
"""The same share of the people of every home."""
CELL_M = 50.0
GRIDS = {
    "heat": (40.0, 30.0),
    "ndvi": (0.2, 0.6),
    "land_cover": (50.0, 10.0),
    "air": (12.0, 4.0),
    "no2": (25.0, 8.0),
    "pm10": (40.0, 15.0),
    "o3": (80.0, 60.0),
    "noise": (60.0, 50.0),
    "noise_night": (52.0, 40.0),
    "elevation": (50.0, 50.0),
}
"""Grids of 24 × 24 cells: what they hold in the western and in the eastern half of the city."""
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
        "buildings": (
            homes,
            {
                "residential": [True] * len(homes),
                "levels": [2.0] * len(homes),
                "year": [1960.0 + 10 * (row % 9) for row in range(len(homes))],
            },
        ),
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
            {
                "avg_d_kbps": [100_000.0, 60_000.0],
                "avg_u_kbps": [20_000.0, 12_000.0],
                "avg_lat_ms": [10.0, 30.0],
                "tests": [30.0, 10.0],
            },
        ),
    }
    found["broadband_mobile"] = found["broadband"]
    for service in SERVICES:
        origins = (
            random.uniform(0, side, (3, 2)) if seed is not None else np.array([[200.0, 200.0]])
        )
        found[service] = _service(service, origins)
    found |= _areas(side)
    found |= _points(random if seed is not None else None, side)
    return found


def _service(service: str, origins: np.ndarray) -> tuple[list[shapely.Geometry], dict]:
    """Facilities of 45 places each, open till eight; stops with 48 departures in the day."""
    columns = {"name": [service] * len(origins), "capacity": [45.0] * len(origins)}
    columns["step_free"] = [True] * len(origins)
    columns["opening_hours"] = ["Mo-Fr 08:00-20:00"] * len(origins)
    if service == "stop":
        columns |= {"departures": [48.0] * len(origins), "headway_min": [15.0] * len(origins)}
        columns["peak_routes"] = ['[["L1", false, 4], ["T1", true, 2]]'] * len(origins)
    if service == "waste_point":
        columns["volume_l"] = [900.0] * len(origins)
    return [shapely.Point(p) for p in origins], columns


def _areas(side: float) -> Shapes:
    """Land by its use, and what reaches where; the same in every toy city."""
    land = [
        shapely.box(x + west, y, x + east, y + SIDE_M)
        for y in np.arange(3) * SIDE_M
        for x in np.arange(3) * SIDE_M
        for west, east in ((0, 200), (200, 320), (320, 400))
    ]
    return {
        "land_use": (land, {"category": ["residential", "commercial", "green"] * 9}),
        "built_up_before": ([shapely.box(0, 0, 200, 200)], {}),
        "built_up": ([shapely.box(0, 0, 200, 250)], {}),
        "public_space": ([shapely.box(0, 0, 50, 85)], {}),
        "pedestrian_area": ([shapely.box(0, 0, 40, 100)], {}),
        "informal": ([shapely.box(0, 0, 100, 160)], {}),
        "flood": ([shapely.box(0, 0, side, 300)], {"value": [1.0]}),
        "flood_20": ([shapely.box(0, 0, side, 210)], {"value": [1.0]}),
        "flood_500": ([shapely.box(0, 0, side, 700)], {"value": [1.0]}),
        "protected_area": ([shapely.box(0, 0, 100, 320)], {}),
        "fibre": ([shapely.box(0, 0, side / 2, side)], {}),
        "mobile_4g": ([shapely.box(0, 0, side, side)], {}),
        "mobile_5g": ([shapely.box(0, 0, side / 2, side)], {}),
        "waste_collection": ([shapely.box(0, 0, side / 2, side)], {}),
        "water_mains": ([shapely.LineString([(0, 235), (side, 235)])], {}),
        "sewers": ([shapely.LineString([(0, 235), (side, 235)])], {}),
        "cycleways": ([shapely.LineString([(0, 10), (800, 10)])], {}),
    }


def _points(random: np.random.Generator | None, side: float) -> Shapes:
    """Trees, lamps, crashes, places of work and dwellings; at random, or where they are told."""
    told = {
        "trees": [(250, 220), (250, 225), (255, 230), (245, 215), (650, 220), (655, 220)],
        "lighting": [(x, 202) for x in range(0, 401, 40)],
        "crashes": [(100, 100), (100, 150), (120, 100), (400, 600), (1000, 1000), (1010, 1000)],
        "businesses": [(100, 100), (150, 100), (1000, 1000)],
    }
    points = told if random is None else {
        role: random.uniform(0, side, (30, 2)) for role in told
    }  # fmt: skip
    found: Shapes = {role: ([shapely.Point(p) for p in at], {}) for role, at in points.items()}
    count = len(points["trees"])
    found["trees"][1]["height_m"] = [5.0, 6.0, 7.0, 2.0, 8.0, 9.0, *[5.0] * (count - 6)]
    jobs = [10.0, 20.0, 5.0, *[1.0] * (len(points["businesses"]) - 3)]
    found["businesses"][1]["jobs"] = jobs
    found["jobs"] = (found["businesses"][0], {"jobs": jobs})
    found["crashes_serious"] = (found["crashes"][0][:1], {})
    found["crashes_fatal"] = (found["crashes"][0][:1], {})
    homes = [shapely.centroid(home) for home in _one_home_each()]
    found["dwellings"] = (
        homes,
        {"dwellings": [40.0] * 9, "vacant": [4.0] * 9, "floor_area_m2": [2700.0] * 9},
    )
    found["shop_fronts"] = (
        [shapely.Point(x, 202) for x in (50, 100, 150, 250, 850)],
        {"vacant": [0.0, 1.0, 0.0, 0.0, 1.0]},
    )
    found["population_before"] = (homes, {"people": [census / 1.1 for census in CENSUS.values()]})
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
    """A layer that keeps its promises, without a file; of the same content it is made once."""
    columns = {"name": [""] * len(geometry), **columns}
    keys = columns.pop("key", _keys(role, len(geometry)))
    cells = {name: [repr(value) for value in values] for name, values in columns.items()}
    digest = digest_of([str(key) for key in keys], cells, np.array(geometry, dtype=object))
    if (role, digest) not in _layers:
        frame = gpd.GeoDataFrame(
            columns, index=pd.Index(keys, name="key"), geometry=geometry, crs=_CRS
        )
        provenance = Provenance("toy", f"{role}.toy", "0")
        _layers[role, digest] = Layer(role, frame, provenance, len(frame), digest=digest)
    return _layers[role, digest]


_layers: dict[tuple[str, str], Layer] = {}


def _keys(role: str, count: int) -> list[str]:
    return [f"{role[0]}{number}" for number in range(count)]


def _shuffled(
    role: str,
    shapes: list[shapely.Geometry],
    columns: dict[str, list[Any]],
    draw: np.random.Generator,
) -> tuple[list[shapely.Geometry], dict[str, list[Any]]]:
    """The features in another order, each with its key."""
    order = draw.permutation(len(shapes))
    keyed = {"key": _keys(role, len(shapes)), **columns}
    return (
        [shapes[row] for row in order],
        {name: [values[row] for row in order] for name, values in keyed.items()},
    )


def rasters(
    seed: int | None = None, *, moved: tuple[float, float] = (0.0, 0.0)
) -> dict[str, Raster]:
    """Grids of the city: two halves, or the same two values at random."""
    random = np.random.default_rng(seed)
    count = round(3 * SIDE_M / CELL_M)
    west, north = ORIGIN[0] + moved[0], ORIGIN[1] + moved[1] + 3 * SIDE_M
    transform = Affine(CELL_M, 0, west, 0, -CELL_M, north)
    found = {}
    for role, (left, right) in GRIDS.items():
        is_right = np.repeat([[False, True]], count // 2, axis=1).repeat(count, axis=0)
        if seed is not None:
            is_right = random.random((count, count)) < 0.5
        values = np.where(is_right, right, left)
        provenance = Provenance("toy", f"{role}.tif", "0")
        digest = digest_of(values, tuple(transform))
        found[role] = Raster(role, values, transform, CRS, provenance, digest=digest)
    return found


def city(
    found: Shapes | None = None,
    *,
    moved: tuple[float, float] = (0.0, 0.0),
    turned_deg: float = 0.0,
    shuffled: int | None = None,
    without: tuple[str, ...] = (),
    seed: int | None = None,
) -> City:
    """The toy city, moved, turned or its features shuffled; a turned one has no grids.

    `seed` makes its grids; its features come as `found`. Without any argument it is made once.
    """
    as_usual = moved == (0.0, 0.0) and not (turned_deg or without) and shuffled is seed is None
    if found is None and as_usual:
        return _usual()
    layers = {}
    random = np.random.default_rng(shuffled)
    for role, (geometry, columns) in (found or shapes()).items():
        if role in without:
            continue
        made = [_placed(shape, moved, turned_deg) for shape in geometry], columns
        layers[role] = layer(role, *(made if shuffled is None else _shuffled(role, *made, random)))
    hoods = neighbourhoods.from_layer(layers["neighbourhoods"])
    spec = ResidentsSpec.model_validate({"from": ["buildings", "census"]})
    people = residents.allocate_residents(spec, hoods, layers, {})
    groups = {name: share * people.people for name, share in GROUPS.items()}
    table = timetable(moved=moved, turned_deg=turned_deg)
    return City(
        crs=CRS,
        neighbourhoods=hoods,
        residents=with_digests(dataclasses.replace(people, groups=groups)),
        streets=streets.build_streets(layers["streets"]) if "streets" in layers else None,
        layers=layers,
        rasters={} if turned_deg else rasters(seed, moved=moved),
        timetable=table,
    )


@functools.cache
def _usual() -> City:
    return city(shapes())


@functools.cache
def _remembering() -> Evaluate:
    return remembering(Evaluation())


def evaluated(queries: Iterable[tuple[Indicator, Query] | NetworkQuery]) -> Evaluation:
    """The answers of the usual toy city; none is computed twice in a run of the tests."""
    return _remembering()(city(), queries)


def result(indicator: Indicator, query: Query, of: City, known: Evaluation | None = None) -> Result:
    """The result of one query of a city."""
    (found,) = evaluate(of, [(indicator, query)], known).results
    return found


def network(of: City, *queries: NetworkQuery) -> NetworkResults:
    """The results of network queries of a city."""
    return evaluate(of, queries).network


def timetable(*, moved: tuple[float, float] = (0.0, 0.0), turned_deg: float = 0.0) -> Timetable:
    """A bus each ten minutes, four minutes from one end of its line to the other, both ways.

    From (200, 200) at 6:00, 6:10 … and from (1000, 1000) at 6:05, 6:15 …
    """
    stops = [_placed(shapely.Point(at), moved, turned_deg) for at in ((200, 200), (1000, 1000))]
    out = 60.0 * np.arange(360, 720, 10)
    leave = np.concatenate([out, out + 300])
    times = np.column_stack([leave, leave + 240]).ravel()
    trips = len(leave)
    return Timetable(
        day=dt.date(2026, 6, 17),
        stop_keys=np.array(["S1", "S2"]),
        stop_xy=shapely.get_coordinates(stops),
        route_keys=np.array(["1"]),
        route_names=np.array(["1"]),
        route_is_rail=np.array([False]),
        trip_route=np.zeros(trips, dtype=np.int64),
        trip_direction=np.repeat([0, 1], len(out)),
        call_trip=np.repeat(np.arange(trips), 2),
        call_stop=np.repeat([[0, 1], [1, 0]], len(out), axis=0).ravel(),
        arrival_s=times,
        departure_s=times,
        may_board=np.ones(2 * trips, dtype=bool),
        may_alight=np.ones(2 * trips, dtype=bool),
        digest=digest_of(shapely.get_coordinates(stops)),
    )


def _placed(
    shape: shapely.Geometry, moved: tuple[float, float], turned_deg: float
) -> shapely.Geometry:
    turned = affinity.rotate(shape, turned_deg, origin=(0, 0)) if turned_deg else shape
    return affinity.translate(turned, ORIGIN[0] + moved[0], ORIGIN[1] + moved[1])
