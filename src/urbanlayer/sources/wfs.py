"""Web Feature Services: `source = "wfs"`; `path` is the service's address, `layer` the type's name.

WFS 2.0 (OGC 09-025r2) and 1.1 (OGC 04-095), in pages, as GeoJSON where the service offers it, else
as GML, whose order of coordinates GDAL settles by the name of the CRS.
"""

from __future__ import annotations

import hashlib
import json
import urllib.parse
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.source import Offer, ServiceOptions, Source
from urbanlayer.sources._choose import named, nearest, wanted
from urbanlayer.sources._each import read_each
from urbanlayer.sources._features import MAX_FEATURES, fetched_json, raw_layer
from urbanlayer.sources._fetch import Order, fetch, forget, with_ending
from urbanlayer.sources._files import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request

PAGE = 2000
MAX_CAPABILITIES_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class _Service:
    """What a service says that it can do."""

    version: str
    types: dict[str, tuple[str, ...]]
    """Each type with the CRSs that it can be had in, its own first."""
    json: str
    """Name of its GeoJSON format; empty where it has none."""
    page: int | None
    """Features that it gives at most in an answer (`CountDefault`); None where it says nothing."""


def read(requests: Sequence[Request[ServiceOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The features of types, all pages of each.

    Raises
    ------
    SourceError
        If a service refuses, or sends another number of features than it says.
    """
    return read_each(requests, _read)


def _read(request: Request[ServiceOptions]) -> RawLayer:
    service = _capabilities(request)
    kind = _type(service, request)
    way = _as_json if service.json else _as_gml
    raw = way(service, kind, request)
    return replace(raw, frame=wanted(raw.frame, request))


def offers(request: Request[ServiceOptions]) -> Sequence[Offer]:
    """The types of a service.

    Raises
    ------
    SourceError
        If no WFS answers there.
    """
    order = _order(request, {"request": "GetCapabilities"}, max_bytes=MAX_CAPABILITIES_BYTES)
    root = _xml(order, request)
    if _tag(root) != "WFS_Capabilities":
        forget(order)
        raise SourceError(f"{named(request)}: it answers with {_tag(root)}, and is no WFS")
    kinds = root.iterfind(".//{*}FeatureType")
    texts = [(kind.findtext("{*}Name"), kind.findtext("{*}Title")) for kind in kinds]
    path = request.spec.path
    return [Offer(path, name.strip(), (title or "").strip()) for name, title in texts if name]


def _capabilities(request: Request[ServiceOptions]) -> _Service:
    order = _order(request, {"request": "GetCapabilities"}, max_bytes=MAX_CAPABILITIES_BYTES)
    root = _xml(order, request)
    version = root.get("version") or "2.0.0"
    types = {
        (node.findtext("{*}Name") or "").strip(): tuple(
            (entry.text or "").strip()
            for entry in node
            if _tag(entry) in {"DefaultCRS", "OtherCRS", "DefaultSRS", "OtherSRS"}
        )
        for node in root.iterfind(".//{*}FeatureType")
    }
    formats = {(node.text or "").strip() for node in root.iter() if _tag(node) == "Value"}
    formats |= {
        (node.text or "").strip() for node in root.iterfind(".//{*}OutputFormats/{*}Format")
    }
    offered = [name for name in sorted(formats) if "json" in name.casefold() and name[-1:] != "p"]
    preferred = [name for name in offered if name in {"application/json", "geojson"}]
    return _Service(version, types, (preferred or offered or [""])[0], _count_default(root))


def _count_default(root: ET.Element) -> int | None:
    for node in root.iter():
        if _tag(node) == "Constraint" and node.get("name") == "CountDefault":
            text = (node.findtext("{*}DefaultValue") or "").strip()
            return int(text) if text.isdecimal() else None
    return None


def _type(service: _Service, request: Request[ServiceOptions]) -> str:
    asked = request.spec.layer
    names = {name.rpartition(":")[2]: name for name in service.types}
    if asked is None:
        if len(service.types) == 1:
            return next(iter(service.types))
        shown = ", ".join(list(service.types)[:12])
        raise SourceError(
            f'{named(request)}: it offers {len(service.types)} types ({shown}); say layer = "…"'
        )
    if asked in service.types:
        return asked
    if asked in names:
        return names[asked]
    raise SourceError(f"{named(request)}: no type {asked!r}; {nearest(asked, service.types)}")


def _as_json(service: _Service, kind: str, request: Request[ServiceOptions]) -> RawLayer:
    pages = _Pages(request, service.page)
    told, lying = hashlib.sha256(), _lying(service.types[kind])
    crs = lying or "OGC:CRS84"
    more = True
    while more:
        query = {"outputFormat": service.json} | ({"srsName": lying} if lying else {})
        order = _page(service, kind, request, pages.sent, query)
        page, digest = fetched_json(order, request)
        told.update(digest.encode())
        crs = _crs(page) or crs
        matched = page.get("numberMatched", page.get("totalFeatures"))
        found = page.get("features") or []
        more = pages.add(found, matched if isinstance(matched, int) else None)
        more = more and service.version >= "2"  # WFS 1.1 has no pages
    pages.check_complete()
    return raw_layer(pages.features, request, crs=crs, digest=told.hexdigest())


class _Pages:
    """Features of a type, page by page, each once."""

    def __init__(self, request: Request[ServiceOptions], page: int | None) -> None:
        self.features: list[dict[str, Any]] = []
        self.sent = 0
        """Features that came, repeats among them: where the next page starts."""
        self._request = request
        self._page = page
        self._total: int | None = None
        self._ids: set[str] = set()
        self._pages: set[str] = set()

    def add(self, found: Sequence[dict[str, Any]], total: int | None) -> bool:
        """Add a page, and return whether to request another one.

        Without a total, a page that is shorter than it may be is not the last one: a service may
        have a limit of its own. Only an empty page is the end.
        """
        self._total = self._total if total is None else total
        content = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
        if found and content in self._pages:
            self._check_repeat(len(found))
            return False
        self._pages.add(content)
        self.sent += len(found)
        for feature in found:
            key = feature.get("id") if isinstance(feature, dict) else None
            if key is None or str(key) not in self._ids:
                self.features.append(feature)
            if key is not None:
                self._ids.add(str(key))
        if not found or self.sent > MAX_FEATURES:
            return False
        return self._total is None or self.sent < self._total

    def _check_repeat(self, count: int) -> None:
        """Raise where a repeated page means that others never came."""
        limited = count >= PAGE or (self._page is not None and count >= self._page)
        if limited and self._total is None:
            raise SourceError(
                f"{named(self._request)}: the service repeats its first {count} features and "
                "ignores startIndex, so that the others cannot be read"
            )

    def check_complete(self) -> None:
        """Raise where fewer or more different features came than the service says."""
        _check_count(len(self.features), self._total, self._request)


def _as_gml(service: _Service, kind: str, request: Request[ServiceOptions]) -> RawLayer:
    import geopandas as gpd
    import pandas as pd

    pages: list[RawLayer] = []
    total: int | None = None
    count = 0
    while total is None or count < total:
        order = _page(service, kind, request, count)
        root = _xml(order, request)
        matched = root.get("numberMatched") or root.get("numberOfFeatures") or ""
        total = int(matched) if matched.isdecimal() and service.version >= "2" else total
        path = with_ending(fetch(order).path, ".gml")
        spec = request.spec.model_copy(update={"layer": None})
        page = read_file(replace(request, path=path, spec=spec))
        if isinstance(page, RawLayer):
            if pages and not page.frame.empty and page.frame.equals(pages[-1].frame):
                raise SourceError(
                    f"{named(request)}: the service repeats its first {len(page.frame)} features "
                    "and ignores startIndex, so that the others cannot be read"
                )
            pages.append(page)
            count += len(page.frame)
            if page.frame.empty or service.version < "2":
                break
    _check_count(count, total, request)
    whole = pd.concat([page.frame for page in pages], ignore_index=True)
    told = hashlib.sha256("".join(page.digest for page in pages).encode()).hexdigest()
    frame = gpd.GeoDataFrame(whole, crs=pages[0].frame.crs)
    notes = tuple(dict.fromkeys(note for page in pages for note in page.notes))
    return replace(pages[0], frame=frame, digest=told, notes=notes)


def _lying(offered: Sequence[str]) -> str:
    """The CRS to ask for: longitude before latitude if it can be had, else the type's own."""
    for wanted_end in ("CRS84", ":4326", "#4326"):
        for name in offered:
            if name.endswith(wanted_end):
                return name
    return offered[0] if offered else ""


def _page(
    service: _Service,
    kind: str,
    request: Request[ServiceOptions],
    start: int,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Order:
    modern = service.version >= "2"
    query = {
        "request": "GetFeature",
        "version": service.version,
        "typeNames" if modern else "typeName": kind,
        **more,
    }
    if modern:
        query |= {"count": str(PAGE), "startIndex": str(start)}
    if request.options.bbox is not None:
        numbers = ",".join(f"{value:.7g}" for value in request.options.bbox)
        query["bbox"] = f"{numbers},urn:ogc:def:crs:OGC:1.3:CRS84"
    return _order(request, query)


def _order(
    request: Request[ServiceOptions], query: dict[str, str], *, max_bytes: int | None = None
) -> Order:
    parts = urllib.parse.urlsplit(request.spec.path)
    own = {
        name: value
        for name, value in urllib.parse.parse_qsl(parts.query)
        if name.casefold() not in {"service", "request", "version"}
    }
    text = urllib.parse.urlencode({**own, "service": "WFS", **query})
    url = urllib.parse.urlunsplit((parts.scheme, parts.netloc, parts.path, text, ""))
    order = Order(url, allow_hosts=tuple(request.options.allow_hosts))
    return order if max_bytes is None else replace(order, max_bytes=max_bytes)


def _xml(order: Order, request: Request[ServiceOptions]) -> ET.Element:
    """The answer's root; a service's own errors come as XML with status 200."""
    content = fetch(order).path.read_bytes()
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        forget(order)
        raise SourceError(f"{named(request)}: its XML declares entities, which no service needs")
    try:
        root = ET.fromstring(content)  # noqa: S314  (entities were refused above)
    except ET.ParseError as error:
        forget(order)
        raise SourceError(f"{named(request)}: its answer is no XML ({error})") from error
    if _tag(root) in {"ExceptionReport", "ServiceExceptionReport"}:
        forget(order)
        text = " ".join("".join(root.itertext()).split())
        raise SourceError(f"{named(request)}: the service says {text[:200]!r}")
    return root


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def _crs(page: dict[str, Any]) -> str | None:
    """The CRS that a GeoJSON page names, where a service still does."""
    name = ((page.get("crs") or {}).get("properties") or {}).get("name")
    return str(name) if name else None


def _check_count(count: int, total: int | None, request: Request[ServiceOptions]) -> None:
    if total is not None and count != total:
        raise SourceError(
            f"{named(request)}: the service says {total} features and sent {count} different "
            "ones; fetch it again"
        )


SOURCE = Source(
    id="wfs",
    read=read,
    options=ServiceOptions,
    local=False,
    format=FileFormat("WFS", 3),
    offers=offers,
)
