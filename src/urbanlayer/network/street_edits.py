"""One street more, one street less: a network changed without building it anew."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops

from urbanlayer.kernels.components import component_numbers
from urbanlayer.kernels.fitting import SAME_PLACE_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.streets import StreetNetwork


def with_edges(network: StreetNetwork, edges: NDArray[np.int64]) -> StreetNetwork:
    """The network with some of its edges alone; its nodes keep their rows.

    Parameters
    ----------
    network
        The streets.
    edges
        (k,) rows of the edges to keep, in the order that they shall have.

    Returns
    -------
    StreetNetwork
        The parts that are cut off from one another are numbered anew.
    """
    nodes, length_m = network.edge_nodes[edges], network.edge_length_m[edges]
    feature, across = network.edge_feature, network.across
    return replace(
        network,
        edge_nodes=nodes,
        edge_length_m=length_m,
        edge_lines=network.edge_lines[edges],
        component=component_numbers(len(network.node_xy), nodes, length_m),
        edge_feature=None if feature is None else feature[edges],
        across=None if across is None else across[edges],
    )


def cut_at(
    network: StreetNetwork, xy: NDArray[np.float64], *, tolerance_m: float
) -> tuple[StreetNetwork, NDArray[np.int64], int]:
    """The network cut at impassable points.

    A street ends on either side of a point that lies on it; at a node every street ends by
    itself. No street is left out, so that whoever lives on one still does.

    Parameters
    ----------
    network
        The streets.
    xy
        (k, 2) points; each cuts the streets nearest to it.
    tolerance_m
        Points farther than this from every street cut nothing, in metres.

    Returns
    -------
    network
        The old nodes keep their rows; the parts that are cut off are numbered anew.
    of
        (m,) row of the edge that each was cut from.
    on_street
        How many of the points lie on a street.
    """
    point, edge, along_m = _on_edges(network, xy, tolerance_m)
    before_m = network.edge_length_m[edge] - along_m
    shut = np.zeros(len(network.node_xy), dtype=bool)
    shut[network.edge_nodes[edge[along_m <= SAME_PLACE_M], 0]] = True
    shut[network.edge_nodes[edge[before_m <= SAME_PLACE_M], 1]] = True
    inner = (along_m > SAME_PLACE_M) & (before_m > SAME_PLACE_M)
    lines, of, is_inner = _pieces(network.edge_lines, edge[inner], along_m[inner])
    nodes = np.where(is_inner, -1, network.edge_nodes[of])
    nodes[(nodes >= 0) & shut[nodes]] = -1
    new_xy = np.stack(
        [shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1)], 1
    )
    new = nodes < 0
    nodes[new] = len(network.node_xy) + np.arange(int(new.sum()))
    node_xy = np.vstack([network.node_xy, new_xy[new]])
    length_m = np.where(is_inner.any(axis=1), shapely.length(lines), network.edge_length_m[of])
    feature, across = network.edge_feature, network.across
    cut = replace(
        network,
        node_xy=node_xy,
        edge_nodes=nodes,
        edge_length_m=length_m,
        edge_lines=lines,
        component=component_numbers(len(node_xy), nodes, length_m),
        edge_feature=None if feature is None else feature[of],
        across=None if across is None else across[of],
    )
    return cut, of, len(np.unique(point))


def exit_links(network: StreetNetwork, old_nodes: int) -> tuple[StreetNetwork, NDArray[np.int64]]:
    """The network with exit-only links: residents of a gated area may leave by the gate.

    At a place where a network was cut, a part that the cuts alone keep from a longer one has a
    way out into that. Since all such ways lead from shorter parts to longer ones, nobody passes
    through a part.

    Parameters
    ----------
    network
        As `cut_at` gives it.
    old_nodes
        How many nodes there were before; those after are ends at cuts.

    Returns
    -------
    network
        With the ways out, each a micrometre long, after its edges; they may be walked from start
        to end alone.
    behind
        (k,) row of the edge that each way out leads from.
    """
    ends = np.argwhere(network.edge_nodes >= old_nodes)
    node = network.edge_nodes[ends[:, 0], ends[:, 1]]
    _, origin = np.unique(network.node_xy[node], axis=0, return_inverse=True)
    origin, part = origin.ravel(), network.component[node]
    order = np.lexsort((part, origin))
    behind, node, origin, part = ends[order, 0], node[order], origin[order], part[order]
    longest = np.searchsorted(origin, origin)
    out = np.flatnonzero(part > part[longest])
    behind, nodes = behind[out], np.column_stack([node[out], node[longest[out]]])
    xy = network.node_xy[nodes[:, 0]]
    to_xy = np.column_stack([xy[:, 0] + SAME_PLACE_M, xy[:, 1]])
    lines = np.asarray(shapely.linestrings(np.stack([xy, to_xy], axis=1)), dtype=object)
    edge_nodes = np.vstack([network.edge_nodes, nodes])
    length_m = np.append(network.edge_length_m, np.full(len(out), SAME_PLACE_M))
    feature, across = network.edge_feature, network.across
    made = replace(
        network,
        edge_nodes=edge_nodes,
        edge_length_m=length_m,
        edge_lines=np.append(network.edge_lines, lines),
        component=component_numbers(len(network.node_xy), edge_nodes, length_m),
        edge_feature=None if feature is None else np.append(feature, feature[behind]),
        across=None if across is None else np.append(across, across[behind]),
    )
    return made, behind


def _on_edges(
    network: StreetNetwork, xy: NDArray[np.float64], tolerance_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Each point with the edges nearest to it, and where along them it lies, in metres."""
    points = np.asarray(shapely.points(xy), dtype=object)
    tree = shapely.STRtree(network.edge_lines)
    point, edge = tree.query(points, predicate="dwithin", distance=tolerance_m)
    metres = shapely.distance(points[point], network.edge_lines[edge])
    least_m = np.full(len(points), np.inf)
    np.minimum.at(least_m, point, metres)
    nearest = metres <= least_m[point] + SAME_PLACE_M
    point, edge = point[nearest], edge[nearest]
    along_m = shapely.line_locate_point(network.edge_lines[edge], points[point])
    return point, edge, np.asarray(along_m)


def _pieces(
    lines: NDArray[np.object_], edge: NDArray[np.int64], along_m: NDArray[np.float64]
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.bool_]]:
    """Lines cut inside: the pieces, the line of each, and which of its two ends are cuts."""
    pieces, of, ends = [], [], []
    for row in np.unique(edge).tolist():
        at = np.unique(along_m[edge == row])
        at = at[np.append(np.True_, np.diff(at) > SAME_PLACE_M)]
        stops = [0.0, *at.tolist(), lines[row].length]
        for first, (from_m, to_m) in enumerate(itertools.pairwise(stops)):
            pieces.append(shapely.ops.substring(lines[row], from_m, to_m))
            of.append(row)
            ends.append((first > 0, first < len(at)))
    whole = np.setdiff1d(np.arange(len(lines)), edge)
    cut = np.empty(len(pieces), dtype=object)
    cut[:] = pieces
    return (
        np.append(lines[whole], cut),
        np.append(whole, np.array(of, dtype=np.int64)),
        np.vstack([np.zeros((len(whole), 2), bool), np.array(ends, bool).reshape(-1, 2)]),
    )
