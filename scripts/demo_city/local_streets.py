"""The streets inside superblocks: cuts down to blocks, dead-end lanes, paths in parks and hills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point, STRtree
from shapely.ops import substring

from demo_city.frame import RESIDENTS_TOTAL, generator, numbered_generator
from demo_city.main_streets import Street
from demo_city.parks import together
from demo_city.shapes import (
    CutStyle,
    cut_line,
    divide,
    first_point,
    lengths_of,
    smooth,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Floats
    from demo_city.parks import Park
    from demo_city.setting import Setting
    from demo_city.superblocks import Superblocks

_STREAM = 7  # of the generators of this step
_LEAST_PART_M2 = 1500
_LEAST_LANE_M = 45
_CLIMBED = {"Gorica": 6, "Ljubović": 6, "Malo brdo": 0}  # metres from the foot where paths begin
_ENTRANCE_WITHIN_M = 60


@dataclass(frozen=True)
class _Fabric:
    """How one character is cut into blocks."""

    block_m2: float
    style: CutStyle
    street: str = "residential"


_FABRIC = {
    "centre": _Fabric(1.0e4, CutStyle(0.02, 0.04)),
    "old": _Fabric(0.75e4, CutStyle(0.11, 0.2), "lane"),
    "estate": _Fabric(2.4e4, CutStyle(0.02, 0.02), "service"),
    "mixed": _Fabric(1.6e4, CutStyle(0.03, 0.06)),
    "houses": _Fabric(1.75e4, CutStyle(0.05, 0.07)),
    "informal": _Fabric(2.0e4, CutStyle(0.12, 0.22), "lane"),
    "village": _Fabric(5e4, CutStyle(0.08, 0.15)),
    "industry": _Fabric(6.5e4, CutStyle(0.01, 0.02)),
}


@dataclass(frozen=True)
class _DeadEnds:
    """Where dead-end lanes grow: in blocks above a size, so many times, so likely."""

    above_m2: float
    tries: int
    likelihood: float


_DEAD_ENDS = {
    "houses": _DeadEnds(1.1e4, 1, 0.45),
    "old": _DeadEnds(0.75e4, 1, 0.45),
    "informal": _DeadEnds(0.75e4, 2, 0.85),
}


def draw_local_streets(superblocks: Superblocks, parks: list[Park]) -> list[Street]:
    """The streets that cut each built superblock into blocks, around the parks."""
    parkland = together(parks)
    shapely.prepare(parkland)
    streets: list[Street] = []
    for i, shape in enumerate(superblocks.shapes):
        kind = superblocks.character[i]
        if kind == "fields":
            continue
        rng = numbered_generator(RESIDENTS_TOTAL, _STREAM, i)
        fabric = _FABRIC[kind]
        target_m2 = fabric.block_m2 * (1 + 0.25 * np.clip(superblocks.park_mood[i], -1, 1))
        built = shape.difference(parkland) if shape.intersects(parkland) else shape
        for part in shapely.get_parts(built):
            if part.area < _LEAST_PART_M2:
                continue
            division = divide(part, target_m2, rng, fabric.style)
            streets += [Street(fabric.street, "", cut) for cut in division.cuts]
            for piece in division.pieces:
                streets += _dead_ends(piece, kind, rng)
    return streets


def _dead_ends(block: BaseGeometry, kind: str, rng: np.random.Generator) -> list[Street]:
    rule = _DEAD_ENDS.get(kind)
    if rule is None or block.area <= rule.above_m2:
        return []
    style = _FABRIC[kind].style
    gentle = CutStyle(style.bend * 0.6, style.jitter_rad)
    lanes = []
    for _ in range(rule.tries):
        if rng.random() >= rule.likelihood:
            continue
        line = cut_line(block, rng, gentle, position=rng.uniform(-0.3, 0.3)).intersection(block)
        if isinstance(line, LineString) and line.length > _LEAST_LANE_M:
            reach_m = rng.uniform(0.5, 0.78) * line.length
            from_start = rng.random() < 0.5  # noqa: PLR2004 -- an even chance
            start_m = 0 if from_start else line.length - reach_m
            lanes.append(Street("lane", "", substring(line, start_m, start_m + reach_m)))
    return lanes


def draw_footways(setting: Setting, parks: list[Park], streets: list[Street]) -> list[Street]:
    """Footbridges, and paths through parks and up hills; their outer ends are entrances."""
    bridges = [
        Street("footway", bridge.name, LineString(smooth(bridge.points, 2)))
        for bridge in setting.skeleton.footbridges
    ]
    return [*bridges, *_park_paths(parks, [s.line for s in streets]), *_hill_paths(setting)]


def _park_paths(parks: list[Park], streets: list[BaseGeometry]) -> list[Street]:
    tree = STRtree(streets)
    paths = []
    for park in parks:
        if park.is_square or park.name.startswith("Stadion"):
            continue
        middle = first_point(shapely.point_on_surface(park.shape))
        count = 3 + sum(2 for above_m2 in (3e4, 8e4) if park.shape.area > above_m2)
        for number in range(count):
            share = number / count + 0.06
            gate = first_point(park.shape.exterior.interpolate(share, normalized=True))
            street = streets[tree.nearest(Point(gate))]
            path = _path(park.name, number, (gate, middle), street)
            if path is not None:
                paths.append(Street("footway", park.name, path))
    return paths


def _path(
    name: str, number: int, ends: tuple[Floats, Floats], street: BaseGeometry
) -> LineString | None:
    """A path from just past a street through the gate to the middle of a park."""
    gate, middle = ends
    entrance = first_point(street.interpolate(street.project(Point(gate))))
    outward = entrance - gate
    away_m = float(lengths_of(outward))
    if away_m > _ENTRANCE_WITHIN_M:
        return None
    halfway = (gate + middle) / 2 + generator(f"pp{name}{number}").normal(0, 14, 2)
    past = entrance + outward / max(away_m, 1e-6) * 0.4
    return LineString(np.vstack([[past], smooth(np.stack([gate, halfway, middle]), 2)]))


def _hill_paths(setting: Setting) -> list[Street]:
    rng = generator("paths")
    paths = []
    for name, margin_m in _CLIMBED.items():
        hill = setting.hill_outlines[name]
        top = first_point(hill.centroid)
        foot = hill.buffer(margin_m).exterior
        for share in np.linspace(0, 1, 5)[:-1] + 0.07:
            start = first_point(foot.interpolate(share, normalized=True))
            halfway = (start + top) / 2 + np.array([rng.normal(0, 60), rng.normal(0, 60)])
            line = LineString(smooth(np.stack([start, halfway, top]), 2))
            paths.append(Street("footway", f"Staza {name}", line))
    return paths
