"""Digital deprivation: low supply where many need support, 0 to 1.

The mean of supply and need at each origin, averaged over residents; the variants `supply` and
`need` give the two components. Supply is the mean of the speed missing to 100 Mbit/s, the absence
of fibre, and the walking distance to the nearest e-service point, 0 at the door to 1 at 2 km. Need
is the share of people over 65. The limits are fixed, so that new data do not change old scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import residents_of
from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent, vary_each
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

HELP = NearestQuery("eservice_point")
KBIT_PER_MBIT = 1000


class DeprivationParams(Params):
    """Parameters: the limits of the scales."""

    speed_mbps: float = pydantic.Field(
        default=100, gt=0, le=1e6, description="Speed at which nothing is missing; Mbit/s."
    )
    far_m: float = pydantic.Field(
        default=2000, gt=0, le=50_000, description="Walk at which help is wholly missing; metres."
    )
    old_share: float = pydantic.Field(
        default=0.5, gt=0, le=1, description="Share over 65 at which the need is 1."
    )
    old: str = pydantic.Field(
        default="over_65", description="Group of [residents] with the people over 65."
    )

    def queries(self) -> tuple[Query, ...]:
        """The mean and its two components."""
        numbers = {
            "far_m": self.far_m,
            "old_share": self.old_share,
            "speed_mbps": self.speed_mbps,
        }
        return tuple(
            Query(variant, numbers, (self.old,), self.target if not variant else None)
            for variant in ("", "supply", "need")
        )


def network_queries(_query: Query) -> tuple[NearestQuery, ...]:
    """The nearest service point."""
    return (HELP,)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Deprivation of each origin, averaged over residents."""
    import numpy as np

    halves = {"supply": _supply(city, query, network), "need": _need(city, query)}
    mean = np.mean(list(halves.values()), axis=0)
    return over_residents(
        query, city, unit=INDICATOR.unit, method=network[HELP].method,
        origins=halves[query.variant] if query.variant else mean,
    )  # fmt: skip


def _supply(city: City, query: Query, network: NetworkResults) -> NDArray[np.float64]:
    """(n,) lack of supply, 0 to 1."""
    import numpy as np

    from urbanlayer.indicators._shared.results import numbers, shapes
    from urbanlayer.indicators._shared.surfaces import is_inside, origin_xy
    from urbanlayer.kernels import allocation
    from urbanlayer.kernels.ratios import min_max_score

    tile = allocation.locate(origin_xy(city), shapes(city, "broadband"), tolerance_m=0.0)
    speed = np.append(numbers(city, "broadband", "avg_d_kbps") / KBIT_PER_MBIT, np.nan)[tile]
    slow = min_max_score(speed, worst=query["speed_mbps"], best=0.0)
    far = min_max_score(network[HELP].distance_m, worst=0.0, best=query["far_m"])
    return np.asarray(np.mean([slow, 1 - is_inside(city, "fibre"), far], axis=0))


def _need(city: City, query: Query) -> NDArray[np.float64]:
    """(n,) share of people over 65, on the scale of the parameter."""
    import numpy as np

    from urbanlayer.kernels.ratios import min_max_score, safe_ratio

    residents = residents_of(city)
    old = residents.groups[query.needs[0]]
    share = safe_ratio(old, residents.people)
    return np.asarray(min_max_score(share, worst=0.0, best=query["old_share"]))


INDICATOR = Indicator(
    id="digital_deprivation",
    theme="digital",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="index",
    better="lower",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "broadband", "fibre", "eservice_point"),
    source="OECD & JRC, Handbook on Constructing Composite Indicators, 2008",
    remark="own-choice",
    params=DeprivationParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=vary_each(
        ten_percent("speed_mbps"), ten_percent("far_m"), ten_percent("old_share")
    ),
)
