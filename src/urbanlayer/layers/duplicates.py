"""Duplicate facilities: the same school mapped as a point and as a polygon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from urbanlayer.layers.order import one_order
from urbanlayer.layers.people_counts import FEWEST_ROWS, counted_at_points
from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.role import Role

WITHIN = 0.95
"""An area with this share of it in another lies inside that one."""


def without_duplicates(
    frame: gpd.GeoDataFrame, role: Role, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The facilities without duplicates; the polygon is kept, or else the lower key.

    What is kept has the values of its duplicates where it has none: a capacity, hours, and on a map
    of one survey the name. There an area without a name that holds one named point of its kind is
    that facility; one that holds several is the ground of all of them, and left out.

    Stops come in pairs by design, one on each side of the street; only stops of the same name
    within 5 m, mapped as a pole and as a platform, are duplicates. Of other layers, features that
    are the same in place and every value are reported: each may be a tree, or a crash, of its own.

    Parameters
    ----------
    frame
        Points and polygons in a metric CRS.
    role
        Only services are checked.
    report
        Records excluded features.
    """
    import shapely

    if len(frame) < 2:  # noqa: PLR2004  (a pair)
        return frame
    facilities = role.service and role.known
    if not facilities or _comes_in_numbers(role):
        _report_identical(frame, role, report)
    if not facilities:
        return frame
    shapes = frame.geometry.to_numpy()
    names = frame["name"].str.casefold().to_numpy(dtype="str")
    radius_m = role.duplicates_within_m
    areas = shapely.area(shapes)
    first = one_order(frame, report.request)
    order = first[np.argsort(-areas[first], kind="stable")]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=radius_m)
    area_and_point = (areas[one] > 0) & (areas[other] == 0)
    named = (names[one] == names[other]) & (names[one] != "")
    inside = area_and_point & (names[other] == "") & shapely.intersects(shapes[one], shapes[other])
    tags = report.request.source.tags
    one_survey = tags is not None and tags.one_survey
    shared_ground = np.zeros(len(frame), dtype=bool)
    if not one_survey:
        named &= area_and_point  # an office's own list may hold two houses of one institution
    else:
        inside |= (names[other] == "") & _lies_within(shapes, areas, one, other)
        holds = area_and_point & (names[one] == "") & (names[other] != "")
        holds &= shapely.intersects(shapes[one], shapes[other]) & _of_one_kind(
            frame, role, one, other
        )
        many = np.bincount(one[holds], minlength=len(frame))
        inside |= holds & (many[one] == 1)
        shared_ground = many > 1
    row = _rows_alike(frame, report)
    again = (row[one] == row[other]) & (shapes[one] == shapes[other])
    alone = report.request.spec.key is None and not _comes_in_numbers(role)
    again &= (names[one] != "") | alone
    same = (rank[one] < rank[other]) & (named | inside | again)
    duplicate, pairs = shared_ground, np.column_stack([one[same], other[same]])
    merged = []
    for keeper, repeated in pairs[np.lexsort((rank[pairs[:, 1]], rank[pairs[:, 0]]))].tolist():
        if not (duplicate[keeper] or duplicate[repeated]):
            duplicate[repeated] = True
            merged.append((keeper, repeated))
    frame = _with_values_of_both(frame, merged, _inherited(frame, role, one_survey=one_survey))
    return report.exclude(
        frame,
        duplicate,
        reason="duplicate",
        detail=Note.of("duplicate", role=role.name, distance_m=radius_m),
        fix=Note.of("fix-delete-one"),
    )


def _inherited(frame: gpd.GeoDataFrame, role: Role, *, one_survey: bool) -> list[str]:
    """The columns that a facility takes from its duplicate where it has no value itself."""
    names = [field.name for field in role.fields if field.kind != "flag"]
    return [name for name in [*names, *(["name"] * one_survey)] if name in frame]


def _with_values_of_both(
    frame: gpd.GeoDataFrame, merged: list[tuple[int, int]], columns: list[str]
) -> gpd.GeoDataFrame:
    """The features, those kept with the values of their duplicates where they have none."""
    changed = {}
    for name in columns if merged else []:
        values = frame[name].copy()
        lacks = (values.isna() | (values.astype(str) == "")).to_numpy(copy=True)
        for keeper, repeated in merged:
            if lacks[keeper] and not lacks[repeated]:
                values.iloc[keeper], lacks[keeper] = values.iloc[repeated], False
                changed[name] = values
    return frame.assign(**changed)


def _of_one_kind(
    frame: gpd.GeoDataFrame, role: Role, one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """(p,) whether both of a pair have the same value of a tag that makes the role."""
    found = np.zeros(len(one), dtype=bool)
    for tag in {tag for alternative in role.tags for tag in alternative} & set(frame.columns):
        values = frame[tag].fillna("").to_numpy(dtype="str")
        found |= (values[one] == values[other]) & (values[one] != "")
    return found


def _lies_within(
    shapes: NDArray[np.object_],
    areas: NDArray[np.float64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """(p,) whether the second area of a pair lies in the first: a building on a school's ground."""
    import shapely

    within = (areas[other] > 0) & (areas[other] < areas[one])
    at = np.flatnonzero(within)
    shared_m2 = shapely.area(shapely.intersection(shapes[one[at]], shapes[other[at]]))
    within[at] = shared_m2 >= WITHIN * areas[other[at]]
    return within


def _comes_in_numbers(role: Role) -> bool:
    """Whether several of its features stand in one place: containers, which hold a volume."""
    return any(field.name == "volume_l" for field in role.fields)


def _report_identical(frame: gpd.GeoDataFrame, role: Role, report: ValidationReport) -> None:
    """Report features without a declared key that are the same as another in every value.

    Counts of people are compared without their key too: where every row stands twice, the whole
    file does, and so do its people.
    """
    import shapely

    people = bool(len(frame)) and bool(counted_at_points(frame, role).all())
    keyed = report.request.spec.key is not None
    if role.partition or (not people and (keyed or role.distinct_shapes)):
        return
    shapes = pd.Series(shapely.to_wkb(shapely.normalize(frame.geometry.to_numpy())))
    suspects = np.flatnonzero(shapes.duplicated(keep=False).to_numpy())
    if not len(suspects):
        return
    row = _rows_alike(frame.iloc[suspects], report)
    place = pd.factorize(shapes.to_numpy()[suspects])[0]
    alike = pd.DataFrame({"row": row, "place": place})
    times = alike.groupby(["row", "place"]).size().to_numpy()
    whole = int(np.gcd.reduce(times)) if len(suspects) == len(frame) else 1
    if people and whole > 1 and len(times) >= FEWEST_ROWS:
        report.error(
            f"each of its {len(times)} rows stands {whole} times, with the same place and values: "
            "the file seems to hold everything several times. Keep one of each; where they are "
            "different people, add a column that tells them apart."
        )
        return
    again = alike.duplicated().to_numpy()
    if again.any() and not keyed:
        names = Listing.of(frame.index[suspects[again]])
        report.note(Note.of("identical-features", count=int(again.sum()), names=names))


def _rows_alike(frame: gpd.GeoDataFrame, report: ValidationReport) -> NDArray[np.int64]:
    """(n,) a number for each row; rows with the same values in all columns but the key share it."""
    own = {frame.geometry.name, report.request.spec.key}
    columns = [name for name in frame.columns if name not in own]
    if not columns:
        return np.zeros(len(frame), dtype=np.int64)
    texts = frame[columns].astype(str)
    number = texts.groupby(columns, sort=False, dropna=False).ngroup()
    return np.asarray(number, dtype=np.int64)
