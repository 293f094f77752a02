"""Counts of people that cannot be: more than anywhere on earth, or the total of the other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.layers.report import listed

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.role import Role

MOST_PEOPLE = 50_000_000.0
"""In one feature: more than in any city of the world (Tokyo has 37 million)."""
MOST_PER_HA = 20_000.0
"""On one hectare: the Kowloon Walled City had some 13,000 (33,000 people on 2.6 ha)."""
M2_PER_HA = 10_000.0
FEWEST_ROWS = 6
"""Among fewer points one may be the sum of the others by chance."""
UNKNOWN_CODES = (9999.0, 99999.0, 999999.0, 9999999.0)
"""Numbers of nines that stand for "unknown" in tables of counts."""
FAR_ABOVE = 10.0
"""A single one is a code where it is so many times the next greatest count."""
COVERED = 0.9
"""A total's polygon holds at least this share of the other features."""


def check_people_counts(frame: gpd.GeoDataFrame, role: Role, report: ValidationReport) -> None:
    """Report counts of people that are impossible, and a row that is the total of the others.

    Parameters
    ----------
    frame
        Valid features in the city's CRS, with the columns of the role.
    role
        Its fields with unit `people` are checked.
    report
        Records the errors.
    """
    for field in role.fields:
        if field.unit == "people" and field.name in frame:
            counts = frame[field.name].to_numpy(dtype=np.float64)
            _check_greatest(frame, counts, field.name, report)
            _check_codes(frame, counts, field.name, report)
            _check_total(frame, counts, field.name, report)


def counted_at_points(frame: gpd.GeoDataFrame, role: Role) -> NDArray[np.bool_]:
    """(n,) True for points of a column of people: several at one address are not duplicates.

    Parameters
    ----------
    frame
        Features with geometry and the columns of the role.
    role
        Its fields with unit `people` are read.
    """
    counted = any(one.unit == "people" and one.name in frame for one in role.fields)
    dimensions = shapely.get_dimensions(np.asarray(frame.geometry, dtype=object))
    return np.asarray(counted & (dimensions == 0), dtype=bool)


def _check_greatest(
    frame: gpd.GeoDataFrame, counts: NDArray[np.float64], name: str, report: ValidationReport
) -> None:
    area_ha = shapely.area(np.asarray(frame.geometry, dtype=object)) / M2_PER_HA
    most = np.where(area_ha > 0, np.maximum(area_ha, 1) * MOST_PER_HA, np.inf)
    beyond = np.flatnonzero(counts > np.minimum(most, MOST_PEOPLE))
    if len(beyond):
        keys = [f"{frame.index[at]}: {counts[at]:g}" for at in beyond.tolist()]
        report.error(
            f"{len(beyond)} features have more people in {name} than any place on earth "
            f"({listed(keys)}). Check whether the number stands for “unknown”, and leave it blank; "
            "or whether the column counts something else."
        )


def _check_codes(
    frame: gpd.GeoDataFrame, counts: NDArray[np.float64], name: str, report: ValidationReport
) -> None:
    known = counts[~np.isnan(counts)]
    if not len(known) or (code := float(known.max())) not in UNKNOWN_CODES:
        return
    held, others = counts == code, known[known != code]
    if held.sum() > 1 or (len(others) and code > FAR_ABOVE * others.max()):
        report.error(
            f"{held.sum()} features have {code:.0f} in {name} ({listed(frame.index[held])}), which "
            "often stands for “unknown”. Leave it blank there."
        )


def _check_total(
    frame: gpd.GeoDataFrame, counts: NDArray[np.float64], name: str, report: ValidationReport
) -> None:
    known = np.nan_to_num(counts)
    at = int(known.argmax()) if len(known) else 0
    others = np.delete(known, at)
    if (others > 0).sum() < 2 or not np.isclose(known[at], others.sum(), rtol=1e-9):  # noqa: PLR2004
        return
    shapes = np.asarray(frame.geometry, dtype=object)
    if shapely.area(shapes[at]) > 0:
        inside = shapely.intersects(shapes[at], shapely.point_on_surface(np.delete(shapes, at)))
        is_total = inside.mean() >= COVERED
    else:
        is_total = len(known) >= FEWEST_ROWS
    if is_total:
        report.error(
            f"{name} of {frame.index[at]} ({known[at]:g}) is the sum of the {len(others)} other "
            "rows: a row of the total. Remove it, or leave it out with where = { … }."
        )


def impossible_cells(known: NDArray[np.float64], cell_m2: float) -> str:
    """What is wrong with the people of cells; empty where nothing is.

    Parameters
    ----------
    known
        People of the cells that have data.
    cell_m2
        Area of a cell, in square metres.
    """
    most = min(MOST_PEOPLE, max(cell_m2 / M2_PER_HA, 1.0) * MOST_PER_HA)
    beyond = int((known > most).sum())
    if not beyond:
        return ""
    return (
        f"{beyond} cells have more people than any place on earth (greatest {known.max():g}); "
        "is it a nodata value? Set nodata = … in city.toml."
    )
