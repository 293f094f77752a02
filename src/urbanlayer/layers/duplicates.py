"""One facility that a map holds twice: a node beside a way, with the same kind and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.roles import Role

SAME_FACILITY_M = 50.0
"""Two of one kind and name nearer than this are one (reliability.md, B)."""
SAME_STOP_M = 5.0


def without_duplicates(
    frame: gpd.GeoDataFrame, role: Role, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The facilities, each once; of two that are one, the polygon stays, else the lower key.

    Stops are told twice by design, one for each side of the street; there only the same name
    nearer than 5 m is one stop that was mapped as a pole and as a platform.

    Parameters
    ----------
    frame
        Points and polygons in metres.
    role
        Only services that people walk to are looked at.
    report
        Twins are set aside there.
    """
    import numpy as np
    import shapely

    if not role.service or not role.known or len(frame) < 2:  # noqa: PLR2004  (a pair)
        return frame
    shapes = frame.geometry.to_numpy()
    names = frame["name"].str.casefold().to_numpy(dtype="str")
    radius_m = SAME_STOP_M if role.name == "stop" else SAME_FACILITY_M
    areas = shapely.area(shapes)
    order = np.lexsort((frame.index.to_numpy(dtype="str"), -areas))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=radius_m)
    area_and_point = (areas[one] > 0) & (areas[other] == 0)
    named = (names[one] == names[other]) & (names[one] != "")
    if report.request.spec.source != "osm":
        named &= area_and_point  # an office's own list may hold two houses of one institution
    inside = area_and_point & (names[other] == "") & shapely.intersects(shapes[one], shapes[other])
    same = (rank[one] < rank[other]) & (named | inside)
    duplicate = np.zeros(len(frame), dtype=bool)
    pairs = np.column_stack([one[same], other[same]])
    for keeper, repeated in pairs[np.lexsort((rank[pairs[:, 1]], rank[pairs[:, 0]]))]:
        duplicate[repeated] |= not duplicate[keeper]
    return report.exclude(
        frame,
        duplicate,
        reason="duplicate",
        detail=f"it is a {role.name} that the layer holds already, within {radius_m:g} m",
        fix="Delete one of them, if they are one.",
    )
