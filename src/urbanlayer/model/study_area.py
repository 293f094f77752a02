"""Where the city lies: what every layer is brought to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudyArea:
    """The city's place on the earth, made once from its neighbourhoods or its boundary.

    Attributes
    ----------
    crs
        Metric CRS of the city, as `EPSG:25834`.
    country
        Two-letter ISO code where the country decides how a datum is left (`ME`, `RS`, `XK`, `MK`,
        `BA`, `AL`); empty elsewhere.
    bounds
        West, south, east and north of the city, in metres of `crs`.
    centre_lonlat
        Longitude and latitude of the middle of the bounds, in degrees.
    """

    crs: str
    country: str
    bounds: tuple[float, float, float, float]
    centre_lonlat: tuple[float, float]
