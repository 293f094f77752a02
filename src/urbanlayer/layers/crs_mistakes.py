"""Which mistake puts a layer beside the city: another CRS, or a conversion that was done wrongly.

The shifts that wrong operations make are those of reliability.md, A: 1.6 km by the operations that
PROJ takes for Kosovo, 0.4 km without a datum shift, 0.3 km by Austria's parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.datums import family, pinned_operation
from urbanlayer.layers.extent import survivors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS, Transformer

    from urbanlayer.layers.offset import Shift
    from urbanlayer.model.study_area import Frame

ALIKE_M = 40.0
"""A mistake explains a shift that is this near to its own."""

_AUSTRIAN = "+towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232"


def likely_cause(
    xy: NDArray[np.float64],
    taken: CRS,
    placed: NDArray[np.float64],
    shift: Shift,
    city: Frame,
) -> str:
    """What makes such a shift, in a sentence that says what to do; empty if nothing known does.

    Parameters
    ----------
    xy
        (n, 2) the layer's points in the coordinates of the file.
    taken
        The CRS that they were taken to be in.
    placed
        (n, 2) where that put them, in the city's CRS.
    shift
        What must be added to bring them to where they belong.
    city
        Where the city lies.
    """
    import numpy as np

    middle = np.median(placed, axis=0)
    wanted = np.array([shift.east_m, shift.north_m])
    for fit in survivors(xy, city):
        if np.hypot(*(np.array(fit.middle) - middle - wanted)) <= ALIKE_M:
            return f'In {fit} it would lie right: say crs = "{fit.code}" in city.toml.'
    old = family(taken, city.country) == "mgi1901"
    for name, made in _wrong_ways(city).items():
        if np.hypot(*((made if old else -made) - wanted)) <= ALIKE_M:
            way = "was brought to MGI 1901" if old else "was brought from MGI 1901 to WGS 84"
            return (
                f"So lies what {way} {name}. Take the file as it was before that conversion, and "
                "say its own crs in city.toml."
            )
    return ""


def _wrong_ways(city: Frame) -> dict[str, NDArray[np.float64]]:
    """(2,) metres by which each wrong way from MGI 1901 puts the city's middle off."""
    import numpy as np
    from pyproj import Transformer

    code = pinned_operation("mgi1901", city.country, to_etrs89=False)
    if code is None:
        return {}
    longitude, latitude = city.centre_lonlat
    right = _by_code(code)
    on_mgi = right.transform(latitude, longitude, direction="INVERSE")
    up = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True)
    there = np.array(up.transform(longitude, latitude))
    austrian = Transformer.from_crs(
        f"+proj=longlat +ellps=bessel {_AUSTRIAN} +type=crs", "EPSG:4326", always_xy=True
    )
    ways = {
        "by EPSG:9143, which PROJ takes there and which is 1.6 km off": _by_code(9143).transform(
            *on_mgi
        ),
        "without a datum shift": on_mgi,
        "by Austria's towgs84": austrian.transform(on_mgi[1], on_mgi[0])[::-1],
    }
    return {name: np.array(up.transform(lon, lat)) - there for name, (lat, lon) in ways.items()}


def _by_code(code: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_pipeline(f"urn:ogc:def:coordinateOperation:EPSG::{code}")
