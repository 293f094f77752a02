"""OpenStreetMap extracts (.osm.pbf, .osm): `source = "osm"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, together
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.source import BoxOptions, Source
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.sources._choose import check_there
from urbanlayer.sources._extract import ATTRIBUTION, LICENCE, read_extract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request


def read(requests: Sequence[Request[BoxOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The features of every layer that is asked for, from one pass through each file.

    Raises
    ------
    SourceError
        If a file cannot be read to its end: half a city is never handed on.
    """
    layers: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    for path in dict.fromkeys(request.path for request in requests):
        asked = [request for request in requests if request.path == path]
        try:
            check_there(asked[0])
            layers |= read_extract(asked[0].path, asked)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return layers


SOURCE = Source(
    id="osm",
    read=read,
    options=BoxOptions,
    names_are_public=True,
    tags=OSM,
    format=FileFormat("OSM", 3),
    licence=LICENCE,
    attribution=ATTRIBUTION,
)
