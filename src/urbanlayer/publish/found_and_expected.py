"""Found and expected features beside the results, and notes on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.city import City
    from urbanlayer.model.completeness import Completeness
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result


def completeness_of(publication: Publication, result: Result) -> list[Completeness]:
    """What is known of the layers that a result is about, in their order."""
    indicator = publication.indicators.get(result.indicator)
    needs = dict.fromkeys((*(indicator.needs if indicator else ()), *result.query.needs))
    known = publication.city.completeness
    return [known[role] for role in needs if role in known]


def completeness_on_page(publication: Publication, result: Result) -> list[dict[str, Any]]:
    """The same as the page reads it."""
    return [
        {"role": one.role, "found": one.found, "expected": one.expected, "source": one.source}
        for one in completeness_of(publication, result)
    ]


def completeness_notes(city: City) -> Iterator[Note]:
    """A note for each layer with another count than expected, and one on those not known."""
    for one in city.completeness.values():
        if one.expected is not None and one.found != one.expected:
            counts = Note.of("found-expected", count=one.found, total=one.expected)
            yield Note.of("of-layer", layer=one.role, note=counts)
    unknown = [one.role for one in city.completeness.values() if one.expected is None]
    if unknown:
        yield Note.of("completeness-unknown", layers=Listing.of(unknown))
