"""Number of tiers of Natural England's greenspace standard (ANGSt) that residents meet, 0 to 4.

Public green space of 2 ha within 300 m, 20 ha within 2 km, 100 ha within 5 km, 500 ha within 10 km,
in a straight line (ANGSt, *Nature Nearby*, 2010), counted at each origin and averaged over
residents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

M2_PER_HA = 10_000
TIERS = ((2.0, 300.0), (20.0, 2000.0), (100.0, 5000.0), (500.0, 10_000.0))
"""Least area in hectares, and distance in metres."""


class ScoreParams(Params):
    """Parameters: only a target; the tiers are fixed."""

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        distances_m = tuple(distance_m for _, distance_m in TIERS)
        return (Query(target=self.target, parameters={"distances_m": distances_m}),)


def network_queries(_query: Query) -> tuple[NearestQuery, ...]:
    """The nearest public green space of each tier's area."""
    return tuple(
        NearestQuery("green", "straight_line", min_area_m2=area_ha * M2_PER_HA, public_only=True)
        for area_ha, _ in TIERS
    )


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Tiers met at each origin, averaged over residents."""
    import numpy as np

    from urbanlayer.kernels.threshold import within

    tier_queries = network_queries(query)
    tiers = [
        within(network[network_query].distance_m, float(distance_m))
        for network_query, distance_m in zip(tier_queries, query.lists["distances_m"], strict=True)
    ]
    return over_residents(
        query, city, unit=INDICATOR.unit, method="straight_line",
        origins=np.sum(tiers, axis=0).astype(np.float64),
    )  # fmt: skip


INDICATOR = Indicator(
    id="green_access_angst_score",
    theme="green",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="of 4",
    better="higher",
    bounds=(0, 4),
    needs=("neighbourhoods", "residents", "green"),
    source="Natural England, Nature Nearby: Accessible Natural Greenspace Guidance, 2010",
    params=ScoreParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("distances_m"),
)
