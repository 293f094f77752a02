"""Noding: a graph of lines, with nodes where lines share a vertex."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Noded:
    """Lines cut into edges at their nodes.

    Attributes
    ----------
    node_xy
        (n, 2) metres.
    edge_nodes
        (m, 2) rows of the nodes at the start and the end of each edge.
    edge_lines
        (m,) LineStrings that begin and end exactly at their nodes.
    edge_source
        (m,) row of the line that each edge was cut from.
    """

    node_xy: NDArray[np.float64]
    edge_nodes: NDArray[np.int64]
    edge_lines: NDArray[np.object_]
    edge_source: NDArray[np.int64]


def node_shared_vertices(lines: NDArray[np.object_]) -> Noded:
    """The graph of lines that connect where they share a vertex exactly.

    This is the topology of OpenStreetMap, in which crossing ways without a shared vertex pass over
    or under each other.

    Parameters
    ----------
    lines
        (k,) LineStrings in metres; those without length are left out.

    Returns
    -------
    Noded
        Nodes sorted by coordinates, independent of the order of the lines. An isolated closed line
        is one edge from a node to itself.

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 5 0, 9 0)", "LINESTRING (5 -3, 5 0, 5 4)"])
    >>> noded = node_shared_vertices(cross)
    >>> noded.edge_nodes.tolist()
    [[0, 2], [2, 4], [1, 2], [2, 3]]
    >>> shapely.length(noded.edge_lines).tolist()
    [5.0, 4.0, 3.0, 4.0]
    """
    xy, line = distinct_vertices(lines)
    place, count = number_points(xy)
    first, last = _line_ends(line)
    is_node = (count[place] > 1) | first | last
    used, number = np.unique(place[is_node], return_inverse=True)
    node = np.full(len(xy), -1, dtype=np.int64)
    node[is_node] = number
    node_xy = np.empty((len(used), 2))
    node_xy[number] = xy[is_node]
    return cut_at_nodes(xy, line, node, node_xy)


def distinct_vertices(
    lines: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The vertices of lines without immediate repetitions, and the row of their line.

    Parameters
    ----------
    lines
        (k,) LineStrings; those without length give no vertices.

    Returns
    -------
    xy
        (v, 2) coordinates, each line's in their order.
    line
        (v,) row of the line.

    Examples
    --------
    >>> xy, line = distinct_vertices(shapely.from_wkt(["LINESTRING (0 0, 0 0, 3 0)"]))
    >>> xy.tolist(), line.tolist()
    ([[0.0, 0.0], [3.0, 0.0]], [0, 0])
    """
    xy, line = shapely.get_coordinates(lines, return_index=True)
    line = line.astype(np.int64)
    xy = xy + 0.0  # -0.0 and 0.0 are one place
    if len(xy) == 0:
        return xy, line
    keep = np.ones(len(xy), dtype=bool)
    keep[1:] = (line[1:] != line[:-1]) | (xy[1:] != xy[:-1]).any(axis=1)
    xy, line = xy[keep], line[keep]
    long = np.bincount(line, minlength=len(lines))[line] > 1
    return xy[long], line[long]


def number_points(xy: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number for each distinct point, and how many vertices it has.

    Parameters
    ----------
    xy
        (v, 2) coordinates; any difference makes two points.

    Returns
    -------
    place
        (v,) number of the place of each vertex, by x and then by y.
    count
        (places,) how many vertices each has.

    Examples
    --------
    >>> place, count = number_points(np.array([[5.0, 0.0], [0.0, 0.0], [5.0, 0.0]]))
    >>> place.tolist(), count.tolist()
    ([1, 0, 1], [1, 2])
    """
    in_plane = xy[:, 0] + 1j * xy[:, 1]
    _, place, count = np.unique(in_plane, return_inverse=True, return_counts=True)
    return place.astype(np.int64), count.astype(np.int64)


def cut_at_nodes(
    xy: NDArray[np.float64],
    line: NDArray[np.int64],
    node: NDArray[np.int64],
    node_xy: NDArray[np.float64],
) -> Noded:
    """Edges of lines, cut at the vertices that are nodes.

    Parameters
    ----------
    xy
        (v, 2) vertices without immediate repetitions, at least two for each line.
    line
        (v,) row of the line, ascending.
    node
        (v,) row of the node at the vertex, or -1; the ends of each line are nodes.
    node_xy
        (n, 2) the nodes.

    Returns
    -------
    Noded
        Edges in the order of the vertices.

    Examples
    --------
    >>> xy = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0]])
    >>> cut_at_nodes(xy, np.array([0, 0, 0]), np.array([0, 1, 2]), xy).edge_nodes.tolist()
    [[0, 1], [1, 2]]
    """
    if len(xy) == 0:
        none = np.empty(0, dtype=np.int64)
        return Noded(node_xy, none.reshape(0, 2), np.empty(0, dtype=object), none)
    first, last = _line_ends(line)
    inner = (node >= 0) & ~first & ~last
    vertex = np.repeat(np.arange(len(xy)), np.where(inner, 2, 1))
    starts = first[vertex]
    starts[1:] |= vertex[1:] == vertex[:-1]
    ends = np.append(starts[1:], np.True_)
    edge_lines = np.asarray(
        shapely.linestrings(xy[vertex], indices=np.cumsum(starts) - 1), dtype=object
    )
    edge_nodes = np.column_stack([node[vertex[starts]], node[vertex[ends]]])
    return Noded(node_xy, edge_nodes, edge_lines, line[vertex[starts]])


def _line_ends(line: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    change = line[1:] != line[:-1]
    edge = np.ones(min(len(line), 1), dtype=bool)
    return np.concatenate([edge, change]), np.concatenate([change, edge])
