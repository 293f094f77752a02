"""Share of land covered by buildings (ground space index).

Footprints, split exactly on borders and with overlaps counted once, over the land area of the
neighbourhood.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from urbanlayer.indicators._shared.results import needs_features
from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

UNIT, UNIT_OF_ALL = "share of land", "share of area"


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    role: str = "buildings", water: bool = False,
) -> Result:  # fmt: skip
    """Covered land over land; with `water`, covered area over the whole area."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_ratio, land_area_m2, polygons, shapes
    from urbanlayer.kernels import zonal

    of_m2 = city.neighbourhoods.area_m2 if water else land_area_m2(city)
    covered_m2 = zonal.covered_area_m2(polygons(city), shapes(city, role))
    return from_ratio(
        query, city, unit=UNIT_OF_ALL if water else UNIT, method="area",
        numerator=np.minimum(covered_m2, of_m2), denominator=of_m2, about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="building_coverage",
    theme="urban-form",
    kind=Kind.RATIO,
    unit=UNIT,
    better="neither",
    bounds=(0, 1),
    needs=("neighbourhoods", "buildings"),
    may_read=("water",),
    source="Berghauser Pont & Haupt, Spacematrix (GSI)",
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for another polygon layer.

    The denominator is land, or with `water` the whole area: a protected lake is protected.
    """
    better: Better = entry["better"]
    water = bool(entry.get("water", False))
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.RATIO,
        unit=UNIT_OF_ALL if water else UNIT,
        better=better,
        bounds=(0, 1),
        needs=("neighbourhoods", entry["role"]),
        may_read=("water",),
        source=entry["source"],
        compute=functools.partial(compute, role=entry["role"], water=water),
        errors=needs_features(entry["role"]),
    )
