"""Share of residents who meet a tier of Natural England's greenspace standard (ANGSt).

For each tier the share with a public green site of at least A hectares within D metres: 2 ha in 300
m, 20 ha in 2 km, 100 ha in 5 km, 500 ha in 10 km (ANGSt, in *Nature Nearby*, 2010). Distances are
straight lines, as in the standard. Adjoining sites are merged. The layer decides which sites are
natural: filter them with `where` in the city file. Tiers of 5 and 10 km need green space far beyond
the border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pydantic

from urbanlayer.indicators._shared.results import EDGE, share_with_nearest_within
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import EdgeQuery, NetworkResults
    from urbanlayer.model.result import Result

M2_PER_HA = 10_000

Metres = Annotated[float, pydantic.Field(gt=0, le=50_000)]


class AngstParams(Params):
    """Parameters: the tiers."""

    tiers: dict[str, Metres] = pydantic.Field(
        default={"2": 300, "20": 2000, "100": 5000, "500": 10_000},
        min_length=1,
        description="Least area of a site in hectares to its distance in metres.",
    )

    @pydantic.field_validator("tiers")
    @classmethod
    def _areas_are_numbers(cls, value: dict[str, float]) -> dict[str, float]:
        for area_ha in value:
            if not area_ha.replace(".", "", 1).isdigit():
                msg = f"{area_ha!r} is not an area in hectares"
                raise ValueError(msg)
        return value

    def queries(self) -> tuple[Query, ...]:
        """One query for each tier."""
        return tuple(
            Query(
                f"{area_ha}_ha",
                {"distance_m": float(distance_m), "min_area_ha": float(area_ha)},
                (),
                self.target,
            )
            for area_ha, distance_m in self.tiers.items()
        )


def network_queries(query: Query) -> tuple[NearestQuery, EdgeQuery]:
    """The edge of the data, and the nearest public green space of the tier's area."""
    green = NearestQuery(
        destinations="green",
        mode="straight_line",
        min_area_m2=query["min_area_ha"] * M2_PER_HA,
        public_only=True,
    )
    return green, EDGE


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """1 or 0 for each origin, averaged over residents."""
    return share_with_nearest_within(query, city, network, network_queries(query)[0])


INDICATOR = Indicator(
    id="green_access_angst",
    theme="green",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "green"),
    source="Natural England, Nature Nearby: Accessible Natural Greenspace Guidance, 2010",
    params=AngstParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("distance_m"),
)
