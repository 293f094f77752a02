"""Mean noise level Lden of residents, in dB.

The energy mean of Lden at origins, weighted by residents: 10 · log10(Σ p_i 10^(L_i / 10) / Σ p_i);
decibels are never averaged arithmetically. Lden is 10 · log10[(12 · 10^(Ld/10) + 4 · 10^((Le+5)/10)
+ 8 · 10^((Ln+10)/10)) / 24], Directive 2002/49/EC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.inputs import residents_of
from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Level of each neighbourhood's people, and of each origin."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_values
    from urbanlayer.indicators._shared.surfaces import at_origins
    from urbanlayer.kernels.sound import group_energy_means

    residents = residents_of(city)
    level, people, row = (
        at_origins(city, "noise"),
        residents.people,
        residents.neighbourhood,
    )
    each = group_energy_means(level, people, row, len(city.neighbourhoods))
    (whole,) = group_energy_means(level, people, np.zeros_like(row), 1)
    return from_values(
        query, city, unit=INDICATOR.unit, method="grid", values=each, city_value=whole,
        origins=level,
    )  # fmt: skip


INDICATOR = Indicator(
    id="noise_lden",
    theme="environment",
    kind=Kind.INDEX,
    unit="dB",
    better="lower",
    bounds=(-50, 200),
    needs=("neighbourhoods", "residents", "noise"),
    source="Directive 2002/49/EC, annex I",
    compute=compute,
)
