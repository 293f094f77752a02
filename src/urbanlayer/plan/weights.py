"""Weights of people by their neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.note import Note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourhoodWeights:
    """(n,) weight of a person of each neighbourhood, and what should be known beside."""

    each: NDArray[np.float64]
    notes: tuple[Note, ...] = ()


def weights_by_key(
    weights: Mapping[str, float], keys: Sequence[str], code: str
) -> NeighbourhoodWeights:
    """The weights of neighbourhoods; 0 for those that have none.

    Parameters
    ----------
    weights
        By key.
    keys
        (n,) of the neighbourhoods.
    code
        Of the note that says how many have none.

    Examples
    --------
    >>> weights_by_key({"Q7": 2.0}, ["Q4", "Q7"], "plan-weights-not-named").each.tolist()
    [0.0, 2.0]
    """
    each = np.array([weights.get(key, 0.0) for key in keys], dtype=np.float64)
    lacking = sum(key not in weights for key in keys)
    return NeighbourhoodWeights(each, (Note.of(code, count=lacking),) if lacking else ())
