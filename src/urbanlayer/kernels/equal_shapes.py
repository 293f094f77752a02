"""Features of the same geometry, found by their bounds before they are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def first_of_equal(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """(n,) the row of the first geometry that is the same as each.

    Geometries are the same if they have the same points, from whatever corner and in whatever
    direction they are drawn. Areas and lengths of such differ in their last digits.

    Parameters
    ----------
    shapes
        (n,) geometries.

    Examples
    --------
    >>> first_of_equal(shapely.from_wkt(["POINT (0 0)", "LINESTRING (0 0, 1 0)", "POINT (0 0)",
    ...                                  "LINESTRING (1 0, 0 0)"])).tolist()
    [0, 1, 0, 1]
    """
    import pandas as pd

    first = np.arange(len(shapes), dtype=np.int64)
    signs = pd.DataFrame(shapely.bounds(shapes))
    signs["points"] = shapely.get_num_coordinates(shapes)
    suspects = np.flatnonzero(signs.duplicated(keep=False).to_numpy())
    if len(suspects):
        drawn = pd.factorize(pd.Series(shapely.to_wkb(shapely.normalize(shapes[suspects]))))[0]
        _, first_drawn = np.unique(drawn, return_index=True)
        first[suspects] = suspects[first_drawn[drawn]]
    return first
