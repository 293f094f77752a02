"""Land use mix: 0 for a single use, 1 for equal areas of all uses.

H / ln K with H = −Σ p_k ln p_k over the shares p_k of the K categories of the whole layer: with K
as the number of categories present, neighbourhoods would not be comparable. The catalogue's
`land_use_simpson` is 1 − Σ p_k², `land_use_hill` is e^H, the equivalent number of equally common
uses.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

ALL_USES: list[str] = []


class MixParams(Params):
    """Parameters: the categories."""

    categories: list[str] = pydantic.Field(
        default=ALL_USES,
        description="Categories of `land_use` that are compared; all of the layer if not given.",
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query(target=self.target, parameters={"categories": tuple(self.categories)}),)


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    measure: str = "evenness", unit: str = "index",
) -> Result:  # fmt: skip
    """Mix of each neighbourhood; of the city, the mix of all its land."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_values
    from urbanlayer.kernels import mix
    from urbanlayer.kernels.ratios import safe_ratio

    area_m2 = _area_of_uses(city, [str(one) for one in query.lists["categories"]])
    area_m2 = np.vstack([area_m2, area_m2.sum(axis=0)])
    total_m2 = np.repeat(area_m2.sum(axis=1, keepdims=True), area_m2.shape[1], axis=1)
    shares = safe_ratio(area_m2.ravel(), total_m2.ravel()).reshape(area_m2.shape)
    measured = {"evenness": mix.evenness, "simpson": mix.simpson, "hill": mix.hill}[measure]
    known = ~np.isnan(shares).any(axis=1)
    values = np.full(len(shares), np.nan)
    if area_m2.shape[-1] > 1:
        values[known] = np.maximum(measured(shares[known]), 0.0)
    return from_values(
        query, city, unit=unit, method="area", values=values[:-1], city_value=values[-1],
        about_people=False,
    )  # fmt: skip


def _area_of_uses(city: City, categories: list[str]) -> NDArray[np.float64]:
    """(k, K) m² of each category in each neighbourhood."""
    import numpy as np

    from urbanlayer.indicators._shared.results import polygons, shapes
    from urbanlayer.kernels import zonal

    category = city.layers["land_use"].frame["category"].astype(str).to_numpy(dtype=object)
    names = categories or sorted(set(category) - {""})
    zones, land = polygons(city), shapes(city, "land_use")
    columns = [zonal.covered_area_m2(zones, land[category == name]) for name in names]
    return np.column_stack(columns) if columns else np.zeros((len(zones), 1))


INDICATOR = Indicator(
    id="land_use_mix",
    theme="urban-form",
    kind=Kind.INDEX,
    unit="index",
    better="higher",
    bounds=(0, 1 + 1e-9),
    needs=("neighbourhoods", "land_use"),
    source="Cervero & Kockelman, 1997",
    params=MixParams,
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same with another index of diversity."""
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.INDEX,
        unit=entry["unit"],
        better="higher",
        bounds=(0, float(entry["most"])),
        needs=("neighbourhoods", "land_use"),
        source=entry["source"],
        params=MixParams,
        compute=functools.partial(compute, measure=entry["measure"], unit=entry["unit"]),
    )
