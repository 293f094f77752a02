"""Share of street length with lighting.

Length of streets within 25 m of a street lamp, exact along each street, over all street length of
the neighbourhood; a street along a border is split in half. Filter working lamps with `where` in
the city file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import streets_of
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class LightParams(Params):
    """Parameters: the lighting radius."""

    radius_m: float = pydantic.Field(
        default=25, gt=0, le=500, description="Metres from the lamp; a planning default."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query("", {"radius_m": self.radius_m}, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Lit length over length; NaN without streets."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import from_ratio, polygons, shapes
    from urbanlayer.kernels.sharing import border_split_lengths_m, length_near_points_m

    streets = streets_of(city)
    lamps = shapely.get_coordinates(shapely.centroid(shapes(city, "lighting")))
    pieces, near_m = length_near_points_m(streets.edge_lines, lamps, radius_m=query["radius_m"])
    zone, piece, length_m = border_split_lengths_m(polygons(city), pieces)
    lit_m = length_m * near_m[piece] / shapely.length(pieces)[piece]
    count = len(city.neighbourhoods)
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area",
        numerator=np.bincount(zone, lit_m, minlength=count).astype(np.float64),
        denominator=np.bincount(zone, length_m, minlength=count).astype(np.float64),
        about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="lighting_share",
    theme="safety",
    kind=Kind.RATIO,
    unit="share of streets",
    better="higher",
    bounds=(0, 1 + 1e-9),
    needs=("neighbourhoods", "streets", "lighting"),
    source="",
    remark="planning-default",
    params=LightParams,
    compute=compute,
    sensitivity=ten_percent("radius_m"),
    traits=frozenset({Trait.WHOLE_CITY}),
)
