"""The numbers behind a result, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.evaluation.results import Evaluation
from urbanlayer.kernels.pairs_by_node import amounts_reached
from urbanlayer.model.cause import THRESHOLD, of_data
from urbanlayer.model.indicator import OVER_RESIDENTS, Kind, no_variation
from urbanlayer.model.network_query import BufferQuery, NearestQuery, TransitQuery
from urbanlayer.model.role_names import NEIGHBOURHOODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result

DECILES = (10, 50, 90)
MOST_FACILITIES = 5
M_PER_KM, M2_PER_HA, M2_PER_KM2 = 1e3, 1e4, 1e6


@dataclass(frozen=True, slots=True)
class Step:
    """One number behind a result.

    Attributes
    ----------
    what
        What it is, in a few words.
    value
        NaN where there is none.
    unit
        `people`, `m`, `origins` …
    """

    what: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Here:
    """The resident places of one neighbourhood, or of the city."""

    city: City
    evaluation: Evaluation
    result: Result
    origin: NDArray[np.bool_]
    people: NDArray[np.float64]
    row: int | None
    """Of the neighbourhood; None for the city."""


def steps(
    city: City, evaluation: Evaluation, indicator: Indicator, result: Result, key: str | None
) -> tuple[Step, ...]:
    """The numbers behind the result of one neighbourhood, or of the city, in order of computation.

    Parameters
    ----------
    city
        The inputs.
    evaluation
        That hold the result and those of its network queries.
    indicator, result
        One of its results.
    key
        Of the neighbourhood; None for the whole city.
    """
    row = _row_of(city, key)
    here, query = _here(city, evaluation, result, row), result.query
    steps: list[Step] = list(_who(here))
    for network_query in indicator.network_queries(query):
        if isinstance(network_query, NearestQuery):
            steps += _distances(here, network_query)
        elif isinstance(network_query, BufferQuery):
            steps += _buffers(here, network_query)
        elif isinstance(network_query, TransitQuery):
            steps += _travels(here, network_query)
    if indicator.kind in OVER_RESIDENTS and result.origins is not None:
        steps += _averaged(here, indicator)
    else:
        steps += _layers(here, indicator, query)
        steps += _fraction(here)
    return (
        *steps,
        *_result_steps(here),
        *_read_otherwise(here, indicator, query),
        *_low_and_high(here),
    )


def published_steps(
    city: City, indicator: Indicator, result: Result, key: str | None, people: float
) -> tuple[Step, ...]:
    """The published numbers behind a published result: none of single people or origins.

    Parameters
    ----------
    city
        With the features alone that may be shown.
    indicator, result
        A result as it is published.
    key
        Of the neighbourhood; None for the whole city.
    people
        Of the result, in the neighbourhood or the city, as published; NaN where they are not.
    """
    row = _row_of(city, key)
    nobody = np.empty(0)
    here = _Here(city, Evaluation(), result, nobody.astype(bool), nobody, row)
    steps = [_area(here)]
    if city.residents is not None:
        steps.append(Step(_people_of(result), people, "people"))
    if result.origins is None:
        steps += _layers(here, indicator, result.query)
        steps += _fraction(here)
    return (*steps, *_result_steps(here), *_low_and_high(here))


def _row_of(city: City, key: str | None) -> int | None:
    return None if key is None else list(city.neighbourhoods.keys).index(key)


def _here(city: City, evaluation: Evaluation, result: Result, row: int | None) -> _Here:
    residents = city.of_group(result.group).residents
    if residents is None:
        nobody = np.empty(0)
        return _Here(city, evaluation, result, nobody.astype(bool), nobody, row)
    origin = np.ones(len(residents), bool) if row is None else residents.neighbourhood == row
    return _Here(city, evaluation, result, origin, residents.people[origin], row)


def _who(here: _Here) -> Iterator[Step]:
    yield _area(here)
    if here.city.residents is not None:
        who = _people_of(here.result)
        yield Step(f"places where {who} live", float((here.people > 0).sum()), "places")
        yield Step(who, float(here.people.sum()), "people")


def _area(here: _Here) -> Step:
    neighbourhoods = here.city.neighbourhoods
    area_m2 = neighbourhoods.area_m2.sum() if here.row is None else neighbourhoods.area_m2[here.row]
    return Step("area", float(area_m2) / M2_PER_KM2, "km²")


def _people_of(result: Result) -> str:
    return f"group '{result.group}'" if result.group else "residents"


def _distances(here: _Here, network_query: NearestQuery) -> Iterator[Step]:
    """How far it is for the people, and to which facilities they go."""
    if network_query not in here.evaluation.network:
        return
    nearest = here.evaluation.network[network_query]
    distance_m = nearest.distance_m[here.origin]
    reached = np.isfinite(distance_m)
    to = f"to the nearest {network_query.destinations} ({nearest.method.replace('_', ' ')})"
    for decile in DECILES:
        metres = _quantile(distance_m[reached], here.people[reached], decile / 100)
        yield Step(f"distance {to} that {decile} % of those who can get there keep to", metres, "m")
    yield Step(
        f"people who reach no {network_query.destinations}",
        here.people[~reached].sum(),
        "people",
    )
    yield from _facilities(here, network_query, nearest.nearest[here.origin])


def _buffers(here: _Here, network_query: BufferQuery) -> Iterator[Step]:
    """How much land counts as the surroundings of the people."""
    if network_query not in here.evaluation.network or not here.people.sum() > 0:
        return
    buffer = here.evaluation.network[network_query]
    (land_km2,) = amounts_reached(buffer.pairs, buffer.land_m2[None] / M2_PER_KM2)[:, here.origin]
    mean = float((here.people * land_km2).sum() / here.people.sum())
    way = buffer.method.replace("_", " ")
    squares = f"squares of {buffer.cells.size_m:g} m"
    what = f"land of the {squares} within {network_query.within_m:g} m ({way}), mean of residents"
    yield Step(what, mean, "km²")


def _travels(here: _Here, network_query: TransitQuery) -> Iterator[Step]:
    """What the people reach by the timetable, in how many of its minutes."""
    table = here.city.timetable
    if network_query not in here.evaluation.network or table is None:
        return
    travel = here.evaluation.network[network_query]
    yield Step(f"trips of the timetable on {table.day:%A} {table.day}", len(table.trip_route))
    people = here.people / max(here.people.sum(), 1)
    counted = network_query.amount or network_query.destinations
    what = f"{counted} within {network_query.within_min:g} min in"
    often = {"a quarter": travel.p25, "half": travel.p50, "three quarters": travel.p75}
    for share, reached in often.items():
        mean = float((people * reached[here.origin]).sum())
        yield Step(f"{what} {share} of the minutes, mean of residents", mean)


def _facilities(
    here: _Here, network_query: NearestQuery, nearest: NDArray[np.int64]
) -> Iterator[Step]:
    """The facilities that most people are nearest to; merged areas have no name of their own."""
    if network_query.min_area_m2 > 0:
        return
    frame = here.city.layers[network_query.destinations].frame
    known = nearest >= 0
    people = np.bincount(nearest[known], here.people[known], len(frame))
    for row in np.argsort(-people, kind="stable")[:MOST_FACILITIES]:
        if people[row] > 0:
            name = str(frame["name"].iloc[row] or "") if "name" in frame else ""
            label = f"{frame.index[row]} {name}".strip()
            yield Step(
                f"people whose nearest {network_query.destinations} is {label}",
                people[row],
                "people",
            )


def _averaged(here: _Here, indicator: Indicator) -> Iterator[Step]:
    """Σ p x over Σ p, of the people whose origin has a result."""
    if here.result.origins is None:
        return
    x = here.result.origins[here.origin]
    known = np.isfinite(x)
    share = indicator.kind is Kind.SHARE_OF_RESIDENTS
    above = "people who have it: Σ p·x" if share else "Σ people x result of their origin: Σ p·x"
    yield Step(above, float((here.people[known] * x[known]).sum()), "people" if share else "")
    yield Step("people whose origin has a result: Σ p", float(here.people[known].sum()), "people")
    if not share and known.any():
        yield Step("lowest result of an origin", float(x[known].min()), here.result.unit)
        yield Step("highest result of an origin", float(x[known].max()), here.result.unit)


def _layers(here: _Here, indicator: Indicator, query: Query) -> Iterator[Step]:
    """How much of each layer lies in the neighbourhood, for results of areas and counts."""
    neighbourhoods = here.city.neighbourhoods
    shape = (
        neighbourhoods.geometry.union_all()
        if here.row is None
        else neighbourhoods.geometry.iloc[here.row]
    )
    for role in dict.fromkeys((*indicator.needs, *query.needs)):
        layer = here.city.layers.get(role)
        if layer is None or role == NEIGHBOURHOODS:
            continue
        features = np.asarray(layer.frame.geometry, dtype=object)
        inside = shapely.intersection(features[shapely.intersects(features, shape)], shape)
        yield Step(f"features of {role} that lie in it or reach into it", float(len(inside)))
        area_m2 = shapely.area(shapely.union_all(inside[shapely.area(inside) > 0]))
        if area_m2 > 0:
            yield Step(f"area of {role} inside, overlaps counted once", area_m2 / M2_PER_HA, "ha")
        elif (length_m := shapely.length(inside).sum()) > 0:
            yield Step(f"length of {role} inside", length_m / M_PER_KM, "km")


def _fraction(here: _Here) -> Iterator[Step]:
    """The numerator and denominator of results that are a ratio."""
    if here.result.fraction is None:
        return
    above, below, times = here.result.fraction
    known = ~(np.isnan(above) | np.isnan(below))
    for name, amounts in (("above", above), ("below", below)):
        one = amounts[known].sum() if here.row is None else amounts[here.row]
        over = "" if here.row is not None else ", sum of the neighbourhoods"
        yield Step(
            f"amount {name} the line{over}", float(one), _side(here.result.unit, name, times)
        )
    if times != 1:
        yield Step("times", times)


def _side(unit: str, name: str, times: float) -> str:
    """What is counted on one side of a unit such as `m²/resident`; empty where it has none."""
    above, line, below = unit.partition("/")
    if not line or times != 1:
        return ""
    return above if name == "above" else below


def _result_steps(here: _Here) -> Iterator[Step]:
    result = here.result
    yield Step("result", _one(result, here.row), result.unit)
    if result.target is not None:
        yield Step("target", result.target, result.unit)


def _one(result: Result, row: int | None) -> float:
    """The result of one neighbourhood, or of the city."""
    return result.city if row is None else float(result.values.iloc[row])


def _read_otherwise(here: _Here, indicator: Indicator, query: Query) -> Iterator[Step]:
    """The results of the sensitivity variants, and with a second source of residents."""
    unit = here.result.unit
    once = replace(indicator, sensitivity=no_variation)  # a variation is not varied again
    alone = _without_second_source(here.city)
    for variation in indicator.sensitivity(query):
        if all(here.city.has(noun) for noun in variation.needs):
            changed = ", ".join(_changed(query, variation.query))
            found = evaluate(alone, [(once, variation.query)], here.evaluation)
            yield Step(f"result with {changed}", _one(found.results[0], here.row), unit)
    second = here.city.by_second_source()
    if second is not None and second.residents is not None and indicator.is_about_people(query):
        found = evaluate(second, [(indicator, query)], here.evaluation)
        source = second.residents.source
        yield Step(f"result with the residents of {source}", _one(found.results[0], here.row), unit)


def _without_second_source(city: City) -> City:
    if city.residents is None:
        return city
    alone = replace(city.residents, second_source=None, alternatives={})
    return replace(city, residents=alone)


def _changed(query: Query, other: Query) -> Iterator[str]:
    """What a sensitivity variant changes: `distance_m 450`."""
    before = dict(query.pairs)
    for name, value in other.pairs:
        if value == before.get(name):
            continue
        if isinstance(value, tuple):
            yield f"{name} {', '.join(f'{float(one):g}' for one in value)}"
        else:
            yield f"{name} {float(value):g}"


def _low_and_high(here: _Here) -> Iterator[Step]:
    result = here.result
    ends = [("low", result.low, result.city_low), ("high", result.high, result.city_high)]
    causes = of_data(result.causes)
    for cause in (*(causes if len(causes) > 1 else ()), *({THRESHOLD} & set(result.causes))):
        one = result.ranges[cause]
        ends += [(f"low by {cause}", one.low, one.city_low)]
        ends += [(f"high by {cause}", one.high, one.city_high)]
    for name, series, whole in ends:
        if series is not None:
            end = whole if here.row is None else float(series.iloc[here.row])
            yield Step(f"result, {name}", end, result.unit)


def _quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """The value that a share of the weight does not exceed."""
    if not weights.sum() > 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    at = np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))
    return float(values[order][min(at, len(values) - 1)])
