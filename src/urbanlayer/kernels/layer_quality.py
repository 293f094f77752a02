"""What a layer reaches of a city, and which of its keys stayed: counts, not judgements."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from affine import Affine
    from numpy.typing import NDArray

SAMPLE_SIZE = 512
"""Keys that a sample holds at most; fewer are all of them."""
_DIGITS = 12


def intersects_any(zones: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether each zone holds or touches any of the shapes.

    Parameters
    ----------
    zones
        (k,) polygons.
    shapes
        (n,) geometries of any kind, in the same CRS.

    Returns
    -------
    (k,) flags.

    Examples
    --------
    >>> zones = np.array([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)], dtype=object)
    >>> intersects_any(zones, np.array([shapely.Point(0.5, 0.5)], dtype=object))
    array([ True, False])
    """
    held = np.zeros(len(zones), dtype=bool)
    if len(shapes):
        shapely.prepare(zones)
        zone, _ = shapely.STRtree(shapes).query(zones, predicate="intersects")
        held[np.unique(zone)] = True
    return held


def cell_counts(
    zones: NDArray[np.object_], known: NDArray[np.bool_], transform: Affine
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """How many cells of a grid that are known lie in each zone, and how many it has room for.

    Parameters
    ----------
    zones
        (k,) polygons in the CRS of the grid, which do not overlap.
    known
        (rows, columns) which cells count.
    transform
        Of the grid.

    Returns
    -------
    counted, room
        (k,) cells whose middle lies in the zone and that are known; (k,) the zone's area in cells.
    """
    from rasterio.features import rasterize

    room = shapely.area(zones) / abs(transform.a * transform.e - transform.b * transform.d)
    pairs = [(zone, row + 1) for row, zone in enumerate(zones) if not zone.is_empty]
    if not pairs:
        return np.zeros(len(zones), dtype=np.int64), room
    label = rasterize(pairs, known.shape, transform=transform, dtype="int32")
    counted = np.bincount(label[known], minlength=len(zones) + 1)[1:]
    return counted.astype(np.int64), room


def key_hashes(keys: Iterable[str]) -> set[str]:
    """The keys as short hashes, which say nothing of the keys by themselves."""
    return {hashlib.sha256(key.encode()).hexdigest()[:_DIGITS] for key in keys}


def sample_hashes(hashes: Collection[str]) -> tuple[str, ...]:
    """The least of the hashes, sorted: the same keys are picked in every run.

    A hash has no order that the city knows of, so that the least ones are a fair sample (a
    "bottom-k" sketch); what is found of them in a later run estimates what stayed of all.
    """
    return tuple(sorted(hashes)[:SAMPLE_SIZE])


def retained_count(earlier: Collection[str], now: Collection[str]) -> int:
    """How many of the keys that were sampled in an earlier run are still there."""
    return len(set(earlier) & set(now))
