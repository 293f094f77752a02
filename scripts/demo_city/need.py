"""Where people need a service: cells of people, and the choice of places that serve the most."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from demo_city.shapes import lengths_of

if TYPE_CHECKING:
    from demo_city.frame import Floats, Ints


@dataclass(frozen=True)
class NeedCells:
    """Square cells with a need in each: their middles, one row each, and the needs."""

    places: Floats
    need: Floats

    @classmethod
    def of(cls, places: Floats, need: Floats, size_m: float) -> NeedCells:
        """Cells of a size, with the needs of the places in them added up."""
        cells, index = np.unique(np.floor(places / size_m).astype(int), axis=0, return_inverse=True)
        return cls(
            (cells + 0.5) * size_m, np.bincount(index.ravel(), weights=need).astype(np.float64)
        )

    @cached_property
    def index(self) -> cKDTree:
        """An index of the cells' middles."""
        return cKDTree(self.places)

    def within(self, places: Floats, radius_m: float) -> list[list[int]]:
        """The cells within a radius of each place."""
        found: Any = self.index.query_ball_point(places, radius_m)
        return [list(cells) for cells in found]


def serve_in_turn(
    cells: NeedCells,
    places: Floats,
    likings: Floats,
    rule: tuple[int, float, float, float],
) -> Ints:
    """The places that serve the most unserved need, one after another.

    Parameters
    ----------
    cells
        Where the need is.
    places, likings
        Candidate places and how much each is liked, one row each.
    rule
        How many, the radius served in metres, the least distance between two in metres, and
        the share of need that is left after a place is chosen.
    """
    count, radius_m, spacing_m, left = rule
    about = cells.within(places, radius_m)
    need = cells.need.copy()
    possible = np.ones(len(places), dtype=bool)
    queue = [(-need[near].sum() * likings[j], j) for j, near in enumerate(about)]
    heapq.heapify(queue)
    chosen: list[int] = []
    while queue and len(chosen) < count:
        _, j = heapq.heappop(queue)
        if not possible[j]:
            continue
        gain = need[about[j]].sum() * likings[j]
        if queue and gain < -queue[0][0] - 1e-9:
            heapq.heappush(queue, (-gain, j))
            continue
        chosen.append(j)
        need[about[j]] *= left
        possible[lengths_of(places - places[j]) < spacing_m] = False
    return np.array(chosen, dtype=np.int64)
