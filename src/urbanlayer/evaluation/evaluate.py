"""What is asked of a city, answered: each question of the network once, then each indicator."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import TYPE_CHECKING

from urbanlayer.errors import LayerError
from urbanlayer.model.result import RESIDENTS
from urbanlayer.model.travel_modes import PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Ask, Indicator
    from urbanlayer.model.network_query import AroundQuestion, Question
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.model.transit import TransitQuestion
    from urbanlayer.model.travel_modes import Travel


_NOTHING: Mapping[int, Result] = MappingProxyType({})


def with_access(
    city: City,
    asks: Iterable[tuple[Indicator, Ask]],
    profiles: Mapping[str, Travel] = PROFILES,
) -> City:
    """The city with every question that its indicators ask of the network answered, once.

    Raises
    ------
    LayerError
        With everything that the layers lack for what is asked of them: a column, a number.
    """
    from urbanlayer.model.transit import TransitQuestion
    from urbanlayer.network import evaluate, transit
    from urbanlayer.network.routable import Walks

    asks = tuple(asks)
    if faults := _faults_of_asks(city, asks):
        raise LayerError(faults)
    if city.residents is None:
        return city
    wanted: dict[Question | AroundQuestion | TransitQuestion, None] = {}
    for indicator, ask in asks:
        if not indicator.missing(city, ask):
            wanted |= dict.fromkeys(indicator.all_questions(ask))
    on_foot = [question for question in wanted if not isinstance(question, TransitQuestion)]
    by_timetable = [question for question in wanted if isinstance(question, TransitQuestion)]
    walks = Walks(city)
    return dataclasses.replace(
        city,
        access=evaluate.answer(on_foot, city, profiles=profiles, walks=walks),
        transit=transit.answer(by_timetable, city, profiles["walk"], walks=walks),
    )


def answer(
    city: City, asks: Iterable[tuple[Indicator, Ask]]
) -> tuple[tuple[Result, ...], tuple[NotAnswerable, ...]]:
    """The answers to every ask in its order, and the asks that lack a layer.

    Parameters
    ----------
    city
        As `with_access` gives it for these asks.
    """
    from urbanlayer.model.result import NotAnswerable

    lost: list[NotAnswerable] = []
    answerable: list[tuple[Indicator, Ask]] = []
    for indicator, ask in _in_order_of_need(asks):
        if missing := indicator.missing(city, ask):
            why = tuple(city.unusable[noun] for noun in missing if noun in city.unusable)
            lost.append(NotAnswerable(indicator.id, ask.variant, missing, ask.group, why))
        else:
            answerable.append((indicator, ask))
    results = _answers(city, answerable)
    if (second := city.by_second_source()) is not None:
        results = _beside(results, second, answerable)
    return tuple(dataclasses.replace(result, readings=()) for result in results), tuple(lost)


def _answers(
    city: City, asks: Iterable[tuple[Indicator, Ask]], known: Mapping[int, Result] = _NOTHING
) -> list[Result]:
    """The answer to each ask; those that are known already by their number."""
    results: list[Result] = []
    for number, (indicator, ask) in enumerate(asks):
        if number in known:
            results.append(known[number])
            continue
        earlier = {r.indicator: r for r in results if not r.group and r.profile == "walk"}
        whole = _of_everybody(results, indicator.id, ask)
        results.append(indicator.ask(city, ask, earlier, of_everybody=whole))
    return results


def _beside(results: list[Result], second: City, asks: list[tuple[Indicator, Ask]]) -> list[Result]:
    """Answers with low and high that hold those by the second source of residents too."""
    alike = {
        number: results[number]
        for number, (indicator, ask) in enumerate(asks)
        if not indicator.is_about_people(ask)
    }
    by_second = _answers(second, asks, alike)
    return [
        result if number in alike else result.between((by_second[number],), RESIDENTS)
        for number, result in enumerate(results)
    ]


def _of_everybody(results: Iterable[Result], indicator: str, ask: Ask) -> Result | None:
    """The answer to the same ask of everybody, where it was asked before."""
    wanted = (indicator, ask.variant, ask.parameters, ask.profile, "")
    return next(
        (
            result
            for result in results
            if wanted
            == (result.indicator, result.variant, result.parameters, result.profile, result.group)
        ),
        None,
    )


def _faults_of_asks(city: City, asks: Iterable[tuple[Indicator, Ask]]) -> list[str]:
    """What the layers that are there lack for what is asked of them, each fault once."""
    faults: dict[str, None] = {}
    for indicator, ask in asks:
        if not indicator.missing(city, ask):
            faults |= dict.fromkeys(indicator.faults(city, ask))
    return list(faults)


def _in_order_of_need(
    asks: Iterable[tuple[Indicator, Ask]],
) -> Iterator[tuple[Indicator, Ask]]:
    """Those that rest on others after them; else the order of the city file."""
    late = []
    for indicator, ask in asks:
        if indicator.after:
            late.append((indicator, ask))
        else:
            yield indicator, ask
    yield from late
