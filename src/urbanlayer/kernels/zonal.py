"""Areas of features within polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def intersection_areas_m2(
    zones: NDArray[np.object_], features: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Area of each feature in each zone, split exactly on borders.

    Parameters
    ----------
    zones
        (k,) polygons.
    features
        (n,) polygons.

    Returns
    -------
    zone, feature, area
        One row for each intersecting pair: rows of zone and feature, area in square metres; sorted
        by zone and feature.

    Notes
    -----
    Only features that cross a border are intersected.

    Examples
    --------
    A square of 4 m², half of it in the zone:

    >>> zone = np.array([shapely.box(0, 0, 10, 10)], dtype=object)
    >>> feature = np.array([shapely.box(-1, 0, 1, 2)], dtype=object)
    >>> intersection_areas_m2(zone, feature)[2]
    array([2.])
    """
    tree = shapely.STRtree(features)
    zone, feature = tree.query(zones, predicate="intersects")
    within = np.zeros(len(zone), dtype=bool)
    inner = tree.query(zones, predicate="contains")
    pairs = np.column_stack([zone, feature])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    zone, feature = zone[order], feature[order]
    code = zone * len(features) + feature
    within = np.isin(code, inner[0] * len(features) + inner[1])
    area = np.empty(len(zone))
    area[within] = shapely.area(features[feature[within]])
    cut = ~within
    area[cut] = shapely.area(shapely.intersection(zones[zone[cut]], features[feature[cut]]))
    shared = area > 0
    return zone[shared], feature[shared], area[shared]


def parts_in_zones(
    zones: NDArray[np.object_], features: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]:
    """The part of each feature in each zone, and in the holes between zones.

    Parameters
    ----------
    zones
        (k,) polygons that do not overlap.
    features
        (n,) polygons.

    Returns
    -------
    zone, feature, part
        One row for each part: row of the zone, -1 in a hole between zones; row of the feature; the
        part, which is the feature itself where it lies in one zone. Sorted by feature and zone.

    Examples
    --------
    >>> zones = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    >>> zone, _, part = parts_in_zones(zones, np.array([shapely.box(7, 0, 11, 1)]))
    >>> zone.tolist(), shapely.area(part).tolist()
    ([0, 1], [3.0, 1.0])
    """
    every = np.concatenate([zones, _holes(zones)])
    zone, feature, _ = intersection_areas_m2(every, features)
    inner = shapely.STRtree(features).query(every, predicate="contains")
    whole = np.isin(zone * len(features) + feature, inner[0] * len(features) + inner[1])
    part = features[feature]
    part[~whole] = shapely.intersection(every[zone[~whole]], part[~whole])
    zone = np.where(zone < len(zones), zone, -1)
    order = np.lexsort((zone, feature))
    return zone[order], feature[order], part[order]


def _holes(zones: NDArray[np.object_]) -> NDArray[np.object_]:
    """The holes of the union of polygons."""
    shells = shapely.get_parts(shapely.union_all(zones))
    rings = [
        shapely.get_interior_ring(shell, number)
        for shell in shells
        for number in range(shapely.get_num_interior_rings(shell))
    ]
    holes = np.empty(len(rings), dtype=object)
    holes[:] = shapely.polygons(rings) if rings else []
    return holes


def covered_area_m2(
    zones: NDArray[np.object_], features: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Area of each zone covered by any feature; overlaps count once.

    Parameters
    ----------
    zones
        (k,) polygons.
    features
        (n,) polygons, which may overlap.

    Returns
    -------
    (k,) square metres.
    """
    if not len(features):
        return np.zeros(len(zones))
    zone, _, area = intersection_areas_m2(zones, _dissolved_where_overlapping(features))
    return np.bincount(zone, area, minlength=len(zones)).astype(np.float64)


def _dissolved_where_overlapping(features: NDArray[np.object_]) -> NDArray[np.object_]:
    """The features with overlapping ones dissolved; faster than a union of all."""
    one, other = shapely.STRtree(features).query(features, predicate="intersects")
    later = one < other
    one, other = one[later], other[later]
    shared = ~shapely.touches(features[one], features[other])
    overlapping = np.zeros(len(features), dtype=bool)
    overlapping[one[shared]] = overlapping[other[shared]] = True
    if not overlapping.any():
        return features
    merged = shapely.get_parts(shapely.union_all(features[overlapping]))
    return np.concatenate([features[~overlapping], merged])
