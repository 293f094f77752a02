"""Share of the land that is under buildings: ground space index.

Footprints, split exactly on borders and counted once where they overlap, over the land of the
neighbourhood.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from urbanlayer.model.answers import asks_of_features
from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Ask, Better
    from urbanlayer.model.result import Result

UNIT = "share of land"


def compute(
    city: City, ask: Ask, _earlier: Mapping[str, Result], *,
    indicator: str = "building_coverage", role: str = "buildings",
) -> Result:  # fmt: skip
    """Covered land over land."""
    import numpy as np

    from urbanlayer.measure import zonal
    from urbanlayer.model.answers import land_area_m2, of_ratio, polygons, shapes

    land_m2 = land_area_m2(city)
    covered_m2 = zonal.covered_area_m2(polygons(city), shapes(city, role))
    return of_ratio(
        indicator, ask, city, unit=UNIT, method="area", amount=np.minimum(covered_m2, land_m2),
        among=land_m2, about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="building_coverage",
    theme="urban-form",
    kind=Kind.RATIO,
    unit=UNIT,
    better="neither",
    bounds=(0, 1),
    needs=("neighbourhoods", "buildings"),
    source="Ground space index: footprints over land; Berghauser Pont & Haupt, Spacematrix",
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """An indicator of the catalogue that asks this of another layer of areas."""
    better: Better = entry["better"]
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.RATIO,
        unit=UNIT,
        better=better,
        bounds=(0, 1),
        needs=("neighbourhoods", entry["role"]),
        source=entry["source"],
        compute=functools.partial(compute, indicator=name, role=entry["role"]),
        faults=asks_of_features(entry["role"]),
    )
