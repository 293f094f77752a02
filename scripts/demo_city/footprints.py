"""The footprints of buildings: rows along the edges of blocks, slabs and towers of estates."""
# ruff: noqa: PLR2004 -- the numbers of this module are the drawing: areas in m2, shares, metres

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Polygon, STRtree

from demo_city.frame import (
    RESIDENTS_TOTAL,
    numbered_generator,
    wave_noise,
)
from demo_city.shapes import array_of, axis_of, first_point, left_of, turned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo_city.blocks import Blocks
    from demo_city.frame import (
        Flags,
        Floats,
        Ints,
        Shapes,
        Words,
    )
    from demo_city.network import Network
    from demo_city.skeleton import Skeleton
    from demo_city.superblocks import Superblocks

_STREAM, _ESTATE_STREAM = 11, 5
_SMALLEST_M2 = 40
_SMALLEST_YARD_M2 = 60
_STREET_WITHIN_M = {"estate": 140, "industry": 75, "centre": 60}
_STREET_WITHIN_ELSEWHERE_M = 48
_CLEARANCE_M = {"centre": -0.3, "old": -0.1}  # below zero: walls that touch
_CLEARANCE_ELSEWHERE_M = 1.6
_LEAST_GREEN_M2 = 3500
_ESTATE_PRIORITY = 3.0
_NARROWEST_FILL_M = 9
_ANGLED_SHARE = 0.3


@dataclass(frozen=True)
class _Row:
    """How buildings stand in a row: ranges in metres, and the share of sites in use."""

    width_m: tuple[float, float]
    depth_m: tuple[float, float]
    gap_m: tuple[float, float]
    setback_m: tuple[float, float]
    occupied: float
    straighten_m: float = 1.2
    back_m: float = 0.0
    turn_rad: float = 0.0
    angled: bool = False
    fills_up: bool = False


_ROWS = {
    "centre": _Row((13, 27), (11, 14), (0, 0), (0.5, 1.5), 0.88, 2.0, fills_up=True),
    "old": _Row((8, 14), (8, 11), (0.6, 5), (0.4, 2), 0.93, turn_rad=0.05),
    "mixed": _Row((15, 32), (12, 15), (8, 22), (3, 6), 0.84, 2.0, angled=True),
    "houses": _Row((9.5, 13.5), (8.5, 12), (8, 20), (3.5, 7), 0.82, back_m=2.5, angled=True),
    "informal": _Row((7.5, 12), (7.5, 11), (4, 16), (1.5, 5), 0.76, back_m=2.5, turn_rad=0.05),
    "village": _Row((9, 13), (9, 12), (14, 55), (6, 14), 0.5, back_m=2.5),
    "industry": _Row((32, 120), (22, 58), (18, 70), (9, 16), 0.7, 2.0, angled=True),
    "fields": _Row((9, 14), (9, 13), (25, 150), (8, 20), 0.12),
}
_SECOND_ROW_HOUSES = ("Konik", "Zagorič", "Stari Aerodrom")


@dataclass(frozen=True)
class Footprints:
    """The footprints: shape, block and character of each, and the greens among slabs."""

    shapes: Shapes
    block: Ints
    character: Words
    greens: list[Polygon]


class _Sites:
    """Sites as they are found: corners, block, and who gives way where two overlap."""

    def __init__(self) -> None:
        self.corners: list[list[tuple[float, float]]] = []
        self.block: list[int] = []
        self.priority: list[float] = []

    def add(self, corners: Floats, block: int, priority: float) -> None:
        """One site more."""
        self.corners.append([(float(x), float(y)) for x, y in corners])
        self.block.append(block)
        self.priority.append(priority)


def place_footprints(
    skeleton: Skeleton, superblocks: Superblocks, blocks: Blocks, network: Network
) -> Footprints:
    """The footprints of all blocks: inside their block, near a street, none over another."""
    sites = _Sites()
    greens: list[Polygon] = []
    use_share = _use_of_sites(superblocks, blocks)
    green_share = 0.12 + 0.08 * wave_noise(blocks.points[:, 0], blocks.points[:, 1], "eg", 500)
    names = [seed.name for seed in skeleton.seeds]
    for j, block in enumerate(blocks.shapes):
        rng = numbered_generator(RESIDENTS_TOTAL, _STREAM, j)
        superblock = int(blocks.superblock[j])
        if blocks.character[j] == "estate":
            layout = _EstateLayout.of(superblock, superblocks.shapes[superblock])
            green = _place_estate(sites, j, block, (layout, float(green_share[j])), rng)
            if green and block.area > _LEAST_GREEN_M2:
                greens.append(block.buffer(-3))
            continue
        owner = names[superblocks.neighbourhood[superblock]]
        for walk in _walks(blocks.character[j], block.area, owner, rng):
            _place_rows(sites, j, block, walk, (rng, float(use_share[j])))
    return _sorted_out(sites, greens, blocks, network)


def _use_of_sites(superblocks: Superblocks, blocks: Blocks) -> Floats:
    """The share of sites in use, by block: thinner at the edges, farms near villages."""
    points = shapely.points(blocks.points)
    x, y = blocks.points[:, 0], blocks.points[:, 1]
    share: Floats = np.clip(0.93 + 0.22 * wave_noise(x, y, "occ", 800), 0.55, 1.0)
    to_fields_m = shapely.distance(points, superblocks.of_character("fields"))
    low = np.isin(blocks.character, ["houses", "informal", "village"])
    share = np.where(low & (to_fields_m < 90), share * 0.72, share)
    homes = superblocks.of_character("houses", "informal", "estate", "village")
    farms = 3.4 * np.exp(-shapely.distance(points, homes) / 160)
    farms = np.clip(farms * (1 + 0.6 * wave_noise(x, y, "edge", 700)), 0.5, 4.5)
    share = np.where(blocks.character == "fields", farms, share)
    outward = np.clip(1.12 - np.hypot(x, y) / 9000, 0.6, 1)
    return np.where(blocks.character == "houses", share * outward, share)


@dataclass(frozen=True)
class _Walk:
    """One walk along the edge of a block: the row's style, how far behind, who gives way."""

    row: _Row
    behind_m: float = 0.0
    priority: float = 0.0


def _walks(kind: str, area_m2: float, owner: str, rng: np.random.Generator) -> Iterator[_Walk]:
    """The rows of a block; each is asked for after the one before it is placed."""
    yield _Walk(_ROWS[kind])
    dense = kind == "informal" or (kind == "houses" and owner in _SECOND_ROW_HOUSES)
    if dense and area_m2 > 9000:
        yield _Walk(_ROWS[kind], 23, -1)
    if kind == "old" and area_m2 > 3200:
        yield _Walk(_ROWS[kind], 13, -1)
    if kind == "centre" and area_m2 > 9000 and rng.random() < 0.5:
        yield _Walk(_ROWS["mixed"], 26, -1)


def _place_rows(
    sites: _Sites,
    block: int,
    shape: Polygon,
    walk: _Walk,
    chance: tuple[np.random.Generator, float],
) -> None:
    """Sites along every edge of a block, set back from the street."""
    rng, use_share = chance
    row = walk.row
    inset = shape.buffer(-(rng.uniform(*row.setback_m) + walk.behind_m), join_style="mitre")
    for yard in shapely.get_parts(inset):
        if yard.area < _SMALLEST_YARD_M2:
            continue
        edge = shapely.orient_polygons(yard).exterior.simplify(row.straighten_m)
        ring = shapely.get_coordinates(edge)
        for start, end in itertools.pairwise(ring):
            for corners in _sites_along(start, end - start, row, rng, use_share):
                sites.add(corners, block, walk.priority + rng.random())


def _sites_along(
    start: Floats, side: Floats, row: _Row, rng: np.random.Generator, use_share: float
) -> Iterator[Floats]:
    """The corners of the sites along one side, from its start on."""
    length_m = math.hypot(*side)
    if length_m < row.width_m[0]:
        return
    direction = side / length_m
    across = left_of(direction)
    at_m = 0.0 if row.fills_up else rng.uniform(0, min(row.gap_m[1], 6) + 0.1)
    while True:
        width_m = rng.uniform(*row.width_m)
        if at_m + width_m > length_m:
            if not row.fills_up or length_m - at_m <= _NARROWEST_FILL_M:
                return
            width_m = length_m - at_m
        depth_m = rng.uniform(*row.depth_m)
        if rng.random() < row.occupied * use_share:
            back_m = rng.uniform(0, row.back_m) if row.back_m else 0
            turn = rng.normal(0, row.turn_rad) if row.turn_rad else 0
            angled = row.angled and rng.random() < _ANGLED_SHARE
            origin = start + direction * at_m + across * back_m
            along = turned(direction, turn)
            yield _corners(origin, along, left_of(along), (width_m, depth_m), angled=angled)
        at_m += width_m + rng.uniform(*row.gap_m)


def _corners(
    origin: Floats, along: Floats, across: Floats, size_m: tuple[float, float], *, angled: bool
) -> Floats:
    """The corners of a building from its first corner: a rectangle, or an angle of two wings."""
    w, d = size_m
    ring = [(0, 0), (w, 0), (w, d), (0, d)]
    if angled:
        ring = [(0, 0), (w, 0), (w, d * 0.58), (w * 0.55, d * 0.58), (w * 0.55, d), (0, d)]
    steps = np.array(ring)
    corners: Floats = origin + along * steps[:, :1] + across * steps[:, 1:]
    return corners


_TOWERS = 4  # the style of estates that are all towers
_COURTS = 2  # the style with a slab across the end
_TOWER_CHANCE = 0.27
_SLAB_STEP_M = (42, 46, 52, 44)
_SLAB_LENGTH_M = (72, 52, 92, 60)


@dataclass(frozen=True)
class _EstateLayout:
    """What the blocks of one estate share: the style and the direction of its slabs."""

    style: int
    direction: Floats

    @classmethod
    def of(cls, superblock: int, shape: Polygon) -> _EstateLayout:
        rng = numbered_generator(_ESTATE_STREAM, superblock)
        axis = axis_of(shape)
        style = int(rng.choice(5, p=[0.25, 0.2, 0.25, 0.18, 0.12]))
        lengthwise = rng.random() < 0.6
        return cls(style, axis.direction if lengthwise else left_of(axis.direction))


@dataclass(frozen=True)
class _Field:
    """The field of an estate block: a middle, two directions, and its extent along each."""

    middle: Floats
    along: Floats
    across: Floats
    u: tuple[float, float]
    v: tuple[float, float]

    @classmethod
    def of(cls, shape: Polygon, direction: Floats) -> _Field:
        across = left_of(direction)
        middle = first_point(shape.centroid)
        offsets = shapely.get_coordinates(shape) - middle
        u, v = offsets @ direction, offsets @ across
        return cls(middle, direction, across, (u.min(), u.max()), (v.min(), v.max()))

    def at(self, u: float, v: float) -> Floats:
        """The place at a distance along and across."""
        place: Floats = self.middle + self.along * u + self.across * v
        return place


def _place_estate(
    sites: _Sites,
    block: int,
    shape: Polygon,
    plan: tuple[_EstateLayout, float],
    rng: np.random.Generator,
) -> bool:
    """Slabs or towers on an estate's block; True where it is left green instead."""
    layout, green_share = plan
    inner = shape.buffer(-7)
    if inner.is_empty or inner.area < 900:
        return False
    chance = rng.random()
    if chance < green_share:
        return True
    field = _Field.of(inner, layout.direction)
    if layout.style == _TOWERS or chance < _TOWER_CHANCE:
        found = [(corners, _ESTATE_PRIORITY) for corners in _towers(field, rng)]
    else:
        found = [(corners, _ESTATE_PRIORITY) for corners in _slabs(field, layout.style, rng)]
        if layout.style == _COURTS:
            found.append((_closing_slab(field), _ESTATE_PRIORITY - 0.5))
    for corners, priority in found:
        sites.add(corners, block, priority)
    return False


def _towers(field: _Field, rng: np.random.Generator) -> Iterator[Floats]:
    for u in np.arange(field.u[0] + 6, field.u[1] - 18, 46):
        for v in np.arange(field.v[0] + 6, field.v[1] - 18, 52):
            side_m = rng.uniform(19, 24)
            place = field.at(u + rng.uniform(0, 8), v + rng.uniform(0, 8))
            size_m = (side_m, side_m * rng.uniform(0.8, 1.0))
            yield _corners(place, field.along, field.across, size_m, angled=False)


def _slabs(field: _Field, style: int, rng: np.random.Generator) -> Iterator[Floats]:
    end_m = field.u[1]
    for v in np.arange(field.v[0] + 2, field.v[1] - 12, _SLAB_STEP_M[style]):
        u = field.u[0] + rng.uniform(0, 12)
        while u + 26 < end_m:
            length_m = min(_SLAB_LENGTH_M[style] * rng.uniform(0.8, 1.15), end_m - u)
            if rng.random() < 0.9:
                size_m = (length_m, rng.uniform(12, 15))
                yield _corners(field.at(u, v), field.along, field.across, size_m, angled=False)
            u += length_m + rng.uniform(10, 20)


def _closing_slab(field: _Field) -> Floats:
    """A slab across the slabs' heads, which closes the court."""
    size_m = (min(50, field.v[1] - field.v[0] - 20), -12.5)
    place = field.at(field.u[0] + 1, field.v[0] + 16)
    return _corners(place, field.across, -field.along, size_m, angled=False)


def _sorted_out(
    sites: _Sites, greens: list[Polygon], blocks: Blocks, network: Network
) -> Footprints:
    """The sites that can stand: in their block, near a street, clear of those before them."""
    shapes = array_of([Polygon(corners) for corners in sites.corners])
    block = np.array(sites.block)
    priority = np.array(sites.priority)
    shapely.prepare(blocks.shapes)
    fits = shapely.is_valid(shapes) & (shapely.area(shapes) > _SMALLEST_M2)
    fits &= shapely.contains(blocks.shapes[block], shapes)
    shapes, block, priority = shapes[fits], block[fits], priority[fits]
    reach = [_STREET_WITHIN_M.get(k, _STREET_WITHIN_ELSEWHERE_M) for k in blocks.character[block]]
    near = street_distance_m(shapely.centroid(shapes), network) < np.array(reach)
    shapes, block, priority = shapes[near], block[near], priority[near]
    order = np.argsort(-priority, kind="stable")
    shapes, block = shapes[order], block[order]
    clear = _clear_of_earlier(shapes, blocks.character[block])
    shapes, block = shapes[clear], block[clear]
    return Footprints(shapes, block, blocks.character[block], greens)


def street_distance_m(shapes: Shapes, network: Network) -> Floats:
    """The distance from each shape to the nearest street's middle line."""
    (index, _), found_m = network.tree.query_nearest(
        shapes, return_distance=True, all_matches=False
    )
    distance_m: Floats = np.empty(len(shapes))
    distance_m[index] = found_m
    return distance_m


def _clear_of_earlier(shapes: Shapes, character: Words) -> Flags:
    """Whether each site is clear of those before it that stay."""
    gap_m = np.array([_CLEARANCE_M.get(kind, _CLEARANCE_ELSEWHERE_M) for kind in character])
    grown = shapely.buffer(shapes, gap_m, join_style="mitre")
    a, b = STRtree(shapes).query(grown, predicate="intersects")
    a, b = a[a < b], b[a < b]
    stays = np.ones(len(shapes), dtype=bool)
    order = np.lexsort((b, a))
    for first, second in zip(a[order], b[order], strict=True):
        if stays[first]:
            stays[second] = False
    return stays
