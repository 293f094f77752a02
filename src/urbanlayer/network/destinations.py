"""What people walk to, and where it is entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from urbanlayer.model.network_query import ENTRANCE_M
from urbanlayer.model.role_table import role
from urbanlayer.network.barriers import is_shut
from urbanlayer.text.opening_hours import open_after
from urbanlayer.text.street_tags import passable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.network_query import NearestQuery
    from urbanlayer.model.travel_modes import TravelMode

TOUCH_M = 1.0
"""Areas nearer to one another than this are merged where a query has a minimum area."""

AREA_SHARE = 1e-9
"""A polygon drawn with exactly the least area is not lost to rounding."""


ON_BORDER_M = 5.0
"""A municipality's entrance belongs to the areas whose border passes it within this."""

ON_OUTLINE_M = 1.0
"""OpenStreetMap's are mostly nodes of the outline; the doors of houses next to a park are not."""

NOT_FOR_VISITORS = frozenset({"no", "exit", "emergency", "service", "garage"})
"""Values of `entrance=` by which visitors do not come in."""


@dataclass(frozen=True, slots=True, eq=False)
class Destinations:
    """The destinations of a network query.

    Attributes
    ----------
    geometry
        (n,) points, lines or polygons.
    keys
        For each the keys of the layer's features that it was made of.
    row
        (n,) its row in the result: that of the layer, or its own where areas were merged.
    role
        Of the layer.
    entrance_m
        Areas without given entrances are entered from streets within this.
    """

    geometry: NDArray[np.object_]
    keys: tuple[tuple[str, ...], ...]
    row: NDArray[np.int64]
    role: str = ""
    entrance_m: float = ENTRANCE_M

    @property
    def is_point(self) -> NDArray[np.bool_]:
        """(n,) whether each is a single point."""
        kind = shapely.get_type_id(self.geometry)
        return np.asarray(kind == shapely.GeometryType.POINT)


def destinations(network_query: NearestQuery, layer: Layer) -> Destinations:
    """The features of a layer that are destinations of a query.

    Polygons that touch or lie within `TOUCH_M` of one another are one area (a park that a path or
    a border between parcels cuts in two is one park), in the row of its first feature; those of
    services are not, since two adjoining schools are two. With a minimum area smaller ones
    are left out, as is all that is no polygon; merged areas have numbers of their own.

    Parameters
    ----------
    network_query
        Its `public_only`, `step_free`, `open_after_h`, `min_area_m2` and `entrance_m`.
    layer
        Its destination.

    Returns
    -------
    Destinations
        May be empty.
    """
    geometry = layer.frame.geometry.to_numpy()
    keys = layer.frame.index.astype(str).to_numpy(dtype=object)
    rows = np.arange(len(geometry))
    if network_query.public_only and "public" in layer.frame:
        rows = rows[layer.frame["public"].fillna(value=False).to_numpy(dtype=bool)]
    rows = rows[_serve(network_query, layer)[rows]]
    rows = rows[~shapely.is_empty(geometry[rows]) & ~shapely.is_missing(geometry[rows])]
    is_area = shapely.get_dimensions(geometry[rows]) == 2  # noqa: PLR2004  (areas)
    if network_query.min_area_m2 <= 0:
        service = role(layer.role).service
        apart = rows if service else rows[~is_area]
        merged, areas, members = _merged(geometry, rows[:0] if service else rows[is_area])
        names = tuple((key,) for key in keys[apart]) + tuple(tuple(keys[m]) for m in members)
        row = np.concatenate([apart, merged])
        found = np.append(geometry[apart], areas)
        return Destinations(found, names, row, layer.role, network_query.entrance_m)
    _, areas, members = _merged(geometry, rows[is_area])
    large = shapely.area(areas) >= network_query.min_area_m2 * (1 - AREA_SHARE)
    kept = np.flatnonzero(large)
    names = tuple(tuple(keys[members[area]]) for area in kept)
    return Destinations(
        areas[kept], names, np.arange(len(kept)), layer.role, network_query.entrance_m
    )


def _merged(
    geometry: NDArray[np.object_], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.object_], list[NDArray[np.int64]]]:
    """The areas that polygons make: the row of each one's first polygon, itself, and its rows."""
    areas, members = merged_areas(geometry[rows])
    of = [rows[each] for each in members]
    return np.array([each[0] for each in of], dtype=np.int64), areas, of


def _serve(network_query: NearestQuery, layer: Layer) -> NDArray[np.bool_]:
    """(n,) which features are entered without a step and open late, where the query requires it."""
    serve = np.ones(len(layer.frame), dtype=bool)
    if network_query.step_free:
        serve &= layer.frame["step_free"].to_numpy(dtype=bool)
    if network_query.open_after_h > 0:
        serve &= open_after(layer.frame["opening_hours"], network_query.open_after_h)
    return serve


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The entrances that a city gives, for those who get about in one way.

    Attributes
    ----------
    xy
        (e, 2) metres.
    is_open
        (e,) whether these may enter there.
    tolerance_m
        How far from an area's border an entrance may be drawn.
    """

    xy: NDArray[np.float64]
    is_open: NDArray[np.bool_]
    tolerance_m: float


def given(travel: TravelMode, layer: Layer) -> Given:
    """The entrances of a layer that are for visitors.

    Parameters
    ----------
    travel
        How people get about: a stile is no entrance for wheelchairs.
    layer
        Points with OpenStreetMap's tags (`entrance`, and those of barriers) as columns, each of
        which may be absent.

    Returns
    -------
    Given
        Emergency exits, service entrances and private gates are none.
    """
    points = layer.frame[passable(layer.frame)]
    if "entrance" in points:
        points = points[~points["entrance"].isin(list(NOT_FOR_VISITORS)).to_numpy(dtype=bool)]
    return Given(
        xy=shapely.get_coordinates(shapely.centroid(points.geometry.to_numpy())),
        is_open=~is_shut(travel, points),
        tolerance_m=ON_OUTLINE_M if layer.provenance.shared_nodes else ON_BORDER_M,
    )


def merged_areas(
    polygons: NDArray[np.object_], *, touch_m: float = TOUCH_M
) -> tuple[NDArray[np.object_], list[NDArray[np.int64]]]:
    """Polygons that touch, made one.

    Parameters
    ----------
    polygons
        (n,) in a metric CRS.
    touch_m
        Polygons within this of one another count as one, in metres; the gap adds no area.

    Returns
    -------
    areas
        (k,) in the order of their first polygon.
    members
        For each the rows of its polygons.

    Examples
    --------
    >>> parks = np.array([shapely.box(0, 0, 10, 10), shapely.box(10.5, 0, 20, 10)])
    >>> areas, members = merged_areas(parks)
    >>> shapely.area(areas).tolist(), [rows.tolist() for rows in members]
    ([195.0], [[0, 1]])
    """
    one, other = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=touch_m)
    size = len(polygons)
    links = coo_array((np.ones(len(one)), (one, other)), shape=(size, size))
    count, group = connected_components(links, directed=False)
    first = np.full(count, size)
    np.minimum.at(first, group, np.arange(size))
    rank = np.argsort(np.argsort(first))[group]
    order = np.argsort(rank, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(rank[order])) + 1) if size else []
    areas = np.empty(count, dtype=object)
    for number, rows in enumerate(members):
        one_only = len(rows) == 1
        areas[number] = polygons[rows[0]] if one_only else shapely.union_all(polygons[rows])
    return areas, [rows.astype(np.int64) for rows in members]
