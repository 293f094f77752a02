"""Counts for the grades of a layer: zones covered, cells with data, keys retained."""

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
"""Maximum number of keys in a sample."""
_DIGITS = 12


def intersects_any(zones: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """True for zones that intersect any of the geometries.

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
    """Number of cells with data in each zone, and the area of the zone in cells.

    Parameters
    ----------
    zones
        (k,) polygons in the CRS of the raster, without overlaps.
    known
        (rows, columns) True for cells to count.
    transform
        From columns and rows to coordinates.

    Returns
    -------
    counted, room
        (k,) cells with data whose centre lies in the zone; (k,) area of the zone in cells.
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
    """Short hashes of the keys, which do not reveal the keys."""
    return {hashlib.sha256(key.encode()).hexdigest()[:_DIGITS] for key in keys}


def sample_hashes(hashes: Collection[str]) -> tuple[str, ...]:
    """The smallest hashes, sorted: a random sample that is the same in every run.

    This is a bottom-k sketch: the share of it found in a later run estimates the share of all keys
    retained.
    """
    return tuple(sorted(hashes)[:SAMPLE_SIZE])


def retained_count(earlier: Collection[str], now: Collection[str]) -> int:
    """Number of the keys sampled in an earlier run that still exist."""
    return len(set(earlier) & set(now))
