"""Share of residents exposed to at least 55 dB Lden.

Lden at the origin, from the noise map; 55 dB is the reporting threshold of Directive 2002/49/EC. A
point inside the building, not the loudest façade, underestimates exposure. `low` and `high` are the
shares at 1 dB more and less (for other layers, at 10 % of the level).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

DOUBT_DB, DOUBT_SHARE = 1.0, 0.1


def _params(parameter: str, usual: float, about: str) -> type[Params]:
    class LevelParams(Params):
        """Parameters: the threshold level."""

        level: float = pydantic.Field(default=usual, ge=0, le=10_000, description=about)

        def queries(self) -> tuple[Query, ...]:
            """The query of the indicator."""
            return (Query("", {parameter: self.level}, (), self.target),)

    return LevelParams


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    role: str = "noise", above: bool = False,
) -> Result:  # fmt: skip
    """1 or 0 for each origin with a level, averaged over residents."""
    import numpy as np

    from urbanlayer.indicators._shared.surfaces import at_origins
    from urbanlayer.kernels.threshold import at_least, within

    level = at_origins(city, role)
    (limit,) = query.numbers.values()
    cause = DOUBT_DB if "level_db" in query.numbers else limit * DOUBT_SHARE
    exposed = [
        np.where(np.isnan(level), np.nan, ~within(level, at) if above else at_least(level, at))
        for at in (limit, limit + cause, limit - cause)
    ]
    return over_residents(
        query, city, unit="share", method="grid",
        origins=exposed[0], low=exposed[1], high=exposed[2],
    )  # fmt: skip


INDICATOR = Indicator(
    id="noise_exposed_55",
    theme="environment",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="lower",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "noise"),
    source="Directive 2002/49/EC",
    params=_params("level_db", 55, "Lden in dB, itself counted."),
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for another layer at another level."""
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better="lower",
        bounds=(0, 1),
        needs=("neighbourhoods", "residents", entry["role"]),
        source=entry["source"],
        params=_params(entry["parameter"], float(entry["level"]), entry["about"]),
        compute=functools.partial(
            compute, role=entry["role"], above=bool(entry.get("above", False))
        ),
    )
