"""The green layer: parks, hills, lawns of estates, river banks, pitches, a cemetery; and trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Point, STRtree, affinity, box

from demo_city.frame import generator
from demo_city.network import HALF_WIDTH_M, edges_of
from demo_city.shapes import biggest_part, first_point, lengths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely import LineString, Polygon
    from shapely.geometry.base import BaseGeometry

    from demo_city.blocks import Blocks
    from demo_city.buildings import Buildings
    from demo_city.frame import Floats, Shapes
    from demo_city.institutions import Institution
    from demo_city.network import Network
    from demo_city.parks import Park
    from demo_city.setting import Setting

_WALL_M = 1.5
_PARK_FORESTS = ("Gorica", "Ljubović", "Malo brdo")
_BANK_OF_CITY = box(-2500, -1900, 400, 1500)
_PITCHES = 16
_PITCH_RADIUS_M = 17
_CEMETERY = (900.0, -2850.0)
_LEAST_M2 = 300
_LEAST_LAWN_M2 = 1500
_LEAST_BLOCK_GREEN_M2 = 900
_LEAST_BANK_M2 = 5000
# The green cadastre's first phase covers the centre ring only: elsewhere trees are unknown.
_CADASTRE = Point(-350, 50).buffer(1450)
_TREE_KINDS = ("platan", "lipa", "koščela", "bor", "maslina", "čempres")
_AVENUE_STEP_M = {"primary": 8.5, "secondary": 8.5, "tertiary": 14.0}
_PLANTED_SHARE = 0.66
_WOODED = ("park", "zelenilo bloka", "obala", "park-šuma")


@dataclass(frozen=True)
class Green:
    """A piece of green: its name, kind, whether it is open to all, and its shape."""

    name: str
    kind: str
    public: bool
    shape: BaseGeometry


class OpenGround:
    """What buildings leave of a piece of ground."""

    def __init__(self, buildings: Buildings) -> None:
        self.walls: Shapes = shapely.buffer(buildings.shapes, _WALL_M, join_style="mitre")
        self._tree = STRtree(self.walls)

    def of(self, ground: BaseGeometry) -> BaseGeometry:
        """The ground without buildings and a step along their walls."""
        return ground.difference(shapely.union_all(self.walls[self._tree.query(ground)]))


@dataclass(frozen=True)
class GreenSources:
    """What the green layer is made of."""

    setting: Setting
    parks: list[Park]
    block_greens: list[Polygon]
    institutions: list[Institution]
    blocks: Blocks
    network: Network
    open_ground: OpenGround


def plant_green(sources: GreenSources) -> list[Green]:
    """The green layer."""
    parts = [
        *_parks(sources),
        *_hills(sources.setting),
        *_estate_greens(sources),
        *_banks(sources),
        *_pitches(sources),
        _cemetery(sources),
    ]
    return [
        Green(green.name, green.kind, green.public, biggest_part(green.shape))
        for green in parts
        if green.shape.area > _LEAST_M2
    ]


def _parks(sources: GreenSources) -> Iterator[Green]:
    network = sources.network
    carriageway = network.kind != "footway"
    surfaces = shapely.buffer(network.edges[carriageway], network.half_width_m[carriageway])
    tree = STRtree(surfaces)
    for park in sources.parks:
        kind = "trg" if park.is_square else "stadion" if park.is_sports_ground else "park"
        streets = shapely.union_all(surfaces[tree.query(park.shape)])
        shape = biggest_part(park.shape.difference(streets))
        yield Green(park.name, kind, not park.is_sports_ground, shape)


def _hills(setting: Setting) -> Iterator[Green]:
    for name, foot in setting.hill_outlines.items():
        kind = "park-šuma" if name in _PARK_FORESTS else "šuma"
        yield Green(name, kind, public=True, shape=foot.intersection(setting.boundary))


def _estate_greens(sources: GreenSources) -> Iterator[Green]:
    """Estate blocks left green, and the lawns between slabs."""
    greens = [sources.open_ground.of(green) for green in sources.block_greens]
    greens = [green for green in greens if green.area > _LEAST_BLOCK_GREEN_M2]
    for green in greens:
        yield Green("", "zelenilo bloka", public=True, shape=biggest_part(green))
    tree = STRtree(greens)
    for block in sources.blocks.shapes[sources.blocks.character == "estate"]:
        for lawn in shapely.get_parts(sources.open_ground.of(block.buffer(-3))):
            if lawn.area > _LEAST_LAWN_M2 and not len(tree.query(lawn, predicate="intersects")):
                yield Green("", "travnjak", public=True, shape=lawn.simplify(0.5))


def _banks(sources: GreenSources) -> Iterator[Green]:
    rivers = sources.setting.rivers
    strip = rivers["Morača"].water.buffer(21).difference(rivers.water).intersection(_BANK_OF_CITY)
    for part in shapely.get_parts(strip.difference(sources.network.surface)):
        if part.area > _LEAST_BANK_M2:
            yield Green("Obala Morače", "obala", public=True, shape=part.simplify(1))


def _pitches(sources: GreenSources) -> Iterator[Green]:
    rng = generator("pitch")
    schools = [each for each in sources.institutions if each.kind == "škola"]
    for school in schools[:_PITCHES]:
        yard = biggest_part(sources.open_ground.of(school.ground))
        circle = shapely.maximum_inscribed_circle(yard)
        radius_m = circle.length
        if radius_m > _PITCH_RADIUS_M:
            x, y = first_point(circle)
            pitch = box(
                x - radius_m * 0.8, y - radius_m * 0.5, x + radius_m * 0.8, y + radius_m * 0.5
            )
            turned = affinity.rotate(pitch, rng.uniform(0, 180))
            yield Green("", "sportski teren", public=False, shape=turned)


def _cemetery(sources: GreenSources) -> Green:
    blocks = sources.blocks
    open_land = np.flatnonzero(np.isin(blocks.character, ["fields", "village"]))
    away_m = lengths_of(blocks.points[open_land] - np.array(_CEMETERY))
    block = blocks.shapes[open_land[np.argmin(away_m)]]
    ground = biggest_part(Point(_CEMETERY).buffer(150).intersection(block))
    shape = sources.open_ground.of(ground)
    return Green("Groblje Čepurci", "groblje", public=False, shape=shape)


@dataclass(frozen=True)
class Trees:
    """The trees of the green cadastre: place, kind and height."""

    places: Floats
    kind: list[str]
    height_m: Floats


def plant_trees(setting: Setting, network: Network, greens: list[Green], walls: Shapes) -> Trees:
    """The trees along main streets and in parks of the centre."""
    rng = generator("trees")
    rows = [*_avenues(network, rng), *_groves(greens, rng)]
    places = np.array(rows)
    carriageway = network.surface.buffer(-3.2)
    taken = shapely.union_all([carriageway, setting.rivers.water, shapely.union_all(walls)])
    points = shapely.points(places)
    shapely.prepare(taken)
    places = places[~shapely.intersects(taken, points) & shapely.contains(setting.boundary, points)]
    return Trees(
        places,
        [str(kind) for kind in rng.choice(_TREE_KINDS, len(places))],
        rng.integers(30, 170, len(places)) / 10,
    )


def _avenues(network: Network, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    for kind, step_m in _AVENUE_STEP_M.items():
        for edge in edges_of(network, kind):
            if edge.length > 12 and edge.intersects(_CADASTRE):  # noqa: PLR2004 -- room for one
                for side in (1, -1):
                    kerb = edge.offset_curve(side * (HALF_WIDTH_M[kind] - 1.2))
                    yield from _along(kerb, step_m, rng)


def _along(
    line: LineString, step_m: float, rng: np.random.Generator
) -> Iterator[tuple[float, float]]:
    for at_m in np.arange(5, line.length, step_m):
        if rng.random() < _PLANTED_SHARE:
            point = line.interpolate(at_m)
            yield point.x, point.y


def _groves(greens: list[Green], rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    for green in greens:
        if green.kind not in _WOODED or not green.shape.intersects(_CADASTRE):
            continue
        ground = green.shape.buffer(-3)
        if ground.is_empty:
            continue
        west, south, east, north = ground.bounds
        count = int(green.shape.area / (900 if green.kind == "park-šuma" else 230))
        x = rng.uniform(west, east, count * 2)
        y = rng.uniform(south, north, count * 2)
        inside = np.flatnonzero(shapely.contains_xy(ground, x, y))[:count]
        yield from zip(x[inside].tolist(), y[inside].tolist(), strict=True)
