"""The lowest and the highest of several results of one query."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.model.result import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.result import Result

End = tuple["pd.Series[float]", float]
"""A low or a high: of the neighbourhoods, and of the city."""


def with_measured(result: Result, others: Sequence[Result]) -> Result:
    """The result, with low and high over others that are measured otherwise; itself if none are."""
    if not others:
        return result
    found = range_over([result, *others])
    return replace(
        result, low=found.low, high=found.high, city_low=found.city_low, city_high=found.city_high
    )


def range_over(results: Sequence[Result], ends: Iterable[tuple[End, End] | None] = ()) -> Range:
    """The lowest and highest of results, and of lows and highs, where the first has a value.

    Parameters
    ----------
    results
        Where one has no value, it says nothing.
    ends
        Pairs of a low and a high; None is ignored.
    """
    import numpy as np

    first = results[0]
    values: list[End] = [(one.values, one.city) for one in results]
    known = [end for end in ends if end is not None]
    low, city_low = _extreme(np.fmin, [*values, *(end[0] for end in known)])
    high, city_high = _extreme(np.fmax, [*values, *(end[1] for end in known)])
    own = first.values.to_numpy()
    unknown = np.isnan(first.city)
    return Range(
        low=_indexed(first.values, np.where(np.isnan(own), np.nan, low)),
        high=_indexed(first.values, np.where(np.isnan(own), np.nan, high)),
        city_low=float("nan") if unknown else city_low,
        city_high=float("nan") if unknown else city_high,
    )


def _extreme(of: np.ufunc, ends: Sequence[End]) -> tuple[NDArray[np.float64], float]:
    each = of.reduce([series.to_numpy() for series, _ in ends])
    return each, float(of.reduce([city for _, city in ends]))


def _indexed(like: pd.Series[float], values: NDArray[np.float64]) -> pd.Series[float]:
    import pandas as pd

    return pd.Series(values, index=like.index, dtype="float64", name=like.name)
