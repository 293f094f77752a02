"""The likely cause of a horizontal offset: a wrong CRS, or a wrong transformation.

The offsets of wrong operations are those of reliability.md, A: 1.6 km by the operations that
PROJ takes for Kosovo, 0.4 km without a datum shift, 0.3 km by Austria's parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.datums import datum_family, pinned_operation
from urbanlayer.layers.extent import matching_crs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS, Transformer

    from urbanlayer.layers.offset import HorizontalOffset
    from urbanlayer.model.study_area import StudyArea

SAME_OFFSET_M = 40.0
"""A mistake explains an offset that differs from its own by at most this distance."""

_AUSTRIAN = "+towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232"


def likely_cause(
    xy: NDArray[np.float64],
    taken: CRS,
    placed: NDArray[np.float64],
    offset: HorizontalOffset,
    study_area: StudyArea,
) -> str:
    """The likely cause of an offset and its fix, as a sentence; empty if none is known.

    Parameters
    ----------
    xy
        (n, 2) points of the layer in the coordinates of the file.
    taken
        The CRS that was assumed.
    placed
        (n, 2) the same points in the city's CRS, in metres.
    offset
        The correction that the layer needs.
    study_area
        Where the city lies.
    """
    import numpy as np

    middle = np.median(placed, axis=0)
    wanted = np.array([offset.east_m, offset.north_m])
    for fit in matching_crs(xy, study_area):
        if np.hypot(*(np.array(fit.middle) - middle - wanted)) <= SAME_OFFSET_M:
            return f'In {fit} it would match: set crs = "{fit.code}" in city.toml.'
    old = datum_family(taken, study_area.country) == "mgi1901"
    for name, made in _candidate_mistakes(study_area).items():
        if np.hypot(*((made if old else -made) - wanted)) <= SAME_OFFSET_M:
            conversion = "was brought to MGI 1901" if old else "was brought from MGI 1901 to WGS 84"
            return (
                f"A layer that {conversion} {name} lies like this. Use the file from before that "
                "conversion and set its own crs in city.toml."
            )
    return ""


def _candidate_mistakes(study_area: StudyArea) -> dict[str, NDArray[np.float64]]:
    """(2,) offset in metres at the city's centre of each wrong operation from MGI 1901."""
    import numpy as np
    from pyproj import Transformer

    code = pinned_operation("mgi1901", study_area.country, to_etrs89=False)
    if code is None:
        return {}
    longitude, latitude = study_area.centre_lonlat
    right = _by_code(code)
    on_mgi = right.transform(latitude, longitude, direction="INVERSE")
    up = Transformer.from_crs("EPSG:4326", study_area.crs, always_xy=True)
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
