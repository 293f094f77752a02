"""Residents by the ends of what is uncertain in how they were placed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels import allocation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.city.people import Ends
    from urbanlayer.model.residents import Residents


def with_ends(
    residents: Residents,
    neighbourhood: NDArray[np.int64],
    weight: NDArray[np.float64],
    ends: Ends,
) -> Residents:
    """The residents with alternatives: as many in all, and in each neighbourhood of a census.

    Parameters
    ----------
    residents
        At the places of positive weight, of which those in neighbourhoods of unknown count are
        left out, and after them at further places.
    neighbourhood, weight
        (n,) of the places of positive weight.
    ends
        (n,) weights in place of `weight`, two for each cause.
    """
    kept = ~np.isin(neighbourhood, sorted(residents.unknown))
    further = len(residents) - int(kept.sum())
    constrained = residents.source.endswith("census")
    found = dict(residents.alternatives)
    for cause, pair in ends.items():
        ratios = (np.append((one / weight)[kept], np.ones(further)) for one in pair)
        low, high = (_by(residents, ratio, constrained=constrained) for ratio in ratios)
        found[cause] = low, high
    return replace(residents, alternatives=found)


def _by(residents: Residents, ratio: NDArray[np.float64], *, constrained: bool) -> Residents:
    """The residents times a ratio, with as many in all, or in each neighbourhood."""
    people = residents.people * ratio
    group = residents.neighbourhood if constrained else np.zeros(len(people), dtype=np.int64)
    totals = np.bincount(group, residents.people).astype(np.float64)
    moved = allocation.constrain_to_totals(people, group, totals)
    nobody = np.isin(group, allocation.groups_without_weight(people, group, totals))
    return replace(residents, people=np.where(nobody, residents.people, moved), alternatives={})
