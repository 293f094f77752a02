"""The named parks, groves and squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Point, Polygon, STRtree

from demo_city.frame import generator
from demo_city.shapes import biggest_part, smooth
from demo_city.superblocks import main_roads

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Shapes
    from demo_city.main_streets import Street
    from demo_city.setting import Setting
    from demo_city.skeleton import NamedPlace

_CORNERS = 24
_GROVES = ("Tološka šuma", "Zlatička šuma")  # larger than a superblock
_LEAST_SQUARE_M2 = 1500
_LEAST_PARK_M2 = 4000


@dataclass(frozen=True)
class Park:
    """A named park or square and its shape."""

    name: str
    shape: Polygon

    @property
    def is_square(self) -> bool:
        """Whether it is a paved square."""
        return self.name.startswith("Trg")

    @property
    def is_sports_ground(self) -> bool:
        """Whether it is a stadium or a sports centre, which is not open to all."""
        return self.name.startswith(("Stadion", "Sportski"))


def lay_parks(setting: Setting, superblocks: Shapes, streets: list[Street]) -> list[Park]:
    """The named parks, each within one superblock, groves between the main streets."""
    tree = STRtree(superblocks)
    beside_roads = shapely.union_all([main_roads(streets).buffer(12), setting.rivers.bank])
    parks = []
    for place in setting.skeleton.parks:
        blob = _blob(place)
        if place.name in _GROVES:
            shape = blob.difference(beside_roads)
        else:
            nearest: BaseGeometry = superblocks[int(tree.nearest(Point(place.x, place.y)))]
            shape = blob.intersection(nearest.buffer(-4))
        if shape.is_empty:
            continue
        park = Park(place.name, biggest_part(shape))
        if park.shape.area > (_LEAST_SQUARE_M2 if park.is_square else _LEAST_PARK_M2):
            parks.append(park)
    return parks


def together(parks: list[Park]) -> BaseGeometry:
    """All parks as one shape."""
    return shapely.union_all([park.shape for park in parks])


def _blob(place: NamedPlace) -> Polygon:
    radius_m = (place.area_m2 / np.pi) ** 0.5 * 1.25
    angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    rng = generator("park" + place.name)
    x = place.x + radius_m * 1.3 * np.cos(angles) * rng.uniform(0.8, 1.1, _CORNERS)
    y = place.y + radius_m * np.sin(angles) * rng.uniform(0.8, 1.1, _CORNERS)
    return Polygon(smooth(np.column_stack([x, y]), 1, closed=True))
