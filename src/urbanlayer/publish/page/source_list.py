"""Where the data come from: each layer's source, licence and date."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from urbanlayer.locales import languages
from urbanlayer.publish.words import text_of

if TYPE_CHECKING:
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.words import Words


def sources(publication: Publication, words: Words | None = None) -> list[dict[str, Any]]:
    """One record for each layer, by role.

    Parameters
    ----------
    publication
        What is published.
    words
        Gives the notice of demonstration data in its language; without words, it is None there.
    """
    city = publication.city
    layers: dict[str, Layer | Raster] = {**city.layers, **city.rasters}
    return [
        {
            "role": role,
            "from": _credit(layers[role].provenance.attribution or publication.spec.credit, words),
            "licence": layers[role].provenance.licence,
            "date": _iso(layers[role].provenance.date),
        }
        for role in sorted(layers)
    ]


def licences(publication: Publication) -> list[str]:
    """Every licence and attribution once: the line at the foot of the page."""
    records = sources(publication)
    licences_ = dict.fromkeys(record["licence"] for record in records)
    city = publication.city
    layers: list[Layer | Raster] = [*city.layers.values(), *city.rasters.values()]
    names = dict.fromkeys(layer.provenance.attribution for layer in layers)
    return [text for text in (*licences_, *names) if text and not _is_demonstration_notice(text)]


def _credit(text: str, words: Words | None) -> str | None:
    """An attribution; the notice of demonstration data in the language of the words."""
    if not _is_demonstration_notice(text):
        return text
    return None if words is None else words.text("page.demonstration").rstrip(".")


def _is_demonstration_notice(text: str) -> bool:
    """Whether an attribution is the notice of demonstration data, which the page has once."""
    return text.casefold().rstrip(".") in _demonstration_notices()


@functools.cache
def _demonstration_notices() -> frozenset[str]:
    notices = (text_of(code, "page.demonstration") for code in languages())
    return frozenset(one.casefold().rstrip(".") for one in notices)


def _iso(day: Any) -> str:  # noqa: ANN401  (a date or None)
    return day.isoformat() if day is not None else ""
