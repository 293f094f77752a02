"""The notice at the head of every page and file of a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.specification import CitySpec


def notice(spec: CitySpec, words: Words) -> str:
    """That it is internal, that it is a draft, that data are generated; empty if none holds."""
    keys = {
        "page.internal": spec.publish.exact,
        "page.draft": not spec.reviewed,
        "page.demonstration": spec.demonstration,
    }
    return " ".join(words.text(key) for key, holds in keys.items() if holds)


def file_notice(publication: Publication) -> str:
    """The notice in the first language of the city file, for tables and layers."""
    spec = publication.spec
    return notice(spec, Words.for_language(spec.languages[0]))
