"""The flood zones of the Morača and the Sitnica."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from demo_city.frame import wave_noise

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.setting import Setting

_STEP_M = 60
_LEAST_M = 50
_REACH_M = {20: (62, 190), 100: (80, 430)}  # return period: from the river, and more in the plain


def flood_zones(setting: Setting) -> dict[int, BaseGeometry]:
    """The zone that is under water once in so many years on average."""
    return {years: _zone(setting, *reach_m) for years, reach_m in _REACH_M.items()}


def _zone(setting: Setting, near_m: float, plain_m: float) -> BaseGeometry:
    rivers = setting.rivers
    line = rivers["Morača"].line
    along_m = np.arange(0, line.length, _STEP_M)
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, along_m))
    southward = np.clip((-places[:, 1] - 1900) / 2500, 0, 1)
    rough = 1 + 0.35 * wave_noise(along_m, along_m * 0, "fl", 1500)
    reach_m = np.maximum(near_m + plain_m * southward * rough, _LEAST_M)
    zone = shapely.union_all(
        [
            shapely.union_all(shapely.buffer(shapely.points(places), reach_m, quad_segs=6)),
            rivers["Sitnica"].line.buffer(near_m * 1.1 + plain_m * 0.25),
            rivers["Ribnica"].water.buffer(near_m * 0.25),
        ]
    )
    rounded = zone.buffer(60).buffer(-60).intersection(setting.boundary)
    return rounded.difference(setting.hills).simplify(6)
