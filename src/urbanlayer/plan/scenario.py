"""What scenarios change: each result of the city file before and after its edits.

After is the result of the edited city, computed anew as far as the edits touch it. Before is the
city as it is; a service that has no layer yet starts from nothing, and serves nobody.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.errors import DataError
from urbanlayer.model.indicator import Kind
from urbanlayer.model.plan import BeforeAfter, ScenarioResult
from urbanlayer.model.plan_specification import ScenarioSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.plan import Evaluate, PlanInputs
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result

    Asked = tuple[Indicator, Query]
    Values = tuple[float, NDArray[np.float64]]


def scenario_errors(inputs: PlanInputs) -> Iterator[str]:
    """What the layers lack for the scenarios, each error a sentence that names its scenario."""
    for name, scenario in inputs.scenarios.items():
        try:
            inputs.edited(inputs.city, scenario)
        except DataError as error:
            for sentence in error.errors:
                yield f"[scenario.{name}]: {sentence}"


def compared(inputs: PlanInputs) -> tuple[ScenarioResult, ...]:
    """The results before and after each scenario.

    Parameters
    ----------
    inputs
        The city, what its file asks, and its scenarios.

    Returns
    -------
    tuple
        One entry for each scenario and query, in the order of the city file; queries that can be
        answered neither before nor after are left out.

    Raises
    ------
    DataError
        An edit is not possible.
    """
    found: list[ScenarioResult] = []
    for name, scenario in inputs.scenarios.items():
        before = inputs.edited(inputs.city, _services_alone(inputs.city, scenario))
        after = inputs.edited(inputs.city, scenario)
        found += differences(name, inputs.queries, (before, after), inputs.evaluate)
    return tuple(found)


def _services_alone(city: City, scenario: ScenarioSpec) -> ScenarioSpec:
    """The scenario whose new services have no facility yet, and that changes nothing else."""
    return ScenarioSpec(add={role: [] for role in scenario.add if role not in city.layers})


def differences(
    name: str, queries: Sequence[Asked], cities: tuple[City, City], evaluate: Evaluate
) -> list[ScenarioResult]:
    """The results of queries in two cities with the same neighbourhoods.

    Parameters
    ----------
    name
        Of the scenario.
    queries
        What is asked.
    cities
        Before and after.
    evaluate
        Evaluates queries of a city.
    """
    of_both = [_results(city, queries, evaluate) for city in cities]
    found = []
    for indicator, query in queries:
        results = [of_one.get(query) for of_one in of_both]
        if results == [None, None]:
            continue
        values = [_values(city, one) for city, one in zip(cities, results, strict=True)]
        people = [_people(city, indicator, one) for city, one in zip(cities, results, strict=True)]
        keys = cities[0].neighbourhoods.keys
        each = {
            str(key): BeforeAfter(*(float(one[1][row]) for one in (*values, *people)))
            for row, key in enumerate(keys)
        }
        whole = BeforeAfter(*(one[0] for one in (*values, *people)))
        found.append(ScenarioResult(name, query, whole, each))
    return found


def _results(city: City, queries: Sequence[Asked], evaluate: Evaluate) -> dict[Query, Result]:
    """The results of the queries that a city can answer."""
    answerable = [
        (indicator, query)
        for indicator, query in queries
        if not indicator.missing(city, query) and not indicator.errors(city, query)
    ]
    return {result.query: result for result in evaluate(city, answerable).results}


def _values(city: City, result: Result | None) -> Values:
    """The value of the city and of each neighbourhood; NaN where there is none."""
    if result is None:
        return math.nan, np.full(len(city.neighbourhoods), np.nan)
    return float(result.city), np.asarray(result.values, dtype=np.float64)


def _people(city: City, indicator: Indicator, result: Result | None) -> Values:
    """The people of a share of residents, in the city and in each neighbourhood; NaN for others.

    Where each origin has its part of the share, people are added up over origins. Nobody lives in a
    neighbourhood without residents; where their count is unknown nothing is known.
    """
    count = len(city.neighbourhoods)
    residents = city.of_group(result.group).residents if result is not None else None
    if result is None or residents is None or indicator.kind is not Kind.SHARE_OF_RESIDENTS:
        return math.nan, np.full(count, np.nan)
    if result.origins is None:
        of_each = np.asarray(result.values, dtype=np.float64) * residents.per_neighbourhood(count)
        return float(result.city * residents.total), of_each
    served = residents.people * np.nan_to_num(result.origins)
    of_each = np.bincount(residents.neighbourhood, served, count).astype(np.float64)
    of_each[sorted(residents.unknown)] = np.nan
    return math.fsum(served), of_each
