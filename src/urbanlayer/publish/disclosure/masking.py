"""Results without the values of some neighbourhoods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.result import Result


def masked(
    result: Result,
    away: NDArray[np.bool_],
    reasons: Mapping[str, str],
    without_range: NDArray[np.bool_] | None = None,
) -> Result:
    """The result with no value for some neighbourhoods and no range for these or others.

    Parameters
    ----------
    result
        Of all neighbourhoods.
    away
        (k,) whose value is left out.
    reasons
        Why, by key; they come before those that the result has.
    without_range
        (k,) whose low and high are left out; those of `away` where it is not given.
    """
    apart = away if without_range is None else without_range
    return replace(
        result,
        values=result.values.mask(away),
        low=None if result.low is None else result.low.mask(apart),
        high=None if result.high is None else result.high.mask(apart),
        ranges={
            cause: replace(one, low=one.low.mask(apart), high=one.high.mask(apart))
            for cause, one in result.ranges.items()
        },
        reasons={**result.reasons, **reasons},
    )
