"""Longitude and latitude to the city's CRS, for the stops of a timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.transformation import transformation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.study_area import StudyArea

WGS_84 = 4326


def lonlat_to_city_crs(lonlat: NDArray[np.float64], study_area: StudyArea) -> NDArray[np.float64]:
    """Coordinates in the city's CRS, by the same operation as the layers.

    Parameters
    ----------
    lonlat
        (n, 2) longitude and latitude of WGS 84, in degrees.
    study_area
        CRS and extent of the city.

    Returns
    -------
    ndarray
        (n, 2) metres.
    """
    from pyproj import CRS

    return transformation(CRS.from_epsg(WGS_84), study_area)(lonlat)
