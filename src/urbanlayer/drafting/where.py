"""Where a city lies, by the layers that a draft places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.drafting.crs_guesses import lonlat_box
from urbanlayer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.drafting.crs_guesses import Box
    from urbanlayer.drafting.datasets import Dataset
    from urbanlayer.drafting.guess import GuessedLayer

_ANCHORS = ("boundary", "neighbourhoods")
_CITY_DEGREES = 1.5
"""A city is smaller; a wider dataset is one of a country."""


def box_of(
    datasets: Sequence[Dataset], layers: Sequence[GuessedLayer], of_extract: Box | None
) -> Box:
    """The box of the city: of its boundary or neighbourhoods, else the middle one of all files.

    Parameters
    ----------
    datasets
        All that was read.
    layers
        Those that have a role.
    of_extract
        The box of the city in an extract.

    Raises
    ------
    DataError
        No file states a CRS.
    """
    box = box_of_layers(layers)
    if box is not None:
        return box
    if of_extract is not None:
        return of_extract
    boxes = [box for one in datasets if (box := lonlat_box(one)) is not None]
    small = [box for box in boxes if max(box[2] - box[0], box[3] - box[1]) < _CITY_DEGREES]
    if not boxes:
        raise DataError(
            "no file states its CRS, so that it is not known where the city lies; add one that "
            "does (a GeoPackage, a GeoJSON), or write the city file with `urbanlayer init NAME`"
        )
    ordered = sorted(small or boxes, key=lambda box: (box[0] + box[2], box[1] + box[3]))
    return ordered[len(ordered) // 2]


def box_of_layers(layers: Sequence[GuessedLayer]) -> Box | None:
    """The box of the city's boundary, else of its neighbourhoods; None without their CRS.

    Parameters
    ----------
    layers
        Those that have a role; what is doubtful does not count.
    """
    for role in _ANCHORS:
        for layer in layers:
            box = lonlat_box(layer.dataset) if layer.role == role and not layer.doubt else None
            if box is not None:
                return box
    return None
