"""All results of a publication as they may be published, by the one sequence of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.disclosure.audit import without_narrowed
from urbanlayer.publish.disclosure.neighbourhoods import without_suppressed
from urbanlayer.publish.disclosure.results import published_result

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result


def published_results(publication: Publication) -> tuple[Result, ...]:
    """The results without hidden neighbourhoods, of published counts, and audited together.

    Parameters
    ----------
    publication
        With exact people and results; not of an internal publication.
    """
    results = tuple(
        published_result(publication, without_suppressed(publication, result))
        for result in publication.results
    )
    return without_narrowed(publication, results)
