"""Share of residents near a water main, as a proxy for connected residents.

Origins within 30 m of a main in a straight line, or inside a connected area: a proxy, since a main
in the street is not a tap in the building. If the city has a register of connections, use its areas
or points as the layer, and 0 m.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.results import needs_features, over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

ON_PARCEL_M = 30.0


def _params(usual_m: float, role: str) -> type[Params]:
    class NearParams(Params):
        """Parameters: the distance."""

        distance_m: float = pydantic.Field(
            default=usual_m, ge=0, le=5000, description=f"Metres from `{role}`, straight."
        )

        def queries(self) -> tuple[Query, ...]:
            """The query of the indicator."""
            return (Query("", {"distance_m": self.distance_m}, (), self.target),)

    return NearParams


def _compute_near(
    city: City, query: Query, network: NetworkResults, *, role: str,
    away: bool = False,
) -> Result:  # fmt: skip
    """1 or 0 for each origin, averaged over residents; with `away`, of those not near."""
    from urbanlayer.kernels.threshold import within

    nearest = network[NearestQuery(role, "straight_line")]
    on_parcel = within(nearest.distance_m, query["distance_m"])
    return over_residents(
        query, city, unit="share", method=nearest.method,
        origins=(~on_parcel if away else on_parcel).astype(float),
    )  # fmt: skip


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: residents near another layer, or away from it."""
    role, away = entry["role"], bool(entry.get("away", False))
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better="lower" if away else "higher",
        bounds=(0, 1),
        needs=("neighbourhoods", "residents", role),
        source=entry["source"],
        remark=entry.get("remark", ""),
        params=_params(float(entry["distance_m"]), role),
        network_queries=lambda _: (NearestQuery(role, "straight_line"),),
        compute=functools.partial(_compute_near, role=role, away=away),
        sensitivity=ten_percent("distance_m"),
        errors=needs_features(role),
    )


INDICATOR = like(
    "water_connected_share",
    {
        "theme": "utilities",
        "role": "water_mains",
        "distance_m": ON_PARCEL_M,
        "source": "U4SSC EC: I: WS: 1C",
        "remark": "proxy",
    },
)
