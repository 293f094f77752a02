"""Share of vacant dwellings.

Vacant dwellings over all dwellings of the neighbourhood. Holiday homes, and homes of people who
work abroad, are vacant on a census day too.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from urbanlayer.indicators._shared.results import needs_column
from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

PART = ("dwellings", "vacant")
WHOLE = ("dwellings", "dwellings")
"""Layer and column of the amount, and of what it is set against; without a column each
feature is 1 whose part is known."""
UNIT = "share of dwellings"


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    part: tuple[str, str] = PART, whole: tuple[str, str] = WHOLE, unit: str = UNIT,
) -> Result:  # fmt: skip
    """The ratio of two sums; NaN where the denominator is 0."""
    import numpy as np

    from urbanlayer.indicators._shared.results import count_in_neighbourhoods, from_ratio, numbers

    known = numbers(city, *part)
    every = numbers(city, *whole) if whole[1] else np.isfinite(known).astype(np.float64)
    amount = count_in_neighbourhoods(city, part[0], known)
    among = count_in_neighbourhoods(city, whole[0], every)
    return from_ratio(
        query, city, unit=unit, method="counted", numerator=amount, denominator=among,
        about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="vacancy_share",
    theme="housing",
    kind=Kind.RATIO,
    unit=UNIT,
    better="lower",
    bounds=(0, 1),
    needs=("neighbourhoods", "dwellings"),
    source="",
    remark="plain",
    compute=compute,
    errors=needs_column("vacant", "dwellings"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the ratio of two other columns, such as jobs and dwellings."""
    better: Better = entry["better"]
    (part_role, part_column), (whole_role, whole_column) = entry["part"], entry["whole"]
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.RATIO,
        unit=entry["unit"],
        better=better,
        bounds=(0, entry.get("most", float("inf"))),
        needs=("neighbourhoods", *dict.fromkeys((part_role, whole_role))),
        source=entry["source"],
        compute=functools.partial(
            compute, part=(part_role, part_column),
            whole=(whole_role, whole_column), unit=entry["unit"],
        ),
        errors=needs_column(part_column, part_role),
    )  # fmt: skip
