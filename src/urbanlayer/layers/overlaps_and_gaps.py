"""Overlaps and gaps between neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.report import listed
from urbanlayer.model.layer import OverlapOrGap
from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import shapely
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport

M2_PER_HA = 10_000.0
SLIVER_M2 = 0.01
"""Smaller intersections are rounding errors of shared boundaries."""
CONTAINED_SHARE = 0.99
"""A neighbourhood with this share of its area in another lies inside it."""
LARGEST_GAP_M2 = 1_000_000.0
"""A larger hole is intended: a lake, another city."""


def without_overlaps(
    frame: gpd.GeoDataFrame, tolerance_m2: float, report: ValidationReport
) -> tuple[gpd.GeoDataFrame, tuple[OverlapOrGap, ...]]:
    """Neighbourhoods without overlaps; each overlap is assigned to the lower key.

    Parameters
    ----------
    frame
        Polygons in a metric CRS, indexed by unique key.
    tolerance_m2
        Largest accepted overlap of two neighbourhoods, in square metres.
    report
        Records overlaps and gaps, in hectares; a larger overlap is an error, and so is a
        neighbourhood without ground of its own, at any tolerance.

    Returns
    -------
    frame
        The same neighbourhoods in the same order.
    overlaps_and_gaps
        The accepted overlaps and the gaps; the residents in them are counted later.
    """
    import numpy as np
    import shapely

    shapes = frame.geometry.to_numpy().copy()
    rank = np.argsort(np.argsort(frame.index.to_numpy(dtype="str"), kind="stable"))
    overlaps_and_gaps: list[OverlapOrGap] = []
    first, second, shared = _overlaps(shapes, rank)
    if len(first):
        shared_m2 = shapely.area(shared)
        within = _contained(shapes, first, second, shared_m2)
        if within:
            _report_contained(frame, within, report)
            return frame, ()
        _report_overlaps(frame, first, second, shared_m2, tolerance_m2, report)
        small = shared_m2 <= tolerance_m2
        keys = zip(frame.index[first[small]], frame.index[second[small]], strict=True)
        overlaps_and_gaps = [
            OverlapOrGap(pair, area) for pair, area in zip(keys, shared[small], strict=True)
        ]
        shapes = _without_shared_area(shapes, first[small], second[small], rank)
        frame = frame.set_geometry(frame.geometry.__class__(shapes, frame.index, crs=frame.crs))
    overlaps_and_gaps += [OverlapOrGap((), gap) for gap in _gaps(shapes, report)]
    return frame, tuple(overlaps_and_gaps)


def _overlaps(
    shapes: NDArray[np.object_], rank: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]:
    """Overlapping pairs, the row of the lower key first, and their intersections."""
    import numpy as np
    import shapely

    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    lower = rank[one] < rank[other]
    one, other = one[lower], other[lower]
    shared = shapely.intersection(shapes[one], shapes[other])
    real = shapely.area(shared) > SLIVER_M2
    order = np.lexsort((rank[other[real]], rank[one[real]]))
    return one[real][order], other[real][order], shared[real][order]


def _contained(
    shapes: NDArray[np.object_],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    shared_m2: NDArray[np.float64],
) -> list[tuple[int, int]]:
    """Rows of neighbourhoods that lie inside another, each with the other; the smaller first."""
    import shapely

    area_m2 = shapely.area(shapes)
    pairs = []
    for one, other, common_m2 in zip(first, second, shared_m2, strict=True):
        inner, outer = (one, other) if area_m2[one] < area_m2[other] else (other, one)
        if common_m2 >= CONTAINED_SHARE * area_m2[inner]:
            pairs.append((int(inner), int(outer)))
    return pairs


def _report_contained(
    frame: gpd.GeoDataFrame, within: list[tuple[int, int]], report: ValidationReport
) -> None:
    pairs = [f"{frame.index[inner]} lies inside {frame.index[outer]}" for inner, outer in within]
    report.error(
        f"{len(within)} neighbourhoods lie inside another one and overlap it wholly "
        f"({listed(pairs)}), so that no ground and no residents of their own are left to one of "
        "the two. Remove the row of the total or of the part, or cut the part out of the other."
    )


def _report_overlaps(
    frame: gpd.GeoDataFrame,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    shared_m2: NDArray[np.float64],
    tolerance_m2: float,
    report: ValidationReport,
) -> None:
    names = [f"{a} and {b}" for a, b in zip(frame.index[first], frame.index[second], strict=True)]
    large = shared_m2 > tolerance_m2
    if large.any():
        pairs = [
            f"{name} by {area / M2_PER_HA:,.2f} ha{people}"
            for name, area, people, refused in zip(
                names,
                shared_m2,
                _disputed_residents(frame, first, second, shared_m2),
                large,
                strict=True,
            )
            if refused
        ]
        report.error(
            f"{large.sum()} pairs of neighbourhoods overlap by more than "
            f"{tolerance_m2 / M2_PER_HA:,.2f} ha ({listed(pairs)}). Correct the "
            "polygons, or set overlap_tolerance_m2 = "
            f"{_rounded_up(float(shared_m2.max()))} in city.toml to assign each overlap to the "
            "lower key."
        )
    if not large.all():
        total_ha = shared_m2[~large].sum() / M2_PER_HA
        report.note(
            Note.of(
                "neighbourhoods-overlap",
                count=int((~large).sum()),
                area_ha=round(float(total_ha), 2),
                names=Listing.of(names),
            )
        )


def _disputed_residents(
    frame: gpd.GeoDataFrame,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    shared_m2: NDArray[np.float64],
) -> list[str]:
    """Text with the residents of each overlap at even density; empty without a census."""
    import numpy as np

    if "residents" not in frame.columns:
        return [""] * len(first)
    density = frame["residents"].to_numpy() / frame.geometry.area.to_numpy()
    disputed = shared_m2 * (density[first] + density[second]) / 2
    return [
        f", about {people:,.0f} residents" if np.isfinite(people) else "" for people in disputed
    ]


def _without_shared_area(
    shapes: NDArray[np.object_],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    rank: NDArray[np.int64],
) -> NDArray[np.object_]:
    """The neighbourhoods, each without its overlaps with lower keys."""
    import numpy as np
    import shapely

    for row in sorted(set(second.tolist()), key=lambda number: int(rank[number])):
        kept = shapely.union_all(shapes[first[second == row]])
        rest = shapely.difference(shapes[row], kept)
        parts = np.array([part for part in shapely.get_parts(rest) if part.area > SLIVER_M2])
        polygons = [part for part in parts if part.geom_type == "Polygon"]
        shapes[row] = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return shapes


def _gaps(shapes: NDArray[np.object_], report: ValidationReport) -> list[shapely.Geometry]:
    """Gaps between neighbourhoods that are too small to be intended; reported."""
    import shapely

    polygons = shapely.get_parts(shapely.union_all(shapes))
    holes = [
        shapely.polygons(shapely.get_interior_ring(part, number))
        for part in polygons
        for number in range(shapely.get_num_interior_rings(part))
    ]
    small = [hole for hole in holes if hole.area <= LARGEST_GAP_M2]
    if small:
        total_ha = sum(hole.area for hole in small) / M2_PER_HA
        report.note(Note.of("neighbourhoods-gaps", count=len(small), area_ha=round(total_ha, 2)))
    return small


def _rounded_up(area_m2: float) -> int:
    """The area rounded up to two significant digits, in square metres."""
    import math

    step = 10 ** max(0, int(math.log10(max(area_m2, 1.0))) - 1)
    return int(math.ceil(area_m2 / step) * step)
