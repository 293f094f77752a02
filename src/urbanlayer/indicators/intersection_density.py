"""Junctions of three or more streets per square kilometre.

Nodes of degree 3 and more, merged within 12 m (dual carriageways), over the land area of the
neighbourhood; a junction on a border is split equally.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import streets_of
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

M2_PER_KM2 = 1_000_000


class JunctionParams(Params):
    """Parameters: the merging distance of nodes."""

    merge_m: float = pydantic.Field(
        default=12, ge=0, le=100, description="Nodes within this of one another are one; metres."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query("", {"merge_m": self.merge_m}, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Junctions over land."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_ratio, land_area_m2, polygons
    from urbanlayer.kernels.junctions import junctions
    from urbanlayer.kernels.sharing import border_split_counts

    streets = streets_of(city)
    merge_m = query["merge_m"]
    xy = junctions(streets.node_xy, streets.edge_nodes[streets.drawn], merge_m=merge_m)
    counted = border_split_counts(polygons(city), xy, np.ones(len(xy)), tolerance_m=merge_m)
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area", numerator=counted,
        denominator=land_area_m2(city), factor=M2_PER_KM2, about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="intersection_density",
    theme="urban-form",
    kind=Kind.DENSITY,
    unit="junctions/km²",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "streets"),
    may_read=("water",),
    source="Boeing, OSMnx, 2017",
    remark="planning-default",
    params=JunctionParams,
    compute=compute,
    sensitivity=ten_percent("merge_m"),
    traits=frozenset({Trait.WHOLE_CITY}),
)
