"""Estimates of unknown counts of people from the known counts of other neighbourhoods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.cause import ESTIMATE
from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Counts of all neighbourhoods, the unknown ones estimated.

    Attributes
    ----------
    counts
        (k,) counts.
    low, high
        (k,) the same with the lowest and the highest ratio of the known neighbourhoods.
    rows
        Rows of the estimated neighbourhoods.
    known
        How many known counts the estimate rests on.
    """

    counts: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    rows: NDArray[np.int64]
    known: int


def estimated(
    counts: NDArray[np.float64],
    weight: NDArray[np.float64],
    area_m2: NDArray[np.float64],
    total: float | None = None,
) -> Estimate | None:
    """The counts with estimates where they are unknown; None where no count is known.

    An unknown count is the basis of its neighbourhood times the people of all known neighbourhoods
    over their basis: the weight of its homes (m² of floor, an older count) where every unknown
    neighbourhood has some, else its land.

    Parameters
    ----------
    counts
        (k,) people, NaN where unknown.
    weight, area_m2
        (k,) weight of the homes, and square metres of land.
    total
        People of the whole city, where it is known: the unknown counts share what is left of it.

    Examples
    --------
    Two known neighbourhoods of 1 and 3 people on 100 m² each, and an unknown one of 50 m²:

    >>> area = np.array([100.0, 100.0, 50.0])
    >>> found = estimated(np.array([1.0, 3.0, np.nan]), np.zeros(3), area)
    >>> [float(one[2]) for one in (found.low, found.counts, found.high)]
    [0.5, 1.0, 1.5]
    """
    unknown = np.isnan(counts)
    basis = weight if (weight[unknown] > 0).all() else area_m2
    among = ~unknown & (basis > 0)
    if not among.any():
        return None
    ratio = counts[among] / basis[among]
    middle = counts[among].sum() / basis[among].sum()
    each = basis[unknown]
    low, high = ratio.min() * each, ratio.max() * each
    estimate = middle * each
    if total is not None and (left := total - float(np.nansum(counts))) > 0:
        estimate = left * each / each.sum()
        one_alone = len(each) == 1  # what is left of the total is its count
        low = estimate if one_alone else np.minimum(low, estimate)
        high = estimate if one_alone else np.maximum(high, estimate)
    return Estimate(
        counts=_filled(counts, unknown, estimate),
        low=_filled(counts, unknown, low),
        high=_filled(counts, unknown, high),
        rows=np.flatnonzero(unknown),
        known=int(among.sum()),
    )


def _filled(
    counts: NDArray[np.float64], unknown: NDArray[np.bool_], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    whole = counts.copy()
    whole[unknown] = values
    return whole


def with_estimate(
    residents: Residents, estimate: Estimate, neighbourhoods: Neighbourhoods
) -> Residents:
    """The residents marked as estimated where they are, with those of the low and the high.

    Parameters
    ----------
    residents
        With people in all neighbourhoods, constrained to `estimate.counts`.
    estimate
        Of the unknown counts.
    neighbourhoods
        Of the city.
    """
    rows = estimate.rows
    note = Note.of(
        "residents-estimated",
        count=len(rows),
        total=len(neighbourhoods),
        known=estimate.known,
        names=Listing.of(neighbourhoods.keys[rows]),
        people=round(float(estimate.counts[rows].sum())),
        low=round(float(estimate.low[rows].sum())),
        high=round(float(estimate.high[rows].sum())),
    )
    least, most = (_scaled(residents, estimate, end) for end in (estimate.low, estimate.high))
    return replace(
        residents,
        estimated=frozenset(rows.tolist()),
        alternatives={ESTIMATE: (least, most)},
        notes=(*residents.notes, note),
    )


def _scaled(residents: Residents, estimate: Estimate, counts: NDArray[np.float64]) -> Residents:
    """The residents with other counts in the estimated neighbourhoods."""
    factor = np.divide(counts, estimate.counts, out=np.ones(len(counts)), where=estimate.counts > 0)
    return replace(residents, people=residents.people * factor[residents.neighbourhood])
