"""Kontur's people per hexagon, 2023: `source = "kontur-population"`; `path` is a country, `ME`."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.source import BoxOptions, Source
from urbanlayer.sources._choose import named, wanted
from urbanlayer.sources._each import read_each
from urbanlayer.sources._fetch import fetch
from urbanlayer.sources._packed import unpacked
from urbanlayer.sources._session import Order
from urbanlayer.sources._vectors import read_vectors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request

ADDRESS = (
    "https://geodata-eu-central-1-kontur-public.s3.eu-central-1.amazonaws.com/kontur_datasets/"
    "kontur_population_{country}_20231101.gpkg.gz"
)
_LETTERS = 2


def read(requests: Sequence[Request[BoxOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """Hexagons of a country with their `people`.

    Raises
    ------
    SourceError
        If the country is none, or its hexagons cannot be had.
    """
    return read_each(requests, _read)


def _read(request: Request[BoxOptions]) -> RawLayer:
    country = request.spec.path.upper()
    if len(country) != _LETTERS or not country.isalpha():
        raise SourceError(f'{named(request)}: path is a country in two letters, as "ME"')
    packed = replace(request, path=fetch(Order(ADDRESS.format(country=country))).path)
    path = unpacked(packed, packed.path.parent).path
    shutil.copystat(packed.path, path)
    raw = read_vectors(replace(request, path=path))
    frame = raw.frame.rename(columns={"population": "people"})
    return replace(raw, frame=wanted(frame, request))


SOURCE = Source(
    id="kontur-population",
    read=read,
    options=BoxOptions,
    local=False,
    stable_keys=False,
    licence="CC-BY-4.0",
    attribution="Kontur Population",
)
