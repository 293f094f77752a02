"""Low and high of a result: one range for each cause, and one envelope over all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from urbanlayer.errors import IndicatorError
from urbanlayer.indicators._shared.extremes import range_over
from urbanlayer.indicators._shared.results import means_over_residents, reasons_without_result
from urbanlayer.model.cause import MEASURED, THRESHOLD
from urbanlayer.model.result import Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.indicators._shared.extremes import End
    from urbanlayer.model.cause import Cause
    from urbanlayer.model.city import City
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """Another result that the definition or the data allow, and why."""

    cause: Cause
    result: Result


def with_ranges(result: Result, alternatives: Sequence[Alternative]) -> Result:
    """The result with a range for each cause, and an envelope over those of the data.

    Parameters
    ----------
    result
        As computed; its own low and high are what is measured.
    alternatives
        Where one has no value, it adds nothing to low and high. What is measured of an
        alternative is in the envelope, and in the range of no cause. A varied threshold is in its
        own range alone.
    """
    ranges: dict[Cause, Range] = {}
    if result.low is not None and result.high is not None:
        ranges[MEASURED] = Range(result.low, result.high, result.city_low, result.city_high)
    for cause in dict.fromkeys(other.cause for other in alternatives):
        same = [other.result for other in alternatives if other.cause == cause]
        ranges[cause] = range_over([result, *same], [])
    of_the_data = [other.result for other in alternatives if other.cause != THRESHOLD]
    if not of_the_data:
        return replace(result, ranges=ranges)
    every = [result, *of_the_data]
    whole = range_over(every, [_own(one) for one in every])
    return replace(
        result, low=whole.low, high=whole.high, city_low=whole.city_low,
        city_high=whole.city_high, ranges=ranges,
    )  # fmt: skip


def among(result: Result, city: City, query: Query) -> Result:
    """The values of the resident places, averaged over the people of the query's group.

    Parameters
    ----------
    result
        For all residents: what a place has may depend on all who live around it, and only who is
        averaged differs.
    city
        With the people of the group alone.
    query
        The same for the group.

    Raises
    ------
    IndicatorError
        The resident places have no values of their own.
    """
    if result.origins is None:
        raise IndicatorError(f"{query.id}: no values of places to average over the group")
    values, whole = means_over_residents(query, city, result.origins)
    own = replace(
        result, query=query, values=values, city=whole, low=None, high=None,
        city_low=float("nan"), city_high=float("nan"),
        reasons=reasons_without_result(city, values, reason="no-data"),
    )  # fmt: skip
    if result.origins_low is None or result.origins_high is None:
        return own
    ends = [
        means_over_residents(query, city, one) for one in (result.origins_low, result.origins_high)
    ]
    found = range_over(
        [own], [((each, city_value), (each, city_value)) for each, city_value in ends]
    )
    return replace(
        own, low=found.low, high=found.high, city_low=found.city_low, city_high=found.city_high
    )


def _own(result: Result) -> tuple[End, End] | None:
    """What is measured as low and high of a result."""
    if result.low is None or result.high is None:
        return None
    return (result.low, result.city_low), (result.high, result.city_high)
