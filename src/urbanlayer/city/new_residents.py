"""People who come to live in a city, in addition to its residents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.city.residents import with_digests
from urbanlayer.errors import CityError
from urbanlayer.kernels import allocation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents


def with_new_residents(
    residents: Residents,
    neighbourhoods: Neighbourhoods,
    xy: NDArray[np.float64],
    people: NDArray[np.float64],
) -> Residents:
    """The residents and some more, each at an origin of its own after all others.

    Both sources of residents count them; they are in no group, and how poor they are is not known.

    Parameters
    ----------
    residents
        Those who live there.
    neighbourhoods
        Each new origin belongs to one of them, as those of the city's own residents.
    xy
        (k, 2) metres in the city's CRS.
    people
        (k,) people at each.

    Raises
    ------
    CityError
        An origin lies in no neighbourhood, or in one whose count of people is not known.
    """
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    row = allocation.locate(xy, areas, neighbourhoods.gap_tolerance_m)
    errors = [
        f"residents at ({x:.1f}, {y:.1f}): lie in no neighbourhood; coordinates must be metres of "
        f"{neighbourhoods.geometry.crs}"
        for x, y in xy[row < 0]
    ]
    errors += [
        f"residents at ({x:.1f}, {y:.1f}): nobody knows how many people live in neighbourhood "
        f"{neighbourhoods.keys[at]}"
        for (x, y), at in zip(xy, row, strict=True)
        if at in residents.unknown
    ]
    if errors:
        raise CityError(errors)
    second = residents.second_source
    alternatives = {
        cause: (_appended(one, row, xy, people), _appended(other, row, xy, people))
        for cause, (one, other) in residents.alternatives.items()
    }
    return with_digests(
        replace(
            _appended(residents, row, xy, people),
            alternatives=alternatives,
            second_source=None if second is None else _appended(second, row, xy, people),
        )
    )


def _appended(
    residents: Residents,
    row: NDArray[np.int64],
    xy: NDArray[np.float64],
    people: NDArray[np.float64],
) -> Residents:
    deprivation = residents.deprivation
    return replace(
        residents,
        xy=np.vstack([residents.xy, xy]),
        people=np.append(residents.people, people),
        neighbourhood=np.append(residents.neighbourhood, row),
        groups={
            name: np.append(counts, np.zeros(len(people)))
            for name, counts in residents.groups.items()
        },
        deprivation=None
        if deprivation is None
        else np.append(deprivation, np.full(len(people), np.nan)),
    )
