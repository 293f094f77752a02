"""Results that tell of few people beside the residents: of an earlier date, or of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.masking import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.result import Result

REASON = "too-few-people"
_OF_RESIDENTS = frozenset({"no-residents", "residents-unknown", "too-few-residents"})


def without_few_counted(result: Result, small: int, known: Mapping[str, str]) -> Result:
    """The result without the neighbourhoods where one of its counts is small; none is small too.

    Parameters
    ----------
    result
        Published otherwise, with the exact counts.
    small
        Greatest count of the first class.
    known
        Reasons from before; those about residents stay.
    """
    if not result.counts:
        return result
    few = np.any([one <= small for one in result.counts], axis=0)
    keys = map(str, result.values.index[few])
    why = {key: known[key] if known.get(key) in _OF_RESIDENTS else REASON for key in keys}
    return masked(result, few, why)
