"""Surface temperature of a neighbourhood above that of its rural surroundings, in °C.

Mean surface temperature of the neighbourhood, exact by area, minus the mean of the cells outside
all neighbourhoods, up to 3 km away and at a similar elevation (within 50 m of the neighbourhood's
mean elevation), since hills are cooler anyway. NaN if the raster has no such cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import needs_grid
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class AnomalyParams(Params):
    """Parameters: the reference area."""

    ring_m: float = pydantic.Field(
        default=3000, gt=0, le=50_000, description="How far beyond the border; metres."
    )
    height_m: float = pydantic.Field(
        default=50, gt=0, le=5000, description="How much higher or lower; metres."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        numbers = {"height_m": self.height_m, "ring_m": self.ring_m}
        return (Query("", numbers, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Mean inside minus mean around; of the city, weighted by what is known of each."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_values
    from urbanlayer.indicators._shared.surfaces import mean_over_areas
    from urbanlayer.kernels.weighted import mean

    inside, known = mean_over_areas(city, "heat")
    height, _ = mean_over_areas(city, "elevation")
    heat_of_window, height_of_window = _reference_cells(city, query["ring_m"])
    window = np.full(len(inside), np.nan)
    for row, own in enumerate(height):
        alike = np.abs(height_of_window - own) <= query["height_m"]
        if alike.any():
            window[row] = heat_of_window[alike].mean()
    hotter = inside - window
    return from_values(
        query, city, unit=INDICATOR.unit, method="grid", values=hotter,
        city_value=mean(hotter, known), about_people=False,
    )  # fmt: skip


def _reference_cells(city: City, ring_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Temperature and elevation of the cells around all neighbourhoods."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import polygons
    from urbanlayer.kernels import grids

    heat, elevation = city.rasters["heat"], city.rasters["elevation"]
    rows, columns = heat.values.shape
    column, row = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)
    x = heat.transform.c + column.ravel() * heat.transform.a
    y = heat.transform.f + row.ravel() * heat.transform.e
    xy = grids.reproject_points(np.column_stack([x, y]), heat.crs, city.crs)
    whole = shapely.union_all(polygons(city))
    ring = shapely.difference(shapely.buffer(whole, ring_m), whole)
    shapely.prepare(ring)
    outside = shapely.contains_xy(ring, xy[:, 0], xy[:, 1])
    height = grids.sample_at_points(
        grids.reproject_points(xy[outside], city.crs, elevation.crs),
        elevation.values,
        elevation.transform,
    )
    hot = heat.values.ravel()[outside]
    known = ~np.isnan(hot) & ~np.isnan(height)
    return hot[known], height[known]


INDICATOR = Indicator(
    id="lst_anomaly",
    theme="environment",
    kind=Kind.INDEX,
    unit="°C",
    better="lower",
    bounds=(-100, 100),
    needs=("neighbourhoods", "heat", "elevation"),
    source="",
    remark="planning-default",
    params=AnomalyParams,
    compute=compute,
    errors=needs_grid("heat", "elevation"),
    traits=frozenset({Trait.WHOLE_CITY}),
)
