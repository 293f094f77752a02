"""Street intersections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.threshold import SLACK

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_STREETS = 3
"""Minimum number of streets at an intersection; fewer are a bend or a dead end."""


def junctions(
    node_xy: NDArray[np.float64], edge_nodes: NDArray[np.int64], *, merge_m: float
) -> NDArray[np.float64]:
    """Junctions of three or more streets, merged within a distance of each other.

    Several nodes of one intersection (dual carriageways, staggered crossings) are merged into one
    junction at their mean.

    Parameters
    ----------
    node_xy
        (n, 2) metres.
    edge_nodes
        (m, 2) rows of the two ends of each edge.
    merge_m
        Nodes within this distance, also in chains, are one junction.

    Returns
    -------
    (k, 2) metres, in the order of their first node.

    Examples
    --------
    Two nodes 10 m apart where four streets meet:

    >>> xy = np.array([[0.0, 0], [10, 0], [-90, 0], [99, 0], [0, 90], [10, -90]])
    >>> edges = np.array([[0, 1], [2, 0], [1, 3], [0, 4], [1, 5]])
    >>> junctions(xy, edges, merge_m=12).tolist()
    [[5.0, 0.0]]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    meeting = np.bincount(edge_nodes.ravel(), minlength=len(node_xy))
    xy = node_xy[meeting >= MIN_STREETS]
    if not len(xy):
        return np.empty((0, 2))
    close = cKDTree(xy - xy.mean(axis=0)).query_pairs(merge_m + SLACK, output_type="ndarray")
    links = coo_array((np.ones(len(close)), (close[:, 0], close[:, 1])), shape=(len(xy), len(xy)))
    count, part = connected_components(links, directed=False)
    size = np.bincount(part, minlength=count)
    middle = np.column_stack([np.bincount(part, xy[:, axis]) / size for axis in (0, 1)])
    return np.asarray(middle)
