"""Share of residents with public green space within 300 m (WHO Europe).

Σ p_i · 1[min_g d_ig ≤ D and area_g ≥ A] / Σ p_i, with D = 300 m along streets to an entrance and A
= 0.5 ha. A variant gives the straight-line distance, since the guideline's 300 m is linear.
Adjoining green areas are merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import EDGE, share_with_nearest_within
from urbanlayer.indicators._shared.sensitivity import (
    entrance_m,
    ten_percent,
    vary_each,
    vary_entrance,
)
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import EdgeQuery, NetworkResults
    from urbanlayer.model.result import Result

M2_PER_HA = 10_000


class GreenAccessParams(Params):
    """Parameters: the distance and the minimum area."""

    distance_m: float = pydantic.Field(default=300, gt=0, le=50_000, description="Metres.")
    min_area_ha: float = pydantic.Field(default=0.5, ge=0, description="Least area in hectares.")
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """Along streets for each mode, and in a straight line."""
        numbers = {"distance_m": self.distance_m, "min_area_ha": self.min_area_ha}
        along = by_modes((Query("", numbers, (), self.target),), self.modes)
        return (*along, Query("straight_line", numbers, (), self.target))


def network_queries(query: Query) -> tuple[NearestQuery, EdgeQuery]:
    """The edge of the data, and the nearest public green space of the minimum area."""
    green = NearestQuery(
        destinations="green",
        mode=query.variant or query.mode,
        min_area_m2=query["min_area_ha"] * M2_PER_HA,
        public_only=True,
        entrance_m=entrance_m(query),
    )
    return green, EDGE


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Share of residents within the distance: 1 or 0 for each origin, averaged over residents."""
    return share_with_nearest_within(query, city, network, network_queries(query)[0])


INDICATOR = Indicator(
    id="green_access_who",
    theme="green",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "green"),
    source="WHO Regional Office for Europe, Urban green spaces and health, 2016; "
    "Urban green spaces: a brief for action, 2017",
    params=GreenAccessParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=vary_each(ten_percent("distance_m"), vary_entrance),
)
