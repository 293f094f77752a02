"""What the city records along its streets: lamps and crashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

from demo_city.frame import generator
from demo_city.network import HALF_WIDTH_M

if TYPE_CHECKING:
    from demo_city.frame import Floats, Ints, Shapes, Words
    from demo_city.network import Network
    from demo_city.skeleton import Skeleton

_LAMP_STEP_M = {"primary": 38, "secondary": 40, "tertiary": 48, "residential": 62, "service": 60}
_LIT_SHARE = {"informal": 0.12, "village": 0.35, "industry": 0.4}
_LIT_ELSEWHERE = 0.97
_BROKEN_SHARE = 0.06
_CRASHES = 1150
_CRASH_WEIGHT = {
    "primary": 9.0,
    "secondary": 4.0,
    "tertiary": 1.6,
    "residential": 0.35,
    "service": 0.2,
    "lane": 0.15,
    "footway": 0.0,
    "track": 0.03,
}
_AT_JUNCTION_SHARE = 0.55
_YEARS = (2023, 2026)  # the end is not reached
_OUTCOMES = ("laka", "teška", "smrtna")
_OUTCOME_SHARES = (0.84, 0.145, 0.015)


@dataclass(frozen=True)
class Lamps:
    """The street lamps: place, and whether each works."""

    places: Floats
    works: Ints


def light_streets(network: Network, neighbourhoods: Shapes, skeleton: Skeleton) -> Lamps:
    """Lamps at even steps, few of them in villages and informal settlements."""
    rng = generator("lamps")
    tree = STRtree(neighbourhoods)
    rows: list[tuple[float, float]] = []
    for kind, step_m in _LAMP_STEP_M.items():
        half_m = HALF_WIDTH_M[kind]
        for line in network.edges[network.kind == kind]:
            owner = tree.nearest(line.interpolate(0.5, normalized=True))
            lit = _LIT_SHARE.get(skeleton.seeds[owner].character, _LIT_ELSEWHERE)
            for at_m in np.arange(step_m / 2, line.length, step_m):
                if rng.random() < lit:
                    point = line.interpolate(at_m)
                    x_m = point.x + rng.normal(0, 0.5) + half_m * 0.7
                    rows.append((x_m, point.y + half_m * 0.5))
    works = (rng.random(len(rows)) > _BROKEN_SHARE).astype(np.int64)
    return Lamps(np.array(rows), works)


@dataclass(frozen=True)
class Crashes:
    """The recorded crashes: place, date, outcome, and people hurt."""

    places: Floats
    date: list[str]
    outcome: Words
    injured: Ints


def record_crashes(network: Network) -> Crashes:
    """Crashes, most on main streets of the centre and at junctions."""
    rng = generator("crashes")
    middles = shapely.get_coordinates(
        shapely.line_interpolate_point(network.edges, 0.5, normalized=True)
    )
    weight = np.array([_CRASH_WEIGHT[kind] for kind in network.kind]) * network.length_m
    weight = weight * np.exp(-np.hypot(middles[:, 0], middles[:, 1] - 200) / 2600)
    edges = rng.choice(len(network.edges), _CRASHES, p=weight / weight.sum())
    share = rng.random(_CRASHES)
    end = np.where(share < 0.5, 0.02, 0.98)  # noqa: PLR2004 -- either end
    share = np.where(rng.random(_CRASHES) < _AT_JUNCTION_SHARE, end, share)
    on_line = shapely.line_interpolate_point(network.edges[edges], share, normalized=True)
    outcome: Words = rng.choice(_OUTCOMES, _CRASHES, p=_OUTCOME_SHARES).astype(object)
    days = rng.integers(1, 29, _CRASHES), rng.integers(1, 13, _CRASHES)
    years = rng.integers(*_YEARS, _CRASHES)
    return Crashes(
        places=shapely.get_coordinates(on_line) + rng.normal(0, 3, (_CRASHES, 2)),
        date=[f"{d:02d}.{m:02d}.{y}" for d, m, y in zip(*days, years, strict=True)],
        outcome=outcome,
        injured=1 + rng.poisson(0.35, _CRASHES),
    )
