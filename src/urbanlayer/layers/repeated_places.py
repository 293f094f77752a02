"""Counts of people that stand several times: a row for each year, group or level of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from urbanlayer.kernels.equal_shapes import first_of_equal
from urbanlayer.layers.people_counts import COVERED, FEWEST_ROWS
from urbanlayer.layers.report import listed

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.role import Role

FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_COLUMNS = 5
"""Columns that an error names."""
USUAL_SHARE = 0.5
"""Of the places; if more of them have several rows, the table has a row for each year or group."""
INSIDE = 0.99
"""A polygon with this share of its area in another lies inside it."""


def check_repeated_places(frame: gpd.GeoDataFrame, role: Role, report: ValidationReport) -> None:
    """Report people who would count several times, or of whom one row of several would count.

    Polygons of one shape with different values; points with a row for each year, or with a total
    beside its parts; polygons that hold the others of their layer.

    Parameters
    ----------
    frame
        Valid features in the city's CRS, with the columns of the role.
    role
        Its fields with unit `people` are checked; layers without overlaps are checked elsewhere.
    report
        Records the errors.
    """
    names = [field.name for field in role.fields if field.unit == "people" and field.name in frame]
    if role.partition or not names or len(frame) < 2:  # noqa: PLR2004  (a pair)
        return
    shapes = np.asarray(frame.geometry, dtype=object)
    is_area = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004
    place = first_of_equal(shapes)
    counts = frame[names].fillna(0).to_numpy(dtype=np.float64).sum(axis=1)
    _check_one_shape(frame, place, counts, is_area, report)
    _check_rows_of_points(frame, place, counts, ~is_area, report)
    if role.distinct_shapes and not report.errors:
        _check_totals(frame, shapes, counts, is_area, report)


def _check_one_shape(
    frame: gpd.GeoDataFrame,
    place: NDArray[np.int64],
    counts: NDArray[np.float64],
    is_area: NDArray[np.bool_],
    report: ValidationReport,
) -> None:
    """Report polygons of one shape of which more than one row has people, and which differ."""
    people = pd.Series(counts)[is_area].groupby(place[is_area]).max()
    repeated = pd.Series(place).duplicated(keep=False).to_numpy() & is_area
    repeated &= np.isin(place, people.index[people > 0])
    if not repeated.any():
        return
    values = _as_text(frame[repeated], report)
    first = values.groupby(place[repeated]).transform("first")
    distinct = values.ne(first).groupby(place[repeated]).any()
    several = list(distinct.columns[distinct.any()])
    if not several:
        return  # duplicates, which are excluded
    places = distinct.index[distinct.any(axis=1)]
    rows = frame[repeated & np.isin(place, places)]
    columns = [name for name in several if name not in _columns_of_counts(report)]
    told_by = f"; they differ in {', '.join(columns[:MOST_COLUMNS])}" if columns else ""
    choose = f' with where = {{ {columns[0]} = "…" }}' if columns else ""
    report.error(
        f"{len(places)} polygons stand several times in it, with other numbers "
        f"or rows of people ({listed(rows.index)}{told_by}), so that it is not known how many live "
        f"there. Choose one row for each{choose}, or add them up before."
    )


def _columns_of_counts(report: ValidationReport) -> set[str]:
    """Columns with the numbers themselves, under their names in the file and ours."""
    spec = report.request.spec
    fields = ("people", "residents")
    return {*fields, *(name for field in fields if (name := spec.column(field)) is not None)}


def _as_text(rows: gpd.GeoDataFrame, report: ValidationReport) -> pd.DataFrame:
    """The columns but key and geometry as text."""
    left = {rows.geometry.name, report.request.spec.key}
    columns = [name for name in rows.columns if name not in left]
    return pd.DataFrame({name: rows[name].astype(str).to_numpy() for name in columns})


def _check_rows_of_points(
    frame: gpd.GeoDataFrame,
    place: NDArray[np.int64],
    counts: NDArray[np.float64],
    is_point: NDArray[np.bool_],
    report: ValidationReport,
) -> None:
    """Report points with a row for each year, or for a total and its parts."""
    place, counts = place[is_point], counts[is_point]
    rows = pd.Series(place).groupby(place).transform("size").to_numpy()
    places = len(np.unique(place))
    several = len(np.unique(place[rows > 1]))
    if places < FEWEST_ROWS or several <= USUAL_SHARE * places:
        return
    values = _as_text(frame[is_point], report)
    for name in [name for name in values if name not in _columns_of_counts(report)]:
        one = values[name].to_numpy()
        if pd.DataFrame({"place": place, "value": one}).duplicated().any():
            continue  # it does not tell the rows of a place apart
        few = len(np.unique(one)) <= 2 * rows.max()
        what = "a row for each year" if few and _are_years(one) else ""
        total = _total_of_parts(place, one, counts) if not what else None
        if total is not None:
            what = f"a row for the total ({total}) and rows for its parts"
        if what:
            report.error(
                f"its places have several rows, which differ in {name}: {what}. Choose one with "
                f'where = {{ {name} = "…" }}.'
            )
            return


def _are_years(values: NDArray[np.object_]) -> bool:
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy()
    whole = np.isfinite(numbers) & (numbers == np.floor(numbers))
    return bool((whole & (numbers >= FIRST_YEAR) & (numbers <= LAST_YEAR)).all())


def _total_of_parts(
    place: NDArray[np.int64], values: NDArray[np.object_], counts: NDArray[np.float64]
) -> str | None:
    """The value whose rows have, in each place, the sum of all other rows; None without one."""
    table = pd.DataFrame({"place": place, "value": values, "people": counts}).pivot_table(
        index="place", columns="value", values="people", aggfunc="sum", fill_value=0
    )
    if table.shape[1] < 3:  # noqa: PLR2004  (a total and two parts)
        return None
    whole = table.sum(axis=1)
    for value in table.columns:
        if np.allclose(table[value] * 2, whole) and whole.sum() > 0:
            return str(value)
    return None


def _check_totals(
    frame: gpd.GeoDataFrame,
    shapes: NDArray[np.object_],
    counts: NDArray[np.float64],
    is_area: NDArray[np.bool_],
    report: ValidationReport,
) -> None:
    """Report polygons with people that several others with people fill: rows of districts."""
    rows = np.flatnonzero(is_area & (counts > 0))
    areas, area_m2 = shapes[rows], shapely.area(shapes[rows])
    inner, outer = shapely.STRtree(areas).query(
        shapely.point_on_surface(areas), predicate="intersects"
    )
    smaller = area_m2[inner] < INSIDE * area_m2[outer]
    inner, outer = inner[smaller], outer[smaller]
    shared_m2 = shapely.area(shapely.intersection(areas[inner], areas[outer]))
    within = shared_m2 >= INSIDE * area_m2[inner]
    inner, outer = inner[within], outer[within]
    filled_m2 = np.bincount(outer, shared_m2[within], minlength=len(rows))
    parts = np.bincount(outer, minlength=len(rows))
    total = (parts > 1) & (filled_m2 >= COVERED * area_m2)
    if total.any():
        report.error(
            f"{total.sum()} of its polygons hold others of the layer that fill them "
            f"({listed(frame.index[rows[total]])}): rows of districts beside those of their parts, "
            "so that people count twice. Leave one level out with where = { … }."
        )
