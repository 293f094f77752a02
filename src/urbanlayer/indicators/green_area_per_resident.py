"""Public green area for each resident, in square metres.

Area of public green inside the neighbourhood, split exactly on its border and counted once where
areas overlap, over its residents. ISO 37120:2018, 14.2 counts recreation space the same way. A
large forest at the border swamps the mean: read it beside the share of residents who have green
near home.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind
from urbanlayer.model.result import Result, no_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Ask


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Public green m² over residents; no answer where nobody lives."""
    import numpy as np

    from urbanlayer.measure import zonal

    frame = city.layers["green"].frame
    public = np.asarray(frame.geometry, dtype=object)[frame["public"].to_numpy()]
    hoods = city.neighbourhoods
    area_m2 = zonal.covered_area_m2(np.asarray(hoods.geometry, dtype=object), public)
    people = (
        city.residents.per_neighbourhood(len(hoods)) if city.residents else np.zeros(len(hoods))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        each = hoods.series(np.where(people > 0, area_m2 / people, np.nan))
    total = float(people.sum())
    return Result(
        indicator=INDICATOR.id, variant=ask.variant, parameters=ask.parameters, values=each,
        city=float(area_m2.sum()) / total if total > 0 else float("nan"), unit=INDICATOR.unit,
        method="area", target=ask.target, reasons=no_answer(city, each, otherwise="no-residents"),
    )  # fmt: skip


INDICATOR = Indicator(
    id="green_area_per_resident",
    theme="green",
    kind=Kind.RATIO,
    unit="m²/resident",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "green"),
    source="ISO 37120:2018, 14.2 (recreation space); no norm of WHO",
    compute=compute,
)
