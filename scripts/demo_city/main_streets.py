"""The main streets: boulevards joined where they meet, rings round hills, promenades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point, box

from demo_city.shapes import first_point, lengths_of, smooth

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Floats
    from demo_city.setting import Setting
    from demo_city.skeleton import Skeleton

_JOIN_WITHIN_M = 130
_OVERSHOOT_M = 0.5
_SHARED_END_M = 1
_LEAST_WALK_M = 250
_MORACA_WALK = box(-2200, -1500, 300, 1500)
_RIBNICA_WALK = box(-250, -700, 1500, 100)
_RINGS = {"Gorica": "Podgorička", "Ljubović": "Ljubovićka"}


@dataclass(frozen=True)
class Street:
    """A street as it is drawn, before it meets the others: its class, its name, its line."""

    kind: str
    name: str
    line: BaseGeometry


def draw_main_streets(setting: Setting) -> list[Street]:
    """The streets that the city is divided by, in the order of their drawing."""
    return [*_joined(setting.skeleton), *_rings(setting), *_promenades(setting)]


def _joined(skeleton: Skeleton) -> list[Street]:
    """The hand-set streets; an end near another street runs to it and a little past it."""
    curves = [smooth(street.points, 2) for street in skeleton.main_streets]
    streets = []
    for i, street in enumerate(skeleton.main_streets):
        points = curves[i].copy()
        others = [curve for j, curve in enumerate(curves) if j != i]
        for at_start in (True, False):
            end = points[0] if at_start else points[-1]
            joint = _joint(end, others)
            if joint is not None:
                points = np.vstack([joint, points] if at_start else [points, joint])
        streets.append(Street(street.kind, street.name, LineString(points)))
    return streets


def _joint(end: Floats, others: list[Floats]) -> Floats | None:
    """The place just past the nearest other street, if one is near and not yet met."""
    nearest: tuple[float, LineString] | None = None
    for other in others:
        ends = np.stack([other[0], other[-1]])
        if lengths_of(ends - end).min() < _SHARED_END_M:
            continue  # a shared end becomes a joint by itself
        line = LineString(other)
        distance_m = line.distance(Point(end))
        if distance_m < _JOIN_WITHIN_M and (nearest is None or distance_m < nearest[0]):
            nearest = (distance_m, line)
    if nearest is None or nearest[0] <= 0:
        return None
    line = nearest[1]
    foot = first_point(line.interpolate(line.project(Point(end))))
    onward = foot - end
    past: Floats = foot + onward / max(float(np.hypot(*onward)), 1e-9) * _OVERSHOOT_M
    return past


def _rings(setting: Setting) -> list[Street]:
    return [
        Street(
            "tertiary",
            street,
            LineString(shapely.get_coordinates(setting.hill_outlines[hill].buffer(6))),
        )
        for hill, street in _RINGS.items()
    ]


def _promenades(setting: Setting) -> list[Street]:
    rivers = setting.rivers
    along_moraca = rivers["Morača"].water.buffer(30).boundary.intersection(_MORACA_WALK)
    banks = [
        line
        for line in shapely.get_parts(shapely.line_merge(along_moraca))
        if line.length > _LEAST_WALK_M
    ]
    along_ribnica = rivers["Ribnica"].water.buffer(14).boundary.intersection(_RIBNICA_WALK)
    shores = [
        line
        for line in shapely.get_parts(shapely.line_merge(along_ribnica))
        if line.length > _LEAST_WALK_M
    ]
    return [
        *(
            Street("tertiary", f"Šetalište kraj Morače {number}", line.simplify(3))
            for number, line in enumerate(banks, start=1)
        ),
        *(Street("residential", "Šetalište kraj Ribnice", line.simplify(2)) for line in shores),
    ]
