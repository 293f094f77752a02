"""Injury crashes per year and 1,000 residents.

Crashes over residents × years; a crash within 25 m of a border is split equally between the
neighbourhoods. Residents are the wrong denominator in the centre, where most road users live
elsewhere: compare it with `ksi_per_km`. With `prior_residents` small numbers are shrunk towards the
rate of the city: (μα + x) / (α + n).
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

BORDER_M = 25.0


class CrashParams(Params):
    """Parameters: the number of years and the shrinkage."""

    years: float = pydantic.Field(
        default=3, gt=0, le=50, description="Years that the layer covers; three to five."
    )
    prior_residents: float = pydantic.Field(
        default=0, ge=0, description="Residents that the city's own rate is worth; 0: none."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        numbers = {"prior_residents": self.prior_residents, "years": self.years}
        return (Query("", numbers, (), self.target),)


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    role: str = "crashes", unit: str = "crashes/1,000 residents/year", times: float = 1000.0,
) -> Result:  # fmt: skip
    """Crashes over residents and years; NaN without residents."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import (
        from_values,
        polygons,
        residents_per_neighbourhood,
        shapes,
    )
    from urbanlayer.kernels.ratios import safe_ratio, shrunken_rate
    from urbanlayer.kernels.sharing import border_split_counts

    xy = shapely.get_coordinates(shapes(city, role))
    crashes = border_split_counts(polygons(city), xy, np.ones(len(xy)), tolerance_m=BORDER_M)
    years = query["years"]
    exposure, prior = residents_per_neighbourhood(city) * years, query["prior_residents"] * years
    known = ~np.isnan(exposure)
    (whole,) = safe_ratio(crashes[known].sum(keepdims=True), exposure[known].sum(keepdims=True))
    usual = float(np.nan_to_num(whole))
    rates = shrunken_rate(crashes, exposure, usual, prior)
    result = from_values(
        query, city, unit=unit, method="counted",
        values=np.where(exposure > 0, times * rates, np.nan), city_value=times * whole,
    )  # fmt: skip
    return replace(result, fraction=(crashes + usual * prior, exposure + prior, times))


INDICATOR = Indicator(
    id="crashes_per_1000",
    theme="safety",
    kind=Kind.RATIO,
    unit="crashes/1,000 residents/year",
    better="lower",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "crashes"),
    source="",
    remark="plain",
    params=CrashParams,
    compute=compute,
    traits=frozenset({Trait.WHOLE_CITY}),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for crashes of another kind."""
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.RATIO,
        unit=entry["unit"],
        better="lower",
        bounds=(0, float("inf")),
        needs=("neighbourhoods", "residents", entry["role"]),
        source=entry["source"],
        params=CrashParams,
        compute=functools.partial(
            compute, role=entry["role"], unit=entry["unit"],
            times=float(entry["times"]),
        ),
        traits=frozenset({Trait.WHOLE_CITY}),
    )  # fmt: skip
