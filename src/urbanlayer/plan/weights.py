"""Weights of people by their neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.note import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourhoodWeights:
    """(n,) weight of a person of each neighbourhood, and what should be known as well."""

    each: NDArray[np.float64]
    notes: tuple[Note, ...] = ()


def weights_by_key(
    weights: Mapping[str, float], keys: Sequence[str], note: Callable[[int], Note]
) -> NeighbourhoodWeights:
    """The weights of neighbourhoods; 0 for those that have none.

    Parameters
    ----------
    weights
        By key.
    keys
        (n,) of the neighbourhoods.
    note
        Of the number of neighbourhoods that have none.

    Examples
    --------
    >>> weights_by_key({"Q7": 2.0}, ["Q4", "Q7"], not_named).each.tolist()
    [0.0, 2.0]
    """
    each = np.array([weights.get(key, 0.0) for key in keys], dtype=np.float64)
    lacking = sum(key not in weights for key in keys)
    return NeighbourhoodWeights(each, (note(lacking),) if lacking else ())


def not_named(count: int) -> Note:
    """The note that so many neighbourhoods are not named among the weights."""
    return Note.of("plan-weights-not-named", count=count)


def without_need(count: int) -> Note:
    """The note that so many neighbourhoods have no need."""
    return Note.of("plan-weights-without-need", count=count)
