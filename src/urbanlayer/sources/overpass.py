"""OpenStreetMap by question: `source = "overpass"`.

`path` is the address of an interpreter of the Overpass API; the tags are those of `osm`.
"""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, SourceError, together
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.role import ANY
from urbanlayer.model.source import ServiceOptions, Source
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.sources._choose import named
from urbanlayer.sources._extract import ATTRIBUTION, LICENCE, read_extract
from urbanlayer.sources._fetch import fetch, forget, with_ending
from urbanlayer.sources._session import Order
from urbanlayer.sources._tags import alternatives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.role import Alternative
    from urbanlayer.model.source import Request

SECONDS = 180
"""How long the server may think."""


def read(requests: Sequence[Request[ServiceOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The layers that one question to each server brings.

    Raises
    ------
    SourceError
        If a layer has no `bbox`, or the server gives up.
    """
    layers: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    for place in dict.fromkeys((request.spec.path, request.options.bbox) for request in requests):
        same_query = [
            request for request in requests if (request.spec.path, request.options.bbox) == place
        ]
        try:
            layers |= read_extract(_response(same_query), same_query)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return layers


def question(requests: Sequence[Request[ServiceOptions]]) -> str:
    """The question in Overpass QL for all layers at once, with everything their shapes need."""
    bbox = requests[0].options.bbox
    if bbox is None:
        raise SourceError(
            f"{named(requests[0])}: set bbox = [west, south, east, north] in city.toml, in degrees"
        )
    west, south, east, north = bbox
    tags = [tags for request in requests for tags in alternatives(request)]
    filters = "".join(f"nwr{_filters(these)};" for these in tags)
    return (
        f"[out:xml][timeout:{SECONDS}][bbox:{south},{west},{north},{east}];"
        f"({filters});(._;>;);out body;"
    )


def _filters(tags: Alternative) -> str:
    """`["amenity"~"^(school|college)$"]` for each tag."""
    parts = []
    for tag, values in tags.items():
        name = _quoted(tag)
        if ANY in values:
            parts.append(f"[{name}][{name}!=no]")
        elif len(values) == 1:
            parts.append(f"[{name}={_quoted(next(iter(values)))}]")
        else:
            either = "|".join(_literal(value) for value in sorted(values))
            parts.append(f"[{name}~{_quoted(f'^({either})$')}]")
    return "".join(parts)


def _literal(value: str) -> str:
    """A value inside a regular expression of the server."""
    return "".join(f"\\{letter}" if letter in r".^$*+?()[]{}|\\" else letter for letter in value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _response(requests: Sequence[Request[ServiceOptions]]) -> Path:
    spec, options = requests[0].spec, requests[0].options
    body = urllib.parse.urlencode({"data": question(requests)}).encode()
    order = Order(
        spec.path, body=body, allow_hosts=tuple(options.allow_hosts), accept="application/osm3s+xml"
    )
    path = fetch(order).path
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2000))
        end = file.read().decode("utf-8", errors="replace")
    if "<remark>" in end:
        remark = end.partition("<remark>")[2].partition("</remark>")[0].strip()
        forget(order)
        raise SourceError(
            f"{named(requests[0])}: the server gave up ({remark}); request a smaller area"
        )
    if "</osm>" not in end:
        forget(order)
        raise SourceError(f"{named(requests[0])}: the server's response is incomplete")
    return with_ending(path, ".osm")


SOURCE = Source(
    id="overpass",
    read=read,
    options=ServiceOptions,
    local=False,
    names_are_public=True,
    tags=OSM,
    format=FileFormat("OSM", 3),
    licence=LICENCE,
    attribution=ATTRIBUTION,
)
