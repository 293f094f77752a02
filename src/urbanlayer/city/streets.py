"""The walkable street network from a street layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import LayerError
from urbanlayer.kernels.components import component_numbers
from urbanlayer.kernels.digests import ASSEMBLING, digest_of, digest_of_code
from urbanlayer.kernels.joining import join_lines
from urbanlayer.kernels.noding import distinct_vertices, node_shared_vertices, number_points
from urbanlayer.kernels.plazas import visibility_edges
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.streets import StreetNetwork
from urbanlayer.text.street_tags import at_grade, walkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.kernels.joining import Joins
    from urbanlayer.kernels.noding import Noded
    from urbanlayer.model.layer import Layer

JOIN_TOLERANCE_M = 1.0
"""Maximum gap that is closed in a layer without topology."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Walkable lines, the row of the layer of each, and visibility edges across plazas."""

    lines: NDArray[np.object_]
    row: NDArray[np.int64]
    is_visibility_edge: NDArray[np.bool_]


def build_streets(layer: Layer, *, join_tolerance_m: float = JOIN_TOLERANCE_M) -> StreetNetwork:
    """The walkable street network of a street layer.

    OpenStreetMap's ways are connected where they share a vertex, and so are those of a file with
    its classes (`highway`) that is noded. Other lines are connected where their ends come within
    the tolerance of each other or of another line, and where they cross at grade.
    `text/street_tags.py` defines which streets are walkable.

    Parameters
    ----------
    layer
        Streets as LineStrings in a metric CRS; closed ones with `area=yes` are plazas.
    join_tolerance_m
        Maximum gap that is closed, in metres; not used for OpenStreetMap.

    Returns
    -------
    StreetNetwork
        Its notes report excluded streets and joins.

    Raises
    ------
    LayerError
        No street of the layer is walkable.
    """
    walked, reasons = walkable(layer.frame)
    notes = _not_walked(reasons, len(walked))
    rows = np.flatnonzero(walked)
    if not len(rows):
        raise _no_walkable_street(layer)
    parts, of = _single_parts(layer.frame.geometry.to_numpy()[rows])
    is_plaza = _is_area(layer.frame)[rows][of]
    lines = _Lines(parts, rows[of], np.zeros(len(parts), dtype=bool))
    if is_plaza.any():
        lines, note = _with_plazas(lines, is_plaza)
        notes += note
    joins: Joins | None = None
    if layer.provenance.shared_nodes:
        noded = node_shared_vertices(lines.lines)
    else:
        noded, joins = _joined_lines(layer.frame, lines, join_tolerance_m)
        if joins.noded and "highway" in layer.frame:  # an export of OpenStreetMap
            notes += _passed_notes(joins)
            noded, joins = node_shared_vertices(lines.lines), None
        else:
            notes += _join_notes(joins)
    if len(noded.edge_lines) == 0:
        raise _no_walkable_street(layer)
    return replace(
        _network(noded, lines.row[noded.edge_source], notes, joins),
        across=lines.is_visibility_edge[noded.edge_source]
        if lines.is_visibility_edge.any()
        else None,
        digest=_digest(layer, join_tolerance_m),
    )


def _digest(layer: Layer, join_tolerance_m: float) -> str:
    """Of what the network is made of; empty where the layer has none."""
    if not layer.digest:
        return ""
    return digest_of(layer.digest, join_tolerance_m, digest_of_code(*ASSEMBLING))


def _single_parts(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The parts of geometries and the row of each; single-part geometries are not copied."""
    if (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING).all():
        return shapes, np.arange(len(shapes))
    parts, of = shapely.get_parts(shapes, return_index=True)
    return parts, of.astype(np.int64)


def _no_walkable_street(layer: Layer) -> LayerError:
    return LayerError(
        f"layer {layer.role!r} ({layer.provenance.path}): none of its {len(layer)} features "
        "is a walkable street; check path, `where` and `closed` in city.toml"
    )


def _network(
    noded: Noded, feature: NDArray[np.int64], notes: tuple[Note, ...], joins: Joins | None
) -> StreetNetwork:
    length_m = shapely.length(noded.edge_lines)
    component = component_numbers(len(noded.node_xy), noded.edge_nodes, length_m)
    return StreetNetwork(
        node_xy=noded.node_xy,
        edge_nodes=noded.edge_nodes,
        edge_length_m=length_m,
        edge_lines=noded.edge_lines,
        component=component,
        notes=notes,
        edge_feature=feature,
        joins=joins,
    )


def _is_area(frame: pd.DataFrame) -> NDArray[np.bool_]:
    if "area" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return (frame["area"].astype(object) == "yes").to_numpy(dtype=bool)


def _with_plazas(lines: _Lines, is_plaza: NDArray[np.bool_]) -> tuple[_Lines, tuple[Note, ...]]:
    """The lines with visibility edges across plazas, and a note."""
    xy, line = distinct_vertices(lines.lines)
    ring_end = np.append(line[1:] != line[:-1], np.True_) & is_plaza[line]
    rings, plaza, row = _rings(lines, is_plaza)
    corner_xy, of = distinct_vertices(rings)
    if not len(of):
        return lines, ()
    number, of = np.unique(of, return_inverse=True)
    rings = np.asarray(shapely.linestrings(corner_xy, indices=of), dtype=object)
    plaza, row = plaza[number], row[number]
    point, _ = number_points(np.concatenate([xy, corner_xy]))
    uses = np.bincount(point[: len(xy)][~ring_end], minlength=len(point))
    edges, of_ring = visibility_edges(rings, uses[point[len(xy) :]] > 1, plaza)
    both = _Lines(
        np.concatenate([lines.lines, edges]),
        np.concatenate([lines.row, row[of_ring]]),
        np.repeat([False, True], [len(lines.row), len(edges)]),
    )
    count = len(np.unique(lines.row[is_plaza]))
    return both, (Note.of("plazas", count=count, ways=len(edges)),)


def _rings(
    lines: _Lines, is_plaza: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """The rings of plazas, outlines before holes, the plaza of each and its row of the layer."""
    rings: list[object] = []
    plaza: list[int] = []
    row: list[int] = []
    drawn = lines.lines[is_plaza]
    for feature in np.unique(lines.row[is_plaza]):
        own = drawn[lines.row[is_plaza] == feature]
        areas = [own] if len(own) == 1 else _outlines_and_holes(own)
        for area in areas:
            number = plaza[-1] + 1 if plaza else 0
            rings += list(area)
            plaza += [number] * len(area)
            row += [int(feature)] * len(area)
    return np.array(rings, dtype=object), np.array(plaza, np.int64), np.array(row, np.int64)


def _outlines_and_holes(rings: NDArray[np.object_]) -> list[NDArray[np.object_]]:
    """The rings of each area that several rings enclose, its outline first."""
    areas = shapely.get_parts(shapely.build_area(shapely.multilinestrings(rings)))
    return [
        np.array([shapely.LineString(ring.coords) for ring in shapely.get_rings(area)], object)
        for area in areas
    ]


def _joined_lines(frame: pd.DataFrame, lines: _Lines, tolerance_m: float) -> tuple[Noded, Joins]:
    return join_lines(
        lines.lines,
        at_grade(frame)[lines.row],
        tolerance_m=tolerance_m,
        by_ends_alone=lines.is_visibility_edge,
    )


def _not_walked(reasons: Mapping[str, int], total: int) -> tuple[Note, ...]:
    if not reasons:
        return ()
    listed = Listing.of(f"{reason} {count:,}" for reason, count in reasons.items())
    count = sum(reasons.values())
    return (Note.of("streets-not-walked", count=count, total=total, reasons=listed),)


def _join_notes(joins: Joins) -> tuple[Note, ...]:
    joined = Note.of(
        "streets-joined",
        tolerance_m=joins.tolerance_m,
        ends=joins.ends,
        onto_lines=joins.onto_lines,
        crossings=joins.crossings,
    )
    if joins.crossings:
        return joined, Note.of("streets-crossings-guessed", count=joins.crossings)
    return joined, *_passed_notes(joins)


def _passed_notes(joins: Joins) -> tuple[Note, ...]:
    return (Note.of("streets-noded", count=joins.passed),) if joins.passed else ()
