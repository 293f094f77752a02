"""The buildings: levels, use, year, and the floor that people live on."""
# ruff: noqa: PLR2004 -- the numbers of this module are the drawing: shares, levels, distances

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from demo_city.frame import Floats, Words, generator, wave_noise
from demo_city.shapes import inner_points, lengths_of
from demo_city.superblocks import main_roads

if TYPE_CHECKING:
    from demo_city.footprints import Footprints
    from demo_city.frame import Flags, Ints, Shapes
    from demo_city.main_streets import Street

# The order in which characters draw from the step's generator.
_CHARACTERS = (
    "centre",
    "old",
    "mixed",
    "houses",
    "informal",
    "village",
    "industry",
    "fields",
    "estate",
)
_LOW_RISE = {  # share of one level, share of at most two, middle year
    "houses": (0.47, 0.94, 1984),
    "informal": (0.66, 0.97, 2001),
    "village": (0.6, 0.98, 1979),
    "fields": (0.8, 1.0, 1975),
}
_FLOOR_PER_RESIDENT_M2 = {
    "centre": 39,
    "old": 34,
    "estate": 30,
    "mixed": 37,
    "houses": 38,
    "informal": 30,
    "village": 34,
    "fields": 34,
    "industry": 60,
}


@dataclass(frozen=True)
class Buildings:
    """The buildings, one row each; `wanted` is the people that its homes would hold."""

    shapes: Shapes
    block: Ints
    character: Words
    levels: Ints
    use: Words
    year: Ints
    home_floor_m2: Floats
    wanted: Floats

    @cached_property
    def points(self) -> Floats:
        """A point inside each building."""
        return inner_points(self.shapes)

    @cached_property
    def footprint_m2(self) -> Floats:
        """The area that each building covers."""
        return shapely.area(self.shapes)

    def kept(self, keep: Flags) -> Buildings:
        """Some of the buildings."""
        return Buildings(*(getattr(self, field.name)[keep] for field in fields(self)))

    def joined(self, others: Buildings) -> Buildings:
        """These buildings and others after them."""
        pairs = ((getattr(self, f.name), getattr(others, f.name)) for f in fields(self))
        return Buildings(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class _Sites:
    """What levels and use depend on, for the buildings of one character."""

    shapes: Shapes
    to_primary_m: Floats
    to_main_m: Floats
    mood: Floats
    draw: Floats

    def __len__(self) -> int:
        return len(self.shapes)


_Look = tuple[Floats, Words, Floats]  # levels, use, year


def raise_buildings(footprints: Footprints, streets: list[Street]) -> Buildings:
    """The buildings on the footprints."""
    rng = generator("attr")
    count = len(footprints.shapes)
    points = inner_points(footprints.shapes)
    primary = shapely.union_all([s.line for s in streets if s.kind == "primary"])
    roads = main_roads(streets)
    shapely.prepare([primary, roads])
    to_primary_m = shapely.distance(footprints.shapes, primary)
    to_main_m = shapely.distance(footprints.shapes, roads)
    mood = wave_noise(points[:, 0], points[:, 1], "lev", 700)
    levels, year = np.ones(count), np.full(count, 1985.0)
    use: Words = np.full(count, "stambeni", dtype=object)
    for kind in _CHARACTERS:
        these = footprints.character == kind
        sites = _Sites(
            footprints.shapes[these],
            to_primary_m[these],
            to_main_m[these],
            mood[these],
            rng.random(int(these.sum())),
        )
        levels[these], use[these], year[these] = _look(kind, sites, rng)
    shop_below = (use == "mješoviti") & np.isin(footprints.character, ["houses", "village"])
    levels = np.where(shop_below, np.maximum(levels, 2), levels)
    floor_m2 = shapely.area(footprints.shapes) * levels * _home_share(use, levels)
    return Buildings(
        shapes=footprints.shapes,
        block=footprints.block,
        character=footprints.character,
        levels=levels.astype(np.int64),
        use=use,
        year=np.clip(year, 1880, 2025).astype(np.int64),
        home_floor_m2=floor_m2,
        wanted=_wanted_residents(footprints.character, floor_m2, rng),
    )


def _look(kind: str, sites: _Sites, rng: np.random.Generator) -> _Look:
    if kind == "centre":
        return _centre(sites, rng)
    if kind == "old":
        return _old(sites, rng)
    if kind == "mixed":
        return _mixed(sites, rng)
    if kind == "estate":
        return _estate(sites, rng)
    if kind == "industry":
        works = np.full(len(sites), "industrijski", dtype=object)
        levels = np.where(sites.draw < 0.8, 1, 2)
        return levels, works, np.round(1978 + rng.normal(0, 13, len(sites)))
    return _low_rise(kind, sites, rng)


def _centre(sites: _Sites, rng: np.random.Generator) -> _Look:
    count = len(sites)
    height = 2.6 + 1.1 * sites.mood + 1.3 * (sites.to_main_m < 30) + rng.normal(0, 0.8, count)
    homes = np.where(sites.draw < 0.86, "mješoviti", "stambeni")
    use = np.where(sites.draw < 0.34, "poslovni", homes)
    return np.clip(np.round(height), 1, 7), use, np.round(1962 + rng.normal(0, 14, count))


def _old(sites: _Sites, rng: np.random.Generator) -> _Look:
    levels = np.where(sites.draw < 0.62, 1, np.where(sites.draw < 0.96, 2, 3))
    use = np.where(rng.random(len(sites)) < 0.12, "mješoviti", "stambeni")
    return levels, use, np.round(1938 + rng.normal(0, 20, len(sites)))


def _mixed(sites: _Sites, rng: np.random.Generator) -> _Look:
    count = len(sites)
    height = 3.5 + 0.8 * sites.mood + 1.2 * (sites.to_primary_m < 45) + rng.normal(0, 0.9, count)
    homes = np.where(sites.draw < 0.42, "mješoviti", "stambeni")
    use = np.where(sites.draw < 0.08, "poslovni", homes)
    return np.clip(np.round(height), 2, 8), use, np.round(2006 + rng.normal(0, 9, count))


def _estate(sites: _Sites, rng: np.random.Generator) -> _Look:
    count = len(sites)
    corners = np.array(
        [
            shapely.get_coordinates(rectangle)[:3]
            for rectangle in shapely.minimum_rotated_rectangle(sites.shapes)
        ]
    )
    sides_m = lengths_of(np.diff(corners, axis=1))
    tower = sides_m.max(axis=1) / sides_m.min(axis=1) < 1.5
    high = np.clip(np.round(9 + 1.5 * sites.mood + rng.normal(0, 1.2, count)), 6, 13)
    slab = np.clip(np.round(4.9 + 0.8 * sites.mood + rng.normal(0, 0.5, count)), 4, 8)
    use = np.where(sites.draw < 0.12, "mješoviti", "stambeni")
    return np.where(tower, high, slab), use, np.round(1976 + rng.normal(0, 6, count))


def _low_rise(kind: str, sites: _Sites, rng: np.random.Generator) -> _Look:
    one, two, year = _LOW_RISE[kind]
    count = len(sites)
    levels = np.where(sites.draw < one, 1, np.where(sites.draw < two, 2, 3))
    shop = (sites.to_primary_m < 42) & (rng.random(count) < 0.45)
    home = np.where(rng.random(count) < 0.05, "pomoćni", "stambeni")
    use = np.where(shop, "mješoviti", home)
    return levels, use, np.round(year + rng.normal(0, 11, count))


def _home_share(use: Words, levels: Floats) -> Floats:
    """The share of floor that is homes: all, all but the ground floor, or none."""
    above_shop = (1 - 1 / levels) * 0.95
    return np.where(use == "stambeni", 1.0, np.where(use == "mješoviti", above_shop, 0.0))


def _wanted_residents(character: Words, floor_m2: Floats, rng: np.random.Generator) -> Floats:
    count = len(character)
    per_resident_m2 = np.array([_FLOOR_PER_RESIDENT_M2[kind] for kind in character])
    spread = np.exp(rng.normal(0, 0.12, count))
    empty = rng.random(count) < np.where(np.isin(character, ["village", "fields"]), 0.10, 0.06)
    return np.where(empty, 0, floor_m2 / (per_resident_m2 * spread))
