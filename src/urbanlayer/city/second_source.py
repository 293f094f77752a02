"""The people of a second source, reallocated to the origins of the first.

Both sources share the same origins, so network results are reused, and a difference between two
results is due to the sources alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.city.residents import allocate_residents, with_digests
from urbanlayer.city.spreading import SPACING_M
from urbanlayer.kernels import allocation
from urbanlayer.model.note import Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.specification import ResidentsSpec

REACH_M = 500.0
"""Radius of the coarsest population grids in use (Kontur's hexagons of 0.7 km²): the people of a
cell may live this far from its point."""


def with_second_source(
    residents: Residents,
    spec: ResidentsSpec,
    neighbourhoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> Residents:
    """The residents, with the people of `[residents] second_source` at the same origins.

    Neighbourhoods and city have the totals of that source, so that densities differ too where the
    sources disagree. `census` at the end of `second_source`, or `total`, constrains it.

    Parameters
    ----------
    residents
        With origins and people.
    spec
        The `[residents]` table.
    neighbourhoods, layers, rasters
        As for `allocate_residents`.

    Raises
    ------
    CityError
        If the second source has no residents in the city.
    """
    if not spec.second_source:
        return residents
    other = allocate_residents(
        spec.model_copy(update={"from_": spec.second_source, "second_source": []}),
        neighbourhoods,
        layers,
        rasters,
    )
    people = reallocate_to_origins(other, residents)
    lost = other.total - float(people.sum())
    note = Note.of(
        "second-source",
        source=residents.source,
        people=round(residents.total),
        second=other.source,
        second_people=round(other.total),
        count=round(lost),
        distance_m=REACH_M,
    )
    second = replace(
        residents,
        people=people,
        source=other.source,
        notes=other.notes,
        unknown=residents.unknown | other.unknown,
        estimated=other.estimated,
        alternatives={},
    )
    return with_digests(replace(residents, notes=(*residents.notes, note), second_source=second))


def reallocate_to_origins(other: Residents, origins: Residents) -> NDArray[np.float64]:
    """(n,) people of another source at each origin.

    The people of a grid cell of `SPACING_M` are allocated to the origins in the cell and in the
    same neighbourhood, in proportion to their people; without any, to the nearest origin of the
    neighbourhood within `REACH_M`. People farther away remain unallocated.

    Parameters
    ----------
    other
        The people to allocate.
    origins
        Receive the people.
    """
    of_origin, of_other, count = _grid_numbers(origins, other)
    totals = np.bincount(of_other, other.people, minlength=count).astype(np.float64)
    people = allocation.constrain_to_totals(origins.people, of_origin, totals)
    cells_without_origin = np.isin(
        of_other, allocation.groups_without_weight(origins.people, of_origin, totals)
    )
    nearest = _nearest_origin(other, origins, cells_without_origin)
    found = nearest >= 0
    people += np.bincount(
        nearest[found], other.people[cells_without_origin][found], minlength=len(people)
    )
    return np.asarray(people)


def _grid_numbers(
    origins: Residents, other: Residents
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Grid cell of each point of two sources, split by neighbourhood, and the number of cells."""
    xy = np.vstack([origins.xy, other.xy])
    neighbourhood = np.concatenate([origins.neighbourhood, other.neighbourhood])
    corner = np.floor((xy - xy.min(axis=0)) / SPACING_M).astype(np.int64)
    cell = np.unique(np.column_stack([corner, neighbourhood]), axis=0, return_inverse=True)[
        1
    ].ravel()
    return cell[: len(origins)], cell[len(origins) :], int(cell.max()) + 1


def _nearest_origin(
    other: Residents, origins: Residents, unallocated: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Row of the nearest place in the same neighbourhood, or -1 where none is within reach."""
    from scipy.spatial import cKDTree

    apart_m = 4 * REACH_M  # neighbourhoods as floors, so far from one another that none is near
    lived_in = np.flatnonzero(origins.people > 0)
    floors = [np.column_stack([r.xy, r.neighbourhood * apart_m]) for r in (origins, other)]
    _, row = cKDTree(floors[0][lived_in]).query(
        floors[1][unallocated], distance_upper_bound=REACH_M * (1 + 1e-9)
    )
    return np.append(lived_in, -1)[row]
