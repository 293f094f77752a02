"""Residents on each square kilometre of the neighbourhood, gross.

Residents over the whole area of the neighbourhood, water and hills included: it depends on where
the border runs, and is context, neither good nor bad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Ask

M2_PER_KM2 = 1_000_000


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Residents over area; 0 where nobody lives."""
    import numpy as np

    hoods = city.neighbourhoods
    area_km2 = hoods.area_m2 / M2_PER_KM2
    people = (
        city.residents.per_neighbourhood(len(hoods)) if city.residents else np.zeros(len(hoods))
    )
    return Result(
        indicator=INDICATOR.id, variant=ask.variant, parameters=ask.parameters,
        values=hoods.series(people / area_km2), city=float(people.sum() / area_km2.sum()),
        unit=INDICATOR.unit, method="area", target=ask.target,
    )  # fmt: skip


INDICATOR = Indicator(
    id="population_density",
    theme="urban-form",
    kind=Kind.DENSITY,
    unit="residents/km²",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="Gross residential density: residents over the area of the neighbourhood",
    compute=compute,
)
