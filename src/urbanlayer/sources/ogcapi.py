"""OGC API - Features: `source = "ogcapi"`; `path` is the address of a collection.

After OGC 17-069r4 (Part 1: Core): pages are followed by their `next` links, `numberMatched` says
how many features there are in all, and coordinates are longitude and latitude (CRS84).
"""

from __future__ import annotations

import hashlib
import urllib.parse
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.addresses import joined
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.source import Offer, ServiceOptions, Source
from urbanlayer.sources._choose import named, wanted
from urbanlayer.sources._each import read_each
from urbanlayer.sources._features import JSON, MAX_FEATURES, fetched_json, raw_layer
from urbanlayer.sources._fetch import forget
from urbanlayer.sources._pages import check_count, feature_key, is_usual_limit
from urbanlayer.sources._session import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request

PAGE = 1000
"""Features asked for at once; a server may give fewer."""
_LIMITS = (PAGE, 10)
"""The second is what services give to those who state no limit (OGC 17-069r4, 7.15.2)."""


def read(requests: Sequence[Request[ServiceOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The features of collections, all pages of each.

    Raises
    ------
    SourceError
        If a service cannot be read, or sends another number of features than it says.
    """
    return read_each(requests, _read)


def offers(request: Request[ServiceOptions]) -> Sequence[Offer]:
    """The collections of a service, or the one that the address names.

    Raises
    ------
    SourceError
        If no OGC API answers there.
    """
    parts = urllib.parse.urlsplit(request.spec.path)
    base, _, chosen = parts.path.rstrip("/").partition("/collections")
    query = urllib.parse.urlencode({**dict(urllib.parse.parse_qsl(parts.query)), "f": "json"})
    place = (parts.scheme, parts.netloc, f"{base}/collections", query, "")
    order = Order(urllib.parse.urlunsplit(place), accept="application/json")
    answer, _ = fetched_json(order, request)
    listed = answer.get("collections")
    if not isinstance(listed, list):
        forget(order)
        raise SourceError(f"{named(request)}: it lists no collections, and is no OGC API")
    there = [one for one in listed if isinstance(one, dict) and one.get("id")]
    features = [one for one in there if one.get("itemType", "feature") == "feature"]
    paths = {
        str(one["id"]): f"{base}/collections/{urllib.parse.quote(str(one['id']))}"
        for one in features
    }
    titles = {str(one["id"]): str(one.get("title") or one["id"]) for one in features}
    return [
        Offer(urllib.parse.urlunsplit((*place[:2], path, parts.query, "")), "", titles[name])
        for name, path in paths.items()
        if chosen.strip("/") in {"", name}
    ]


def _read(request: Request[ServiceOptions]) -> RawLayer:
    from dataclasses import replace

    features, matched, digest, repeated = _pages(request)
    if repeated:
        raise SourceError(
            f"{named(request)}: the service sent {repeated} features again on a later page, so "
            "that others may have never come; fetch it again, or in parts with bbox = [west, "
            "south, east, north] in city.toml"
        )
    check_count(len(features), matched, request)
    raw = raw_layer(features, request, crs="OGC:CRS84", digest=digest)
    return replace(raw, frame=wanted(raw.frame, request))


def _pages(
    request: Request[ServiceOptions],
) -> tuple[list[dict[str, Any]], int | None, str, int]:
    """Features of all pages, how many there should be, the sha256 of the answers, and repeats."""
    url: str | None = _first(request)
    features: list[dict[str, Any]] = []
    matched, whole_digest, seen = None, hashlib.sha256(), set()
    earlier: set[str] = set()
    repeated = 0
    while url is not None:
        if url in seen or len(features) > MAX_FEATURES:
            raise SourceError(f"{named(request)}: its pages lead round and round")
        seen.add(url)
        order = Order(url, allow_hosts=tuple(request.options.allow_hosts), accept=JSON)
        page, digest = fetched_json(order, request)
        if page.get("type") != "FeatureCollection":
            raise SourceError(
                f"{named(request)}: it answers with {page.get('type', 'something else')!r}, not "
                "with features; path must be the address of a collection"
            )
        whole_digest.update(digest.encode())
        features += page["features"]
        own = [feature_key(feature) for feature in page["features"]]
        repeated += sum(key in earlier for key in own)
        earlier.update(own)
        matched = _number(page.get("numberMatched"), matched)
        url = _next(page, url, request)
    if matched is None and len(seen) == 1 and is_usual_limit(len(features), *_LIMITS):
        raise SourceError(
            f"{named(request)}: the service sends {len(features)} features, has no link to a next "
            "page and does not say how many there are, so that others may be missing; ask for "
            "parts, as bbox = [west, south, east, north] in city.toml, or for a file"
        )
    return features, matched, whole_digest.hexdigest(), repeated


def _number(stated: object, before: int | None) -> int | None:
    """How many features there are in all, as a page states it, else as an earlier one did."""
    text = str(stated)
    return int(text) if text.isdecimal() else before


def _first(request: Request[ServiceOptions]) -> str:
    parts = urllib.parse.urlsplit(request.spec.path)
    path = parts.path.rstrip("/")
    path = path if path.endswith("/items") else f"{path}/items"
    query = dict(urllib.parse.parse_qsl(parts.query))
    query |= {"f": "json", "limit": str(PAGE)}
    if request.options.bbox is not None:
        query["bbox"] = ",".join(f"{value:.7g}" for value in request.options.bbox)
    return urllib.parse.urlunsplit(
        (parts.scheme, parts.netloc, path, urllib.parse.urlencode(query), "")
    )


def _next(page: dict[str, Any], url: str, request: Request[ServiceOptions]) -> str | None:
    """The address of the following page, on the same host."""
    links = [link for link in page.get("links", []) if link.get("rel") == "next"]
    if not links or not page["features"]:
        return None
    following, fault = joined(url, str(links[0].get("href", "")))
    if fault:
        raise SourceError(f"{named(request)}: the link to its next page {fault}")
    host = urllib.parse.urlsplit(following).hostname
    if host != urllib.parse.urlsplit(url).hostname and host not in request.options.allow_hosts:
        raise SourceError(
            f"{named(request)}: its next page lies at {host}; if that is right, say "
            f'allow_hosts = ["{host}"] in city.toml'
        )
    return following


SOURCE = Source(
    id="ogcapi",
    read=read,
    options=ServiceOptions,
    local=False,
    format=FileFormat("OGC API", 3),
    offers=offers,
)
