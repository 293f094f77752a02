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
from urbanlayer.model.plan_specification import ScenarioSpec
from urbanlayer.model.scenario_result import BeforeAfter, ScenarioResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator, IndicatorQuery
    from urbanlayer.model.plan_inputs import Evaluate, PlanInputs
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result

    Answered = tuple[City, Mapping[Query, Result]]
    Values = tuple[float, NDArray[np.float64]]


def edited_cities(inputs: PlanInputs) -> tuple[dict[str, City], list[str]]:
    """The city of each scenario by its name, and each edit that is not possible, as a sentence."""
    cities: dict[str, City] = {}
    errors: list[str] = []
    for name, scenario in inputs.scenarios.items():
        try:
            cities[name] = inputs.edited(inputs.city, scenario)
        except DataError as error:
            errors += (f"[scenario.{name}]: {sentence}" for sentence in error.errors)
    return cities, errors


def compared(inputs: PlanInputs, cities: Mapping[str, City]) -> tuple[ScenarioResult, ...]:
    """The results before and after each scenario.

    Parameters
    ----------
    inputs
        The city, the queries of its file, and its scenarios.
    cities
        The city of each scenario, edited.

    Returns
    -------
    tuple
        One entry for each scenario and query, in the order of the city file; queries that can be
        answered neither before nor after are left out.
    """
    found: list[ScenarioResult] = []
    for name, scenario in inputs.scenarios.items():
        before, results_before = _before(inputs, scenario)
        after = results_of(cities[name], inputs.queries, inputs.evaluate)
        of_both = (before, results_before), (cities[name], after)
        found += differences(name, inputs.queries, of_both)
    return tuple(found)


def _before(inputs: PlanInputs, scenario: ScenarioSpec) -> Answered:
    """The city as it is, and its results; where new services have no facility yet."""
    nothing_yet = _services_alone(inputs.city, scenario)
    if not nothing_yet.add:
        return inputs.city, {result.query: result for result in inputs.evaluation.results}
    city = inputs.edited(inputs.city, nothing_yet)
    return city, results_of(city, inputs.queries, inputs.evaluate)


def _services_alone(city: City, scenario: ScenarioSpec) -> ScenarioSpec:
    """The scenario whose new services have no facility yet, and that changes nothing else."""
    return ScenarioSpec(add={role: [] for role in scenario.add if role not in city.layers})


def differences(
    name: str, queries: Sequence[IndicatorQuery], of_both: tuple[Answered, Answered]
) -> list[ScenarioResult]:
    """The results of queries in two cities with the same neighbourhoods.

    Parameters
    ----------
    name
        Of the scenario.
    queries
        The queries.
    of_both
        Each city with its results, before and after.
    """
    cities = [city for city, _ in of_both]
    found = []
    for indicator, query in queries:
        results = [of_one.get(query) for _, of_one in of_both]
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
        before, after = zip(cities, results, strict=True)
        found.append(ScenarioResult(name, query, whole, each, (before, after)))
    return found


def results_of(
    city: City, queries: Sequence[IndicatorQuery], evaluate: Evaluate
) -> dict[Query, Result]:
    """The results of the queries that are answerable."""
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
