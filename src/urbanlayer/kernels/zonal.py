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
