"""Streets that cross at different heights: heights are not used, and so the places are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.note import Listing, Note
from urbanlayer.model.role_names import STREETS
from urbanlayer.text.street_tags import at_grade

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport

APART = 3.0
"""Lines that cross so far above one another, in the unit of their heights, do not meet: under a
bridge people and cars pass."""


def note_crossings_at_heights(frame: gpd.GeoDataFrame, report: ValidationReport) -> None:
    """Note the streets that cross others far above or below them and are not marked as bridges.

    Parameters
    ----------
    frame
        Features with finite geometry, with their heights, and the columns of the role.
    report
        Records the note.
    """
    import numpy as np
    import shapely

    if report.request.role != STREETS:
        return
    shapes = frame.geometry.to_numpy()
    rows = np.flatnonzero(shapely.has_z(shapes) & at_grade(frame))
    if not len(rows) or _range_of_heights(shapes[rows]) <= APART:
        return
    lines, of = shapely.get_parts(shapes[rows], return_index=True)
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    one, other = one[one < other], other[one < other]
    meet = shapely.force_2d(shapely.intersection(lines[one], lines[other]))
    points, pair = shapely.get_parts(meet, return_index=True)
    at = np.flatnonzero(shapely.get_type_id(points) == shapely.GeometryType.POINT)
    points, pair = points[at], pair[at]
    first, second = (_height_at(lines[line[pair]], points) for line in (one, other))
    apart = np.abs(first - second) > APART
    if apart.any():
        higher = np.where(first > second, one[pair], other[pair])[apart]
        names = Listing.of(frame.index[np.unique(rows[of[higher]])])
        count = int(apart.sum())
        report.note(Note.of("streets-at-heights", count=count, height=APART, names=names))


def _range_of_heights(lines: NDArray[np.object_]) -> float:
    import numpy as np
    import shapely

    heights = shapely.get_coordinates(lines, include_z=True)[:, 2]
    return 0.0 if np.isnan(heights).all() else float(np.nanmax(heights) - np.nanmin(heights))


def _height_at(lines: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n,) height of each line where it passes a point; NaN where it is not known."""
    import numpy as np
    import shapely

    along = shapely.line_locate_point(shapely.force_2d(lines), points)
    return np.asarray(shapely.get_z(shapely.line_interpolate_point(lines, along)))
