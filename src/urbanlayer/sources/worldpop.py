"""WorldPop's people per cell of 3″, 2020: `source = "worldpop"`; `path` is a country, `MNE`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.source import BoxOptions, Source
from urbanlayer.sources._choose import named
from urbanlayer.sources._each import read_each
from urbanlayer.sources._fetch import fetch
from urbanlayer.sources._grid import read_grid
from urbanlayer.sources._session import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request

ADDRESS = (
    "https://data.worldpop.org/GIS/Population/Global_2000_2020/2020/{country}/"
    "{small}_ppp_2020_UNadj.tif"
)
_LETTERS = 3


def read(requests: Sequence[Request[BoxOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """Grids of people, cut to the `bbox` of each request.

    Raises
    ------
    SourceError
        If the country is none, or its grid cannot be had.
    """
    return read_each(requests, _read)


def _read(request: Request[BoxOptions]) -> RawRaster:
    country = request.spec.path.upper()
    if len(country) != _LETTERS or not country.isalpha():
        raise SourceError(f'{named(request)}: path is a country in three letters, as "MNE"')
    url = ADDRESS.format(country=country, small=country.lower())
    return read_grid(replace(request, path=fetch(Order(url)).path))


SOURCE = Source(
    id="worldpop",
    read=read,
    options=BoxOptions,
    local=False,
    licence="CC-BY-4.0",
    attribution="WorldPop, University of Southampton",
)
