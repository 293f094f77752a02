"""What stands on the streets, and whom it stops: kerbs, gates, bollards, stiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.model.note import Note
from urbanlayer.text.street_tags import passable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.travel_modes import TravelMode

ON_STREET_M = 1.0
"""A barrier of a municipality's own layer stands on the street nearest to it within this."""

SHARED_NODE_M = 0.0005
"""Maximum distance from a street; barriers of OpenStreetMap are nodes of its streets, and nodes of
a bridge exactly above another street are moved 1.2 mm apart (`sources/_shared_nodes.py`)."""


def tolerance_m(barriers: Layer) -> float:
    """How far from a street its barriers may be drawn, in metres."""
    return SHARED_NODE_M if barriers.provenance.shared_nodes else ON_STREET_M


@dataclass(frozen=True, slots=True, eq=False)
class ImpassableBarriers:
    """The barriers that a mode cannot pass.

    Attributes
    ----------
    xy
        (k, 2) metres.
    by_rule
        (k,) whether they are forbidden, and not too narrow or too high: who lives behind such a
        gate has its key.
    notes
        What was not known and how it was taken.
    """

    xy: NDArray[np.float64]
    by_rule: NDArray[np.bool_]
    notes: tuple[Note, ...] = ()


def impassable_barriers(travel: TravelMode, barriers: Layer) -> ImpassableBarriers:
    """The barriers that a mode cannot pass.

    Parameters
    ----------
    travel
        The mode; its `impassable` and `narrowest_m`.
    barriers
        Points with OpenStreetMap's tags (`barrier`, `kerb`, `access`, `foot`, `wheelchair`,
        `bicycle`, `locked`, `maxwidth:physical`) as columns, each of which may be absent.

    Returns
    -------
    ImpassableBarriers
        In the order of the layer.
    """
    points = barriers.frame
    shut = is_shut(travel, points)
    xy = shapely.get_coordinates(shapely.centroid(points.geometry.to_numpy()[shut]))
    return ImpassableBarriers(xy, ~_cannot(travel, points)[shut], _missing_tags(travel, points))


def is_shut(travel: TravelMode, points: pd.DataFrame) -> NDArray[np.bool_]:
    """Which points a mode cannot pass.

    Parameters
    ----------
    travel
        The mode.
    points
        As for `impassable_barriers`.

    Returns
    -------
    ndarray
        (n,) in the order of the rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from urbanlayer.model.travel_modes import MODES
    >>> gates = pd.DataFrame({"barrier": ["stile", "gate", "bollard"],
    ...                       "maxwidth:physical": [None, None, "0.7 m"]})
    >>> is_shut(MODES["wheelchair"], gates).tolist()
    [True, False, True]
    >>> is_shut(MODES["walk"], gates).tolist()
    [False, False, False]
    """
    return ~passable(points) | _cannot(travel, points)


def _cannot(travel: TravelMode, points: pd.DataFrame) -> NDArray[np.bool_]:
    """What is too narrow or too high for a mode, or a thing that it does not pass."""
    impassable = _has(points, travel.impassable)
    if travel.narrowest_m is not None and "maxwidth:physical" in points:
        impassable |= _metres(points["maxwidth:physical"]) < travel.narrowest_m
    return impassable & ~_has(points, travel.opened)


def _has(points: pd.DataFrame, tags: Mapping[str, frozenset[str]]) -> NDArray[np.bool_]:
    found = np.zeros(len(points), dtype=bool)
    for tag, values in tags.items():
        if tag in points:
            found |= points[tag].isin(list(values)).to_numpy(dtype=bool)
    return found


def _metres(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Widths such as `0.9`, `0,9 m`; +inf where it cannot be read."""
    import pandas as pd

    plain = texts.astype("str").str.replace(",", ".", regex=False).str.strip()
    number = pd.to_numeric(plain.str.removesuffix("m").str.strip(), errors="coerce")
    return number.fillna(np.inf).to_numpy(dtype=np.float64)


def _missing_tags(travel: TravelMode, points: pd.DataFrame) -> tuple[Note, ...]:
    """The number of kerbs of unknown height, where the travel mode avoids kerbs."""
    if "kerb" not in travel.impassable:
        return ()
    nothing = np.full(len(points), "", dtype=object)
    kerb, barrier = (
        points[tag].fillna("").to_numpy(dtype=object) if tag in points else nothing
        for tag in ("kerb", "barrier")
    )
    count = int((np.isin(kerb, ["yes", "unknown"]) | ((barrier == "kerb") & (kerb == ""))).sum())
    if not count:
        return ()
    return (Note.of("kerbs-unknown", count=count),)
