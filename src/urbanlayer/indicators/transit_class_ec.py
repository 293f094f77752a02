"""The class of service of public transport that half of the residents have or exceed: 0 to 4.

At each resident place: 0 none, 1 low (fewer than 4 departures an hour), 2 medium (4 to 10), 3 high
(more than 10) within 5 minutes on foot of stops of buses and trams, or 10 minutes of stations of
trains and the underground; 4 very high, where both sorts are high (DG REGIO, Poelman & Dijkstra
2015). Departures from 06:00 to 20:00, summed over stops within 50 m of one another; of several
clusters the best counts. A neighbourhood has the median class of its residents. `high` names the
layers of stations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.parameters import WALK_M_PER_MIN
from urbanlayer.indicators._shared.results import asks_of_column
from urbanlayer.indicators._shared.sensitivity import a_tenth
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.network_query import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.result import Result

SINCE_HOUR, UNTIL_HOUR = 6, 20
MEDIUM_PER_H, HIGH_PER_H = 4.0, 10.0
LOW_CAPACITY_MIN, HIGH_CAPACITY_MIN = 5.0, 10.0


class ClassParams(Params):
    """Which layers hold stations, and which stops are one."""

    high: list[str] = pydantic.Field(
        default_factory=list, description="Layers of stations of trains and the underground."
    )
    cluster_m: float = pydantic.Field(
        default=50, ge=0, le=500, description="Stops within this of one another are one; metres."
    )

    def asks(self) -> tuple[Ask, ...]:
        """One."""
        needs, numbers = ("stop", *self.high), {"cluster_m": self.cluster_m}
        lists = {"walk_min": (LOW_CAPACITY_MIN, HIGH_CAPACITY_MIN)}
        return (Ask("", numbers, needs, self.target, lists=lists),)


def questions(ask: Ask) -> tuple[Question, ...]:
    """All stops within the minutes of their sort."""
    return tuple(_question(role, ask) for role in ask.needs)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Class of each place; the weighted median of neighbourhoods and city."""
    import numpy as np

    from urbanlayer.indicators._shared.results import of_neighbourhoods
    from urbanlayer.kernels.quantiles import group_quantiles

    if city.residents is None:
        raise TypeError(INDICATOR.id)
    per_hour = [_best_per_hour(city, role, ask) for role in ask.needs]
    low, high = per_hour[0], np.max([np.zeros(len(per_hour[0])), *per_hour[1:]], axis=0)
    best = np.maximum(low, high)
    both = (low > HIGH_PER_H) & (high > HIGH_PER_H)
    steps = [best > 0, best >= MEDIUM_PER_H, best > HIGH_PER_H, both]
    classes = np.sum(steps, axis=0).astype(np.float64)
    people, row = city.residents.people, city.residents.neighbourhood
    each = group_quantiles(classes, people, row, len(city.neighbourhoods), share=0.5)
    (whole,) = group_quantiles(classes, people, np.zeros_like(row), 1, share=0.5)
    return of_neighbourhoods(
        INDICATOR.id, ask, city, unit=INDICATOR.unit,
        method=city.access[_question("stop", ask)].method, values=each, whole=whole, places=classes,
    )  # fmt: skip


def _question(role: str, ask: Ask) -> Question:
    to_stop_min, to_station_min = (float(minutes) for minutes in ask.lists["walk_min"])
    minutes = to_stop_min if role == "stop" else to_station_min
    return Question(role, within_m=minutes * WALK_M_PER_MIN)


def _best_per_hour(city: City, role: str, ask: Ask) -> NDArray[np.float64]:
    """(n,) departures an hour of the best cluster of stops that each place reaches."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import shapes
    from urbanlayer.indicators._shared.stops import departures_between
    from urbanlayer.kernels.discs import sum_around

    pairs = city.access[_question(role, ask)].pairs
    if pairs is None:
        raise TypeError(INDICATOR.id)
    departures = np.nan_to_num(departures_between(city, role, SINCE_HOUR, UNTIL_HOUR))
    xy = shapely.get_coordinates(shapely.centroid(shapes(city, role)))
    together = sum_around(xy, xy, departures, radius_m=ask.parameters["cluster_m"]) / (
        UNTIL_HOUR - SINCE_HOUR
    )
    best = np.zeros(pairs.place_count)
    np.maximum.at(best, pairs.place, together[pairs.target])
    return best


INDICATOR = Indicator(
    id="transit_class_ec",
    theme="transit",
    kind=Kind.ORDINAL,
    unit="class 0–4",
    better="higher",
    bounds=(0, 4),
    needs=("neighbourhoods", "residents"),
    source="Poelman & Dijkstra, Measuring access to public transport in European cities, 2015",
    params=ClassParams,
    questions=questions,
    compute=compute,
    readings=a_tenth("walk_min"),
    faults=asks_of_column("departures", "stop"),
)
