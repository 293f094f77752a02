"""`urbanlayer explain`: a definition with its source, and the numbers that went into a result."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import say
from urbanlayer.errors import CityFileError

if TYPE_CHECKING:
    from urbanlayer.explanation import Definition, Explained
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
    with console.print_errors(as_json=as_json):
        from urbanlayer import explanation

        if city is None:
            if neighbourhood is not None:
                raise CityFileError("--neighbourhood", ["needs the city file: say --city"])
            record = _defined(explanation.define(explanation.indicator_of(indicator)))
        else:
            with console.print_stages(quiet=as_json) as tell:
                found = explanation.explain(city, indicator, neighbourhood=neighbourhood, tell=tell)
            record = {
                **_defined(found.definition),
                "answers": [_told(one) for one in found.results],
                "not_answerable": [
                    {"variant": n.variant, "add": list(n.missing)} for n in found.not_answerable
                ],
            }
    if as_json:
        say(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        _print_text(record)


def _defined(definition: Definition) -> dict[str, Any]:
    """What an indicator promises."""
    indicator = definition.indicator
    return {
        "id": indicator.id,
        "title": definition.title,
        "definition": definition.text,
        "source": definition.source,
        "kind": indicator.kind.value,
        "unit": indicator.unit,
        "better": indicator.better,
        "bounds": [_number(bound) for bound in indicator.bounds],
        "needs": list(indicator.needs),
        "parameters": dict(definition.parameters),
    }


def _told(explained: Explained) -> dict[str, Any]:
    """How one result came about."""
    result = explained.result
    record: dict[str, Any] = {
        "answer": result.id,
        "of": explained.of,
        "method": result.method,
        "parameters": dict(result.parameters),
        "rests_on": list(explained.rests_on),
        "low_and_high": _doubts(result),
    }
    if explained.reason:
        record["reason"] = explained.reason
    record["steps"] = [
        {"what": step.what, "value": _number(step.value), "unit": step.unit}
        for step in explained.steps
    ]
    return record


def _doubts(result: Result) -> str:
    """Where low and high come from, or that there are none."""
    from urbanlayer.publish.words import Words

    words = Words.for_language("en")
    return " ".join(words.text(f"cause.{code}") for code in result.causes or ("none",))


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return float(f"{value:.10g}") if math.isfinite(value) else str(value)


def _print_text(record: dict[str, Any]) -> None:
    say(f"{record['id']}{': ' if record['title'] else ''}{record['title']}\n")
    say(record["definition"] + "\n")
    for key in ("source", "kind", "unit", "better"):
        say(f"{key:10} {record[key]}")
    least, greatest = (b if isinstance(b, str) else f"{b:g}" for b in record["bounds"])
    say(f"{'bounds':10} {least} to {greatest}")
    say(f"{'needs':10} {', '.join(record['needs'])}")
    for name, about in record["parameters"].items():
        say(f"{'parameter':10} {name}: {about}")
    for answer in record.get("answers", ()):
        _print_result(answer)
    for item in record.get("not_answerable", ()):
        variant = f" ({item['variant']})" if item["variant"] else ""
        say(f"\nnot answerable{variant}: add {', '.join(item['add'])}")


def _print_result(answer: dict[str, Any]) -> None:
    say(f"\n{answer['answer']}, {answer['of']} (measured: {answer['method']})")
    if "reason" in answer:
        say(f"  no answer: {answer['reason']}")
    for number, step in enumerate(answer["steps"], 1):
        value = step["value"]
        shown = "–" if value is None else (f"{value:,.6g}" if isinstance(value, float) else value)
        say(f"  {number:2}. {step['what']}: {shown} {step['unit']}".rstrip())
    say(f"  {answer['low_and_high']}")
    say(f"  rests on: {', '.join(answer['rests_on'])}")
