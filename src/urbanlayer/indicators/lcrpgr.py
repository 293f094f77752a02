"""Land consumption rate over population growth rate, SDG 11.3.1.

LCR / PGR with LCR = (V2 − V1) / V1 / t of built-up land V and PGR = ln(P2 / P1) / t of people P
(metadata of UN-Habitat since 2021: linear growth over logarithmic growth). Near 1 land and
population grow alike. NaN if population changes by less than 0.1 % per year; negative if it
shrinks, which may still be sprawl: variants `land` and `people` give the two rates, and the
secondary indicators of the metadata follow: `total` growth of built-up land, and square metres of
it `per_resident` now and `per_resident_before`.

The method of Montenegro's statistical office is not published; these are the steps of the metadata.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pydantic

from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


SECONDARY = ("total", "per_resident", "per_resident_before")
UNITS = {
    "": "ratio",
    "total": "share of land before",
    "per_resident": "m²/resident",
    "per_resident_before": "m²/resident",
}


class GrowthParams(Params):
    """Parameters: the number of years."""

    years: float = pydantic.Field(
        default=10, gt=0, le=100, description="Years between the two dates of the layers."
    )

    def queries(self) -> tuple[Query, ...]:
        """The ratio, its two rates and the secondary indicators."""
        numbers = {"years": self.years}
        return (
            Query("", numbers, (), self.target),
            Query("land", numbers),
            Query("people", numbers),
            *(Query(secondary, numbers) for secondary in SECONDARY),
        )


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Rates of each neighbourhood and, from sums, of the city."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_values, residents_per_neighbourhood
    from urbanlayer.kernels import growth
    from urbanlayer.kernels.ratios import safe_ratio

    years = query["years"]
    living = residents_per_neighbourhood(city)
    known = ~np.isnan(living)
    now, before, people_now, people_before = (
        np.append(amount, amount[known].sum())  # the city without neighbourhoods of unknown count
        for amount in (
            _built_up_m2(city, "built_up"),
            _built_up_m2(city, "built_up_before"),
            living,
            _people_before(city),
        )
    )
    match query.variant:
        case "total":
            values = growth.land_consumption_rate(before, now, 1)
        case "per_resident":
            values = safe_ratio(now, people_now)
        case "per_resident_before":
            values = safe_ratio(before, people_before)
        case _:
            land = growth.land_consumption_rate(before, now, years)
            grown = growth.population_growth_rate(people_before, people_now, years)
            rates = {"land": land, "people": grown}
            values = rates.get(query.variant, growth.growth_ratio(land, grown))
    result = from_values(
        query, city, unit=UNITS.get(query.variant, "share/year"), method="area",
        values=values[:-1], city_value=values[-1],
        reason="hardly-changed" if not query.variant else "no-data",
    )  # fmt: skip
    of_land = query.variant in {"land", "total", "per_resident"}
    return result if of_land else replace(result, counts=(people_before[:-1],))


def _built_up_m2(city: City, role: str) -> NDArray[np.float64]:
    """(k,) m² of built-up land: of areas, or of the built-up shares of a grid's cells."""
    from urbanlayer.indicators._shared.results import polygons, shapes
    from urbanlayer.kernels import discs, grids, zonal

    if role not in city.rasters:
        return zonal.covered_area_m2(polygons(city), shapes(city, role))
    grid = city.rasters[role]
    moved = grids.reproject_polygons(polygons(city), city.crs, grid.crs)
    width_m, height_m = discs.cell_size_m(grid.transform, grid.crs)
    cells = grids.zonal_statistic(moved, grid.values, grid.transform, grid.crs, statistic="sum")
    return cells * (width_m * height_m)


def _people_before(city: City) -> NDArray[np.float64]:
    """(k,) people at the earlier date; of areas, by the part that lies inside."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import (
        count_in_neighbourhoods,
        numbers,
        polygons,
        shapes,
    )
    from urbanlayer.kernels import grids, zonal

    role = "population_before"
    if role in city.rasters:
        grid = city.rasters[role]
        moved = grids.reproject_polygons(polygons(city), city.crs, grid.crs)
        return grids.zonal_statistic(moved, grid.values, grid.transform, grid.crs, statistic="sum")
    people, areas = numbers(city, role, "people"), shapes(city, role)
    if (shapely.get_dimensions(areas) < 2).any():  # noqa: PLR2004  (points)
        return count_in_neighbourhoods(city, role, people)
    zone, feature, area_m2 = zonal.intersection_areas_m2(polygons(city), areas)
    inside = np.nan_to_num(people)[feature] * area_m2 / shapely.area(areas)[feature]
    return np.bincount(zone, inside, minlength=len(city.neighbourhoods)).astype(np.float64)


INDICATOR = Indicator(
    id="lcrpgr",
    theme="urban-form",
    kind=Kind.INDEX,
    unit="ratio",
    better="lower",
    bounds=(float("-inf"), float("inf")),
    needs=("neighbourhoods", "residents", "built_up", "built_up_before", "population_before"),
    source="UN-Habitat, metadata of SDG 11.3.1, 2021",
    params=GrowthParams,
    compute=compute,
    over_time=True,
)
