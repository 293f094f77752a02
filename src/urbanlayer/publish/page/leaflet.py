"""Leaflet's script as the page uses it: the map, without layers and controls of its own.

The file in `vendor/` stays as it was published. Of the classes that no page makes, the methods are
left out of what is written; their names stay, since other classes are derived from them.
"""

from __future__ import annotations

import re

_ABSENT = (
    "Canvas", "Circle", "CircleMarker", "Control", "DivOverlay", "FeatureGroup",
    "GeoJSON", "Icon", "ImageOverlay", "Marker", "Path", "Polygon", "Polyline",
    "Rectangle", "Renderer", "SVG", "SVGOverlay", "VideoOverlay",
)  # fmt: skip
"""Classes, by the names under which Leaflet exports them."""
_OF_TILES = ("GridLayer", "TileLayer")
"""Those that only a page with a background map has."""
_PIECE = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}]""")


def without_absent(source: str, *, tiles: bool = True) -> str:
    """The script without the methods of classes that the page does not have.

    Parameters
    ----------
    source
        `leaflet.js` as published: minified, exporting `t.Marker=mi`.
    tiles
        Whether the page has a background map.

    Raises
    ------
    ValueError
        A class is not found: another version of Leaflet needs other names here.
    """
    absent = _ABSENT if tiles else (*_ABSENT, *_OF_TILES)
    variables = {name: re.escape(_variable(source, name)) for name in absent}
    for name, variable in variables.items():
        source = _emptied(source, name, rf"\b{variable}=[\w$]+\.extend\(\{{")
    derived = rf"(?<![\w$.]){variables['Control']}\.extend\(\{{(?!\}})"
    for _ in re.findall(derived, source):
        source = _emptied(source, "Control", derived)
    return source


def _variable(source: str, name: str) -> str:
    found = re.search(rf"\bt\.{name}=([\w$]+)[,;)]", source)
    if found is None:
        msg = f"leaflet.js exports no {name}"
        raise ValueError(msg)
    return found[1]


def _emptied(source: str, name: str, beginning: str) -> str:
    """The source with nothing in the braces that a pattern ends with."""
    found = re.search(beginning, source)
    if found is None:
        msg = f"leaflet.js defines no {name}"
        raise ValueError(msg)
    depth = 1
    for piece in _PIECE.finditer(source, found.end()):
        depth += {"{": 1, "}": -1}.get(piece[0], 0)
        if depth == 0:
            return source[: found.end()] + source[piece.start() :]
    msg = f"leaflet.js does not end {name}"
    raise ValueError(msg)
