"""Share of built-up land that is public open space, streets included.

(area of open public space + area of streets) / built-up area, with overlaps counted once: SDG
11.7.1 by the metadata of UN-Habitat. Streets without an area count as length times a width, the
most influential assumption: `low` and `high` are the shares with streets a quarter narrower and
wider.

Montenegro's own definition (sdgmontenegro.me/11-7-1) is the same formula; as open space it counts
parks, places for recreation (playgrounds, banks of rivers, beaches) and squares, so these belong in
the layer. The metadata's second part, who has some within 400 m along streets, is
`sdg_11_7_1_access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.extremes import with_measured
from urbanlayer.indicators._shared.results import (
    from_values,
    needs_features,
    polygons,
    shapes,
)
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

DOUBT = 0.25


class PublicSpaceParams(Params):
    """Parameters: the street width."""

    street_width_m: float = pydantic.Field(
        default=9, gt=0, le=100, description="Mean width of streets drawn as lines, in metres."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query("", {"street_width_m": self.street_width_m}, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Open space and streets over built-up land; NaN without built-up land."""
    import numpy as np
    import shapely

    from urbanlayer.kernels import zonal
    from urbanlayer.kernels.ratios import safe_ratio

    zones = polygons(city)
    built = shapely.union_all(shapes(city, "built_up"))
    space = shapely.union_all(shapes(city, "public_space"))
    built_m2 = zonal.covered_area_m2(zones, np.array([built], dtype=object))
    results = []
    for factor in (1, 1 - DOUBT, 1 + DOUBT):
        width_m = query["street_width_m"] * factor
        streets = shapely.buffer(shapes(city, "streets"), width_m / 2, cap_style="flat")
        public = shapely.intersection(shapely.union_all([*streets, space]), built)
        public_m2 = zonal.covered_area_m2(zones, np.array([public], dtype=object))
        (whole,) = safe_ratio(public_m2.sum(keepdims=True), built_m2.sum(keepdims=True))
        one = from_values(
            query, city, unit=INDICATOR.unit, method="area",
            values=np.minimum(safe_ratio(public_m2, built_m2), 1), city_value=whole,
            about_people=False,
            reason="nothing-built",
        )  # fmt: skip
        results.append(one)
    usual, *others = results
    return with_measured(usual, others)


INDICATOR = Indicator(
    id="sdg_11_7_1_share",
    theme="green",
    kind=Kind.RATIO,
    unit="share of built-up land",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "streets", "public_space", "built_up"),
    source="UN-Habitat, metadata of SDG 11.7.1",
    params=PublicSpaceParams,
    compute=compute,
    errors=needs_features("built_up", "public_space"),
)
