"""Kindergarten places per child of the age group.

Places over children of the group that the city file names (`children_0_2`). Children cross borders,
so a neighbourhood may have more than one place per child and its neighbour none: compare it with
`e2sfca_access` of kindergartens for the same group. U4SSC SC: SH: SI: 5A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import needs_column
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class ChildcareParams(Params):
    """Parameters: the group of children and the target."""

    children: str = pydantic.Field(
        default="children_0_2", description="Group of [residents] that the places are for."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query(needs=("kindergarten", self.children), target=self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Places over children; NaN without children."""
    from urbanlayer.indicators._shared.results import (
        count_in_neighbourhoods,
        from_ratio,
        numbers,
        residents_per_neighbourhood,
    )

    places = count_in_neighbourhoods(
        city, "kindergarten", numbers(city, "kindergarten", "capacity")
    )
    children = residents_per_neighbourhood(city.of_group(query.needs[1]))
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area", numerator=places,
        denominator=children, reason="no-children",
    )  # fmt: skip


INDICATOR = Indicator(
    id="childcare_places_ratio",
    theme="services",
    kind=Kind.RATIO,
    unit="places/child",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="U4SSC SC: SH: SI: 5A",
    params=ChildcareParams,
    compute=compute,
    errors=needs_column("capacity", "kindergarten"),
)
