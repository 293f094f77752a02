"""Number of facilities within a travel time by public transport and on foot.

A_i = Σ_j O_j · 1[t_ij ≤ T] at each origin, averaged over residents; O_j = 1. t_ij is the median
door-to-door time over departures at each minute of the window: the walk to a stop (up to 1,000 m
along streets), waiting, rides, transfers (one minute and up to 500 m on foot), the walk from a
stop; or the walk all the way if faster. Low and high: the 25th and 75th percentile of the
departures, and walking 10 % slower and faster (72 and 88 m/min; the median). The result is
discontinuous at T, so several times are used.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import MARGIN
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import TransitQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

Minutes = Annotated[float, pydantic.Field(gt=0, le=180)]
Hour = Annotated[float, pydantic.Field(ge=0, le=30)]


class PeakParams(Params):
    """Parameters: the departure window."""

    since_hour: Hour = pydantic.Field(default=7, description="First departure from home; hours.")
    until_hour: Hour = pydantic.Field(default=9, description="Last departure from home; hours.")

    @pydantic.model_validator(mode="after")
    def _begins_before_it_ends(self) -> PeakParams:
        if self.since_hour >= self.until_hour:
            msg = "since_hour has to come before until_hour"
            raise ValueError(msg)
        return self

    def within(self, minutes: float, role: str, variant: str = "") -> Query:
        """The query for one role and time."""
        numbers = {
            "minutes": minutes, "since_hour": self.since_hour, "until_hour": self.until_hour
        }  # fmt: skip
        return Query(variant, numbers, (role,), self.target)


class TransitParams(PeakParams):
    """Parameters: the services and travel times."""

    services: list[str] = pydantic.Field(
        default=["school", "clinic"], min_length=1, description="Services that are counted."
    )
    minutes: list[Minutes] = pydantic.Field(
        default=[30, 45, 60], min_length=1, description="From door to door; several."
    )

    def queries(self) -> tuple[Query, ...]:
        """One query for each service and time."""
        return tuple(
            self.within(minutes, service, service)
            for service in self.services
            for minutes in self.minutes
        )


def network_queries(query: Query, *, column: str = "") -> tuple[TransitQuery, ...]:
    """Destinations within the time at normal walking speed, and 10 % slower and faster."""
    numbers = query.numbers
    usual = TransitQuery(
        query.needs[0], numbers["minutes"], column, numbers["since_hour"], numbers["until_hour"]
    )
    return (
        usual,
        *(replace(usual, speed_factor=speed_factor) for speed_factor in (1 - MARGIN, 1 + MARGIN)),
    )


def compute(
    city: City, query: Query, network: NetworkResults, *,
    unit: str = "places", column: str = "",
) -> Result:  # fmt: skip
    """What each origin reaches, averaged over residents."""
    import numpy as np

    usual, slow, fast = (network[one] for one in network_queries(query, column=column))
    return over_residents(
        query, city, unit=unit, method="transit", origins=usual.p50,
        low=np.minimum(usual.p75, slow.p50), high=np.maximum(usual.p25, fast.p50),
    )  # fmt: skip


INDICATOR = Indicator(
    id="transit_cum_access",
    theme="transit",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="places",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "streets", "timetable"),
    source="",
    remark="planning-default",
    params=TransitParams,
    network_queries=network_queries,
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the sum of a column of one layer, such as jobs."""
    from urbanlayer.indicators._shared.results import needs_column

    class AmountParams(PeakParams):
        """Parameters: the times."""

        minutes: list[Minutes] = pydantic.Field(
            default=entry["minutes"], min_length=1, description="From door to door; several."
        )

        def queries(self) -> tuple[Query, ...]:
            """One query for each time."""
            return tuple(self.within(minutes, entry["service"]) for minutes in self.minutes)

    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.MEAN_OVER_RESIDENTS,
        unit=entry["unit"],
        better="higher",
        bounds=(0, float("inf")),
        needs=INDICATOR.needs,
        source=entry["source"],
        params=AmountParams,
        network_queries=functools.partial(network_queries, column=entry["column"]),
        compute=functools.partial(compute, unit=entry["unit"], column=entry["column"]),
        errors=needs_column(entry["column"]),
    )
