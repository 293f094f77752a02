"""What is asked of a city, answered: each question of the network once, then each indicator."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import TYPE_CHECKING

from urbanlayer.errors import LayerError
from urbanlayer.model.result import RESIDENTS
from urbanlayer.model.travel_modes import MODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator, Query
    from urbanlayer.model.network_query import BufferQuery, NearestQuery
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.model.transit import TransitQuery
    from urbanlayer.model.travel_modes import TravelMode


_NOTHING: Mapping[int, Result] = MappingProxyType({})


def with_network(
    city: City,
    queries: Iterable[tuple[Indicator, Query]],
    modes: Mapping[str, TravelMode] = MODES,
) -> City:
    """The city with every question that its indicators ask of the network answered, once.

    Raises
    ------
    LayerError
        With everything that the layers lack for what is asked of them: a column, a number.
    """
    from urbanlayer.model.transit import TransitQuery
    from urbanlayer.network import evaluate, transit
    from urbanlayer.network.routable import RoutableNetworks

    queries = tuple(queries)
    if errors := _faults_of_asks(city, queries):
        raise LayerError(errors)
    if city.residents is None:
        return city
    wanted: dict[NearestQuery | BufferQuery | TransitQuery, None] = {}
    for indicator, query in queries:
        if not indicator.missing(city, query):
            wanted |= dict.fromkeys(indicator.all_network_queries(query))
    on_foot = [
        network_query for network_query in wanted if not isinstance(network_query, TransitQuery)
    ]
    by_timetable = [
        network_query for network_query in wanted if isinstance(network_query, TransitQuery)
    ]
    walks = RoutableNetworks(city)
    return dataclasses.replace(
        city,
        access=evaluate.answer(on_foot, city, modes=modes, walks=walks),
        transit=transit.answer(by_timetable, city, modes["walk"], walks=walks),
    )


def answer(
    city: City, queries: Iterable[tuple[Indicator, Query]]
) -> tuple[tuple[Result, ...], tuple[NotAnswerable, ...]]:
    """The answers to every ask in its order, and the asks that lack a layer.

    Parameters
    ----------
    city
        As `with_network` gives it for these asks.
    """
    from urbanlayer.model.result import NotAnswerable

    lost: list[NotAnswerable] = []
    answerable: list[tuple[Indicator, Query]] = []
    for indicator, query in _in_order_of_need(queries):
        if missing := indicator.missing(city, query):
            why = tuple(city.unusable[noun] for noun in missing if noun in city.unusable)
            lost.append(NotAnswerable(indicator.id, query.variant, missing, query.group, why))
        else:
            answerable.append((indicator, query))
    results = _answers(city, answerable)
    if (second := city.by_second_source()) is not None:
        results = _beside(results, second, answerable)
    return tuple(dataclasses.replace(result, variations=()) for result in results), tuple(lost)


def _answers(
    city: City, queries: Iterable[tuple[Indicator, Query]], known: Mapping[int, Result] = _NOTHING
) -> list[Result]:
    """The answer to each ask; those that are known already by their number."""
    results: list[Result] = []
    for number, (indicator, query) in enumerate(queries):
        if number in known:
            results.append(known[number])
            continue
        earlier = {r.indicator: r for r in results if not r.group and r.mode == "walk"}
        whole = _of_everybody(results, indicator.id, query)
        results.append(indicator.evaluate(city, query, earlier, of_everybody=whole))
    return results


def _beside(
    results: list[Result], second: City, queries: list[tuple[Indicator, Query]]
) -> list[Result]:
    """Answers with low and high that hold those by the second source of residents too."""
    alike = {
        number: results[number]
        for number, (indicator, query) in enumerate(queries)
        if not indicator.is_about_people(query)
    }
    by_second = _answers(second, queries, alike)
    return [
        result if number in alike else result.between((by_second[number],), RESIDENTS)
        for number, result in enumerate(results)
    ]


def _of_everybody(results: Iterable[Result], indicator: str, query: Query) -> Result | None:
    """The answer to the same ask of everybody, where it was asked before."""
    wanted = (indicator, query.variant, query.parameters, query.mode, "")
    return next(
        (
            result
            for result in results
            if wanted
            == (result.indicator, result.variant, result.parameters, result.mode, result.group)
        ),
        None,
    )


def _faults_of_asks(city: City, queries: Iterable[tuple[Indicator, Query]]) -> list[str]:
    """What the layers that are there lack for what is asked of them, each fault once."""
    errors: dict[str, None] = {}
    for indicator, query in queries:
        if not indicator.missing(city, query):
            errors |= dict.fromkeys(indicator.errors(city, query))
    return list(errors)


def _in_order_of_need(
    queries: Iterable[tuple[Indicator, Query]],
) -> Iterator[tuple[Indicator, Query]]:
    """Those that rest on others after them; else the order of the city file."""
    late = []
    for indicator, query in queries:
        if indicator.after:
            late.append((indicator, query))
        else:
            yield indicator, query
    yield from late
