"""The rivers: ribbons of changing width along their hand-set lines, and their banks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString

from demo_city.frame import wave_noise
from demo_city.shapes import smooth

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Floats

_STEP_M = 25
_WAVELENGTH_M = 700


@dataclass(frozen=True)
class _Course:
    narrow_m: float
    wide_m: float
    bank_m: float
    noise: str


_COURSES = {
    "Morača": _Course(52, 118, 22, "mor"),
    "Zeta": _Course(38, 62, 14, "zet"),
    "Ribnica": _Course(11, 17, 8, "rib"),
    "Sitnica": _Course(8, 12, 6, "sit"),
}


@dataclass(frozen=True)
class River:
    """A river: its middle line, its water, and the bank that nothing is built on."""

    name: str
    line: LineString
    water: BaseGeometry
    bank: BaseGeometry


@dataclass(frozen=True)
class Rivers:
    """All rivers, with their waters and banks together."""

    by_name: dict[str, River]
    water: BaseGeometry
    bank: BaseGeometry

    def __getitem__(self, name: str) -> River:
        """One river by its name."""
        return self.by_name[name]

    def any_line(self, *names: str) -> BaseGeometry:
        """The middle lines of some rivers together."""
        return shapely.union_all([self.by_name[name].line for name in names])


def _river(name: str, points: Floats, course: _Course) -> River:
    line = LineString(smooth(points, 3))
    along_m = np.linspace(0, line.length, int(line.length / _STEP_M))
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, along_m))
    share = 0.5 + 0.5 * np.clip(
        wave_noise(along_m, along_m * 0, course.noise, _WAVELENGTH_M), -1, 1
    )
    width_m = course.narrow_m + (course.wide_m - course.narrow_m) * share
    steps = shapely.linestrings(np.stack([places[:-1], places[1:]], axis=1))
    ribbon = shapely.union_all(shapely.buffer(steps, width_m[:-1] / 2, quad_segs=3))
    water = ribbon.simplify(1.5)
    return River(name, line, water, water.buffer(course.bank_m))


def draw_rivers(lines: dict[str, Floats]) -> Rivers:
    """The rivers of the city, from their hand-set lines."""
    rivers = {name: _river(name, points, _COURSES[name]) for name, points in lines.items()}
    return Rivers(
        rivers,
        water=shapely.union_all([river.water for river in rivers.values()]),
        bank=shapely.union_all([river.bank for river in rivers.values()]),
    )
