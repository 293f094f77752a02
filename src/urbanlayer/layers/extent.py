"""Rule 2: whether coordinates lie in the city under a CRS, and under which other CRS they would.

The test is a buffer of 20 km around the city. Of the CRSs in use in its country, each in both axis
orders, one or two pass (reliability.md, A). Offsets below 20 km are found by `offset.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.layers.shapes import bounds_centres
from urbanlayer.layers.transformation import NoOperationError, transformation
from urbanlayer.model.note import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.study_area import StudyArea

MAX_DISTANCE_M = 20_000.0
"""Maximum distance of a layer's centre from the city's bounds."""
MAX_EXTENT_M = 400_000.0
"""No city is larger; a larger layer has some wrong coordinates."""
MIN_SHARE_INSIDE = 0.01
"""A layer of a whole country matches too if at least this share of it lies in the city."""
MAX_OUTLIER_SHARE = 0.1
"""Features far from the city are errors if they are at most this share of the layer."""
SAME_LOCATION_M = 30.0
"""CRSs that place a layer within this distance of each other count as one."""

CANDIDATES = (4326, 3857, 25834, 25833, 3035, 8677, 8678, 6316, 8679)
"""EPSG codes used in every country of the region; the first two worldwide."""
NATIONAL = {
    "AL": (2462, 3334, 6870, 6962),
    "BA": (10329,),
    "HR": (3765,),
    "MK": (6204, 9945),
    "XK": (9141,),
}
"""EPSG codes used in a single country."""


@dataclass(frozen=True, slots=True)
class MatchingCrs:
    """A CRS and an axis order under which a layer lies in the city."""

    code: str
    swapped: bool
    middle: tuple[float, float]
    """Median position of the layer, in metres of the city's CRS."""

    def __str__(self) -> str:
        return f"{self.code} with northing first" if self.swapped else self.code


def lies_in_city(xy: NDArray[np.float64], crs: CRS, study_area: StudyArea) -> bool:
    """True if coordinates lie in or near the city under a CRS.

    Parameters
    ----------
    xy
        (n, 2) one point for each feature, as in the file.
    crs
        The CRS to try.
    study_area
        Where the city lies.
    """
    import numpy as np

    try:
        moved = transformation(crs, study_area, allow_ballpark=True)(xy)
    except NoOperationError:
        return False
    moved = moved[np.isfinite(moved).all(axis=1)]
    if len(moved) == 0:
        return False
    if (
        float(_distance_to_bounds_m(np.median(moved, axis=0)[None], study_area)[0])
        <= MAX_DISTANCE_M
    ):
        return True
    return float((_distance_to_bounds_m(moved, study_area) == 0).mean()) >= MIN_SHARE_INSIDE


def share_in_bounds(xy: NDArray[np.float64], crs: CRS, study_area: StudyArea) -> float:
    """The share of points that lie within the city's bounds under a CRS, from 0 to 1.

    Parameters
    ----------
    xy
        (n, 2) one point for each feature, as in the file.
    crs
        The CRS to try.
    study_area
        Where the city lies.
    """
    try:
        moved = transformation(crs, study_area, allow_ballpark=True)(xy)
    except NoOperationError:
        return 0.0
    return float((_distance_to_bounds_m(moved, study_area) == 0).mean())


def matching_crs(
    xy: NDArray[np.float64], study_area: StudyArea, further: Sequence[str] = ()
) -> tuple[MatchingCrs, ...]:
    """The CRSs, in either axis order, under which a layer lies in the city.

    Parameters
    ----------
    xy
        (n, 2) one point for each feature, as in the file.
    study_area
        Where the city lies.
    further
        Codes to try beside those in use in the country, such as those of the city's other layers.

    Returns
    -------
    tuple of MatchingCrs
        The city's own CRS first; CRSs that place the layer alike are listed once.
    """
    import numpy as np
    from pyproj import CRS

    candidates = (*CANDIDATES, *NATIONAL.get(study_area.country, ()))
    codes = [study_area.crs, *further, *(f"EPSG:{code}" for code in candidates)]
    found: list[MatchingCrs] = []
    for code in dict.fromkeys(codes):
        crs = CRS.from_user_input(code)
        for swapped in (False, True):
            tried = xy[:, ::-1] if swapped else xy
            if not lies_in_city(tried, crs, study_area):
                continue
            moved = transformation(crs, study_area, allow_ballpark=True)(
                np.median(tried, axis=0)[None]
            )[0]
            middle = (float(moved[0]), float(moved[1]))
            if all(np.hypot(*np.subtract(middle, fit.middle)) > SAME_LOCATION_M for fit in found):
                found.append(MatchingCrs(code, swapped, middle))
    return tuple(found)


def without_outliers(
    features: gpd.GeoDataFrame, study_area: StudyArea, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The features without outliers: the few that lie far from the city, unlike the others.

    Parameters
    ----------
    features
        In the city's CRS.
    study_area
        Where the city lies.
    report
        Records excluded features.

    Returns
    -------
    GeoDataFrame
        All features if the layer covers a region or a country.
    """
    far = is_outlier(features.geometry.to_numpy(), study_area)
    return report.exclude(
        features,
        far,
        reason="far-away",
        detail=Note.of("far-away"),
        fix=Note.of("fix-coordinates"),
    )


def is_outlier(shapes: NDArray[np.object_], study_area: StudyArea) -> NDArray[np.bool_]:
    """(n,) True for geometries far from a city in which nearly all others lie.

    False for all if the layer covers a region or a country.
    """
    import numpy as np

    far = is_far(bounds_centres(shapes), study_area)
    return far if far.mean() <= MAX_OUTLIER_SHARE else np.zeros(len(far), dtype=bool)


def is_far(middle: NDArray[np.float64], study_area: StudyArea) -> NDArray[np.bool_]:
    """(n,) True for points, (n, 2) in metres, far from the city, or without a place."""
    import numpy as np

    far: NDArray[np.bool_] = ~np.isfinite(middle[:, 0]) | ~np.isfinite(middle[:, 1])
    far[~far] = _distance_to_bounds_m(middle[~far], study_area) > MAX_DISTANCE_M
    return far


def is_inside(middle: NDArray[np.float64], study_area: StudyArea) -> NDArray[np.bool_]:
    """(n,) True for points, (n, 2) in metres, within the bounds of the city."""
    import numpy as np

    there = np.isfinite(middle[:, 0]) & np.isfinite(middle[:, 1])
    home = there.copy()
    home[there] = _distance_to_bounds_m(middle[there], study_area) == 0
    return home


def degrees(longitude: float, latitude: float) -> str:
    """A place in words.

    Examples
    --------
    >>> degrees(-15.43, 28.1)
    '28.100° N, 15.430° W'
    """
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.3f}° {north}, {abs(longitude):.3f}° {east}"


def where_it_lies(xy: NDArray[np.float64], crs: CRS, study_area: StudyArea) -> str:
    """Where a layer lies by a CRS, and how far from the city; empty where that is no place.

    Parameters
    ----------
    xy
        (n, 2) one point for each feature, as in the file.
    crs
        The CRS that is declared.
    study_area
        Where the city lies.
    """
    import numpy as np
    from pyproj import Geod, Transformer

    if not len(xy):
        return ""
    down = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    x, y = np.median(xy, axis=0)
    longitude, latitude = down.transform(float(x), float(y))
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):  # noqa: PLR2004  (the earth)
        return ""
    west, south, east, north = study_area.bounds
    if max(east - west, north - south) > MAX_EXTENT_M:  # where the city lies is not known yet
        return degrees(longitude, latitude)
    *_, away_m = Geod(ellps="GRS80").inv(longitude, latitude, *study_area.centre_lonlat)
    return f"{degrees(longitude, latitude)}, {away_m / 1000:,.0f} km from the city"


def crs_advice(found: Sequence[MatchingCrs]) -> str:
    """What to set in city.toml, given the matching CRSs."""
    if not found:
        return (
            'No CRS in use in the region matches; set crs = "EPSG:…" in city.toml, unless the '
            "layer is of another place."
        )
    lines = " or ".join(f'crs = "{fit.code}"' for fit in found if not fit.swapped)
    if not lines:
        return f"It matches {' or '.join(str(fit) for fit in found)}."
    return f"Set {lines} in city.toml, which would match."


def _distance_to_bounds_m(xy: NDArray[np.float64], study_area: StudyArea) -> NDArray[np.float64]:
    """(n,) distance to the city's bounds in metres; 0 inside."""
    import numpy as np

    west, south, east, north = study_area.bounds
    dx = np.maximum.reduce([west - xy[:, 0], xy[:, 0] - east, np.zeros(len(xy))])
    dy = np.maximum.reduce([south - xy[:, 1], xy[:, 1] - north, np.zeros(len(xy))])
    away: NDArray[np.float64] = np.hypot(dx, dy)
    return away
