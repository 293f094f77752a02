"""Floor area over land area (floor space index).

Σ footprint · storeys over the land area of the neighbourhood, footprints split exactly on borders.
Unknown storeys are the height over 3 m, or else the median of the known ones; `low` takes buildings
of unknown storeys as one storey, `high` as the 90th percentile of the known ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.extremes import with_measured
from urbanlayer.indicators._shared.results import from_ratio
from urbanlayer.model.indicator import Indicator, Kind, Trait

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

STOREY_M = 3.0
HIGH = 0.9


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Floor area over land; NaN if no storeys are known."""
    import numpy as np

    from urbanlayer.indicators._shared.results import land_area_m2, polygons, shapes
    from urbanlayer.kernels import zonal

    zone, building, area_m2 = zonal.intersection_areas_m2(polygons(city), shapes(city, "buildings"))
    land_m2 = land_area_m2(city)
    usual, *others = (
        from_ratio(
            query, city, unit=INDICATOR.unit, method="area",
            numerator=np.bincount(zone, area_m2 * levels[building], len(land_m2)).astype(float),
            denominator=land_m2, about_people=False,
        )
        for levels in _levels(city)
    )  # fmt: skip
    return with_measured(usual, others)


def _levels(city: City) -> tuple[NDArray[np.float64], ...]:
    """(n,) storeys: best estimate, minimum and maximum."""
    import numpy as np

    from urbanlayer.indicators._shared.results import numbers

    levels = numbers(city, "buildings", "levels")
    by_height = np.maximum(numbers(city, "buildings", "height_m") / STOREY_M, 1.0)
    levels = np.where(np.isnan(levels), by_height, levels)
    unknown = np.isnan(levels)
    if unknown.all():
        return levels, levels, levels
    usual, high = np.nanquantile(levels, [0.5, HIGH])
    return tuple(np.where(unknown, guess, levels) for guess in (usual, min(1.0, usual), high))


INDICATOR = Indicator(
    id="floor_area_ratio",
    theme="urban-form",
    kind=Kind.RATIO,
    unit="m²/m²",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "buildings"),
    may_read=("water",),
    traits=frozenset({Trait.WHOLE_CITY}),
    source="Berghauser Pont & Haupt, Spacematrix (FSI)",
    compute=compute,
)
