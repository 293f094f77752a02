"""The need of each neighbourhood as a result of its own, so that map and table show it too."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind
from urbanlayer.model.query import Query
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.publication import Publication

NEED = "plan_need"
"""Id of the result; its unit is `of 1`."""


def _given(_city: City, _query: Query, _network: NetworkResults) -> Result:
    """Never called: the plan has computed it."""
    raise NotImplementedError


def with_need_result(publication: Publication) -> Publication:
    """The publication with the needs of its plan as its last result, where it has some."""
    plan = publication.plan
    if plan is None or plan.ranking is None:
        return publication
    indicator = Indicator(
        id=NEED, theme="plan", kind=Kind.INDEX, unit="of 1", better="lower", bounds=(0, 1),
        needs=("neighbourhoods",), source="", compute=_given,
    )  # fmt: skip
    needs = {need.key: need.need for need in plan.ranking.needs}
    keys = publication.city.neighbourhoods.keys
    result = Result(
        query=Query(indicator=NEED),
        values=keys.to_series().map(needs).astype("float64"),
        city=float("nan"),
        unit=indicator.unit,
        method="needs",
        reasons={key: "too-little-known" for key, need in needs.items() if need != need},  # noqa: PLR0124
    )
    return dataclasses.replace(
        publication,
        results=(*publication.results, result),
        indicators={**publication.indicators, NEED: indicator},
    )
