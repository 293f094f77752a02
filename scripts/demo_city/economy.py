"""Businesses with their jobs, and plots for sale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from demo_city.frame import generator
from demo_city.shapes import biggest_part

if TYPE_CHECKING:
    from shapely import Polygon

    from demo_city.blocks import Blocks
    from demo_city.buildings import Buildings
    from demo_city.frame import Floats, Ints, Words
    from demo_city.greenery import OpenGround
    from demo_city.institutions import Institution

_BUSINESSES = 3800
_SHARE_BY_USE = {"poslovni": 1.0, "mješoviti": 1.0, "industrijski": 0.25, "javni": 0.5}
_SHARE_ELSEWHERE = 0.02
_ACTIVITIES = tuple("CFGHIJMNPQS")  # sections of NACE
_PLOTS = 40
_PLOT_M2 = (2200, 30_000)
_LOOSE = ("estate", "informal", "houses")
_LARGE_M2 = 9000
_ROOM_M2 = 1500  # in the middle of a large block
_OWNERS = ("Glavni grad", "država", "privatno")


@dataclass(frozen=True)
class Businesses:
    """The businesses: building, section of NACE, and jobs."""

    building: Ints
    activity: Words
    jobs: Ints


def open_businesses(buildings: Buildings) -> Businesses:
    """Businesses by the floor that buildings have for them."""
    rng = generator("businesses")
    share = np.array([_SHARE_BY_USE.get(use, _SHARE_ELSEWHERE) for use in buildings.use])
    floor_m2 = np.minimum(buildings.footprint_m2 * np.sqrt(buildings.levels), 6000)
    weight = share * floor_m2 * np.where(buildings.character == "centre", 1.8, 1)
    building = rng.choice(len(weight), _BUSINESSES, p=weight / weight.sum())
    size = rng.normal(1.75, 1.05, _BUSINESSES) + 0.9 * (buildings.use[building] == "industrijski")
    return Businesses(
        building=building,
        activity=rng.choice(_ACTIVITIES, _BUSINESSES).astype(object),
        jobs=np.maximum(1, np.round(np.exp(size))).astype(np.int64),
    )


@dataclass(frozen=True)
class Plot:
    """A plot: its shape, its owner, and its price."""

    shape: Polygon
    owner: str
    price_eur_per_m2: int


def offer_plots(
    blocks: Blocks, buildings: Buildings, institutions: list[Institution], ground: OpenGround
) -> list[Plot]:
    """Plots that could be built on: empty blocks, and the open middle of large ones."""
    rng = generator("plot")
    built = np.zeros(len(blocks.shapes), dtype=bool)
    built[np.unique(buildings.block)] = True
    public = np.zeros(len(blocks.shapes), dtype=bool)
    public[[each.block for each in institutions]] = True
    fits = (blocks.area_m2 > _PLOT_M2[0]) & (blocks.area_m2 < _PLOT_M2[1]) & ~public
    empty = np.flatnonzero(~built & fits & (blocks.character != "industry"))
    large = np.isin(blocks.character, _LOOSE) & (blocks.area_m2 > _LARGE_M2) & ~public
    roomy = [j for j in np.flatnonzero(large) if _room_m2(blocks.shapes[j], ground) > _ROOM_M2]
    plots = []
    for j in rng.permutation(np.array([*empty, *roomy]))[:_PLOTS]:
        inner = ground.of(biggest_part(blocks.shapes[j].buffer(-3)))
        shape = biggest_part(inner.buffer(-9).buffer(8, join_style="mitre"))
        nearness: Floats = np.exp(-np.hypot(*blocks.points[j]) / 2200)
        price = 420 * float(nearness) * rng.uniform(0.8, 1.3)
        plots.append(Plot(shape, str(rng.choice(_OWNERS)), int(np.clip(price, 18, 400))))
    return plots


def _room_m2(block: Polygon, ground: OpenGround) -> float:
    return float(ground.of(block).buffer(-18).area)
