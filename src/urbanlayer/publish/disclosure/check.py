"""What a check found, as its inventory may show it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.model.note import Note
from urbanlayer.model.publication import Publication
from urbanlayer.publish.disclosure.notes import disclosed_notes
from urbanlayer.publish.disclosure.published_results import published_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.city import City
    from urbanlayer.model.maturity import Checked


def disclosed_check(checked: Checked) -> Checked:
    """What a check found: results as they are published, notes as they may be shown.

    Layers keep their features, since grades are counts of them.
    """
    if checked.city is None or checked.spec.publish.exact:
        return checked
    publication = publication_of_check(checked, checked.city)
    city = replace(
        checked.city,
        layers={
            role: replace(layer, notes=tuple(_notes(publication, role, layer.notes)))
            for role, layer in checked.city.layers.items()
        },
    )
    return replace(checked, city=city, results=published_results(publication))


def publication_of_check(checked: Checked, city: City) -> Publication:
    """What a check found, as a publication of it would be decided on."""
    return Publication(
        spec=checked.spec,
        city=city,
        network=checked.network,
        results=checked.results,
        indicators=checked.indicators,
        not_answerable=checked.not_answerable,
    )


def _notes(publication: Publication, role: str, notes: tuple[Note, ...]) -> Iterator[Note]:
    """The notes of a layer, each without what it is about."""
    about = (Note.of("of-layer", layer=role, note=note) for note in notes)
    for shown in disclosed_notes(about, publication):
        yield from (value for _, value in shown.values if isinstance(value, Note))
