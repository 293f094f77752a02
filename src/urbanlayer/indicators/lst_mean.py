"""Mean land surface temperature around home in summer, in °C.

Surface temperature of a clear summer day within 100 m of each origin, averaged over residents.
Surface temperature is not air temperature, one hot day is not a climate, and a valley floor is
hotter than the slopes anyway.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

RADIUS_M = 100.0


def _params(radius: float) -> type[Params]:
    class BufferParams(Params):
        """Parameters: the radius."""

        radius_m: float = pydantic.Field(
            default=radius, ge=0, le=5000, description="Metres around home; 0: the cell itself."
        )

        def queries(self) -> tuple[Query, ...]:
            """The query of the indicator."""
            return (Query("", {"radius_m": self.radius_m}, (), self.target),)

    return BufferParams


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    role: str = "heat", unit: str = "°C",
) -> Result:  # fmt: skip
    """Mean around each origin, averaged over residents."""
    from urbanlayer.indicators._shared.surfaces import in_buffers_of_origins

    return over_residents(
        query, city, unit=unit, method="grid",
        origins=in_buffers_of_origins(city, role, query["radius_m"]),
    )  # fmt: skip


INDICATOR = Indicator(
    id="lst_mean",
    theme="environment",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="°C",
    better="lower",
    bounds=(-100, 100),
    needs=("neighbourhoods", "residents", "heat"),
    source="",
    remark="plain",
    params=_params(RADIUS_M),
    compute=compute,
    sensitivity=ten_percent("radius_m"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for another raster."""
    better: Better = entry["better"]
    least, greatest = entry["bounds"]
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.MEAN_OVER_RESIDENTS,
        unit=entry["unit"],
        better=better,
        bounds=(float(least), float(greatest)),
        needs=("neighbourhoods", "residents", entry["role"]),
        source=entry["source"],
        params=_params(float(entry["radius_m"])),
        sensitivity=ten_percent("radius_m"),
        compute=functools.partial(compute, role=entry["role"], unit=entry["unit"]),
    )
