"""What may be shown, decided in one place for page, tables, layers, records and messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.publish.disclosure.cells import (
    CELL_SIZES_M,
    ROUNDED_TO,
    Cells,
    cell_values,
    resident_cells,
    rounded_groups,
)
from urbanlayer.publish.disclosure.features import (
    counted_roles,
    facility_roles,
    with_shown_features,
)
from urbanlayer.publish.disclosure.neighbourhoods import (
    REASON,
    hidden_neighbourhoods,
    shown_residents,
    without_hidden,
    without_range,
)
from urbanlayer.publish.disclosure.notes import disclosed_notes
from urbanlayer.publish.disclosure.plans import disclosed_plan

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication

__all__ = [
    "CELL_SIZES_M", "REASON", "ROUNDED_TO", "Cells", "cell_values", "counted_roles", "disclosed",
    "disclosed_notes", "facility_roles", "hidden_neighbourhoods", "resident_cells",
    "rounded_groups", "shown_residents", "without_range",
]  # fmt: skip


def disclosed(publication: Publication) -> Publication:
    """The publication as it may be shown; itself where that was decided before.

    Layers have the features and names that may be shown, and hidden neighbourhoods have no result
    and say why.
    """
    if publication.disclosed:
        return publication
    shown = with_shown_features(publication)
    results = tuple(without_hidden(publication, result) for result in publication.results)
    return replace(shown, results=results, plan=disclosed_plan(publication), disclosed=True)
