"""Schools, kindergartens and clinics: each clears a block, or part of one, for its building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Point, Polygon

from demo_city.buildings import Buildings
from demo_city.frame import generator
from demo_city.need import NeedCells
from demo_city.shapes import array_of, axis_of, biggest_part, first_point, left_of, lengths_of
from demo_city.superblocks import PLANTED_ESTATE

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.blocks import Blocks
    from demo_city.frame import Floats, Ints

_CELL_M = 120
_LARGEST_BLOCK_M2 = 6e4
_WHOLE_BLOCK_M2 = 12_000
_GROUND_RADIUS_M = 68
_LEFT_AFTER = 0.22  # of the need about a chosen block
_FAVOUR = {
    "centre": 1.5,
    "old": 1.1,
    "estate": 1.5,
    "mixed": 1.2,
    "houses": 0.85,
    "informal": 0.10,
    "village": 0.22,
    "industry": 0.0,
    "fields": 0.0,
}
_SIZES = (1, 0.85, 0.7, 0.55, 0.45, 0.35)
SCHOOL_OVER_THE_RIVER = (-2020.0, -1180.0)


@dataclass(frozen=True)
class _Programme:
    """How many of a kind, and where they may stand."""

    kind: str
    count: int
    radius_m: float
    least_block_m2: float
    spacing_m: float
    size_m: tuple[float, float]
    wanted_at: tuple[tuple[float, float], ...] = ()
    none_about: tuple[tuple[float, float, float], ...] = ()  # x, y, radius in metres


_PROGRAMMES = (
    _Programme(
        "škola", 30, 900, 7000, 650, (64, 36), (SCHOOL_OVER_THE_RIVER,), ((*PLANTED_ESTATE, 950),)
    ),
    _Programme(
        "vrtić",
        26,
        650,
        3800,
        380,
        (34, 22),
        none_about=((3600, -650, 1000), (3650, 900, 1000), (3500, 2500, 900)),
    ),
    _Programme("dom zdravlja", 11, 1500, 3500, 900, (30, 22), ((-1500, -300),)),
)


@dataclass(frozen=True)
class Institution:
    """A school, kindergarten or clinic: its block, its building and its ground."""

    kind: str
    block: int
    building: Polygon
    ground: Polygon

    @property
    def place(self) -> Floats:
        """The middle of the building."""
        return first_point(self.building.centroid)


def found_institutions(blocks: Blocks, buildings: Buildings) -> list[Institution]:
    """The institutions, each kind where most people are left unserved."""
    weight = np.array([max(_FAVOUR[kind], 0.05) for kind in buildings.character])
    cells = NeedCells.of(buildings.points, buildings.wanted * weight, _CELL_M)
    favour = np.array([_FAVOUR[kind] for kind in blocks.character])
    taken: set[int] = set()
    found = []
    for programme in _PROGRAMMES:
        candidates = np.array(
            [
                j
                for j in range(len(blocks.shapes))
                if favour[j] > 0
                and j not in taken
                and _has_room(blocks.shapes[j], programme.least_block_m2)
            ]
        )
        for j in _chosen(programme, candidates, blocks.points[candidates], favour, cells):
            taken.add(j)
            institution = _built(programme, j, blocks.shapes[j])
            if institution is not None:
                found.append(institution)
    return found


def _has_room(block: Polygon, least_m2: float) -> bool:
    if not least_m2 < block.area < _LARGEST_BLOCK_M2:
        return False
    return bool(block.buffer(-14).area > least_m2 * 0.25)


def _chosen(
    programme: _Programme, candidates: Ints, places: Floats, favour: Floats, cells: NeedCells
) -> list[int]:
    """The blocks chosen in turn by what they serve, and the wanted ones first."""
    rng = generator(programme.kind)
    likings = favour[candidates] * rng.uniform(0.55, 1.35, len(candidates))
    about = cells.within(places, programme.radius_m)
    need = cells.need.copy()
    possible = np.array([need[near].sum() for near in about]) * likings > 0
    for x, y, radius_m in programme.none_about:
        possible[lengths_of(places - np.array([x, y])) < radius_m] = False
    chosen: list[int] = []

    def take(k: int) -> None:
        chosen.append(int(candidates[k]))
        need[about[k]] *= _LEFT_AFTER
        possible[lengths_of(places - places[k]) < programme.spacing_m] = False

    for wanted in programme.wanted_at:
        take(int(np.argmin(lengths_of(places - np.array(wanted)))))
    while len(chosen) < programme.count:
        gain = np.array([need[near].sum() for near in about]) * likings * possible
        if gain.max() <= 0:
            break
        take(int(np.argmax(gain)))
    return chosen


def _built(programme: _Programme, block: int, shape: Polygon) -> Institution | None:
    """The largest of some sizes of building that fits, and the ground about it."""
    middle = first_point(shapely.maximum_inscribed_circle(shape.buffer(-6)))
    along = axis_of(shape).direction
    across = left_of(along)
    site = shape.buffer(-4)
    for scale in _SIZES:
        w, d = programme.size_m[0] * scale, programme.size_m[1] * scale
        steps = np.array([(0, 0), (w, 0), (w, d * 0.45), (w * 0.3, d * 0.45), (w * 0.3, d), (0, d)])
        origin = middle - along * w / 2 - across * d / 2
        building = Polygon(origin + along * steps[:, :1] + across * steps[:, 1:])
        if site.contains(building):
            ground: BaseGeometry = shape
            if shape.area >= _WHOLE_BLOCK_M2:
                about = Point(middle).buffer(_GROUND_RADIUS_M, quad_segs=6)
                ground = shape.intersection(about)
            return Institution(programme.kind, block, building, biggest_part(ground.buffer(-2)))
    return None


def with_institutions(
    buildings: Buildings, institutions: list[Institution], blocks: Blocks
) -> Buildings:
    """The buildings without those on the grounds of institutions, and the institutions'."""
    stays = np.ones(len(buildings.shapes), dtype=bool)
    for each in institutions:
        here = np.flatnonzero(buildings.block == each.block)
        stays[here[shapely.intersects(buildings.shapes[here], each.ground)]] = False
    count = len(institutions)
    block = np.array([each.block for each in institutions])
    public = Buildings(
        shapes=array_of([each.building for each in institutions]),
        block=block,
        character=blocks.character[block],
        levels=np.array([3 if each.kind == "škola" else 2 for each in institutions]),
        use=np.full(count, "javni", dtype=object),
        year=generator("yb").integers(1955, 2020, count),
        home_floor_m2=np.zeros(count),
        wanted=np.zeros(count),
    )
    return buildings.kept(stays).joined(public)
