"""How far around a part its layers must go, so that its results are those of the whole.

No way along streets is shorter than the straight line. A result that asks for what lies within
`D` metres of a home therefore rests on facilities within `D` of it, and on streets within `D` of
it. A home and a facility may each lie `MAX_SNAP_M` from their street. A street within all this may
belong to a piece that is joined to the rest farther out; a piece that reaches beyond `FRAGMENT_M`
is longer than that, and is no fragment there or here. The margin is the sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Trait
from urbanlayer.model.network_query import (
    ENTRANCE_M,
    MAX_SNAP_M,
    BufferQuery,
    JunctionQuery,
    NearestQuery,
    TransitQuery,
)
from urbanlayer.network.routable import FRAGMENT_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from urbanlayer.model.indicator import Indicator, IndicatorQuery, Query
    from urbanlayer.model.publish_specification import PublishSpec
    from urbanlayer.model.travel_modes import TravelMode

DOWNHILL = 1.2
"""Nobody walks faster than this times the speed on the level: Tobler 1993, at a slope of -5 %."""
M_PER_KM, MIN_PER_H = 1000.0, 60.0
ENTRANCES_M = 2 * ENTRANCE_M
"""The greatest distance from which an area without entrances is entered, of all variants."""


def margin_m(
    queries: Iterable[IndicatorQuery], publish: PublishSpec, modes: Mapping[str, TravelMode]
) -> float:
    """Metres around a part beyond which nothing has a part in its results.

    Parameters
    ----------
    queries
        Of the city file.
    publish
        Its isochrones reach as far as they are drawn.
    modes
        How people travel, by name.
    """
    reach = [
        reach_m(indicator, one, modes)
        for indicator, query in queries
        for one in (query, *(varied.query for varied in indicator.sensitivity(query)))
    ]
    for drawn in publish.isochrones.values():
        speed = _fastest_m_per_min(drawn.mode, modes)
        reach += [*drawn.metres, *(minutes * speed for minutes in drawn.minutes)]
    return max(reach, default=0.0) + 2 * MAX_SNAP_M + ENTRANCES_M + FRAGMENT_M


def reach_m(indicator: Indicator, query: Query, modes: Mapping[str, TravelMode]) -> float:
    """Metres from a home beyond which nothing has a part in the result of a query.

    Distances end with `_m` in the names of parameters, times with `_min` or are called `minutes`.
    """
    speed = _fastest_m_per_min(query.mode, modes)
    if "speed_kmh" in query.numbers:
        speed = query["speed_kmh"] * M_PER_KM / MIN_PER_H
    found = [0.0]
    for name, value in query.pairs:
        values = [one for one in _as_tuple(value) if not isinstance(one, str)]
        if name.endswith("_m"):
            found += values
        elif name.endswith(("_min", "minutes")):
            found += [minutes * speed for minutes in values]
    for one in indicator.network_queries(query):
        if isinstance(one, NearestQuery):
            found += [one.within_m, one.within_min * _fastest_m_per_min(one.mode, modes)]
    return max(found)


def rests_on_the_whole(indicator: Indicator, query: Query) -> bool:
    """Whether a result of a part may differ from that of the whole, whatever the margin."""
    if Trait.WHOLE_CITY in indicator.traits or "timetable" in indicator.reads(query):
        return True
    kinds = BufferQuery | JunctionQuery | TransitQuery
    return any(isinstance(one, kinds) for one in indicator.network_queries(query))


def _as_tuple(value: object) -> tuple[float | str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _fastest_m_per_min(name: str, modes: Mapping[str, TravelMode]) -> float:
    mode = modes.get(name, modes["walk"])  # straight lines are walked
    return mode.speed_m_per_min * (DOWNHILL if mode.hills else 1.0)
