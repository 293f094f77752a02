"""Parts of buildings, which are no buildings beside the one that they are part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.note import Note
from urbanlayer.model.role_names import BUILDINGS
from urbanlayer.text.normalise import plain_text

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.role import Role

PART_TAGS = ("building:part", "building_part")
"""Columns that mark a part; wiki.openstreetmap.org/wiki/Key:building:part."""
WITHIN = 0.95
"""A part with this share of its area in a building lies inside that one."""


def without_building_parts(
    frame: gpd.GeoDataFrame, role: Role, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The buildings without the parts of others: their floor area would count twice.

    A part that lies in no building stays: it stands for the building itself.

    Parameters
    ----------
    frame
        Polygons in a metric CRS.
    role
        Only buildings are checked.
    report
        Records excluded features.
    """
    import shapely

    tags = [tag for tag in PART_TAGS if tag in frame.columns]
    if role.name != BUILDINGS or not tags:
        return frame
    is_part = np.zeros(len(frame), dtype=bool)
    for tag in tags:
        is_part |= (~plain_text(frame[tag]).str.casefold().isin(["", "no"])).to_numpy(dtype=bool)
    parts, wholes = np.flatnonzero(is_part), np.flatnonzero(~is_part)
    shapes = frame.geometry.to_numpy()
    part, whole = shapely.STRtree(shapes[wholes]).query(shapes[parts], predicate="intersects")
    part, whole = parts[part], wholes[whole]
    shared_m2 = shapely.area(shapely.intersection(shapes[part], shapes[whole]))
    repeated = np.zeros(len(frame), dtype=bool)
    repeated[part[shared_m2 >= WITHIN * shapely.area(shapes[part])]] = True
    return report.exclude(
        frame,
        repeated,
        reason="duplicate",
        detail=Note.of("building-part"),
        fix=Note.of("fix-at-source"),
    )
