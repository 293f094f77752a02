"""One pass through an OpenStreetMap extract for all the layers that a city asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.model.layer import Excluded, RawLayer
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named
from urbanlayer.sources._confined.answers import note_of_json
from urbanlayer.sources._confined.collected import LABEL, NODES, SHAPE
from urbanlayer.sources._digest import digest
from urbanlayer.sources._own_ids import with_own_ids
from urbanlayer.sources._selection import selection_of
from urbanlayer.sources._shared_nodes import moved_apart, northward
from urbanlayer.sources._wkb import shapes_of
from urbanlayer.sources.child import begin, run_job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from urbanlayer.model.source import BoxOptions, Request

LICENCE, ATTRIBUTION = "ODbL-1.0", "© OpenStreetMap contributors"


def begin_extract(path: Path, requests: Sequence[Request[BoxOptions]]) -> None:
    """Have an extract read that `read_extract` will be asked for with the same requests."""
    begin("extract", **_details(path, requests))


def read_extract(path: Path, requests: Sequence[Request[BoxOptions]]) -> dict[str, RawLayer]:
    """The features of every layer that is asked for; outside of their `bbox`, none.

    Parameters
    ----------
    path
        `.osm.pbf` or `.osm`.
    requests
        The layers.

    Returns
    -------
    dict
        By role; nodes at equal coordinates moved apart.

    Raises
    ------
    SourceError
        If the file cannot be read to its end: half a city is never handed on.
    """
    import numpy as np
    import shapely

    about, tables = run_job("extract", **_details(path, requests))
    shapes = [shapes_of(table[SHAPE].to_numpy(zero_copy_only=False)) for table in tables]
    nodes = [_nodes(table) for table in tables]
    xy = [
        shapely.get_coordinates(drawn)
        for drawn, own in zip(shapes, nodes, strict=True)
        if own is not None
    ]
    moved, degrees = np.empty(0, np.int64), np.empty(0)
    if xy:
        together = np.concatenate([own for own in nodes if own is not None])
        moved, degrees = northward(together, np.concatenate(xy))
    made_of = digest(path)
    layers = {
        request.role: _raw(request, table, _apart(table, drawn, moved, degrees), answer, made_of)
        for request, table, drawn, answer in zip(
            requests, tables, shapes, about["layers"], strict=True
        )
    }
    if not about["has_new"]:
        return layers
    return {role: with_own_ids(raw) for role, raw in layers.items()}


def _details(path: Path, requests: Sequence[Request[BoxOptions]]) -> dict[str, Any]:
    return {
        "path": str(path),
        "layer_name": named(requests[0]),
        "selections": [selection_of(request).as_json() for request in requests],
    }


def _nodes(table: pa.Table) -> NDArray[np.int64] | None:
    """Number of the node at each vertex of a layer whose lines meet at nodes; else None."""
    import pyarrow.compute as pc

    if NODES not in table.column_names:
        return None
    numbers: NDArray[np.int64] = pc.list_flatten(table[NODES]).to_numpy()
    return numbers


def _apart(
    table: pa.Table,
    shapes: NDArray[np.object_],
    moved: NDArray[np.int64],
    degrees: NDArray[np.float64],
) -> NDArray[np.object_]:
    """The shapes of a layer of lines that meet at nodes, or of nodes, with moved nodes moved."""
    import numpy as np

    own = _nodes(table)
    if own is not None:
        return moved_apart(shapes, own, moved, degrees)
    if not len(moved):
        return shapes
    gone = {f"node/{node}" for node in moved.tolist()}
    labels = table[LABEL].to_pylist()
    rows = [row for row, label in enumerate(labels) if label in gone]
    if not rows:
        return shapes
    node = np.array([int(labels[row].partition("/")[2]) for row in rows], np.int64)
    apart = shapes.copy()
    apart[rows] = moved_apart(shapes[rows], node, moved, degrees)
    return apart


def _raw(
    request: Request[BoxOptions],
    table: pa.Table,
    shapes: NDArray[np.object_],
    answer: dict[str, Any],
    made_of: str,
) -> RawLayer:
    fix = Note.of("fix-in-osm")
    excluded = tuple(
        Excluded(request.role, label, reason, note_of_json(detail), fix)
        for label, reason, detail in answer["left_out"]
    )
    notes = tuple(note_of_json(note) for note in answer["notes"])
    window = request.options.bbox
    return RawLayer(_frame(request, table, shapes), made_of, excluded, notes, window=window)


def _frame(
    request: Request[BoxOptions], table: pa.Table, shapes: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd
    import shapely

    columns = table.drop_columns(
        [name for name in (LABEL, SHAPE, NODES) if name in table.schema.names]
    )
    index = pd.Index(pd.array(table[LABEL].combine_chunks(), dtype="str"))
    values = {
        name: pd.array(columns[name].combine_chunks(), dtype="str") for name in columns.column_names
    }
    frame = gpd.GeoDataFrame(pd.DataFrame(values, index=index), geometry=shapes, crs="EPSG:4326")
    bbox = request.options.bbox
    return frame if bbox is None else frame[shapely.intersects(shapely.box(*bbox), shapes)]
