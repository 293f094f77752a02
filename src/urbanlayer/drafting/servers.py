"""What a server has: each layer of a PostGIS, WFS, OGC API or ArcGIS address, read."""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer import registry
from urbanlayer.drafting.datasets import Dataset, Unread, cause, forms_of
from urbanlayer.drafting.lexicon import lexicon, match_length
from urbanlayer.errors import DataError, SourceError
from urbanlayer.model.addresses import address_error, shown
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import border

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.model.source import Offer, Source

MANY = 40
"""Of more layers only those are read whose names have a word of the lexicon."""


def is_address(text: str) -> bool:
    """Whether a text names a server, and not a file.

    Examples
    --------
    >>> is_address("https://gis.example.org/wfs"), is_address("gis/wfs")
    (True, False)
    """
    return "://" in text


def datasets_at(address: str) -> tuple[list[Dataset], list[Unread]]:
    """Every layer of a server, and those that could not be read.

    Parameters
    ----------
    address
        Of a database, a service or one of its layers.

    Raises
    ------
    SourceError
        No source that knows servers finds one there.
    """
    _refuse_password(address)
    source, offers = _offered(address)
    found: list[Dataset] = []
    unread: list[Unread] = []
    for offer in offers:
        name = offer.title or offer.layer or offer.path
        if len(offers) > MANY and not _is_known(offer):
            unread.append(Unread(name, f"one of {len(offers)} layers, by its name of no role"))
            continue
        try:
            found.append(_read(source, offer))
        except DataError as error:
            unread.append(Unread(name, cause(error)))
    return found, unread


def _refuse_password(address: str) -> None:
    """Raise where a password would be written into the city file."""
    if address_error(address) is None and urllib.parse.urlsplit(address).password:
        raise SourceError(
            f"{shown(address)}: a password has no place in a city file; write it into .netrc, or "
            "for a database into ~/.pgpass"
        )


def _offered(address: str) -> tuple[Source, Sequence[Offer]]:
    """The source that finds a server at an address, and the layers it has."""
    errors = []
    for source in registry.sources().values():
        if source.offers is None:
            continue
        try:
            offers = border.offered_by(source, _spec(source, address))
        except DataError as error:
            errors.append(f"{source.format.name if source.format else source.id}: {cause(error)}")
            continue
        if not offers:
            raise SourceError(f"{shown(address)}: the server has no layer that may be read")
        return source, offers
    raise SourceError([f"{shown(address)}: no layers are found there", *errors])


def _spec(source: Source, path: str, layer: str = "") -> LayerSpec:
    return LayerSpec(path=path, source=source.id, layer=layer or None)


def _is_known(offer: Offer) -> bool:
    texts = (offer.title, offer.layer.rpartition(":")[2], offer.path.rpartition("/")[2])
    return any(match_length(text, "roles", role) for text in texts for role in lexicon()["roles"])


def _read(source: Source, offer: Offer) -> Dataset:
    spec = _spec(source, offer.path, offer.layer)
    read = border.read_by(source, [source.request("layer", spec, Path(offer.path))])["layer"]
    return Dataset(
        Path(offer.path), offer.layer, source.id, read, forms_of(read), offer.path, offer.title
    )
