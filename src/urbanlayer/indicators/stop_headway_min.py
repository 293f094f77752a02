"""Mean headway of public transport at the stops of a neighbourhood, in minutes.

Minutes of the window over the mean number of departures of its stops, on one service day: 07:00 to
19:00 is 720 minutes, so 48 departures of a stop give 15 minutes. A stop is one pole, so the two
directions of a street count separately if the feed separates them. Stops without departures count.
NaN without stops or departures.
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

MIN_PER_HOUR = 60


class WindowParams(Params):
    """Parameters: the hours."""

    since_hour: int = pydantic.Field(default=7, ge=0, le=29, description="Full hour of the day.")
    until_hour: int = pydantic.Field(default=19, ge=1, le=30, description="Full hour of the day.")

    @pydantic.model_validator(mode="after")
    def _begins_before_it_ends(self) -> WindowParams:
        if self.since_hour >= self.until_hour:
            msg = "since_hour has to come before until_hour"
            raise ValueError(msg)
        return self

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        numbers = {"since_hour": float(self.since_hour), "until_hour": float(self.until_hour)}
        return (Query("", numbers, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Minutes of all stops over their departures."""
    import numpy as np

    from urbanlayer.indicators._shared.results import count_in_neighbourhoods, from_ratio
    from urbanlayer.indicators._shared.stops import departures_between

    since, until = query["since_hour"], query["until_hour"]
    departures = departures_between(city, "stop", since, until)
    known = ~np.isnan(departures)
    stops = count_in_neighbourhoods(city, "stop", known.astype(np.float64))
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="timetable",
        numerator=stops * (until - since) * MIN_PER_HOUR,
        denominator=count_in_neighbourhoods(city, "stop", departures), about_people=False,
        reason="no-departures",
    )  # fmt: skip


INDICATOR = Indicator(
    id="stop_headway_min",
    theme="transit",
    kind=Kind.RATIO,
    unit="min",
    better="lower",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "stop"),
    source="Global Healthy and Sustainable City Indicators",
    params=WindowParams,
    compute=compute,
    errors=needs_column("departures", "stop"),
)
