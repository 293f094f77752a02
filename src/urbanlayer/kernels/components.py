"""Connected components of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray


def component_numbers(
    node_count: int, edge_nodes: NDArray[np.int64], length_m: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Number of the connected component of each node; 0 has the greatest total length.

    Parameters
    ----------
    node_count
        Number of nodes *n*.
    edge_nodes
        (m, 2) rows of the two ends of each edge.
    length_m
        (m,) metres.

    Returns
    -------
    ndarray
        (n,) components numbered by decreasing length; of equals, the lowest node first.

    Examples
    --------
    >>> ends = np.array([[0, 1], [2, 3]])
    >>> component_numbers(4, ends, np.array([5.0, 70.0])).tolist()
    [1, 1, 0, 0]
    """
    links = coo_array((np.ones(len(edge_nodes)), edge_nodes.T), shape=(node_count, node_count))
    count, part = connected_components(links, directed=False)
    total_m = np.bincount(part[edge_nodes[:, 0]], length_m, minlength=count)
    first = np.full(count, node_count)
    np.minimum.at(first, part, np.arange(node_count))
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((first, -np.round(total_m, 6)))] = np.arange(count)
    return rank[part]
