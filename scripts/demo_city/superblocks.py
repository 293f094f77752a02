"""The superblocks: what main streets and collectors leave, each with its neighbourhood and use."""
# ruff: noqa: PLR2004 -- the numbers of this module are the drawing: distances in metres, noise

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely import STRtree

from demo_city.frame import generator, wave_noise
from demo_city.shapes import CutStyle, array_of, divide, inner_points, lengths_of

if TYPE_CHECKING:
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Flags, Floats, Ints, Shapes, Words
    from demo_city.main_streets import Street
    from demo_city.setting import Setting

_SMALLEST_FACE_M2 = 900
_TARGET_M2 = {
    "centre": 5e4,
    "old": 7e4,
    "estate": 9e4,
    "mixed": 10e4,
    "houses": 14e4,
    "informal": 18e4,
    "village": 34e4,
    "industry": 30e4,
}
_BARRIERS_M = {"Morača": 1500, "Zeta": 1500, "Ribnica": 380}
_RAILWAY_BARRIER_M = 320
_PULL = {
    "centre": 1.15,
    "old": 1.5,
    "estate": 1.1,
    "mixed": 1.05,
    "houses": 1.0,
    "informal": 1.0,
    "village": 0.95,
    "industry": 0.9,
}
_NEIGHBOURS_WITHIN_M = 45
_ROUNDS = 6
PLANTED_ESTATE = (-1650.0, -1560.0)  # over the river from its school, no bridge near
_PLANTED_RADIUS_M = 260


@dataclass(frozen=True)
class Superblocks:
    """The superblocks: shape, a point inside, neighbourhood (row of the seeds) and character."""

    shapes: Shapes
    points: Floats
    neighbourhood: Ints
    character: Words
    mood: Floats
    park_mood: Floats
    collectors: list[BaseGeometry]

    def of_character(self, *characters: str) -> BaseGeometry:
        """All superblocks of some characters, as one shape."""
        return shapely.union_all(self.shapes[np.isin(self.character, characters)])


def main_roads(streets: list[Street]) -> BaseGeometry:
    """The primary and secondary streets, as one shape."""
    return shapely.union_all([s.line for s in streets if s.kind in ("primary", "secondary")])


def lay_superblocks(setting: Setting, streets: list[Street]) -> Superblocks:
    """The land cut by main streets, then by collectors; each piece with a neighbourhood."""
    rng = generator("streets")
    shapes: list[BaseGeometry] = []
    collectors: list[BaseGeometry] = []
    for face in _faces(setting, streets):
        seed = setting.skeleton.seeds[_nearest_seed(inner_points(array_of([face])), setting)[0]]
        orderly = seed.character in ("centre", "estate", "mixed")
        style = CutStyle(0.05 if orderly else 0.09, 0.10)
        division = divide(face, _TARGET_M2[seed.character], rng, style)
        shapes += division.pieces
        collectors += division.cuts
    faces = array_of(shapes)
    points = inner_points(faces)
    nearest = _nearest_seed(points, setting)
    traits = _Traits.of(points, nearest, setting, streets)
    return Superblocks(
        shapes=faces,
        points=points,
        neighbourhood=_one_piece_each(faces, points, nearest, setting),
        character=_characters(traits),
        mood=traits.mood,
        park_mood=traits.park_mood,
        collectors=collectors,
    )


def _faces(setting: Setting, streets: list[Street]) -> list[Polygon]:
    land = setting.land(beyond_m=300, beside_railway_m=12)
    lines = [street.line for street in streets]
    noded = shapely.union_all([*lines, land.boundary], grid_size=0.1)
    return [
        face
        for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        if land.contains(face.representative_point()) and face.area > _SMALLEST_FACE_M2
    ]


def _nearest_seed(points: Floats, setting: Setting) -> Ints:
    """The seed that pulls most on each point, where rivers and the railway stand in the way."""
    seeds = setting.skeleton.seed_places
    shape = (len(points), len(seeds))
    distance_m = np.hypot(
        points[:, None, 0] - seeds[None, :, 0], points[:, None, 1] - seeds[None, :, 1]
    )
    ends = [np.repeat(points[:, None], shape[1], 1), np.repeat(seeds[None], shape[0], 0)]
    ways = shapely.linestrings(np.stack(ends, axis=2).reshape(-1, 2, 2))
    barriers = [(setting.rivers[name].line, cost) for name, cost in _BARRIERS_M.items()]
    for barrier, cost_m in [*barriers, (setting.railway, _RAILWAY_BARRIER_M)]:
        shapely.prepare(barrier)
        distance_m = distance_m + cost_m * shapely.intersects(ways, barrier).reshape(shape)
    pull = np.array([_PULL[seed.character] for seed in setting.skeleton.seeds])
    nearest: Ints = np.argmin(distance_m * pull, axis=1)
    return nearest


@dataclass(frozen=True)
class _Traits:
    """What the character of a superblock depends on, one row each."""

    x: Floats
    y: Floats
    name: Words
    planned: Words
    mood: Floats
    park_mood: Floats
    from_centre_m: Floats
    from_square_m: Floats
    from_road_m: Floats
    from_seed_m: Floats
    inside: Flags

    @classmethod
    def of(cls, points: Floats, nearest: Ints, setting: Setting, streets: list[Street]) -> _Traits:
        x, y = points[:, 0], points[:, 1]
        seeds = setting.skeleton.seeds
        roads = main_roads(streets)
        shapely.prepare(roads)
        return cls(
            x=x,
            y=y,
            name=np.array([seeds[k].name for k in nearest], dtype=object),
            planned=np.array([seeds[k].character for k in nearest], dtype=object),
            mood=wave_noise(x, y, "char", 1300),
            park_mood=wave_noise(x, y, "park", 900),
            from_centre_m=np.hypot(x + 250, y - 50),
            from_square_m=np.hypot(x - 60, y - 260),
            from_road_m=np.asarray(shapely.distance(shapely.points(points), roads)),
            from_seed_m=lengths_of(points - setting.skeleton.seed_places[nearest]),
            inside=shapely.contains_xy(setting.boundary, x, y),
        )


def _characters(t: _Traits) -> Words:
    """The character of each superblock: its neighbourhood's, varied from place to place."""
    kind = t.planned.copy()
    _vary_by_mood(kind, t)
    _thin_out_edges(kind, t)
    _thicken_middle(kind, t)
    planted = np.hypot(t.x - PLANTED_ESTATE[0], t.y - PLANTED_ESTATE[1]) < _PLANTED_RADIUS_M
    kind[planted] = "estate"
    return kind


def _vary_by_mood(kind: Words, t: _Traits) -> None:
    """Fields, infill and works that the noise sets among what was planned."""
    planned = t.planned
    kind[(planned == "houses") & (t.from_centre_m > 2400) & (t.mood < -0.75)] = "fields"
    kind[(planned == "houses") & (t.from_centre_m > 3300) & (t.mood < -0.1)] = "village"
    kind[(planned == "informal") & (t.mood < -0.8)] = "fields"
    kind[(planned == "village") & (t.mood < 0.25)] = "fields"
    kind[(planned == "mixed") & (t.mood > 0.75)] = "estate"
    kind[(planned == "mixed") & (t.mood < -0.55)] = "houses"
    kind[(planned == "old") & (t.mood > 0.9)] = "mixed"
    kind[~t.inside] = "fields"
    kind[(planned == "industry") & (t.park_mood < -0.45)] = "fields"
    by_the_road = np.abs(t.x - (150 + (t.y + 4300) * 0.1)) < 520
    south = (t.x > -1700) & (t.x < 900) & (t.y > -5000) & (t.y < -3050)
    kind[(planned == "village") & south & by_the_road] = "industry"
    east = (t.name == "Dajbabe") & (t.x > 250) & (t.y < -2500)
    kind[east & (t.x < 900)] = "industry"
    kind[east & (t.x >= 900)] = "fields"


def _thin_out_edges(kind: Words, t: _Traits) -> None:
    """A ragged edge: ribbons along roads, villages about their seeds, an end to the works."""
    ribbon = t.from_road_m > 380 + 230 * t.park_mood
    kind[np.isin(kind, ["houses", "informal"]) & (t.from_centre_m > 2500) & ribbon] = "fields"
    airfield = (kind == "estate") & (t.name == "Stari Aerodrom")
    kind[airfield & (t.from_seed_m > 830)] = "fields"
    west = airfield & (t.x < 1000) & (t.y < -1300)
    kind[west] = np.where(t.y[west] < -2300, "industry", "mixed")
    works_end = ((t.from_seed_m > 1500) & (t.name == "Botun")) | (t.from_centre_m > 5300)
    works_end |= (t.x > 200) & (t.y < -4600)
    kind[(kind == "industry") & works_end] = "fields"
    kind[(t.name == "Donji Kokoti") & (t.from_seed_m < 700)] = "village"
    villages = ["Dajbabe", "Rogami", "Doljani", "Vranići", "Lješkopolje", "Velje Brdo"]
    kind[np.isin(t.name, villages) & (t.from_seed_m < 520)] = "village"
    kind[(t.name == "Rogami") & (kind == "village") & (np.abs(t.y - 3300) > 500)] = "fields"
    far_west = (t.planned == "estate") & (t.from_centre_m > 3000) & (t.x < 0)
    kind[far_west & (t.mood > 0)] = "houses"


def _thicken_middle(kind: Words, t: _Traits) -> None:
    """A compact centre, flats along main streets, fields away from them."""
    core = np.isin(t.name, ["Nova Varoš", "19. decembar"])
    outside_core = (kind == "centre") & core & (t.from_square_m > 760 + 150 * t.mood)
    kind[outside_core] = np.where(t.x[outside_core] < 700, "mixed", "houses")
    kind[(kind == "centre") & (t.name == "Kruševac") & (t.park_mood > -0.1)] = "mixed"
    kind[(kind == "mixed") & (t.mood < 0.12) & (t.from_road_m > 110)] = "houses"
    gap = (t.from_centre_m > 2100) & (t.park_mood < -0.42) & (t.from_road_m > 160)
    kind[(kind == "houses") & gap] = "fields"
    kind[(kind == "informal") & ((t.from_seed_m > 820) | (t.park_mood < -0.5))] = "fields"
    by_road = (t.from_road_m < 170) & (t.mood > 0.1)
    kind[(kind == "village") & (t.from_seed_m > 400) & ~by_road] = "fields"
    kind[(kind == "industry") & (t.park_mood < -0.15)] = "fields"
    kind[(t.name == "Botun") & (t.from_seed_m < 520)] = "industry"


def _one_piece_each(faces: Shapes, points: Floats, nearest: Ints, setting: Setting) -> Ints:
    """Neighbourhoods of one piece: stray superblocks go to those that lie about them."""
    owner = nearest.copy()
    a, b = STRtree(faces).query(faces, predicate="dwithin", distance=_NEIGHBOURS_WITHIN_M)
    a, b = a[a < b], b[a < b]
    ways = shapely.linestrings(np.stack([points[a], points[b]], axis=1))
    across = shapely.intersects(ways, setting.rivers.any_line("Morača", "Zeta"))
    a, b = a[~across], b[~across]
    area_m2 = shapely.area(faces)
    for _ in range(_ROUNDS):
        stray = _strays(owner, a, b, area_m2)
        if not stray.any():
            break
        for i in np.flatnonzero(stray):
            about = np.r_[b[a == i], a[b == i]]
            about = about[~stray[about]]
            if len(about):
                owner[i] = np.bincount(owner[about]).argmax()
    return owner


def _strays(owner: Ints, a: Ints, b: Ints, area_m2: Floats) -> Flags:
    """Whether a superblock lies apart from the largest piece of its neighbourhood."""
    same = owner[a] == owner[b]
    links = coo_matrix((np.ones(same.sum()), (a[same], b[same])), shape=(len(owner), len(owner)))
    count, piece = connected_components(links, directed=False)
    piece_area = np.bincount(piece, weights=area_m2, minlength=count)
    piece_owner = np.zeros(count, dtype=np.int64)
    piece_owner[piece] = owner
    largest = {
        k: np.flatnonzero(piece_owner == k)[np.argmax(piece_area[piece_owner == k])]
        for k in np.unique(owner)
    }
    stray: Flags = piece != np.array([largest[k] for k in owner])
    return stray
