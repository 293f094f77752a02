"""Residential buildings as points with their residents or their floor area."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.city.people import FloorArea, People, known_counts
from urbanlayer.city.population import rows_touched
from urbanlayer.city.spreading import SPACING_M
from urbanlayer.kernels import allocation
from urbanlayer.model.cause import STOREYS
from urbanlayer.model.note import Note

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.city.spreading import BuiltUpLand
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.neighbourhoods import Neighbourhoods

SHARES = (0.1, 0.9)
"""Of the known storeys, up to the lowest and the highest that unknown ones are taken for."""
LARGE_HOME_M2 = 10_000.0
"""A larger building is an area of land use: its people are spread over points inside it."""
LONG_HOME_M = 200.0
"""A building that is longer, such as a row of houses or all houses of a street as one feature, has
people too far apart for one point."""


def dwellings_of(
    buildings: Layer, neighbourhoods: Neighbourhoods, ground: BuiltUpLand
) -> People | FloorArea:
    """Residential buildings, weighted by residents if known, otherwise by floor area in m².

    Parameters
    ----------
    buildings
        With `residential`, `levels` and `residents` where it has them.
    neighbourhoods
        Of the city.
    ground
        What the people of large buildings are spread over.
    """
    frame = buildings.frame
    lived_in = frame["residential"].to_numpy(dtype=bool) if "residential" in frame else slice(None)
    dwellings = frame[lived_in]
    geometry = np.asarray(dwellings.geometry, dtype=object)
    if "residents" in dwellings:
        known, notes = known_counts(dwellings["residents"], "buildings")
        counts = dwellings["residents"].to_numpy(dtype=np.float64)[known]
        xy, people, _, spread = _origins_of_homes(geometry[known], counts, ground)
        notes = (Note.of("residents-of-buildings"), *notes, *spread)
        uncounted = rows_touched(geometry[~known], neighbourhoods)
        return People(xy, people, notes=notes, uncounted=uncounted)
    levels, others, notes = _known_levels(dwellings)
    floor_m2 = shapely.area(geometry) * levels
    xy, weight, home, spread = _origins_of_homes(geometry, floor_m2, ground)
    made = FloorArea(xy, weight, notes=(*notes, *spread))
    if others is None:
        return made
    low, high = (weight * _ratio(each, levels)[home] for each in others)
    return replace(made, ends={STOREYS: (low, high)})


def _ratio(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) quotients, 1 where the other is 0."""
    ratio: NDArray[np.float64] = np.divide(one, other, out=np.ones(len(one)), where=other > 0)
    return ratio


def _origins_of_homes(
    homes: NDArray[np.object_], weight: NDArray[np.float64], ground: BuiltUpLand
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], tuple[Note, ...]]:
    """One point for each home, several at most `SPACING_M` apart for a large one; with a note.

    Returns
    -------
    xy, weight, home, notes
        (m, 2) points, (m,) their weight, and (m,) the row of their home.
    """
    area_m2 = shapely.area(homes)
    west, south, east, north = shapely.bounds(homes).T
    large = (area_m2 > LARGE_HOME_M2) | (np.maximum(east - west, north - south) > LONG_HOME_M)
    large &= area_m2 > 0
    xy = allocation.representative_xy(homes)
    if not large.any():
        return xy, weight, np.arange(len(homes)), ()
    spread_xy, spread, of = ground.points(homes[large], weight[large])
    note = Note.of(
        "homes-large",
        count=int(large.sum()),
        total=len(homes),
        area_ha=round(float(area_m2[large].max()) / LARGE_HOME_M2, 1),
        distance_m=SPACING_M,
    )
    return (
        np.vstack([xy[~large], spread_xy]),
        np.concatenate([weight[~large], spread]),
        np.concatenate([np.flatnonzero(~large), np.flatnonzero(large)[of]]),
        (note,),
    )


def _known_levels(
    dwellings: pd.DataFrame,
) -> tuple[
    NDArray[np.float64], tuple[NDArray[np.float64], NDArray[np.float64]] | None, tuple[Note, ...]
]:
    """(n,) storeys of each building, the median where unknown, and a note on it.

    Between the two stand the same with `SHARES` of the known storeys where unknown, if they differ.
    """
    if "levels" not in dwellings:
        return np.ones(len(dwellings)), None, (Note.of("no-storeys"),)
    levels = dwellings["levels"].to_numpy(dtype=np.float64)
    unknown = np.isnan(levels)
    if not unknown.any():
        return levels, None, ()
    known = np.ones(1) if unknown.all() else levels[~unknown]
    low, usual, high = np.quantile(known, [SHARES[0], 0.5, SHARES[1]]).tolist()
    count = int(unknown.sum())
    note = Note.of(
        "storeys-assumed",
        count=count,
        total=len(levels),
        storeys=usual,
        known=len(levels) - count,
    )
    low_levels, middle, high_levels = (np.where(unknown, one, levels) for one in (low, usual, high))
    return middle, (low_levels, high_levels) if low < high else None, (note,)
