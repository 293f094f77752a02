"""People and floor area at points: two types, so that one never becomes the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.cause import Cause

from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    Ends = Mapping[Cause, tuple[NDArray[np.float64], NDArray[np.float64]]]

NOT_LOCATED = -2
"""For `People.row`: a point whose neighbourhood is where it lies."""


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Points with people.

    Attributes
    ----------
    xy
        (n, 2) metres in the city's CRS.
    weight
        (n,) people.
    row
        (n,) row of the neighbourhood that the people belong to, or `NOT_LOCATED`; None: all of
        them are where they lie.
    outside
        People of the source outside the city.
    notes
        What was decided.
    uncounted
        Rows of the neighbourhoods in which features of unknown count lie, or no cell with data;
        no point lies in these features.
    ends
        For each cause for which the weights are uncertain, (n,) those of its two ends.
    """

    xy: NDArray[np.float64]
    weight: NDArray[np.float64]
    row: NDArray[np.int64] | None = None
    outside: float = 0.0
    notes: tuple[Note, ...] = ()
    uncounted: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    ends: Ends = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class FloorArea:
    """Points with residential floor area in m², which shares people out but counts none."""

    xy: NDArray[np.float64]
    weight: NDArray[np.float64]
    notes: tuple[Note, ...] = ()
    ends: Ends = field(default_factory=dict)


def rows_of(people: People) -> NDArray[np.int64]:
    """(n,) `People.row`, all `NOT_LOCATED` where it is None."""
    return np.full(len(people.weight), NOT_LOCATED) if people.row is None else people.row


def known_counts(counts: pd.Series[float], role: str) -> tuple[NDArray[np.bool_], tuple[Note, ...]]:
    """(n,) True where a count is known, and a note on the features without a count.

    Parameters
    ----------
    counts
        Of the features of a layer, NaN where unknown, by their keys.
    role
        The layer.
    """
    known = counts.notna().to_numpy(dtype=bool)
    if known.all():
        return known, ()
    note = Note.of(
        "counts-unknown",
        layer=role,
        count=int((~known).sum()),
        total=len(known),
        names=Listing.of(counts.index[~known]),
    )
    return known, (note,)
