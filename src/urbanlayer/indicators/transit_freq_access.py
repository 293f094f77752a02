"""Share of residents who have a stop with frequent service within 500 m on foot.

A stop with a departure each 20, or each 30, minutes on average from 07:00 to 19:00 of one service
day (Global Healthy and Sustainable City Indicators, `pt_gtfs_freq_20` and `_30`). Stops are taken
one by one: two posts of one street are not added up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pydantic

from urbanlayer.indicators._shared.parameters import by_profiles, profiles_field
from urbanlayer.indicators._shared.results import asks_of_column, near_share
from urbanlayer.indicators._shared.sensitivity import a_tenth
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.network_query import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.result import Result

Minutes = Annotated[float, pydantic.Field(gt=0, le=720)]
SINCE_HOUR, UNTIL_HOUR = 7, 19


class FrequencyParams(Params):
    """How often, and how near."""

    minutes: list[Minutes] = pydantic.Field(
        default=[20, 30], min_length=1, description="Minutes between departures, at most."
    )
    walk_m: float = pydantic.Field(
        default=500, gt=0, le=5000, description="Walking distance in metres."
    )
    profiles: list[str] = profiles_field()

    def asks(self) -> tuple[Ask, ...]:
        """One for each headway."""
        asks = (
            Ask("", {"headway_min": minutes, "walk_m": self.walk_m}, ("stop",), self.target)
            for minutes in self.minutes
        )
        return by_profiles(asks, self.profiles)


def questions(ask: Ask) -> tuple[Question, ...]:
    """All stops within the distance."""
    return (Question("stop", ask.profile, within_m=ask.parameters["walk_m"]),)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """1 or 0 for each place, averaged over people."""
    from urbanlayer.indicators._shared.stops import departures_between
    from urbanlayer.kernels.pairs import least_by_place
    from urbanlayer.kernels.threshold import at_least

    reach = city.access[questions(ask)[0]]
    if reach.pairs is None:
        raise TypeError(INDICATOR.id)
    least = (UNTIL_HOUR - SINCE_HOUR) * 60 / ask.parameters["headway_min"]
    frequent = at_least(departures_between(city, "stop", SINCE_HOUR, UNTIL_HOUR), least)
    pairs = reach.pairs.only(frequent[reach.pairs.target])
    nearest_m, _ = least_by_place(pairs.place_count, pairs.place, pairs.cost, pairs.target)
    return near_share(
        INDICATOR.id, ask, city, distance_m=nearest_m, limit_m=ask.parameters["walk_m"],
        method=reach.method,
    )  # fmt: skip


INDICATOR = Indicator(
    id="transit_freq_access",
    theme="transit",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents"),
    source="Global Healthy and Sustainable City Indicators (pt_gtfs_freq_20, pt_gtfs_freq_30)",
    params=FrequencyParams,
    questions=questions,
    compute=compute,
    readings=a_tenth("walk_m"),
    faults=asks_of_column("departures", "stop"),
)
