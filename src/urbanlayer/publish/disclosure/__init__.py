"""What may be shown, decided in one place for page, tables, layers, records and messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.publish.disclosure.cells import (
    CELL_SIZES_M,
    PEOPLE_UNIT,
    Cells,
    cell_values,
    resident_cells,
    shares_of_places,
)
from urbanlayer.publish.disclosure.check import disclosed_check, publication_of_check
from urbanlayer.publish.disclosure.counts import least
from urbanlayer.publish.disclosure.features import (
    counted_roles,
    facility_roles,
    roles_without_isochrones,
    with_shown_features,
)
from urbanlayer.publish.disclosure.medians import half_of_people
from urbanlayer.publish.disclosure.neighbourhoods import (
    REASON,
    suppressed_neighbourhoods,
    without_range,
)
from urbanlayer.publish.disclosure.notes import disclosed_notes
from urbanlayer.publish.disclosure.people import (
    city_people,
    published_people,
    published_total,
)
from urbanlayer.publish.disclosure.plans import disclosed_plan
from urbanlayer.publish.disclosure.precision import steps_of_means, to_steps
from urbanlayer.publish.disclosure.published_results import published_results

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication

__all__ = [
    "CELL_SIZES_M",
    "PEOPLE_UNIT",
    "REASON",
    "Cells",
    "cell_values",
    "city_people",
    "counted_roles",
    "disclosed",
    "disclosed_check",
    "disclosed_notes",
    "facility_roles",
    "half_of_people",
    "least",
    "publication_of_check",
    "published_people",
    "published_total",
    "resident_cells",
    "roles_without_isochrones",
    "shares_of_places",
    "steps_of_means",
    "suppressed_neighbourhoods",
    "to_steps",
    "with_disclosed_plan",
    "without_range",
]  # fmt: skip


def disclosed(publication: Publication) -> Publication:
    """The publication as it may be shown; itself where that was decided before.

    Layers have the features and names that may be shown, hidden neighbourhoods have no result and
    say why, and results are those of published counts of people. An internal publication keeps its
    exact numbers.
    """
    if publication.disclosed:
        return publication
    shown = with_shown_features(publication)
    if publication.spec.publish.exact:
        return replace(shown, disclosed=True)
    results = published_results(publication)
    return with_disclosed_plan(replace(shown, results=results, disclosed=True), publication)


def with_disclosed_plan(shown: Publication, exact: Publication) -> Publication:
    """The publication as it may be shown, with the plan of the exact one as it may be shown."""
    return replace(shown, plan=disclosed_plan(exact, shown.results))
