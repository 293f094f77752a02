"""Extracts of OpenStreetMap by country or region: `source = "geofabrik"`.

`path` is the region as the service names it, `europe/montenegro`; or the address of a mirror.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, SourceError, together
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.source import DownloadOptions, Source
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.sources._choose import named
from urbanlayer.sources._extract import ATTRIBUTION, LICENCE, read_extract
from urbanlayer.sources._fetch import fetch
from urbanlayer.sources._session import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request

ADDRESS = "https://download.geofabrik.de/{region}-latest.osm.pbf"


def read(requests: Sequence[Request[DownloadOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The layers of a region's extract, cut to the `bbox` of each.

    Raises
    ------
    SourceError
        If the extract cannot be had, does not match its checksum, or a layer has no `bbox`.
    """
    layers: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    for region in dict.fromkeys(request.spec.path for request in requests):
        same_region = [request for request in requests if request.spec.path == region]
        try:
            _check_boxes(same_region)
            layers |= read_extract(fetch(_order(same_region[0])).path, same_region)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return layers


def _check_boxes(requests: Sequence[Request[DownloadOptions]]) -> None:
    errors = [
        f"{named(request)}: a region is larger than a city; set bbox = [west, south, east, north]"
        for request in requests
        if request.options.bbox is None
    ]
    if errors:
        raise SourceError(errors)


def _order(request: Request[DownloadOptions]) -> Order:
    """The extract, and the checksum that the service publishes with it."""
    spec, options = request.spec, request.options
    url = spec.path if request.remote else ADDRESS.format(region=spec.path.strip("/"))
    hosts = tuple(options.allow_hosts)
    checksum = options.checksum
    if checksum is None:
        beside = fetch(Order(f"{url}.md5", allow_hosts=hosts, max_bytes=10_000))
        checksum = "md5:" + beside.path.read_text(encoding="ascii").split()[0]
    return Order(url, allow_hosts=hosts, checksum=checksum)


SOURCE = Source(
    id="geofabrik",
    read=read,
    options=DownloadOptions,
    local=False,
    names_are_public=True,
    tags=OSM,
    format=FileFormat("OSM", 3),
    licence=LICENCE,
    attribution=ATTRIBUTION,
)
