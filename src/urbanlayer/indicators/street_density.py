"""Kilometres of street per square kilometre of land.

Length of all walkable streets and paths over the land area of the neighbourhood; a street along a
border is split in half. Of plazas the boundary counts, without visibility edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.inputs import streets_of
from urbanlayer.model.indicator import Indicator, Kind, Trait

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

M_PER_KM = 1000


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Length over land."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_ratio, land_area_m2, polygons
    from urbanlayer.kernels.sharing import border_split_lengths_m

    streets = streets_of(city)
    drawn = streets.edge_lines[streets.drawn]
    zone, _, length_m = border_split_lengths_m(polygons(city), drawn)
    total_m = np.bincount(zone, length_m, minlength=len(city.neighbourhoods)).astype(np.float64)
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area", numerator=total_m,
        denominator=land_area_m2(city), factor=M_PER_KM, about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="street_density",
    theme="urban-form",
    kind=Kind.DENSITY,
    unit="km/km²",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "streets"),
    may_read=("water",),
    source="",
    remark="plain",
    compute=compute,
    traits=frozenset({Trait.WHOLE_CITY}),
)
