"""Whether polygons divide a place, as neighbourhoods do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urbanlayer.drafting.datasets import Dataset

MIN_PARTS = 3
"""Fewer polygons divide no city."""
MAX_PARTS = 5000
"""More are parcels or buildings."""
MIN_MEDIAN_M2 = 20_000.0
"""Of the polygons: those of parcels and buildings are smaller."""
MAX_OVERLAP = 0.02
"""Share of their area that lies in several polygons."""
MIN_IN_ONE = 0.9
"""Share of their area that hangs together."""


def divides_a_place(dataset: Dataset) -> bool:
    """Whether a dataset has polygons that adjoin and do not overlap, each larger than a parcel.

    Parameters
    ----------
    dataset
        As read.
    """
    import shapely

    frame = dataset.frame
    if frame is None or frame.crs is None or dataset.forms.get("polygon", 0.0) < 1:
        return False
    if not MIN_PARTS <= len(frame) <= MAX_PARTS:
        return False
    shapes = shapely.make_valid(frame.geometry.to_crs("EPSG:6933").to_numpy())
    areas = shapely.area(shapes)
    if float(sorted(areas)[len(areas) // 2]) < MIN_MEDIAN_M2:
        return False
    whole = shapely.union_all(shapely.set_precision(shapes, 0.5))
    parts = shapely.area(shapely.get_parts(whole))
    apart = float(areas.sum()) > (1 + MAX_OVERLAP) * float(parts.sum())
    return not apart and float(parts.max()) >= MIN_IN_ONE * float(parts.sum())
