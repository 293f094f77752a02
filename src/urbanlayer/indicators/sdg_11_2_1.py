"""Share of residents with convenient access to public transport: SDG 11.2.1.

A stop of buses or trams within 500 m, or of trains, the underground or ferries within 1,000 m,
along streets (metadata of SDG 11.2.1, 2021). Where the layer says how many departures a stop has,
stops without any do not count. `high` names the roles whose stops are of the second sort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.model.access import Question
from urbanlayer.model.answers import MARGIN
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City


class TransportParams(Params):
    """How far, to which stops."""

    low_m: float = pydantic.Field(
        default=500, gt=0, le=5000, description="To stops of buses and trams; metres on foot."
    )
    high_m: float = pydantic.Field(
        default=1000, gt=0, le=5000, description="To trains, underground, ferries; metres on foot."
    )
    high: list[str] = pydantic.Field(
        default_factory=list, description="Layers of stations of trains, underground and ferries."
    )

    def asks(self) -> tuple[Ask, ...]:
        """One."""
        numbers = {"high_m": self.high_m, "low_m": self.low_m}
        return (Ask("", numbers, ("stop", *self.high), self.target),)


def questions(ask: Ask) -> tuple[Question, ...]:
    """All stops within the distance of their sort, and a tenth more."""
    return tuple(Question(role, within_m=_limit_m(ask, role) * (1 + MARGIN)) for role in ask.needs)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """1 where one of the two is near enough, averaged over people."""
    import numpy as np

    from urbanlayer.measure.threshold import within

    asked = questions(ask)
    nearest_m = [_nearest_served_m(city, question) for question in asked]
    met = [
        np.any(
            [
                within(metres, _limit_m(ask, role) * factor)
                for metres, role in zip(nearest_m, ask.needs, strict=True)
            ],
            axis=0,
        ).astype(np.float64)
        for factor in (1, 1 - MARGIN, 1 + MARGIN)
    ]
    return Result.over_residents(
        INDICATOR.id, ask, city, unit="share", method=city.access[asked[0]].method,
        places=met[0], low=met[1], high=met[2],
    )  # fmt: skip


def _limit_m(ask: Ask, role: str) -> float:
    return ask.parameters["low_m" if role == "stop" else "high_m"]


def _nearest_served_m(city: City, question: Question) -> NDArray[np.float64]:
    """(n,) metres to the nearest stop from which anything leaves."""
    import numpy as np

    from urbanlayer.measure.nearest import least_by_place
    from urbanlayer.model.answers import numbers

    reach = city.access[question]
    if reach.pairs is None:
        raise TypeError(INDICATOR.id)
    departures = numbers(city, question.target, "departures")
    served = np.isnan(departures) | (departures > 0)
    pairs = reach.pairs.only(served[reach.pairs.target])
    return least_by_place(pairs.place_count, pairs.place, pairs.cost, pairs.target)[0]


INDICATOR = Indicator(
    id="sdg_11_2_1",
    theme="transit",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents"),
    source="UN-Habitat, metadata of SDG 11.2.1, 2021",
    params=TransportParams,
    questions=questions,
    compute=compute,
)
