"""One order of a layer's features, whatever their order in the file.

Sums of floating-point numbers, and what is chosen among equals, depend on the order.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.source import Request


def in_one_order(layer: Layer, request: Request) -> Layer:
    """The same layer with its features, and those that were excluded, in one order.

    Parameters
    ----------
    layer
        Validated.
    request
        Its entry in the city file.
    """
    frame = layer.frame.iloc[one_order(layer.frame, request)]
    excluded = tuple(sorted(layer.excluded, key=lambda item: item.feature))
    return dataclasses.replace(layer, frame=frame, excluded=excluded)


def one_order(frame: gpd.GeoDataFrame, request: Request) -> NDArray[np.intp]:
    """(n,) positions of features by key; by content where keys are numbers of rows.

    Parameters
    ----------
    frame
        Indexed by key. Features of one key stay in the order of the file.
    request
        Whether keys belong to the features or to their places in the file.
    """
    import numpy as np

    if request.spec.key is not None or request.source.stable_keys:
        return np.argsort(frame.index.to_numpy(dtype="str"), kind="stable")
    return _order_by_content(frame)


def _order_by_content(frame: gpd.GeoDataFrame) -> NDArray[np.intp]:
    """By geometry, and where that is the same by the values of all columns."""
    import numpy as np
    import pandas as pd
    import shapely

    drawn = pd.Series(shapely.to_wkb(frame.geometry.to_numpy(), hex=True))
    signs = drawn.fillna("").to_numpy(dtype=object)
    repeated = np.flatnonzero(drawn.duplicated(keep=False).to_numpy())
    if len(repeated):
        values = frame.drop(columns=frame.geometry.name).iloc[repeated]
        signs[repeated] += [f" {row!r}" for row in values.itertuples(index=False, name=None)]
    return np.argsort(signs, kind="stable")
