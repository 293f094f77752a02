"""Layers of an ArcGIS server: `source = "arcgis"`; `path` ends with `/FeatureServer/0` or the like.

Written after Esri's REST API documents, and tested against responses written from them: no server
of that make was at hand.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
import urllib.parse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.source import Offer, ServiceOptions, Source
from urbanlayer.sources._choose import named, wanted
from urbanlayer.sources._each import read_each
from urbanlayer.sources._features import fetched_json, raw_layer
from urbanlayer.sources._fetch import forget
from urbanlayer.sources._session import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request

PAGE = 500
"""Objects requested at once by their ids, or as many as the server allows."""
MAX_ADDRESS = 1900
"""Characters of an address; a longer query is sent by POST, as servers refuse long addresses."""
_SHAPES = (
    "esriGeometryPoint",
    "esriGeometryMultipoint",
    "esriGeometryPolyline",
    "esriGeometryPolygon",
)


def read(requests: Sequence[Request[ServiceOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The features of layers, page by page by their ids.

    Raises
    ------
    SourceError
        If a server refuses, a layer holds true curves, or objects do not arrive.
    """
    return read_each(requests, _read)


def offers(request: Request[ServiceOptions]) -> Sequence[Offer]:
    """The layers of a FeatureServer or MapServer, or the one that the address names.

    Raises
    ------
    SourceError
        If the address is of no such server.
    """
    parts = urllib.parse.urlsplit(request.spec.path)
    path = parts.path.rstrip("/")
    if not re.search(r"/(Feature|Map)Server(/\d+)?$", path):
        raise SourceError(f"{named(request)}: the address is of no FeatureServer or MapServer")
    about = _response(request, "", {}, hashlib.sha256())
    if path[-1].isdecimal():
        return [Offer(request.spec.path, "", str(about.get("name") or ""))]
    layers = [one for one in about.get("layers") or [] if not one.get("subLayerIds")]
    return [
        Offer(
            urllib.parse.urlunsplit((*parts[:2], f"{path}/{one['id']}", parts.query, "")),
            "",
            str(one.get("name") or ""),
        )
        for one in layers
    ]


def _read(request: Request[ServiceOptions]) -> RawLayer:
    digests = hashlib.sha256()
    about = _response(request, "", {}, digests)
    if about.get("geometryType") not in _SHAPES:
        kind = about.get("geometryType", about.get("type", "no layer"))
        raise SourceError(
            f"{named(request)}: it is {kind}; path must be a layer, as …/FeatureServer/0"
        )
    ids, id_field = _ids(request, about, digests)
    size = min(PAGE, int(about.get("maxRecordCount") or PAGE))
    objects = _objects(request, ids, id_field, size, digests)
    domains = _domains(about)
    features = [
        {
            "id": number,
            "properties": _plain(objects[number]["attributes"], domains),
            "geometry": _geometry(objects[number].get("geometry"), request),
        }
        for number in ids
    ]
    raw = raw_layer(features, request, crs="EPSG:4326", digest=digests.hexdigest())
    return replace(raw, frame=wanted(raw.frame, request))


def _ids(
    request: Request[ServiceOptions], about: dict[str, Any], digests: hashlib._Hash
) -> tuple[list[int], str]:
    """The ids of all objects, and their field; servers may list the first ones alone.

    Raises
    ------
    SourceError
        If fewer are listed than the server counts.
    """
    everything = {"where": "1=1", **_box(request)}
    ids: set[int] = set()
    id_field, total = "OBJECTID", _count(request, everything)
    query = everything
    while True:
        listing = _response(request, "/query", query | {"returnIdsOnly": "true"}, digests)
        id_field = str(listing.get("objectIdFieldName") or about.get("objectIdField") or id_field)
        came = set(listing.get("objectIds") or []) - ids
        ids |= came
        held_back = bool(listing.get("exceededTransferLimit")) or len(ids) < (total or 0)
        if not came or not held_back:
            break
        query = everything | {"where": f"{id_field}>{max(ids)}"}
    if held_back:
        counts = "more" if total is None else str(total)
        raise SourceError(
            f"{named(request)}: the server has {counts} objects and lists {len(ids)}; ask for "
            "parts, as bbox = [west, south, east, north] in city.toml"
        )
    return sorted(ids), id_field


def _count(request: Request[ServiceOptions], query: dict[str, str]) -> int | None:
    """How many objects the server counts; None where it does not say."""
    with contextlib.suppress(SourceError):  # not every server counts
        counted = _response(
            request, "/query", query | {"returnCountOnly": "true"}, hashlib.sha256()
        ).get("count")
        return counted if isinstance(counted, int) else None
    return None


def _objects(
    request: Request[ServiceOptions],
    ids: list[int],
    id_field: str,
    size: int,
    digests: hashlib._Hash,
) -> dict[int, dict[str, Any]]:
    """Every object by its id; those that a server holds back are requested again.

    Raises
    ------
    SourceError
        If a server gives none of those that were requested.
    """
    objects: dict[int, dict[str, Any]] = {}
    waiting = ids
    while waiting:
        chosen = waiting[: max(1, size)]
        query = {"objectIds": ",".join(map(str, chosen)), "outFields": "*", "outSR": "4326"}
        page = _response(request, "/query", query, digests)
        came = {_number(found["attributes"], id_field): found for found in page.get("features", [])}
        objects |= {number: came[number] for number in chosen if number in came}
        if not any(number in came for number in chosen):
            raise SourceError(
                f"{named(request)}: {len(waiting)} of {len(ids)} objects did not arrive"
            )
        waiting = [number for number in waiting if number not in objects]
    return objects


def _number(attributes: dict[str, Any], id_field: str) -> object:
    """The id of an object; servers write its field in other letters, or after a table's name.

    Raises
    ------
    LookupError
        There is no such field.
    """
    if id_field in attributes:
        return attributes[id_field]
    short = _short(id_field)
    found = [value for name, value in attributes.items() if _short(name) == short]
    if not found:
        raise LookupError(f"an object has no {id_field}; it has {', '.join(attributes)}")
    return found[0]


def _short(name: str) -> str:
    """`objectid` of `grad.dbo.ZGRADE.OBJECTID`."""
    return name.rpartition(".")[2].casefold()


def _response(
    request: Request[ServiceOptions], path: str, query: dict[str, str], digests: hashlib._Hash
) -> dict[str, Any]:
    """A server's response; its errors come with status 200."""
    parts = urllib.parse.urlsplit(request.spec.path)
    own = dict(urllib.parse.parse_qsl(parts.query))  # a token, where the server wants one
    text = urllib.parse.urlencode({**own, **query, "f": "json"})
    place = (parts.scheme, parts.netloc, parts.path.rstrip("/") + path)
    url, body = urllib.parse.urlunsplit((*place, text, "")), None
    if len(url) > MAX_ADDRESS:
        url, body = urllib.parse.urlunsplit((*place, "", "")), text.encode()
    order = Order(
        url, body=body, allow_hosts=tuple(request.options.allow_hosts), accept="application/json"
    )
    content, digest = fetched_json(order, request)
    if "error" in content:
        forget(order)
        error = content["error"]
        raise SourceError(
            f"{named(request)}: the server says {error.get('message', 'no')!r} "
            f"(code {error.get('code', '?')})"
        )
    digests.update(digest.encode())
    return content


def _box(request: Request[ServiceOptions]) -> dict[str, str]:
    if request.options.bbox is None:
        return {}
    return {
        "geometry": ",".join(f"{value:.7g}" for value in request.options.bbox),
        "geometryType": "esriGeometryEnvelope",
        "inSR": "4326",
        "spatialRel": "esriSpatialRelIntersects",
    }


def _domains(about: dict[str, Any]) -> dict[str, dict[Any, str]]:
    """For each field with coded values, what the codes mean."""
    return {
        field["name"]: {entry["code"]: entry["name"] for entry in field["domain"]["codedValues"]}
        for field in about.get("fields") or []
        if (field.get("domain") or {}).get("type") == "codedValue"
    }


def _plain(attributes: dict[str, Any], domains: dict[str, dict[Any, str]]) -> dict[str, Any]:
    """Attributes with the names of coded values in place of the codes."""
    return {
        name: domains[name].get(value, value) if name in domains else value
        for name, value in attributes.items()
    }


def _geometry(
    found: dict[str, Any] | None, request: Request[ServiceOptions]
) -> dict[str, Any] | None:
    """An Esri geometry as GeoJSON; outer rings run clockwise, holes the other way."""
    if not found:
        return None
    if "curveRings" in found or "curvePaths" in found:
        raise SourceError(
            f"{named(request)}: it holds true curves, which the service cannot draw as lines; have "
            "them densified there, or take a GeoPackage"
        )
    if "x" in found:
        return {"type": "Point", "coordinates": [found["x"], found["y"]]}
    if "points" in found:
        return {"type": "MultiPoint", "coordinates": found["points"]}
    if "paths" in found:
        return {"type": "MultiLineString", "coordinates": found["paths"]}
    return _polygons(found.get("rings") or [])


def _polygons(rings: list[list[list[float]]]) -> dict[str, Any]:
    """Each hole goes to the shell that holds its first point; one without a shell is a shell."""
    import shapely

    shells = [[ring] for ring in rings if _turns_right(ring)]
    for hole in (ring for ring in rings if not _turns_right(ring)):
        inside = [
            shell for shell in shells if shapely.Polygon(shell[0]).covers(shapely.Point(hole[0]))
        ]
        if inside:
            min(inside, key=lambda shell: shapely.Polygon(shell[0]).area).append(hole)
        else:
            shells.append([hole])
    return {"type": "MultiPolygon", "coordinates": shells}


def _turns_right(ring: list[list[float]]) -> bool:
    """Whether a ring runs clockwise, by its signed area."""
    pairs = itertools.pairwise(ring)
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairs) > 0


SOURCE = Source(
    id="arcgis",
    read=read,
    options=ServiceOptions,
    local=False,
    format=FileFormat("ArcGIS", 2),
    offers=offers,
)
