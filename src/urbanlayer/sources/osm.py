"""OpenStreetMap extracts (.osm.pbf, .osm): `source = "osm"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, together
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.source import BoxOptions, Source
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.sources._choose import check_there
from urbanlayer.sources._extract import ATTRIBUTION, LICENCE, begin_extract, read_extract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request


def begin(requests: Sequence[Request[BoxOptions]]) -> None:
    """Have the files read that will be of_file for."""
    for of_file in _by_path(requests):
        if of_file[0].path.is_file():
            begin_extract(of_file[0].path, of_file)


def read(requests: Sequence[Request[BoxOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The features of every layer that is of_file for, from one pass through each file.

    Raises
    ------
    SourceError
        If a file cannot be read to its end: half a city is never handed on.
    """
    layers: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    for of_file in _by_path(requests):
        try:
            check_there(of_file[0])
            layers |= read_extract(of_file[0].path, of_file)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return layers


def _by_path(requests: Sequence[Request[BoxOptions]]) -> list[list[Request[BoxOptions]]]:
    """Requests of one file, together."""
    groups: dict[Path, list[Request[BoxOptions]]] = {}
    for request in requests:
        groups.setdefault(request.path, []).append(request)
    return list(groups.values())


SOURCE = Source(
    id="osm",
    read=read,
    begin=begin,
    options=BoxOptions,
    names_are_public=True,
    tags=OSM,
    format=FileFormat("OSM", 3),
    licence=LICENCE,
    attribution=ATTRIBUTION,
)
