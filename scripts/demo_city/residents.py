"""The residents: counts by neighbourhood that add up to the census, and people by building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

from demo_city.frame import RESIDENTS_TOTAL

if TYPE_CHECKING:
    from demo_city.buildings import Buildings
    from demo_city.frame import Floats, Ints, Shapes


@dataclass(frozen=True)
class Residents:
    """The neighbourhood and residents of each building, and the count of each neighbourhood."""

    neighbourhood: Ints
    by_building: Floats
    census: Ints


def settle(buildings: Buildings, neighbourhoods: Shapes) -> Residents:
    """The residents, shared out by what homes would hold, then scaled to whole counts."""
    tree = STRtree(neighbourhoods)
    neighbourhood = np.asarray(tree.nearest(shapely.points(buildings.points)))
    count = len(neighbourhoods)
    wanted: Floats = np.bincount(neighbourhood, weights=buildings.wanted, minlength=count).astype(
        np.float64
    )
    census = whole_shares(wanted, RESIDENTS_TOTAL)
    scale = census / np.maximum(wanted, 1e-9)
    return Residents(neighbourhood, buildings.wanted * scale[neighbourhood], census)


def whole_shares(weights: Floats, total: int) -> Ints:
    """A total in whole shares by weight, the rest to the largest remainders."""
    exact = weights * total / weights.sum()
    shares: Ints = np.floor(exact).astype(np.int64)
    largest = np.argsort(-(exact - shares), kind="stable")[: total - shares.sum()]
    shares[largest] += 1
    return shares
