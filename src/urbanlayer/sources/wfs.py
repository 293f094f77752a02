"""Web Feature Services: `source = "wfs"`; `path` is the service's address, `layer` the type's name.

WFS 2.0 (OGC 09-025r2) and 1.1 (OGC 04-095), in pages, as GeoJSON where the service offers it, else
as GML, whose order of coordinates GDAL settles by the name of the CRS.
"""

from __future__ import annotations

import contextlib
import hashlib
import urllib.parse
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.source import Offer, ServiceOptions, Source
from urbanlayer.sources._choose import named, wanted
from urbanlayer.sources._each import read_each
from urbanlayer.sources._features import fetched_json, raw_layer
from urbanlayer.sources._fetch import fetch, forget, with_ending
from urbanlayer.sources._formats import read_file
from urbanlayer.sources._pages import Pages, check_count, check_not_limited
from urbanlayer.sources._process import ChildError
from urbanlayer.sources._session import Order
from urbanlayer.sources.child import run_job
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request

PAGE = 2000
MAX_CAPABILITIES_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class _Service:
    """What a service announces that it can do."""

    version: str
    types: dict[str, tuple[str, ...]]
    """Each type with the CRSs that it can be had in, its own first."""
    json: str
    """Name of its GeoJSON format; empty where it has none."""
    page: int | None
    """Features that it gives at most in a response (`CountDefault`); None without it."""


def read(requests: Sequence[Request[ServiceOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The features of types, all pages of each.

    Raises
    ------
    SourceError
        If a service refuses, or sends another number of features than it announces.
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
    told = _told(order, request)
    if told["root"] != "WFS_Capabilities":
        forget(order)
        raise SourceError(f"{named(request)}: it answers with {told['root']}, and is no WFS")
    return [Offer(request.spec.path, name, title) for name, title, _ in told["types"] if name]


def _capabilities(request: Request[ServiceOptions]) -> _Service:
    order = _order(request, {"request": "GetCapabilities"}, max_bytes=MAX_CAPABILITIES_BYTES)
    told = _told(order, request)
    types = {name: tuple(crss) for name, _, crss in told["types"]}
    formats = told["formats"]
    offered = [name for name in formats if "json" in name.casefold() and name[-1:] != "p"]
    preferred = [name for name in offered if name in {"application/json", "geojson"}]
    best = (preferred or offered or [""])[0]
    return _Service(told["version"], types, best, told["count_default"])


def _type(service: _Service, request: Request[ServiceOptions]) -> str:
    name = request.spec.layer
    by_short_name = {name.rpartition(":")[2]: name for name in service.types}
    if name is None:
        if len(service.types) == 1:
            return next(iter(service.types))
        shown = ", ".join(list(service.types)[:12])
        raise SourceError(
            f'{named(request)}: it offers {len(service.types)} types ({shown}); set layer = "…"'
        )
    if name in service.types:
        return name
    if name in by_short_name:
        return by_short_name[name]
    raise SourceError(f"{named(request)}: no type {name!r}{did_you_mean(name, service.types)}")


def _as_json(service: _Service, kind: str, request: Request[ServiceOptions]) -> RawLayer:
    pages, crs, digest = _json_pages(service, kind, request)
    if pages.total is None and (pages.repeated or not pages.ended):
        pages.total = _hits(service, kind, request)
    if pages.repeated and not pages.is_complete and (name := pages.distinct_property()):
        with contextlib.suppress(SourceError):  # not every service sorts
            in_order = _json_pages(service, kind, request, {"sortBy": name})
            in_order[0].total = pages.total
            if in_order[0].is_complete:
                pages, crs, digest = in_order
    pages.check_complete()
    return raw_layer(pages.features, request, crs=crs, digest=digest)


def _json_pages(
    service: _Service,
    kind: str,
    request: Request[ServiceOptions],
    more: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Pages, str, str]:
    """All pages, the CRS of their coordinates, and the sha256 of the answers."""
    pages = Pages(request, page_size=PAGE, limit=service.page)
    whole_digest, lying = hashlib.sha256(), _lying(service.types[kind])
    crs = lying or "OGC:CRS84"
    unread = True
    while unread:
        query = {"outputFormat": service.json} | ({"srsName": lying} if lying else {}) | {**more}
        order = _page(service, kind, request, pages.sent, query)
        page, digest = fetched_json(order, request)
        whole_digest.update(digest.encode())
        crs = _crs(page) or crs
        matched = page.get("numberMatched", page.get("totalFeatures"))
        found = page.get("features") or []
        counted = isinstance(matched, int) and matched >= 0  # -1 and "unknown" are no numbers
        unread = pages.add(found, matched if counted else None)
        unread = unread and service.version >= "2"  # WFS 1.1 has no pages
    return pages, crs, whole_digest.hexdigest()


def _hits(service: _Service, kind: str, request: Request[ServiceOptions]) -> int | None:
    """How many features the service counts; None where it does not say."""
    query = {"resultType": "hits"}
    order = _page(service, kind, request, 0, query, pages=False)
    try:
        told = _told(order, request)
    except SourceError:
        return None
    if told["has_members"]:  # it sends a page, and counts that
        return None
    return int(told["matched"]) if told["matched"].isdecimal() else None


def _as_gml(service: _Service, kind: str, request: Request[ServiceOptions]) -> RawLayer:
    import geopandas as gpd
    import pandas as pd

    pages, total = _gml_pages(service, kind, request)
    if (again := _repeats(pages)) and (name := _distinct_property(pages, request)):
        with contextlib.suppress(SourceError):  # not every service sorts
            in_order, _ = _gml_pages(service, kind, request, {"sortBy": name})
            if not _repeats(in_order):
                pages, again = in_order, 0
    if total is None and service.version < "2":
        total = _hits(service, kind, request)
    count = sum(len(page.frame) for page in pages)
    if total is None and service.version < "2":
        check_not_limited(count, request, PAGE, service.page)
    check_count(count - again, (total or count) if again else total, request)
    whole = pd.concat([page.frame for page in pages], ignore_index=True)
    digest = hashlib.sha256("".join(page.digest for page in pages).encode()).hexdigest()
    frame = gpd.GeoDataFrame(whole, crs=pages[0].frame.crs)
    notes = tuple(dict.fromkeys(note for page in pages for note in page.notes))
    return replace(pages[0], frame=frame, digest=digest, notes=notes)


def _gml_pages(
    service: _Service,
    kind: str,
    request: Request[ServiceOptions],
    more: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[RawLayer], int | None]:
    """All pages, and how many features there are, where the service says."""
    pages: list[RawLayer] = []
    total: int | None = None
    count = 0
    while total is None or count < total:
        order = _page(service, kind, request, count, more)
        told = _told(order, request)
        matched = told["matched"]
        total = int(matched) if matched.isdecimal() and service.version >= "2" else total
        if pages and not told["has_members"]:
            break  # an empty page is the end
        path = with_ending(fetch(order).path, ".gml")
        spec = request.spec.model_copy(update={"layer": None})
        page = read_file(replace(request, path=path, spec=spec), is_page=True)
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
    return pages, total


def _repeats(pages: Sequence[RawLayer]) -> int:
    """How many features stood on a page before theirs: as many may never have come.

    Those without an id are told by their place and all values.
    """
    earlier: set[str] = set()
    again = 0
    for page in pages:
        if page.frame.empty:
            continue
        shapes = page.frame.geometry.to_wkb(hex=True)
        values = page.frame.drop(columns=page.frame.geometry.name)
        ids = values["gml_id"] if "gml_id" in values else [None] * len(values)
        texts = [repr(row) for row in values.itertuples(index=False, name=None)]
        own = [
            str(key) if isinstance(key, str) and key else f"{shape} {text}"
            for key, shape, text in zip(ids, shapes, texts, strict=True)
        ]
        again += sum(key in earlier for key in own)
        earlier.update(own)
    return again


def _distinct_property(pages: Sequence[RawLayer], request: Request[ServiceOptions]) -> str:
    """A property that differs in every feature that came, to sort by."""
    found = Pages(request, page_size=PAGE)
    for page in pages:
        if page.frame.empty:
            continue
        values = page.frame.drop(columns=page.frame.geometry.name)
        values = values.drop(columns=[name for name in ("gml_id", "fid") if name in values])
        rows = values.to_dict("records")
        found.add([{"id": repr(row), "properties": row} for row in rows], None)
    return found.distinct_property()


def _lying(offered: Sequence[str]) -> str:
    """The CRS to request: longitude before latitude if it can be had, else the type's own."""
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
    *,
    pages: bool = True,
) -> Order:
    modern = service.version >= "2"
    query = {
        "request": "GetFeature",
        "version": service.version,
        "typeNames" if modern else "typeName": kind,
        **more,
    }
    if modern and pages:
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


def _told(order: Order, request: Request[ServiceOptions]) -> dict[str, Any]:
    """What a response in XML says, by the confined child; a service's errors have status 200."""
    path = fetch(order).path
    try:
        about, _ = run_job("feature_service", path=str(path))
    except ChildError as error:
        forget(order)
        raise SourceError(f"{named(request)}: {error}") from error
    if about["report"] is not None:
        forget(order)
        raise SourceError(f"{named(request)}: the service reports {about['report']!r}")
    return about


def _crs(page: dict[str, Any]) -> str | None:
    """The CRS that a GeoJSON page names, where a service still does."""
    name = ((page.get("crs") or {}).get("properties") or {}).get("name")
    return str(name) if name else None


SOURCE = Source(
    id="wfs",
    read=read,
    options=ServiceOptions,
    local=False,
    format=FileFormat("WFS", 3),
    offers=offers,
)
