"""How walkable the surroundings of home are, against 25 cities of the world.

z(daily living) + z(residents/km² around home) + z(junctions/km² around home), at each resident
place, averaged over people. The reference is fixed, the mean and deviation of 25 cities (Boeing et
al. 2022): density 11,093.1 (13,637.9), junctions 98.44 (36.96), daily living 1.028 (0.915); a z
within one city could be compared neither with another city nor with another year. 0 is as
in those cities. Surroundings are circles of 1 km here, along streets there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.access import Question
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City

PEOPLE, JUNCTIONS = "nh_population_density", "nh_intersection_density"
SERVICES = ("food_market", "convenience", "stop")
NEAR_M = 500.0
RADIUS_M = 1000.0
MERGE_M = 12.0
DAILY_LIVING = (1.028, 0.915)
RESIDENTS_PER_KM2 = (11_093.1, 13_637.9)
JUNCTIONS_PER_KM2 = (98.44, 36.96)
"""Mean and standard deviation over 25 cities."""


class WalkabilityParams(Params):
    """Nothing but a target: the reference is fixed."""

    def asks(self) -> tuple[Ask, ...]:
        """One."""
        return (Ask(needs=SERVICES, target=self.target),)


def questions(_ask: Ask) -> tuple[Question, ...]:
    """How far the nearest of each is."""
    return tuple(Question(role) for role in SERVICES)


def compute(city: City, ask: Ask, earlier: Mapping[str, Result]) -> Result:
    """Sum of the three z of each place, averaged over people."""
    import numpy as np

    from urbanlayer.measure.threshold import within

    reaches = [city.access[question] for question in questions(ask)]
    living = np.sum([within(reach.distance_m, NEAR_M) for reach in reaches], axis=0)
    people, junctions = _around(city, earlier)
    parts = [(living, DAILY_LIVING), (people, RESIDENTS_PER_KM2), (junctions, JUNCTIONS_PER_KM2)]
    z = [(values - mean) / deviation for values, (mean, deviation) in parts]
    return Result.over_residents(
        INDICATOR.id, ask, city, unit=INDICATOR.unit, method=reaches[0].method,
        places=np.sum(z, axis=0),
    )  # fmt: skip


def _around(
    city: City, earlier: Mapping[str, Result]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n,) residents and junctions on each km² around each place; as asked before, if so."""
    import numpy as np

    from urbanlayer.measure.discs import sum_around
    from urbanlayer.measure.junctions import junctions

    if city.residents is None or city.streets is None:
        raise TypeError(INDICATOR.id)
    homes = city.residents.xy
    circle_km2 = np.pi * RADIUS_M**2 / 1e6
    people = _of_places(earlier.get(PEOPLE), {"radius_m": RADIUS_M})
    if people is None:
        around = sum_around(homes, homes, city.residents.people, radius_m=RADIUS_M)
        people = around / circle_km2
    crossings = _of_places(earlier.get(JUNCTIONS), {"radius_m": RADIUS_M, "merge_m": MERGE_M})
    if crossings is None:
        drawn = city.streets.edge_nodes[city.streets.drawn]
        xy = junctions(city.streets.node_xy, drawn, merge_m=MERGE_M)
        around = sum_around(homes, xy, np.ones(len(xy)), radius_m=RADIUS_M)
        crossings = around / circle_km2
    return people, crossings


def _of_places(result: Result | None, asked: Mapping[str, float]) -> NDArray[np.float64] | None:
    """The answers of places, where they were asked with these numbers."""
    return result.places if result is not None and result.parameters == asked else None


INDICATOR = Indicator(
    id="walkability_index",
    theme="urban-form",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="z",
    better="higher",
    bounds=(-10, 100),
    needs=("neighbourhoods", "residents", "streets"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=WalkabilityParams,
    questions=questions,
    compute=compute,
    after=(PEOPLE, JUNCTIONS),
)
