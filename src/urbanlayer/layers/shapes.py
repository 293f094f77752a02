"""Geometry checks: present, finite, two-dimensional, of the role's type, valid, not repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.heights import note_crossings_at_heights
from urbanlayer.layers.order import one_order
from urbanlayer.layers.people_counts import counted_at_points
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.role_names import STREETS
from urbanlayer.text.street_tags import walkable

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import shapely
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.role import GeometryKind, Role

MAX_AREA_CHANGE = 0.01
"""A repair that changes the area by more than this share is a guess; the feature is excluded."""
MIN_AREA_M2 = 0.01
MIN_LENGTH_M = 0.001
ZERO_TOLERANCE = 1e-9
LARGEST_COORDINATE = 1e15
"""In metres or degrees; a double beyond holds no tenth of a metre."""
MAX_VERTICES = 500_000

_KINDS: dict[GeometryKind, tuple[int, ...]] = {
    "point": (0, 4),
    "line": (1, 2, 5),
    "polygon": (3, 6),
}
"""Geometry type ids of shapely."""
_PLURAL = {"point": "points", "line": "lines", "polygon": "polygons", "collection": "collections"}
_COLLECTION = 7


def with_usable_geometry(frame: gpd.GeoDataFrame, report: ValidationReport) -> gpd.GeoDataFrame:
    """The features that have a non-empty geometry with finite coordinates, in two dimensions.

    Parameters
    ----------
    frame
        As read.
    report
        Records excluded features.

    Returns
    -------
    GeoDataFrame
        At most as many features, geometry forced to two dimensions.
    """
    import numpy as np
    import shapely

    draw = Note.of("fix-place-or-delete")
    shapes = frame.geometry.to_numpy()
    frame = report.exclude(
        frame,
        shapely.is_missing(shapes),
        reason="null-geometry",
        detail=Note.of("null-geometry"),
        fix=draw,
        drawn=False,
    )
    frame = report.exclude(
        frame,
        shapely.is_empty(frame.geometry.to_numpy()),
        reason="empty-geometry",
        detail=Note.of("empty-geometry"),
        fix=draw,
        drawn=False,
    )
    bounds = shapely.bounds(frame.geometry.to_numpy())
    coordinates_finite = all_finite(frame.geometry.to_numpy())
    frame = report.exclude(
        frame,
        ~coordinates_finite,
        reason="not-a-number",
        detail=Note.of("not-a-number"),
        fix=Note.of("fix-draw-again"),
        drawn=False,
    )
    bounds = bounds[coordinates_finite]
    nowhere: NDArray[np.bool_] = np.all(np.abs(bounds.reshape(-1, 4)) < ZERO_TOLERANCE, axis=1)
    frame = report.exclude(
        frame,
        nowhere,
        reason="zero-coordinates",
        detail=Note.of("zero-coordinates"),
        fix=Note.of("fix-place"),
        drawn=False,
    )
    note_crossings_at_heights(frame, report)
    return _two_dimensional(frame)


def bounds_centres(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n, 2) centre of the bounding box of each geometry, in its own coordinates."""
    import numpy as np
    import shapely

    west, south, east, north = shapely.bounds(shapes).T
    return np.column_stack([west / 2 + east / 2, south / 2 + north / 2])  # a sum may overflow


def of_geometry_type(
    frame: gpd.GeoDataFrame, role: Role, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The features of the geometry types that the role accepts.

    Closed lines become polygons where the role expects polygons (CAD drawings have no others). A
    geometry collection is reduced to its parts of the accepted type. It is an error if no feature
    has an accepted type.
    """
    import numpy as np
    import shapely

    shapes = frame.geometry.to_numpy().copy()
    kinds = role.kinds
    shapes = _without_collections(shapes, kinds)
    if "polygon" in kinds and "line" not in kinds:
        closed = np.isin(shapely.get_type_id(shapes), (1, 2)) & shapely.is_closed(shapes)
        closed &= shapely.get_num_coordinates(shapes) > 3  # noqa: PLR2004  (a triangle, closed)
        if closed.any():
            corners, line = shapely.get_coordinates(shapes[closed], return_index=True)
            shapes[closed] = shapely.polygons(shapely.linearrings(corners, indices=line))
            report.note(Note.of("closed-lines", count=int(closed.sum())))
    right = np.isin(shapely.get_type_id(shapes), [t for kind in kinds for t in _KINDS[kind]])
    wanted = " or ".join(_PLURAL[kind] for kind in _KINDS if kind in kinds)
    found = " and ".join(_PLURAL[kind] for kind in _kinds_of(shapes[~right]))
    frame = frame.set_geometry(frame.geometry.__class__(shapes, frame.index, crs=frame.crs))
    if len(frame) and not right.any():
        report.error(
            f"it holds {found}, but {role.name!r} requires {wanted}; choose another layer or "
            "another where in city.toml."
        )
        return frame
    return report.exclude(
        frame,
        ~right,
        reason="wrong-geometry-kind",
        detail=Note.of("wrong-geometry-kind"),
        fix=Note.of("fix-geometry-kind"),
    )


def with_valid_geometry(frame: gpd.GeoDataFrame, report: ValidationReport) -> gpd.GeoDataFrame:
    """The features with valid geometry, repaired where necessary.

    Invalid geometry is repaired by `make_valid` and reduced to parts of its own type. The feature
    is kept, and the repair reported, if its area changes by at most `MAX_AREA_CHANGE`; otherwise
    it is excluded.
    """
    import numpy as np
    import shapely

    shapes = frame.geometry.to_numpy().copy()
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        before = shapes[broken]
        after = _with_type_kept(before, shapely.make_valid(before, method="linework"))
        area_before, area_after = np.abs(_signed_area(before)), shapely.area(after)
        polygonal = np.isin(shapely.get_type_id(before), _KINDS["polygon"])
        scale = np.maximum(np.maximum(area_before, area_after), MIN_AREA_M2)
        change = np.abs(area_after - area_before) / scale
        lost = shapely.is_empty(after) | (polygonal & (change > MAX_AREA_CHANGE))
        _report_repairs(frame.index[broken], lost, area_before, area_after, report)
        reasons = shapely.is_valid_reason(before)
        shapes[broken] = after
        mask = np.zeros(len(shapes), dtype=bool)
        mask[np.flatnonzero(broken)[lost]] = True
        frame = frame.set_geometry(frame.geometry.__class__(shapes, frame.index, crs=frame.crs))
        frame = report.exclude(
            frame,
            mask,
            reason="invalid-geometry",
            detail=[
                Note.of(
                    "invalid-geometry",
                    why=why.split("[")[0].lower(),
                    before_m2=round(old),
                    after_m2=round(new),
                )
                for why, old, new in zip(
                    reasons[lost], area_before[lost], area_after[lost], strict=True
                )
            ],
            fix=Note.of("fix-outline"),
        )
    return _without_degenerate(frame, report)


def without_identical_features(
    frame: gpd.GeoDataFrame, role: Role, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The features without those whose geometry equals that of one with a lower key.

    Of buildings of one outline one that is lived in stays, also beside its roof or garage; of
    streets one that is walkable (a street beside its proposed successor), of green areas a public
    one. Points with a count of people stay: households, and persons of a register, share an
    address.
    """
    import numpy as np
    import pandas as pd

    from urbanlayer.kernels.equal_shapes import first_of_equal

    if not role.distinct_shapes or frame.empty:
        return frame
    place = pd.Series(first_of_equal(frame.geometry.to_numpy()))
    suspects = np.flatnonzero(place.duplicated(keep=False).to_numpy())
    repeated = np.zeros(len(frame), dtype=bool)
    if len(suspects):
        suspects = suspects[one_order(frame.iloc[suspects], report.request)]
        unused = _is_unused(frame.iloc[suspects], role)
        suspects = suspects[np.argsort(unused, kind="stable")]
        repeated[suspects] = place.iloc[suspects].duplicated().to_numpy()
        repeated &= ~counted_at_points(frame, role)
    return report.exclude(
        frame,
        repeated,
        reason="duplicate-geometry",
        detail=Note.of("duplicate-geometry"),
        fix=Note.of("fix-delete-one"),
    )


def _is_unused(frame: gpd.GeoDataFrame, role: Role) -> NDArray[np.bool_]:
    """(n,) True for what counts for less: homes of nobody, streets not walked, private green."""
    import numpy as np

    if role.name == STREETS:
        return ~walkable(frame)[0]
    unused = np.zeros(len(frame), dtype=bool)
    for flag in ("residential", "public"):
        if flag in frame:
            unused |= ~frame[flag].to_numpy(dtype=bool)
    return unused


def all_finite(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """(n,) True if all coordinates are finite; tested by the length, except for points.

    One beyond `LARGEST_COORDINATE` counts as not finite: it is damage, and its square overflows.
    """
    import numpy as np
    import shapely

    with np.errstate(over="ignore", invalid="ignore"):
        finite = shapely.length(shapes) <= LARGEST_COORDINATE
    rows = np.flatnonzero(np.isin(shapely.get_type_id(shapes), _KINDS["point"]) | ~finite)
    coordinates, owner = shapely.get_coordinates(shapes[rows], return_index=True)
    finite[rows] = True
    sound = (np.abs(coordinates) <= LARGEST_COORDINATE).all(axis=1)  # not so for NaN
    finite[rows[owner[~sound]]] = False
    checked: NDArray[np.bool_] = finite
    return checked


def _two_dimensional(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    import shapely

    shapes = frame.geometry.to_numpy()
    deep = shapely.has_z(shapes) | shapely.has_m(shapes)
    if not deep.any():
        return frame
    flat = shapely.force_2d(shapes)
    return frame.set_geometry(frame.geometry.__class__(flat, frame.index, crs=frame.crs))


def _kinds_of(shapes: NDArray[np.object_]) -> list[str]:
    import shapely

    there = set(shapely.get_type_id(shapes).tolist())
    named: list[str] = [kind for kind, ids in _KINDS.items() if there & set(ids)]
    return named if _COLLECTION not in there else [*named, "collection"]


def _without_collections(
    shapes: NDArray[np.object_], kinds: frozenset[GeometryKind]
) -> NDArray[np.object_]:
    """Geometry collections reduced to parts of an accepted type; single-part multis made simple."""
    import shapely

    types = shapely.get_type_id(shapes)
    for row in (types == _COLLECTION).nonzero()[0]:
        parts = _single_parts(shapes[row])
        for kind in ("polygon", "line", "point"):
            right = [part for part in parts if shapely.get_type_id(part) in _KINDS[kind]]
            if kind in kinds and right:
                shapes[row] = shapely.union_all(right)
                break
    types = shapely.get_type_id(shapes)
    alone = (types >= 4) & (types <= 6) & (shapely.get_num_geometries(shapes) == 1)  # noqa: PLR2004
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    return shapes


def _single_parts(shape: shapely.Geometry) -> NDArray[np.object_]:
    """The parts of a geometry, those of collections within it too."""
    import numpy as np
    import shapely

    parts = shapely.get_parts(shape)
    while (within := shapely.get_type_id(parts) == _COLLECTION).any():
        parts = np.concatenate([parts[~within], shapely.get_parts(parts[within])])
    return parts


def _with_type_kept(before: NDArray[np.object_], after: NDArray[np.object_]) -> NDArray[np.object_]:
    """The result of `make_valid` without the lines and points that it splits off polygons."""
    import shapely

    kept = after.copy()
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        kind = next(
            (ids for ids in _KINDS.values() if shapely.get_type_id(old) in ids), _KINDS["polygon"]
        )
        if shapely.get_type_id(new) not in kind:
            parts = [part for part in _single_parts(new) if shapely.get_type_id(part) in kind]
            kept[row] = shapely.union_all(parts) if parts else shapely.Polygon()
    return kept


def _signed_area(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Area as computed by shapely: parts of a self-crossing ring cancel."""
    import shapely

    area: NDArray[np.float64] = shapely.area(shapes)
    return area


def _report_repairs(
    labels: object,
    lost: NDArray[np.bool_],
    area_before: NDArray[np.float64],
    area_after: NDArray[np.float64],
    report: ValidationReport,
) -> None:
    repaired = ~lost
    if repaired.any():
        change_m2 = float((area_after[repaired] - area_before[repaired]).sum())
        report.note(
            Note.of(
                "outlines-repaired",
                count=int(repaired.sum()),
                names=Listing.of(labels[repaired]),  # type: ignore[index]
                change_m2=round(change_m2, 1),
            )
        )


def _without_degenerate(frame: gpd.GeoDataFrame, report: ValidationReport) -> gpd.GeoDataFrame:
    """The features whose polygons have a positive area and whose lines have a positive length."""
    import numpy as np
    import shapely

    shapes = frame.geometry.to_numpy()
    types = shapely.get_type_id(shapes)
    polygons, lines = np.isin(types, _KINDS["polygon"]), np.isin(types, _KINDS["line"])
    nothing = polygons & (shapely.area(shapes) < MIN_AREA_M2)
    nothing |= lines & (shapely.length(shapes) < MIN_LENGTH_M)
    frame = report.exclude(
        frame,
        nothing,
        reason="no-extent",
        detail=Note.of("no-extent"),
        fix=Note.of("fix-delete-or-draw"),
    )
    huge = shapely.get_num_coordinates(frame.geometry.to_numpy()) > MAX_VERTICES
    if huge.any():
        report.note(
            Note.of(
                "huge-features",
                count=int(huge.sum()),
                vertices=MAX_VERTICES,
                names=Listing.of(frame.index[huge]),
            )
        )
    return frame
