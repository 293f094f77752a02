"""A definition with its source, and how each result of a city came about."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer import contents, pipeline, registry
from urbanlayer.errors import CityFileError
from urbanlayer.evaluation.explain import published_steps, steps
from urbanlayer.evaluation.reads import reads_of_query
from urbanlayer.stages import Errors, silent, stages_of
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic.fields import FieldInfo

    from urbanlayer.evaluation.explain import Step
    from urbanlayer.evaluation.results import Evaluation
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.stages import Report


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator is, in English.

    Attributes
    ----------
    indicator
        The indicator.
    title, text
        Its own words, else those of our catalogue; the text is that of its module.
    source
        As it is cited.
    parameters
        Each with its description and default.
    """

    indicator: Indicator
    title: str
    text: str
    source: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """How one result came about, for a neighbourhood or the city.

    Attributes
    ----------
    result
        The result.
    of
        Key of the neighbourhood, or id of the city.
    rests_on
        Roles, nouns and modes that it was computed from.
    reason
        Why there is no value; empty where there is one.
    steps
        The numbers that went into it, as far as they may be published; none where the result
        may not be.
    """

    result: Result
    of: str
    rests_on: tuple[str, ...]
    reason: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The results of an indicator in a city, each with the numbers that went into it."""

    definition: Definition
    results: tuple[Explained, ...]
    not_answerable: tuple[NotAnswerable, ...]


def indicator_of(name: str) -> Indicator:
    """The indicator of an id, or of a result's id.

    Raises
    ------
    CityFileError
        There is no such indicator.
    """
    found = registry.indicators()
    known = found.get(name) or found.get(name.partition(".")[0])
    if known is None:
        near = did_you_mean(name, found)
        raise CityFileError("explain", [f"no such indicator {name!r}{near}"])
    return known


def define(indicator: Indicator) -> Definition:
    """What an indicator means, and where that stands."""
    from urbanlayer.model.text import text_in
    from urbanlayer.publish.words import Words, cited

    words = Words.for_language("en")
    compute = indicator.compute
    function = compute.func if isinstance(compute, functools.partial) else compute
    title = text_in(indicator.words.get("title"), "en")
    text = text_in(indicator.words.get("definition"), "en")
    if not title and words.has(f"indicator.{indicator.id}.title"):
        title = words.text(f"indicator.{indicator.id}.title")
    if not text:
        module = sys.modules[function.__module__]
        text = inspect.getdoc(module if not indicator.words else function) or ""
    parameters = {
        name: f"{field.description or ''} Default: {_default(field)}"
        for name, field in indicator.params.model_fields.items()
        if name not in {"target", "groups"}
    }
    return Definition(indicator, title, text, cited(words, indicator), parameters)


def explain(
    city_file: Path, name: str, *, neighbourhood: str | None = None, report: Report = silent
) -> Explanation:
    """How the results of an indicator came about in a city.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    name
        Id of an indicator, or of one result.
    neighbourhood
        Key or name; None for the city.
    report
        Called with the name of each stage as it begins.

    Raises
    ------
    CityFileError
        The city file has no such indicator, or the city no such neighbourhood.
    DataError
        The layers cannot be used.
    """
    file = pipeline.read_city_file(city_file)
    stem = name.partition(".")[0]
    every = {indicator.id: indicator for indicator, _ in file.queries}
    if stem not in every:
        near = did_you_mean(stem, every)
        raise CityFileError(city_file.name, [f"the city file does not query {stem!r}{near}"])
    queries = tuple((one, query) for one, query in file.queries if one.id == stem)
    alone = dataclasses.replace(pipeline.results_alone(file), queries=queries, standards=())
    stages = stages_of(report)
    found = pipeline.evaluated(alone, stages, Errors())
    publication = contents.contents_of_evaluation(alone, found, stages).shown
    key = None if neighbourhood is None else _key_of(publication, neighbourhood)
    return Explanation(
        definition=define(every[stem]),
        results=tuple(
            _explained(publication, found.evaluation, every[stem], result, key)
            for result in publication.results
            if name in {stem, result.id}
        ),
        not_answerable=publication.not_answerable,
    )


def _default(field: FieldInfo) -> object:
    return field.get_default(call_default_factory=True)


def _key_of(publication: Publication, neighbourhood: str) -> str:
    """The key of a neighbourhood named by its key or by one of its names."""
    neighbourhoods = publication.city.neighbourhoods
    if neighbourhood in neighbourhoods.keys:
        return neighbourhood
    for names in neighbourhoods.names.values():
        found = names.index[names.str.casefold() == neighbourhood.casefold()]
        if len(found):
            return str(found[0])
    every = {str(name) for names in neighbourhoods.names.values() for name in names}
    near = did_you_mean(neighbourhood, every | set(neighbourhoods.keys))
    raise CityFileError("--neighbourhood", [f"there is no {neighbourhood!r}{near}"])


def _explained(
    publication: Publication,
    evaluation: Evaluation,
    indicator: Indicator,
    result: Result,
    key: str | None,
) -> Explained:
    """One result, as far as it may be shown."""
    from urbanlayer.publish.disclosure import REASON, suppressed_neighbourhoods

    city = publication.city
    reads = reads_of_query(indicator, result.query, city.modes)
    found = Explained(result, key or publication.spec.id, reads)
    if key is not None and key in suppressed_neighbourhoods(publication, result.group):
        return dataclasses.replace(found, reason=REASON)
    if publication.spec.publish.exact:
        worked = steps(city, evaluation, indicator, result, key)
    else:
        people = _published_people(publication, result.group, key)
        worked = published_steps(_with_shown_layers(publication), indicator, result, key, people)
    reason = "" if key is None else result.reasons.get(key, "")
    return dataclasses.replace(found, reason=reason, steps=worked)


def _published_people(publication: Publication, group: str, key: str | None) -> float:
    from urbanlayer.publish.disclosure import city_people, published_people

    people = published_people(publication, group)
    if people is None:
        return float("nan")
    return city_people(publication, group) if key is None else float(people[key])


def _with_shown_layers(publication: Publication) -> City:
    """The city without the layers whose features are not shown, so that none is counted as 0."""
    from urbanlayer.publish.disclosure import counted_roles

    counted = counted_roles(publication)
    layers = {role: one for role, one in publication.city.layers.items() if role not in counted}
    return dataclasses.replace(publication.city, layers=layers)
