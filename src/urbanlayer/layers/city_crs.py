"""The CRS that a city is measured in: metric, and with lengths that are right there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import CrsError

if TYPE_CHECKING:
    from pyproj import CRS

MAX_LENGTH_ERROR = 0.01
"""Of lengths in the city's CRS; UTM has 0.1 % at most where a city crosses the edge of a zone."""
ETRS89_LONLAT = (-12.0, 34.5, 36.0, 72.0)
"""West, south, east and north of where the zones 29 to 36 of ETRS89 (EPSG:25829 …) are in use."""


def utm_zone(longitude: float, latitude: float) -> str:
    """The code of the UTM zone of a place: of ETRS89 in Europe, of WGS 84 elsewhere.

    Parameters
    ----------
    longitude, latitude
        In degrees.
    """
    zone = min(int((longitude + 180) // 6) + 1, 60)
    west, south, east, north = ETRS89_LONLAT
    if west <= longitude <= east and south <= latitude <= north:
        return f"EPSG:{25800 + zone}"
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


def metric_crs(crs: str) -> CRS:
    """The CRS of the city file.

    Raises
    ------
    CrsError
        It is not known, or not in metres.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        target = CRS.from_user_input(crs)
    except CRSError as error:
        raise CrsError(f'city.toml: {crs!r} is not a known CRS; set crs = "EPSG:…"') from error
    if not target.is_projected or any(axis.unit_name != "metre" for axis in target.axis_info):
        raise CrsError(
            f"city.toml: {crs} ({target.name}) is not in metres, but all measurements are made in "
            'it; set a metric CRS, for example crs = "EPSG:25834"'
        )
    return target


def check_lengths(target: CRS, longitude: float, latitude: float) -> None:
    """Raise if lengths in the city's CRS are far from those on the ground, as in Web Mercator."""
    from pyproj import Proj

    factors = Proj(target).get_factors(longitude, latitude)
    scales = (factors.meridional_scale, factors.parallel_scale)
    error = max((scale - 1 for scale in scales), key=abs)
    if abs(error) > MAX_LENGTH_ERROR:
        raise CrsError(
            f'city.toml: crs = "{crs_label(target)}" ({target.name}) makes lengths in the city '
            f"{100 * abs(error):.0f} % too {'long' if error > 0 else 'short'}; set crs = "
            f'"{utm_zone(longitude, latitude)}", in which they are right'
        )


def crs_label(crs: CRS) -> str:
    """A CRS in messages: its code, or else its name."""
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else crs.name
