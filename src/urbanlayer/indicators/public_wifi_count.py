"""Number of places with free public Wi-Fi.

Features of the layer in the neighbourhood (U4SSC EC: ICT: ICT: 5C). The layer does not show whether
they work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind, Trait

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """A count; 0 where there is none."""
    from urbanlayer.indicators._shared.results import count_in_neighbourhoods, from_values

    counted = count_in_neighbourhoods(city, "public_wifi")
    return from_values(
        query, city, unit=INDICATOR.unit, method="counted", values=counted,
        city_value=counted.sum(), about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="public_wifi_count",
    theme="digital",
    kind=Kind.AMOUNT,
    unit="places",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "public_wifi"),
    source="U4SSC EC: ICT: ICT: 5C",
    compute=compute,
    traits=frozenset({Trait.COUNTS_FEATURES}),
)
