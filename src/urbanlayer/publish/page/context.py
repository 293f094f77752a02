"""The background of the results: water, green areas and main streets, from the city's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from urbanlayer.publish.page.geometry import packed_points

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.publish.page.geometry import Ground

_CLASS_FIELDS = ("highway", "class", "klasa", "kategorija", "kind", "rang", "type", "tip")
_MAIN = {
    "motorway", "trunk", "primary", "secondary", "main", "boulevard", "bulevar",
    "arterial", "magistralna", "glavna",
}  # fmt: skip
_MOST_POLYGONS = 400
_SMALLEST_M2 = 1000.0
_POND_M2 = 3000.0
_RIVERS = {"river", "canal", "rijeka", "kanal", "reka", "lumë"}
_MOST_RIVERS = 60
_SEEN_FROM_AFAR_M2 = 20_000.0  # lawns between blocks would hide the results of a whole city
_MOST_STREETS = 500
_MOST_NAMES = 4000
_TOLERANCE_M = 8.0
_MARGIN = 0.08  # of the city's width: rivers and streets run a little beyond the borders


def context(city: City, ground: Ground) -> dict[str, str]:
    """Paths of water, green areas and main streets, light enough to lie under a map."""
    behind = shapes_behind(city)
    return {name: ground.light(shapes, tolerance_m=_TOLERANCE_M) for name, shapes in behind.items()}


def shapes_behind(city: City) -> dict[str, NDArray[np.object_]]:
    """Water, rivers, green areas, lawns and main streets as shapes in the CRS of the city."""
    frame = _window(city)
    return {
        "water": _areas(city, "water", frame, _POND_M2, np.inf),
        "rivers": _rivers(city, frame),
        "green": _areas(city, "green", frame, _SEEN_FROM_AFAR_M2, np.inf),
        "lawns": _areas(city, "green", frame, _SMALLEST_M2, _SEEN_FROM_AFAR_M2),
        "streets": _main_streets(city, frame),
    }


def names_of(city: City, role: str, ground: Ground) -> dict[str, Any]:
    """Every name in a layer once, and a point on the longest that bears it, for the search."""
    layer = city.layers.get(role)
    if layer is None or "name" not in layer.frame:
        return {"names": [], "at": ""}
    named = layer.frame[layer.frame["name"].notna() & (layer.frame["name"].astype(str) != "")]
    longest = (
        named.assign(length=named.geometry.length, label=named["name"].astype(str))
        .sort_values("length", ascending=False, kind="stable")
        .drop_duplicates("label")
        .head(_MOST_NAMES)
        .sort_values("label", kind="stable")
    )
    lines = bool((longest.geom_type == "LineString").all())
    shapes = longest.geometry
    points = shapes.interpolate(0.5, normalized=True) if lines else shapes.representative_point()
    xy = np.column_stack([points.x, points.y]) if len(longest) else np.empty((0, 2))
    return {"names": longest["label"].tolist(), "at": packed_points(ground.points(xy))}


def _window(city: City) -> shapely.Geometry:
    west, south, east, north = city.neighbourhoods.geometry.total_bounds
    margin = _MARGIN * max(east - west, north - south)
    return shapely.box(west - margin, south - margin, east + margin, north + margin)


def _rivers(city: City, window: shapely.Geometry) -> NDArray[np.object_]:
    """Rivers and canals; brooks and dry beds only where the layer does not distinguish them."""
    layer = city.layers.get("water")
    if layer is None:
        return np.empty(0, dtype=object)
    frame = layer.frame
    for field in ("waterway", "vrsta", "kind", "type", "tip"):
        if field in frame:
            frame = frame[frame[field].astype(str).str.lower().isin(_RIVERS)]
            break
    parts = shapely.get_parts(shapely.intersection(np.asarray(frame.geometry.array), window))
    joined = _joined(parts[shapely.get_dimensions(parts) == 1])
    longest = np.argsort(-shapely.length(joined), kind="stable")[:_MOST_RIVERS]
    return np.asarray(joined[np.sort(longest)], dtype=object)


def _areas(
    city: City, role: str, window: shapely.Geometry, smallest_m2: float, below_m2: float
) -> NDArray[np.object_]:
    """The largest areas of a layer within bounds of size, in their own order."""
    parts = _parts(city, role, window)
    size = shapely.area(parts)
    fitting = np.flatnonzero((size >= smallest_m2) & (size < below_m2))
    largest = fitting[np.argsort(-size[fitting], kind="stable")[:_MOST_POLYGONS]]
    return np.asarray(parts[np.sort(largest)], dtype=object)


def _parts(city: City, role: str, window: shapely.Geometry) -> NDArray[np.object_]:
    """Areas of a layer inside the window; of green, what all may enter."""
    layer = city.layers.get(role)
    if layer is None:
        return np.empty(0, dtype=object)
    frame = layer.frame
    if "public" in frame:
        frame = frame[frame["public"].fillna(value=True).astype(bool)]
    parts = shapely.get_parts(shapely.intersection(np.asarray(frame.geometry.array), window))
    return np.asarray(parts[shapely.get_dimensions(parts) == 2], dtype=object)  # noqa: PLR2004


def _main_streets(city: City, window: shapely.Geometry) -> NDArray[np.object_]:
    layer = city.layers.get("streets")
    if layer is None:
        return np.empty(0, dtype=object)
    lines = np.asarray(_main(layer.frame).geometry.array)
    parts = shapely.get_parts(shapely.intersection(lines, window))
    joined = _joined(parts[shapely.get_dimensions(parts) == 1])
    longest = np.argsort(-shapely.length(joined), kind="stable")[:_MOST_STREETS]
    return np.asarray(joined[np.sort(longest)], dtype=object)


def _main(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    for field in _CLASS_FIELDS:
        if field in frame:
            main = frame[frame[field].astype(str).str.lower().isin(_MAIN)]
            if len(main):
                return main
    if "name" not in frame:
        return frame.iloc[:0]
    lengths = frame.geometry.length.groupby(frame["name"].astype(str)).sum()
    named = lengths.drop(["", "None", "nan"], errors="ignore").sort_index()
    longest = named.sort_values(ascending=False, kind="stable").head(30).index
    return frame[frame["name"].astype(str).isin(longest)]


def _joined(lines: Any) -> Any:  # noqa: ANN401  (an array of lines)
    if len(lines) == 0:
        return lines
    return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
