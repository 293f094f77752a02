"""The setting of the city: what lies there before anybody builds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from shapely import LineString, Polygon, affinity

from demo_city.frame import AREA_HA
from demo_city.hills import outline
from demo_city.rivers import draw_rivers
from demo_city.shapes import smooth

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.rivers import Rivers
    from demo_city.skeleton import Skeleton

_BOUNDARY_FIXED_POINT = (-300, -700)
_M2_PER_HA = 10_000


@dataclass(frozen=True)
class Setting:
    """The boundary, the rivers, the hills and the railway."""

    skeleton: Skeleton
    boundary: Polygon
    rivers: Rivers
    hill_outlines: dict[str, Polygon]
    hills: BaseGeometry
    railway: LineString

    def land(
        self,
        *,
        beyond_m: float = 0,
        beside_railway_m: float,
        without: BaseGeometry | None = None,
    ) -> BaseGeometry:
        """What may be built on: not the banks, the hills and a strip along the railway."""
        taken = [self.rivers.bank, self.hills, self.railway.buffer(beside_railway_m)]
        if without is not None:
            taken.append(without)
        return self.boundary.buffer(beyond_m).difference(shapely.union_all(taken))


def lay_setting(skeleton: Skeleton) -> Setting:
    """The setting; the boundary is drawn by hand and scaled to the area of the city's plan."""
    drawn = Polygon(smooth(skeleton.boundary, 2, closed=True))
    scale = (AREA_HA * _M2_PER_HA / drawn.area) ** 0.5
    hills = {hill.name: outline(hill) for hill in skeleton.hills}
    return Setting(
        skeleton=skeleton,
        boundary=affinity.scale(drawn, scale, scale, origin=_BOUNDARY_FIXED_POINT),
        rivers=draw_rivers(skeleton.rivers),
        hill_outlines=hills,
        hills=shapely.union_all(list(hills.values())),
        railway=LineString(smooth(skeleton.railway, 3)),
    )
