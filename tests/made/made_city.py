"""A small made-up city of forty neighbourhoods, as the noun that `publish` takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from urbanlayer.locales import languages as all_languages
from urbanlayer.model.city import City
from urbanlayer.model.indicator import Indicator, Kind
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.network_query import NearestQuery, NearestResult, NetworkResults
from urbanlayer.model.publication import Publication
from urbanlayer.model.query import Query
from urbanlayer.model.residents import Residents
from urbanlayer.model.result import NotAnswerable, Range, Result
from urbanlayer.model.specification import CitySpec

CRS = "EPSG:25834"
ORIGIN = np.array([356_000.0, 4_697_000.0])  # near Podgorica
SIDE_M = 900.0
NAMES = [
    "Zagorič",
    "Stara Varoš",
    "Tološi",
    "Đečić Brdo",
    "Konik",
    "Drač",
    "Ljubović",
    "Momišići",
    "Blok V",
    "Blok VI",
    "Nova Varoš",
    "Kruševac",
    "Gornja Gorica",
    "Donja Gorica",
    "Masline",
    "Murtovina",
    "Vrela Ribnička",
    "Novo Naselje Kruševac",
    "1. maj",
    "19. decembar",
    "Sadine",
    "Vranići",
    "Proleter",
    "Pobrežje",
    "Ibričevina",
    "Stari Aerodrom",
    "Donji Kokoti",
    "Dahna",
    "Međeđak",
    "Zlatica",
    "Stara Zlatica",
    "Podgore",
    "Jedinstvo",
    "Beri",
    "Botun",
    "Srpska",
    "Cijevna",
    "Mahala",
    "Vukovci",
    "Mojanovići",
]


def _square(column: int, row: int) -> shapely.Polygon:
    x, y = ORIGIN + SIDE_M * np.array([column, row])
    return shapely.box(x, y, x + SIDE_M, y + SIDE_M)


def make_neighbourhoods(names: list[str] = NAMES) -> Neighbourhoods:
    round_ = 97 if len(names) < 97 else 9973  # a prime: keys out of order, each once
    keys = pd.Index([f"Q{(7 * n) % round_:02d}" for n in range(len(names))])
    columns = max(1, round(len(names) ** 0.5))
    squares = [_square(n % columns, n // columns) for n in range(len(names))]
    geometry = gpd.GeoSeries(squares, index=keys, crs=CRS).sort_index()
    series = pd.Series(names, index=keys).sort_index()
    return Neighbourhoods(geometry=geometry, names={"": series})


def make_residents(hoods: Neighbourhoods, per_hood: int = 40) -> Residents:
    random = np.random.default_rng(7)
    xy, people, row = [], [], []
    for number, polygon in enumerate(hoods.geometry):
        west, south, east, north = polygon.bounds
        xy.append(random.uniform((west, south), (east, north), (per_hood, 2)))
        people.append(random.uniform(20, 200, per_hood))
        row.append(np.full(per_hood, number))
    return Residents(
        xy=np.vstack(xy),
        people=np.concatenate(people),
        neighbourhood=np.concatenate(row),
        source="buildings",
    )


def make_layer(role: str, geometry: list, **columns: list) -> Layer:
    index = [f"{role}-{n}" for n in range(len(geometry))]
    frame = gpd.GeoDataFrame(columns, geometry=geometry, index=index, crs=CRS)
    provenance = Provenance(
        source="file",
        path=f"{role}.gpkg",
        digest="0" * 64,
        licence="CC-BY-4.0",
        attribution="City of Test",
        date=dt.date(2026, 3, 1),
        public_names=("name",),
    )
    return Layer(role=role, frame=frame, provenance=provenance, read=len(frame))


def nothing(*_: object) -> Result:
    raise AssertionError("the made-up answers are given, not computed")


def make_indicator(name: str, theme: str, unit: str = "share", **more: object) -> Indicator:
    settings = {"kind": Kind.SHARE_OF_RESIDENTS, "better": "higher", "bounds": (0, 1), **more}
    return Indicator(
        id=name,
        theme=theme,
        unit=unit,
        source="planning default",
        compute=nothing,
        needs=settings.pop("needs", ("neighbourhoods", "residents")),
        **settings,
    )


INDICATORS = {
    "coverage_within": make_indicator("coverage_within", "services"),
    "green_access_who": make_indicator(
        "green_access_who", "green", needs=("neighbourhoods", "residents", "green")
    ),
    "population_density": make_indicator(
        "population_density", "urban-form", "residents/km²", better="neither", kind=Kind.DENSITY
    ),
    "broadband_down_mbps": make_indicator(
        "broadband_down_mbps", "digital", "Mbit/s", kind=Kind.MEAN_OVER_RESIDENTS
    ),
    "made_up_by_the_city": make_indicator(
        "made_up_by_the_city", "safety", "lamps/km", kind=Kind.RATIO
    ),
}


def make_result(
    hoods: Neighbourhoods, residents: Residents, name: str, seed: int, **more: object
) -> Result:
    random = np.random.default_rng(seed)
    scale = more.pop("scale", 1.0)
    values = pd.Series(random.uniform(0, scale, len(hoods)), index=hoods.keys)
    silent = hoods.keys[3:4]
    values[silent] = np.nan
    weight = residents.per_neighbourhood(len(hoods))
    city = float(np.nansum(values * weight) / weight[values.notna()].sum())
    spread = 0.04 * scale
    result = Result(
        query=Query(
            indicator=name,
            variant=more.pop("variant", ""),
            parameters=more.pop("parameters", {}),
            target=more.pop("target", None),
            group=more.pop("group", ""),
            mode=more.pop("mode", "walk"),
        ),
        values=values,
        city=city,
        unit=more.pop("unit", "share"),
        method=more.pop("method", "walk"),
        low=(values - spread).clip(lower=0),
        high=(values + spread).clip(upper=scale),
        city_low=city - spread,
        city_high=city + spread,
        reasons=dict.fromkeys(silent, "no-data"),
        **more,
    )
    return with_causes(result, "threshold")


def with_causes(result: Result, *causes: str) -> Result:
    """The result whose low and high hold these causes, each the whole of them."""
    whole = Range(result.low, result.high, result.city_low, result.city_high)
    return replace(result, ranges=dict.fromkeys(causes, whole))


def make_publication(
    names: list[str] = NAMES, languages: list[str] | None = None, **spec: object
) -> Publication:
    hoods = make_neighbourhoods(names)
    residents = make_residents(hoods)
    places = (residents.xy[:, 0] % 1000 < 600).astype(float)
    results = (
        make_result(
            hoods,
            residents,
            "coverage_within",
            1,
            variant="kindergarten",
            parameters={"distance_m": 500.0},
            target=0.8,
            origins=places,
        ),
        make_result(
            hoods,
            residents,
            "coverage_within",
            2,
            variant="pharmacy",
            parameters={"distance_m": 800.0},
            origins=places,
        ),
        make_result(
            hoods,
            residents,
            "coverage_within",
            8,
            variant="benches",
            parameters={"distance_m": 300.0},
        ),
        make_result(
            hoods,
            residents,
            "green_access_who",
            3,
            parameters={"distance_m": 300.0, "min_area_m2": 5000.0},
            target=0.7,
        ),
        make_result(
            hoods,
            residents,
            "population_density",
            4,
            scale=9000.0,
            unit="residents/km²",
            method="area",
        ),
        make_result(
            hoods,
            residents,
            "broadband_down_mbps",
            5,
            scale=140.0,
            unit="Mbit/s",
            method="tiles",
            target=100.0,
        ),
        make_result(
            hoods, residents, "made_up_by_the_city", 6, scale=3.0, unit="lamps/km", method="counted"
        ),
    )
    return Publication(
        spec=make_spec(languages, **spec),
        city=make_city(hoods, residents),
        network=make_network(residents),
        results=results,
        indicators=INDICATORS,
        not_answerable=(
            NotAnswerable(Query("library", indicator="coverage_within"), ("library",)),
        ),
    )


def make_city(hoods: Neighbourhoods, residents: Residents) -> City:
    random = np.random.default_rng(11)
    west, south, east, north = hoods.geometry.total_bounds
    points = [shapely.Point(*xy) for xy in random.uniform((west, south), (east, north), (30, 2))]
    river = shapely.LineString(
        [(west - 500, south + 900), ((west + east) / 2, (south + north) / 2), (east + 400, north)]
    )
    parks = [point.buffer(120) for point in points[:8]]
    streets = [
        shapely.LineString([(west, south + n * 700), (east, south + n * 720 + 90)])
        for n in range(6)
    ]
    layers = {
        "neighbourhoods": make_layer("neighbourhoods", list(hoods.geometry)),
        "kindergarten": make_layer(
            "kindergarten", points[:14], name=[f"Vrtić Đina {n}" for n in range(14)]
        ),
        "pharmacy": make_layer("pharmacy", points[14:], name=[None] * 16),
        "benches": make_layer("benches", points[:5]),
        "green": make_layer("green", parks, public=[True] * 8),
        "water": make_layer("water", [river]),
        "streets": make_layer(
            "streets", streets, name=[f"Bulevar {n}" for n in range(6)], highway=["primary"] * 6
        ),
    }
    return City(
        crs=CRS,
        neighbourhoods=hoods,
        residents=residents,
        streets=None,
        layers=layers,
        rasters={},
    )


def make_network(residents: Residents) -> NetworkResults:
    random = np.random.default_rng(12)
    count = len(residents)
    distance_m = random.uniform(50, 2000, count)
    reach = NearestResult(
        distance_m=distance_m,
        nearest=random.integers(0, 14, count),
        minutes=distance_m / 80,
        method="walk",
    )
    services = ("kindergarten", "pharmacy")
    return NetworkResults({NearestQuery(service): lambda: reach for service in services})


def make_spec(languages: list[str] | None = None, **more: object) -> CitySpec:
    return CitySpec(
        **{
            "id": "testcity",
            "name": {"en": "Test City", "sr_Latn_ME": "Probni Grad", "sr_Cyrl_ME": "Пробни Град"},
            "crs": CRS,
            "languages": languages or ["en", *(code for code in all_languages() if code != "en")],
            "as_of": dt.date(2026, 6, 30),
            "contact": "gis@example.org",
            "demonstration": True,
            "layers": {
                "neighbourhoods": {"path": "n.gpkg"},
                "benches": {"path": "b.gpkg", "title": {"en": "Benches", "sr_Latn_ME": "Klupe"}},
            },
            **more,
        }
    )
