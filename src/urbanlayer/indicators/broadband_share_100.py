"""Share of residents in tiles with a mean measured download speed of at least 100 Mbit/s.

The target of the European Union's Gigabit Society for 2025, applied to the mean measured speed
where people live: what they bought and tested, not what is available. Residents in tiles without
tests are excluded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

KBIT_PER_MBIT = 1000


def _params(usual_mbps: float) -> type[Params]:
    class SpeedParams(Params):
        """Parameters: the speed threshold."""

        speed_mbps: float = pydantic.Field(
            default=usual_mbps, gt=0, le=1e6, description="Megabits a second."
        )

        def queries(self) -> tuple[Query, ...]:
            """The query of the indicator."""
            return (Query("", {"speed_mbps": self.speed_mbps}, (), self.target),)

    return SpeedParams


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """1 or 0 for each origin with tests in its tile, averaged over residents."""
    import numpy as np

    from urbanlayer.indicators._shared.results import numbers, shapes
    from urbanlayer.indicators._shared.surfaces import origin_xy
    from urbanlayer.kernels import allocation
    from urbanlayer.kernels.threshold import at_least

    speed = np.append(numbers(city, "broadband", "avg_d_kbps") / KBIT_PER_MBIT, np.nan)
    tile = allocation.locate(origin_xy(city), shapes(city, "broadband"), tolerance_m=0.0)
    fast = np.where(np.isnan(speed), np.nan, at_least(speed, query["speed_mbps"]))
    return over_residents(query, city, unit="share", method="tiles", origins=fast[tile])


INDICATOR = Indicator(
    id="broadband_share_100",
    theme="digital",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "broadband"),
    source="European Commission, Connectivity for a Competitive Digital Single Market, 2016",
    params=_params(100),
    compute=compute,
    sensitivity=ten_percent("speed_mbps"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same at another speed."""
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better="higher",
        bounds=(0, 1),
        needs=("neighbourhoods", "residents", "broadband"),
        source=entry["source"],
        params=_params(float(entry["speed_mbps"])),
        compute=compute,
        sensitivity=ten_percent("speed_mbps"),
    )
