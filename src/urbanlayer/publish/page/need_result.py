"""The need of each neighbourhood as a result of its own, so that map and table show it too."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind
from urbanlayer.model.query import Query
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.publication import Publication

NEED = "plan_need"
"""Id of the result."""
UNIT = "of 1"


def _given(result: Result, _city: City, _query: Query, _network: NetworkResults) -> Result:
    """The result that the plan has computed."""
    return result


def with_need_result(publication: Publication) -> Publication:
    """The publication with the needs of its plan as its last result, where it has some."""
    plan = publication.plan
    if plan is None or plan.ranking is None:
        return publication
    needs = {need.key: need.need for need in plan.ranking.needs}
    keys = publication.city.neighbourhoods.keys
    result = Result(
        query=Query(indicator=NEED),
        values=keys.to_series().map(needs).astype("float64"),
        city=float("nan"),
        unit=UNIT,
        method="needs",
        reasons={key: "too-little-known" for key, need in needs.items() if need != need},  # noqa: PLR0124
    )
    indicator = Indicator(
        id=NEED, theme="plan", kind=Kind.INDEX, unit=UNIT, better="lower", bounds=(0, 1),
        needs=("neighbourhoods",), source="", compute=functools.partial(_given, result),
    )  # fmt: skip
    return dataclasses.replace(
        publication,
        results=(*publication.results, result),
        indicators={**publication.indicators, NEED: indicator},
    )
