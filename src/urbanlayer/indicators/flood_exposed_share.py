"""Share of residents in flood zones.

Origins that lie in a zone of the layer, in a building that intersects one, or on a raster cell
above 0, averaged over residents of all floors. `low` counts origins at least 10 m inside the zone,
`high` also those up to 10 m outside. The layer is the zone of one return period, 100 years unless
the city file declares another; the catalogue's `flood_exposed_20` and `flood_exposed_500` use
layers of their own, and zones of several periods must not be added. U4SSC SC: SH: SA: 4A.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

HALF_A_HOUSE_M = 10.0
"""A place is the middle of a house, which may lie across the edge."""


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    role: str = "flood", houses: bool = True,
) -> Result:  # fmt: skip
    """1 or 0 for each origin, averaged over residents."""
    import numpy as np

    from urbanlayer.indicators._shared.surfaces import in_affected_building, is_inside, origin_xy

    house = in_affected_building(city, role) if houses else np.zeros(len(origin_xy(city)))
    origins, high = (
        np.maximum(is_inside(city, role, by_m=by), house) for by in (0, HALF_A_HOUSE_M)
    )
    return over_residents(
        query, city, unit="share", method="inside",
        origins=origins, low=is_inside(city, role, by_m=-HALF_A_HOUSE_M), high=high,
    )  # fmt: skip


INDICATOR = Indicator(
    id="flood_exposed_share",
    theme="environment",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="lower",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "flood"),
    may_read=("buildings",),
    source="U4SSC SC: SH: SA: 4A",
    remark="proxy",
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for another layer."""
    better: Better = entry["better"]
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better=better,
        bounds=(0, 1),
        needs=("neighbourhoods", "residents", entry["role"]),
        may_read=("buildings",),
        source=entry["source"],
        compute=functools.partial(
            compute, role=entry["role"], houses=bool(entry.get("houses", False))
        ),
    )
