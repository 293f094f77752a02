"""`urbanlayer explain`: a definition with its source, and the numbers that went into an answer."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console
from urbanlayer.errors import CityFileError
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result

NAME = "explain"


def command(
    indicator: Annotated[str, typer.Argument(help="Id of an indicator, or of one answer.")],
    city: Annotated[Path | None, typer.Option(help="City file: explain its answers too.")] = None,
    neighbourhood: Annotated[
        str | None, typer.Option(help="Key or name: explain its answer, and not the city's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what an indicator means, where that stands, and how an answer came about."""
    with console.print_errors():
        if city is None:
            if neighbourhood is not None:
                raise CityFileError("--neighbourhood", ["needs the city file: say --city"])
            told = _defined(_known(indicator))
        else:
            with console.print_stages(quiet=as_json) as tell:
                told = _worked(indicator, city, neighbourhood, tell)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _echo(told)


def _known(name: str) -> Indicator:
    """The indicator of an id, or of an answer's id."""
    from urbanlayer import registry

    found = registry.indicators()
    known = found.get(name) or found.get(name.partition(".")[0])
    if known is None:
        near = did_you_mean(name, found)
        raise CityFileError("explain", [f"no such indicator {name!r}{near}"])
    return known


def _defined(indicator: Indicator) -> dict[str, Any]:
    """What an indicator promises."""
    from urbanlayer.model.specification import text_in
    from urbanlayer.publish.words import Words, cited

    words = Words.for_language("en")
    compute = indicator.compute
    function = compute.func if isinstance(compute, functools.partial) else compute
    own = text_in(indicator.words.get("title"), "en")
    definition = text_in(indicator.words.get("definition"), "en")
    if not own and words.has(f"indicator.{indicator.id}.title"):
        own = words.text(f"indicator.{indicator.id}.title")
    if not definition:
        module = sys.modules[function.__module__]
        definition = inspect.getdoc(module if not indicator.words else function) or ""
    return {
        "id": indicator.id,
        "title": own,
        "definition": definition,
        "source": cited(words, indicator),
        "kind": indicator.kind.value,
        "unit": indicator.unit,
        "better": indicator.better,
        "bounds": [_number(bound) for bound in indicator.bounds],
        "needs": list(indicator.needs),
        "parameters": {
            name: f"{field.description or ''} Default: {_default(field)}"
            for name, field in indicator.params.model_fields.items()
            if name not in {"target", "groups"}
        },
    }


def _default(field: FieldInfo) -> object:
    return field.get_default(call_default_factory=True)


def _worked(name: str, city: Path, neighbourhood: str | None, tell: Any) -> dict[str, Any]:  # noqa: ANN401  (the console's function)
    """The definition, and the steps of each answer that the city file asks of it."""
    from urbanlayer import pipeline

    file = pipeline.read_city_file(city)
    stem = name.partition(".")[0]
    if stem not in {asked.id for asked, _ in file.queries}:
        near = did_you_mean(stem, {asked.id for asked, _ in file.queries})
        raise CityFileError(city.name, [f"does not ask {stem!r}{near}"])
    indicator = next(asked for asked, _ in file.queries if asked.id == stem)
    rests_on = _rests_on(stem, {asked.id: asked for asked, _ in file.queries})
    queries = tuple((asked, query) for asked, query in file.queries if asked.id in rests_on)
    alone = dataclasses.replace(file, queries=queries, standards=())
    publication = pipeline.measure(alone, pipeline.Stages(tell))
    key = None if neighbourhood is None else _key_of(publication, neighbourhood)
    answers = [
        _explained(publication, indicator, query, result, key)
        for result in publication.results
        for asked, query in file.queries
        if asked.id == stem and _is_answer(result, stem, query) and name in {stem, result.id}
    ]
    lost = [item for item in publication.not_answerable if item.indicator == stem]
    return {
        **_defined(indicator),
        "answers": answers,
        "not_answerable": [{"variant": n.variant, "add": list(n.missing)} for n in lost],
    }


def _rests_on(name: str, indicators: Mapping[str, Indicator]) -> set[str]:
    """The indicator, and all that must be answered before it."""
    found: set[str] = set()
    waiting = {name}
    while waiting:
        found |= waiting
        waiting = {i for n in waiting & set(indicators) for i in indicators[n].after} - found
    return found


def _is_answer(result: Result, indicator: str, query: Query) -> bool:
    found = (result.indicator, result.variant, result.parameters, result.mode, result.group)
    return found == (
        indicator, query.variant, query.parameters, query.mode, query.group,
    )  # fmt: skip


def _key_of(publication: Publication, neighbourhood: str) -> str:
    """The key of a neighbourhood named by its key or by one of its names."""
    hoods = publication.city.neighbourhoods
    if neighbourhood in hoods.keys:
        return neighbourhood
    for names in hoods.names.values():
        found = names.index[names.str.casefold() == neighbourhood.casefold()]
        if len(found):
            return str(found[0])
    every = {str(name) for names in hoods.names.values() for name in names}
    near = did_you_mean(neighbourhood, every | set(hoods.keys))
    raise CityFileError("--neighbourhood", [f"there is no {neighbourhood!r}{near}"])


def _explained(
    publication: Publication, indicator: Indicator, query: Query, result: Result, key: str | None
) -> dict[str, Any]:
    from urbanlayer.evaluation.explain import steps
    from urbanlayer.publish.disclosure import REASON, hidden_neighbourhoods, without_range

    told: dict[str, Any] = {
        "answer": result.id,
        "of": key or publication.spec.id,
        "method": result.method,
        "parameters": dict(result.parameters),
        "low_and_high": _doubts(result),
    }
    if key is not None and key in hidden_neighbourhoods(publication, result.group):
        return {**told, "reason": REASON, "steps": []}
    if key is not None and key in result.reasons:
        told["reason"] = result.reasons[key]
    city = publication.city
    if key is not None and city.residents and key in without_range(publication, result):
        city = dataclasses.replace(
            city, residents=dataclasses.replace(city.residents, second_source=None)
        )
        result = dataclasses.replace(result, low=None, high=None)
    worked = steps(city, indicator, query, result, key)
    told["steps"] = [
        {"what": step.what, "value": _number(step.value), "unit": step.unit} for step in worked
    ]
    return told


def _doubts(result: Result) -> str:
    """Where low and high come from, or that there are none."""
    from urbanlayer.publish.words import Words

    words = Words.for_language("en")
    return " ".join(words.text(f"cause.{code}") for code in result.causes or ("none",))


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return float(f"{value:.10g}") if math.isfinite(value) else str(value)


def _echo(told: dict[str, Any]) -> None:
    typer.echo(f"{told['id']}{': ' if told['title'] else ''}{told['title']}\n")
    typer.echo(told["definition"] + "\n")
    for key in ("source", "kind", "unit", "better"):
        typer.echo(f"{key:10} {told[key]}")
    least, greatest = (b if isinstance(b, str) else f"{b:g}" for b in told["bounds"])
    typer.echo(f"{'bounds':10} {least} to {greatest}")
    typer.echo(f"{'needs':10} {', '.join(told['needs'])}")
    for name, about in told["parameters"].items():
        typer.echo(f"{'parameter':10} {name}: {about}")
    for answer in told.get("answers", ()):
        _echo_answer(answer)
    for item in told.get("not_answerable", ()):
        variant = f" ({item['variant']})" if item["variant"] else ""
        typer.echo(f"\nnot answerable{variant}: add {', '.join(item['add'])}")


def _echo_answer(answer: dict[str, Any]) -> None:
    typer.echo(f"\n{answer['answer']}, {answer['of']} (measured: {answer['method']})")
    if "reason" in answer:
        typer.echo(f"  no answer: {answer['reason']}")
    for number, step in enumerate(answer["steps"], 1):
        value = step["value"]
        shown = "–" if value is None else (f"{value:,.6g}" if isinstance(value, float) else value)
        typer.echo(f"  {number:2}. {step['what']}: {shown} {step['unit']}".rstrip())
    typer.echo(f"  {answer['low_and_high']}")
