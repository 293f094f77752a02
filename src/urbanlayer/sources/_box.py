"""The features in a box of longitudes and latitudes, where a format has no query for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.model.source import BBox, BoxOptions, Request

WIDER_DEGREES = 0.03
"""More than the 1.6 km by which a wrong operation can be off; validation checks what is there."""


def wide_box(request: Request[BoxOptions]) -> BBox | None:
    """The request's box and some around it; None without one."""
    if request.options.bbox is None:
        return None
    west, south, east, north = request.options.bbox
    wider = WIDER_DEGREES
    return west - wider, south - wider, east + wider, north + wider


def within_box(frame: gpd.GeoDataFrame, request: Request[BoxOptions]) -> gpd.GeoDataFrame:
    """The features that reach into the request's box, and those without a geometry.

    Parameters
    ----------
    frame
        As read.
    request
        All features stay without a box, or where it is unknown where the coordinates lie.
    """
    import numpy as np
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    box = wide_box(request)
    stated = request.spec.crs or frame.crs
    if box is None or stated is None or frame.empty:
        return frame
    try:
        crs = CRS.from_user_input(stated)
    except CRSError:  # validation reports it
        return frame
    down = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    west, south, east, north = down.transform_bounds(*box)
    bounds = frame.geometry.bounds.to_numpy()
    beyond = (bounds[:, 2] < west) | (bounds[:, 0] > east)
    beyond |= (bounds[:, 3] < south) | (bounds[:, 1] > north)
    if np.isfinite(bounds).all(axis=1).any() and beyond.all():
        return (
            frame  # its coordinates stand the other way round, or its CRS is wrong: for validation
        )
    return frame[~beyond]
