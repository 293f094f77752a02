"""Where streets meet areas: the ways into parks and school grounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.network.snapping import SAME_DISTANCE_M, Attached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.network.snapping import EdgeIndex

ARC_SEGMENTS = 16
"""Segments of a quarter circle round a corner: 0.05 m from the true line at 10 m."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Parts of edges from which an area is entered anywhere.

    Attributes
    ----------
    area
        (k,) row of the area.
    edge
        (k,) row of the edge.
    from_m, to_m
        (k,) where the part begins and ends, metres from the start of the edge.
    """

    area: NDArray[np.int64]
    edge: NDArray[np.int64]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]


def stretches_near(
    areas: NDArray[np.object_], edges: EdgeIndex, *, tolerance_m: float | NDArray[np.float64]
) -> Stretches:
    """Parts of edges that lie inside areas or within a tolerance of them.

    Parameters
    ----------
    areas
        (n,) polygons, or lines.
    edges
        The edges.
    tolerance_m
        Greatest distance from street to area, in metres; one, or (n,) one for each area.

    Returns
    -------
    Stretches
        Several for one edge where it leaves an area and comes back.

    Examples
    --------
    >>> from urbanlayer.network.snapping import index_edges
    >>> street = index_edges(shapely.from_wkt(["LINESTRING (0 0, 100 0)"]))
    >>> parts = stretches_near(np.array([shapely.box(60, 0, 90, 50)]), street, tolerance_m=10.0)
    >>> parts.from_m.round(6).tolist(), parts.to_m.round(6).tolist()
    ([50.0], [100.0])
    """
    lines = edges.lines
    tolerance_m = np.broadcast_to(tolerance_m, len(areas))
    area, edge = edges.tree.query(areas, predicate="dwithin", distance=tolerance_m)
    used, row = np.unique(area, return_inverse=True)
    near = shapely.buffer(areas[used], tolerance_m[used], quad_segs=ARC_SEGMENTS)
    shapely.prepare(near)
    whole = shapely.contains_properly(near[row], lines[edge])
    cut = np.flatnonzero(~whole)
    parts, of = shapely.get_parts(
        shapely.intersection(near[row[cut]], lines[edge[cut]]), return_index=True
    )
    is_part = shapely.length(parts) > SAME_DISTANCE_M
    parts, of = parts[is_part], cut[of[is_part]]
    middle_m = shapely.line_locate_point(
        lines[edge[of]], shapely.line_interpolate_point(parts, 0.5, normalized=True)
    )
    half_m = shapely.length(parts) / 2
    full = np.flatnonzero(whole)
    pair = np.concatenate([full, of])
    length_m = shapely.length(lines[edge[pair]])
    from_m = np.concatenate([np.zeros(len(full)), np.maximum(middle_m - half_m, 0.0)])
    to_m = np.concatenate([length_m[: len(full)], middle_m + half_m])
    order = np.lexsort((from_m, edge[pair], area[pair]))
    return Stretches(
        area[pair][order].astype(np.int64),
        edge[pair][order].astype(np.int64),
        from_m[order],
        np.minimum(to_m, length_m)[order],
    )


def attach_areas(
    areas: NDArray[np.object_],
    edges: EdgeIndex,
    *,
    tolerance_m: float,
    limit_m: float,
) -> tuple[Attached, Stretches]:
    """Areas snapped to the streets from which they are entered.

    An area is entered wherever a street lies inside it or within the tolerance; the straight way
    from the street to the area counts. Since that way shortens by no more than what one walks
    along the street, the ends of such a stretch are the only entrances that matter to people who
    come from elsewhere. An area that no street (fragments apart) comes so near to is entered from
    where the nearest street within the limit is nearest to it; so each part of such an area that
    was cut has an entrance of its own, and parts that are one have to be merged before.

    Parameters
    ----------
    areas
        (n,) polygons, or lines.
    edges
        The edges.
    tolerance_m
        Within this of an area a street leads into it, in metres.
    limit_m
        Areas farther than this from every street are not attached, in metres.

    Returns
    -------
    attached
        The entrances.
    stretches
        The parts of streets from which areas are entered anywhere.

    Examples
    --------
    >>> from urbanlayer.network.snapping import index_edges
    >>> street = index_edges(shapely.from_wkt(["LINESTRING (0 0, 100 0)"]))
    >>> parks = np.array([shapely.box(60, 4, 80, 50), shapely.box(20, 50, 30, 60)])
    >>> attached, stretches = attach_areas(parks, street, tolerance_m=10.0, limit_m=200.0)
    >>> np.unique(attached.along_m.round(1)).tolist()
    [20.0, 30.0, 50.8, 89.2]
    """
    lines = edges.lines
    near_edges = stretches_near(areas, edges, tolerance_m=tolerance_m)
    joined = near_edges.area[~edges.is_fragment[near_edges.edge]]
    apart = np.setdiff1d(np.arange(len(areas)), joined)
    (row, edge), reach_m = edges.joined_tree.query_nearest(
        areas[apart], max_distance=limit_m, all_matches=False, return_distance=True
    )
    apart, edge = apart[row], edges.joined_row[edge]
    on_street = shapely.get_point(shapely.shortest_line(lines[edge], areas[apart]), 0)
    alone_m = shapely.line_locate_point(lines[edge], on_street)
    along = stretches_near(areas[apart], edges, tolerance_m=reach_m + SAME_DISTANCE_M)
    near_edges = Stretches(
        np.concatenate([near_edges.area, apart[along.area]]),
        np.concatenate([near_edges.edge, along.edge]),
        np.concatenate([near_edges.from_m, along.from_m]),
        np.concatenate([near_edges.to_m, along.to_m]),
    )
    origin = np.concatenate([near_edges.area, near_edges.area, apart]).astype(np.int64)
    along_m = np.concatenate([near_edges.from_m, near_edges.to_m, alone_m])
    edge = np.concatenate([near_edges.edge, near_edges.edge, edge]).astype(np.int64)
    offset_m = shapely.distance(shapely.line_interpolate_point(lines[edge], along_m), areas[origin])
    order = np.lexsort((along_m, edge, origin))
    attached = Attached(len(areas), origin[order], edge[order], along_m[order], offset_m[order])
    return attached, near_edges


def given_entrances(
    areas: NDArray[np.object_], xy: NDArray[np.float64], *, tolerance_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which points are entrances of which areas: those on their border, or almost.

    Parameters
    ----------
    areas
        (n,) polygons; what else is among them has no border.
    xy
        (e, 2) points.
    tolerance_m
        Greatest distance from a point to a border, in metres.

    Returns
    -------
    area, entrance
        (k,) rows, by the area and then by the entrance.

    Examples
    --------
    >>> park = np.array([shapely.box(0, 0, 100, 100)])
    >>> gates = np.array([[50.0, -0.5], [50.0, 50.0], [50.0, 120.0]])
    >>> [rows.tolist() for rows in given_entrances(park, gates, tolerance_m=1.0)]
    [[0], [0]]
    """
    polygon = np.flatnonzero(shapely.get_dimensions(areas) == 2)  # noqa: PLR2004  (areas)
    points = np.asarray(shapely.points(xy), dtype=object)
    area, entrance = shapely.STRtree(points).query(
        shapely.boundary(areas[polygon]), predicate="dwithin", distance=tolerance_m
    )
    order = np.lexsort((entrance, area))
    return polygon[area[order]].astype(np.int64), entrance[order].astype(np.int64)


def links_off_stretches(
    origins: Attached,
    areas: NDArray[np.object_],
    edges: EdgeIndex,
    stretches: Stretches,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Links from origins that lie on a stretch: to the street, and straight into the area.

    Parameters
    ----------
    origins
        Snapped to the streets.
    areas
        (n,) polygons, or lines.
    edges
        The edges.
    stretches
        Of these areas.

    Returns
    -------
    origin, area
        (k,) rows.
    metres
        (k,) lengths.

    Examples
    --------
    >>> from urbanlayer.network.snapping import index_edges
    >>> street = index_edges(shapely.from_wkt(["LINESTRING (0 0, 100 0)"]))
    >>> park = np.array([shapely.box(60, 4, 80, 50)])
    >>> near_edges = stretches_near(park, street, tolerance_m=10.0)
    >>> home = Attached(1, np.array([0]), np.array([0]), np.array([70.0]), np.array([5.0]))
    >>> [part.tolist() for part in links_off_stretches(home, park, street, near_edges)]
    [[0], [0], [9.0]]
    """
    by_edge = np.argsort(stretches.edge, kind="stable")
    on_edge = stretches.edge[by_edge]
    first = np.searchsorted(on_edge, origins.edge, side="left")
    count = np.searchsorted(on_edge, origins.edge, side="right") - first
    row = np.repeat(np.arange(len(origins.edge)), count)
    start = np.cumsum(count) - count
    stretch = by_edge[np.repeat(first - start, count) + np.arange(len(row))]
    along_m = origins.along_m[row]
    inside = (stretches.from_m[stretch] <= along_m) & (along_m <= stretches.to_m[stretch])
    row, stretch = row[inside], stretch[inside]
    area = stretches.area[stretch]
    on_street = shapely.line_interpolate_point(edges.lines[origins.edge[row]], origins.along_m[row])
    gap_m = shapely.distance(on_street, areas[area])
    return origins.origin[row], area, origins.offset_m[row] + gap_m
