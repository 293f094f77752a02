"""Measured download speed in Mbit/s, weighted by the number of tests.

Σ tests_k · s_kz · v_k / Σ tests_k · s_kz over tiles k, where s_kz is the share of the tile's
residents who live in neighbourhood z: the tests of a tile are allocated to neighbourhoods in
proportion to its residents. It measures connections that people bought and tested, not the
available speed.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.inputs import residents_of
from urbanlayer.indicators._shared.results import reasons_without_result
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.residents import Residents

KBIT_PER_MBIT = 1000


class BroadbandParams(Params):
    """Parameters: the minimum number of tests."""

    min_tests: float = pydantic.Field(
        default=10, ge=0, description="A neighbourhood with fewer tests has no result."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query(parameters={"min_tests": self.min_tests}, target=self.target),)


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    column: str = "avg_d_kbps",
    divisor: float = KBIT_PER_MBIT, unit: str = "Mbit/s", role: str = "broadband",
) -> Result:  # fmt: skip
    """Mean of the tests of each neighbourhood, and of each origin's own tile."""
    import numpy as np

    from urbanlayer.indicators._shared.results import numbers
    from urbanlayer.kernels.threshold import at_least

    residents = residents_of(city)
    frame = city.layers[role].frame
    speed = numbers(city, role, column) / divisor
    tests = np.nan_to_num(frame["tests"].to_numpy(dtype=np.float64))
    tile = _tile_of_origins(residents, frame.geometry.to_numpy())
    neighbourhoods = city.neighbourhoods
    tests_here = _tests_by_neighbourhood(residents, tile, tests, len(neighbourhoods))
    counted = tests_here.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (tests_here * np.nan_to_num(speed)).sum(axis=1) / counted
    enough = at_least(counted, query["min_tests"]) & (counted > 0)
    values = neighbourhoods.series(np.where(enough, mean, np.nan))
    whole = tests_here.sum(axis=0)
    return Result(
        query=query, values=values,
        city=float((whole * np.nan_to_num(speed)).sum() / whole.sum()) if whole.sum() else np.nan,
        unit=unit, method="tiles",
        origins=np.where(tile >= 0, speed[np.maximum(tile, 0)], np.nan),
        reasons=reasons_without_result(city, values, reason="few-tests"),
    )  # fmt: skip


def _tile_of_origins(residents: Residents, tiles: NDArray[np.object_]) -> NDArray[np.int64]:
    """(n,) row of the tile that each origin lies in, or -1."""
    from urbanlayer.kernels import allocation

    return allocation.locate(residents.xy, tiles, tolerance_m=0.0)


def _tests_by_neighbourhood(
    residents: Residents, tile: NDArray[np.int64], tests: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """(neighbourhoods, tiles) tests, shared out as the residents of the tile are."""
    import numpy as np

    known = tile >= 0
    people = np.zeros((count, len(tests)))
    np.add.at(people, (residents.neighbourhood[known], tile[known]), residents.people[known])
    in_tile = people.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(in_tile > 0, people / in_tile, 0.0)
    return np.asarray(share * tests, dtype=np.float64)


INDICATOR = Indicator(
    id="broadband_down_mbps",
    theme="digital",
    kind=Kind.RATIO,
    unit="Mbit/s",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "broadband"),
    source="Ookla, open data",
    params=BroadbandParams,
    compute=compute,
    traits=frozenset({Trait.WHOLE_CITY}),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for another column, or for mobile networks."""
    better: Better = entry["better"]
    role = entry.get("role", "broadband")
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.RATIO,
        unit=entry["unit"],
        better=better,
        bounds=(0, float("inf")),
        needs=("neighbourhoods", "residents", role),
        source=entry["source"],
        params=BroadbandParams,
        compute=functools.partial(
            compute, column=entry["column"], divisor=float(entry["divisor"]),
            unit=entry["unit"], role=role,
        ),
        traits=frozenset({Trait.WHOLE_CITY}),
    )  # fmt: skip
