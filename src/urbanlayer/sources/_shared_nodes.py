"""Nodes of a map at equal coordinates, moved apart: lines meet where they share a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEP_DEGREES = 1.1e-8
"""1.2 mm of latitude. OpenStreetMap's coordinates are multiples of 1e-7 degrees, so that a node
that is moved meets no other; nothing that is measured in metres notices."""


def northward(
    node: NDArray[np.int64], xy: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nodes that lie where another node of a lower number lies, and how far each is moved.

    A node of a bridge may lie exactly above a node of the street below. Whoever compares
    coordinates would join the two.

    Parameters
    ----------
    node
        (v,) number of the node at each vertex.
    xy
        (v, 2) longitude and latitude of each vertex.

    Returns
    -------
    moved
        (k,) numbers, ascending.
    degrees
        (k,) to add to the latitude of each; nodes of one place are all moved differently.

    Examples
    --------
    >>> import numpy as np
    >>> xy = np.array([[19.2, 42.4], [19.3, 42.4], [19.3, 42.4], [19.3, 42.4]])
    >>> moved, degrees = northward(np.array([1, 7, 5, 7]), xy)
    >>> moved.tolist(), degrees.tolist()
    ([7], [1.1e-08])
    """
    import numpy as np

    number, first = np.unique(node, return_index=True)
    x, y = xy[first].T
    order = np.lexsort((number, y, x))
    again = np.zeros(len(order), dtype=bool)
    again[1:] = (np.diff(x[order]) == 0) & (np.diff(y[order]) == 0)
    # how many stand before it at its place: rows since the last one that begins a place
    row = np.arange(len(order))
    place = np.maximum.accumulate(np.where(again, 0, row))
    moved, rank = number[order][again], (row - place)[again]
    ascending = np.argsort(moved)
    return moved[ascending], np.asarray(rank[ascending] * STEP_DEGREES, np.float64)


def moved_apart(
    shapes: NDArray[np.object_],
    node: NDArray[np.int64],
    moved: NDArray[np.int64],
    degrees: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Shapes whose vertices at moved nodes are moved.

    Parameters
    ----------
    shapes
        (n,) in degrees.
    node
        (v,) number of the node at each of their vertices.
    moved, degrees
        As `northward` gives them.
    """
    import numpy as np
    import shapely

    if not len(moved):
        return shapes
    at = np.minimum(np.searchsorted(moved, node), len(moved) - 1)
    step = np.where(moved[at] == node, degrees[at], 0.0)
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    xy[:, 1] += step
    touched = np.unique(row[step != 0])
    apart = shapes.copy()
    apart[touched] = shapely.set_coordinates(shapes[touched].copy(), xy[np.isin(row, touched)])
    return apart
