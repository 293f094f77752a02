"""Shops, pharmacies, counters and containers: points on street fronts, near the people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Point

from demo_city.frame import generator
from demo_city.need import NeedCells, serve_in_turn
from demo_city.shapes import first_point
from demo_city.superblocks import main_roads

if TYPE_CHECKING:
    from demo_city.buildings import Buildings
    from demo_city.frame import Flags, Floats
    from demo_city.main_streets import Street
    from demo_city.network import Network
    from demo_city.residents import Residents

_CELL_M = 80
_MOST_CANDIDATES = 5000
_LEFT_AFTER = 0.35
_OTHER_FAVOUR = 0.5
_USUAL = {
    "centre": 2.2,
    "old": 1.2,
    "estate": 1.2,
    "mixed": 1.3,
    "houses": 0.7,
    "informal": 0.25,
    "village": 0.3,
}


@dataclass(frozen=True)
class _Programme:
    """How many of a kind, whom they serve, and what they favour."""

    step: str
    count: int
    radius_m: float
    spacing_m: float
    favour: dict[str, float] = field(default_factory=lambda: _USUAL)
    main_street_pull: float = 0.0
    at_origins: bool = False


_PROGRAMMES = {
    "apoteka": _Programme("apoteka", 58, 600, 170, main_street_pull=2),
    "prodavnica": _Programme(
        "prodavnica",
        210,
        350,
        110,
        {**_USUAL, "houses": 1, "informal": 0.9, "village": 1},
        main_street_pull=1.5,
    ),
    "pijaca": _Programme("pijaca", 6, 1500, 1300, main_street_pull=1),
    "biblioteka": _Programme("biblioteka", 6, 2000, 900, main_street_pull=1),
    "igralište": _Programme(
        "igralište",
        74,
        350,
        200,
        {"centre": 0.8, "estate": 2, "mixed": 1, "houses": 0.6, "old": 0.3, "informal": 0.05},
        at_origins=True,
    ),
    "e-šalter": _Programme("e", 26, 900, 400, main_street_pull=3),
    "biro": _Programme("biro", 9, 1800, 1100, main_street_pull=2),
    "wifi": _Programme(
        "wifi",
        42,
        300,
        140,
        {"centre": 4, "estate": 1, "old": 2, "mixed": 0.8, "houses": 0.15},
        main_street_pull=1,
    ),
    "komunalni": _Programme(
        "kont",
        1500,
        120,
        55,
        {
            "centre": 1.2,
            "old": 1,
            "estate": 1.2,
            "mixed": 1.1,
            "houses": 0.9,
            "informal": 0.05,
            "village": 0.2,
        },
        at_origins=True,
    ),
    "reciklaža": _Programme(
        "reciklaža",
        170,
        350,
        180,
        {"centre": 1.5, "estate": 1.5, "mixed": 1.1, "houses": 0.6, "informal": 0.02},
        at_origins=True,
    ),
}


@dataclass(frozen=True)
class _City:
    buildings: Buildings
    residents: Residents
    network: Network
    to_main_m: Floats
    cells: NeedCells


def open_services(
    buildings: Buildings, residents: Residents, network: Network, streets: list[Street]
) -> dict[str, Floats]:
    """The places of each kind of service, one row each."""
    roads = main_roads(streets)
    shapely.prepare(roads)
    people = residents.by_building + 1.5 * (buildings.use == "poslovni")
    city = _City(
        buildings,
        residents,
        network,
        np.asarray(shapely.distance(shapely.points(buildings.points), roads)),
        NeedCells.of(buildings.points, people, _CELL_M),
    )
    return {kind: _places(city, programme) for kind, programme in _PROGRAMMES.items()}


def _places(city: _City, programme: _Programme) -> Floats:
    rng = generator("pt" + programme.step)
    candidates = np.flatnonzero(_candidates(city, programme, rng))
    if len(candidates) > _MOST_CANDIDATES:
        candidates = np.sort(rng.choice(candidates, _MOST_CANDIDATES, replace=False))
    kinds = city.buildings.character[candidates]
    favour = np.array([programme.favour.get(kind, _OTHER_FAVOUR) for kind in kinds])
    by_main_street = 1 + programme.main_street_pull * np.exp(-city.to_main_m[candidates] / 60)
    likings = favour * rng.uniform(0.4, 1.6, len(candidates)) * by_main_street
    chosen = serve_in_turn(
        city.cells,
        city.buildings.points[candidates],
        likings,
        (programme.count, programme.radius_m, programme.spacing_m, _LEFT_AFTER),
    )
    return np.array([_street_front(city, int(candidates[j])) for j in chosen])


def _candidates(city: _City, programme: _Programme, rng: np.random.Generator) -> Flags:
    if programme.at_origins:
        return city.residents.by_building > 0
    shops = np.isin(city.buildings.use, ["mješoviti", "poslovni"])
    return shops | (rng.random(len(shops)) < 0.06)  # noqa: PLR2004 -- some have a ground floor


def _street_front(city: _City, building: int) -> Floats:
    """The place before a building, a metre off its street."""
    middle = city.buildings.points[building]
    edge = int(city.network.tree.nearest(Point(middle)))
    line = city.network.edges[edge]
    foot = first_point(line.interpolate(line.project(Point(middle))))
    toward = middle - foot
    away_m = float(np.hypot(*toward))
    front: Floats = foot + toward / max(away_m, 1) * min(
        away_m, city.network.half_width_m[edge] + 1
    )
    return front
