"""Places in kindergartens for each child of the age, in the neighbourhood.

Places over children of the group that the city file names (`children_0_2`). Children cross borders,
so a neighbourhood may have more than one place for each of its own, and its neighbour none: read
it beside `e2sfca_access` of kindergartens, asked of the same group. U4SSC SC: SH: SI: 5A.
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
    """Which children, and where their places are."""

    children: str = pydantic.Field(
        default="children_0_2", description="Group of [residents] that the places are for."
    )

    def queries(self) -> tuple[Query, ...]:
        """One."""
        return (Query(needs=("kindergarten", self.children), target=self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Places over children; no answer where there are none."""
    from urbanlayer.indicators._shared.results import in_neighbourhoods, numbers, of_ratio, people

    places = in_neighbourhoods(city, "kindergarten", numbers(city, "kindergarten", "capacity"))
    children = people(city.of_group(query.needs[1]))
    return of_ratio(
        query, city, unit=INDICATOR.unit, method="area", amount=places,
        among=children, otherwise="no-children",
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
