"""Whether a saved file is one page of a service's response, by what the response says of itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from urbanlayer.sources._confined.markup import Markup

_PART_BYTES = 65_536
_SIGNS = (b"numberMatched", b"totalFeatures", b"exceededTransferLimit", b'"next"')
"""Words of a response of several pages; they stand before its features, or after them."""


def part_of_json(path: str) -> str:
    """What says that a GeoJSON file is a part of a response; empty of a whole one.

    Parameters
    ----------
    path
        Of a file in UTF-8.
    """
    if not any(sign in _outside(Path(path)) for sign in _SIGNS):
        return ""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"), strict=False)
    except (ValueError, RecursionError):
        return ""  # GDAL reads it, or says what is wrong with it
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        return ""
    count = len(content["features"])
    for name in ("numberMatched", "totalFeatures"):  # OGC 17-069r4; GeoServer before it
        total = content.get(name)
        if isinstance(total, int):
            return _fewer(count, total, name)
    own = content.get("properties")
    held_back = [content, own] if isinstance(own, dict) else [content]
    if any(one.get("exceededTransferLimit") is True for one in held_back):  # ArcGIS REST API
        return f"it holds {count} features, and the service held others back"
    links = content.get("links")
    following = isinstance(links, list) and any(
        isinstance(link, dict) and link.get("rel") == "next" for link in links
    )
    return f"it holds {count} features, and has a link to the next page" if following else ""


def part_of_markup(markup: Markup) -> str:
    """The same of a GML file, by the attributes of its root.

    Parameters
    ----------
    markup
        Of the file. The root of WFS 2.0 has `numberMatched` and `next`, that of WFS 1.1
        `numberOfFeatures`.
    """
    if "FeatureCollection" in markup.features:  # responses to several queries in one
        return ""
    count = sum(markup.features.values())
    for name in ("numberMatched", "numberOfFeatures"):
        total = markup.root.get(name, "")
        if total.isdecimal():
            return _fewer(count, int(total), name)
    following = bool(markup.root.get("next"))
    return f"it holds {count} features, and has a link to the next page" if following else ""


def _fewer(count: int, total: int, name: str) -> str:
    return f"it holds {count} of {total} features ({name})" if count < total else ""


def _outside(path: Path) -> bytes:
    """First and last bytes of a file."""
    with path.open("rb") as stream:
        head = stream.read(_PART_BYTES)
        stream.seek(max(path.stat().st_size - _PART_BYTES, len(head)))
        return head + stream.read()


def part_of(path: str, markup: Markup | None) -> dict[str, Any]:
    """What a listing says of a part: `part`, a text that is empty of a whole file."""
    if markup is not None:
        return {"part": part_of_markup(markup)}
    return {"part": part_of_json(path) if path.casefold().endswith((".geojson", ".json")) else ""}
