"""Tables of equity: the measures of each result, and the clusters on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.data.tables import SIGNIFICANT_OF_STATISTICS, as_csv, number
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.query_text import parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.equity import Equity

EQUITY_COLUMNS = ("indicator", "variant", "parameters", "over", "measure", "value", "note")
CLUSTER_COLUMNS = (
    "key", "name", "indicator", "variant", "parameters", "value", "local_moran_i", "p_value",
    "cluster", "note",
)  # fmt: skip


def equity_csv(publication: Publication, found: Sequence[Equity]) -> bytes:
    """Gini, Palma, Theil, Atkinson, concentration and Moran's I of each answer, a line each."""
    note = file_notice(publication)
    return as_csv(
        EQUITY_COLUMNS,
        (
            (*_query(equity), over, measure, number(value, SIGNIFICANT_OF_STATISTICS), note)
            for equity in found
            for (over, measure), value in equity.over.items()
        ),
    )


def clusters_csv(publication: Publication, found: Sequence[Equity]) -> bytes:
    """Local Moran's I of each neighbourhood and answer; the cluster is empty where it is chance."""
    note = file_notice(publication)
    return as_csv(
        CLUSTER_COLUMNS,
        ((*row, note) for equity in found for row in _neighbourhoods(publication, equity)),
    )


def _query(equity: Equity) -> tuple[str, str, str]:
    result = equity.result
    return result.indicator, result.variant, parameters_of(result)


def _neighbourhoods(publication: Publication, equity: Equity) -> Iterator[tuple[str, ...]]:
    names = publication.city.neighbourhoods.names[""]
    local = equity.clusters
    values = equity.result.values
    for row, key in enumerate(values.index):
        yield (
            str(key), names.iloc[row], *_query(equity), number(float(values.iloc[row])),
            *(
                number(float(statistic[row]), SIGNIFICANT_OF_STATISTICS)
                for statistic in (local.statistic, local.p_value)
            ),
            str(local.kind[row]),
        )  # fmt: skip
