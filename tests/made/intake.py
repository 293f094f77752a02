"""How the tests of the sources bring a file in: as the pipeline does, for a city at Podgorica."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from requested import requested

from urbanlayer.layers import validate, validate_raster
from urbanlayer.model.layer import Layer, Raster, RawRaster
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.study_area import StudyArea
from urbanlayer.publish.worded_notes import in_english
from urbanlayer.registry import sources
from urbanlayer.sources import border

if TYPE_CHECKING:
    from pathlib import Path

WEST, SOUTH, EAST, NORTH = 355_000.0, 4_698_000.0, 359_000.0, 4_702_000.0
CITY = StudyArea("EPSG:25834", "ME", (WEST, SOUTH, EAST, NORTH), (19.2636, 42.4411))
"""Four kilometres square around the middle of Podgorica."""


def take(
    where: Path, /, *, role: str = "green", frame: StudyArea = CITY, **says: Any
) -> Layer | Raster:
    """The layer that a file becomes, or its error; nothing may get lost on the way."""
    request = requested(role, LayerSpec(**{"path": where.name, **says}), where)
    raw = border.read_by(sources()[request.spec.source], [request])[role]
    if isinstance(raw, RawRaster):
        return validate_raster(raw, request, frame)
    layer = validate(raw, request, frame)
    assert layer.read == len(layer.frame) + len(layer.excluded)
    assert layer.frame.is_valid.all()
    assert layer.frame.index.is_unique
    return layer


def reasons(layer: Layer) -> list[str]:
    return sorted(entry.reason for entry in layer.excluded)


def said(layer: Layer | Raster) -> str:
    return " ".join(in_english(layer.notes))


def square(number: int, side_m: float = 100.0) -> list[list[float]]:
    """The ring of a square in the city; each number has its place in a row."""
    x, y = WEST + 1000 + 200.0 * number, SOUTH + 1000
    return [[x, y], [x + side_m, y], [x + side_m, y + side_m], [x, y + side_m], [x, y]]


def polygon(ring: list[list[float]], *holes: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring, *holes]}


def geojson(
    path: Path, geometries: list[dict[str, Any] | None], *, crs: str = "EPSG:25834", **columns: Any
) -> Path:
    """A GeoJSON file with these geometries, and columns of as many values."""
    features = [
        {
            "type": "Feature",
            "properties": {name: values[number] for name, values in columns.items()},
            "geometry": geometry,
        }
        for number, geometry in enumerate(geometries)
    ]
    whole = {
        "type": "FeatureCollection",
        "crs": {
            "type": "name",
            "properties": {"name": f"urn:ogc:def:crs:{crs.replace(':', '::')}"},
        },
        "features": features,
    }
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path
