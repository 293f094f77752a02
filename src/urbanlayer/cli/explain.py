"""`urbanlayer explain`: a definition with its source, and the numbers that went into a result."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo
from urbanlayer.errors import CityFileError

if TYPE_CHECKING:
    from urbanlayer.explanation import Definition, Explained
    from urbanlayer.model.result import Result

NAME = "explain"


def command(
    indicator: Annotated[str, typer.Argument(help="Id of an indicator, or of one result.")],
    city: Annotated[Path | None, typer.Option(help="City file: explain its results too.")] = None,
    neighbourhood: Annotated[
        str | None, typer.Option(help="Key or name: explain its result, and not the city's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Explain an indicator: its definition, its source, and how a result came about."""
    with console.print_errors(as_json=as_json):
        from urbanlayer import explanation

        if city is None:
            if neighbourhood is not None:
                raise CityFileError("--neighbourhood", ["needs the city file: add --city"])
            record = _defined(explanation.define(explanation.indicator_of(indicator)))
        else:
            with console.print_stages(quiet=as_json) as report:
                found = explanation.explain(
                    city, indicator, neighbourhood=neighbourhood, report=report
                )
            record = {
                **_defined(found.definition),
                "results": [_record(one) for one in found.results],
                "not_answerable": [
                    {"variant": n.variant, "add": list(n.missing)} for n in found.not_answerable
                ],
            }
    if as_json:
        echo(json.dumps(record, ensure_ascii=False, indent=1))
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


def _record(explained: Explained) -> dict[str, Any]:
    """How one result came about."""
    result = explained.result
    record: dict[str, Any] = {
        "result": result.id,
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
    echo(f"{record['id']}{': ' if record['title'] else ''}{record['title']}\n")
    echo(record["definition"] + "\n")
    for key in ("source", "kind", "unit", "better"):
        echo(f"{key:10} {record[key]}")
    least, greatest = (b if isinstance(b, str) else f"{b:g}" for b in record["bounds"])
    echo(f"{'bounds':10} {least} to {greatest}")
    echo(f"{'needs':10} {', '.join(record['needs'])}")
    for name, about in record["parameters"].items():
        echo(f"{'parameter':10} {name}: {about}")
    for result in record.get("results", ()):
        _print_result(result)
    for item in record.get("not_answerable", ()):
        variant = f" ({item['variant']})" if item["variant"] else ""
        echo(f"\nnot answerable{variant}: add {', '.join(item['add'])}")


def _print_result(result: dict[str, Any]) -> None:
    echo(f"\n{result['result']}, {result['of']} (measured: {result['method']})")
    if "reason" in result:
        echo(f"  no result: {result['reason']}")
    for number, step in enumerate(result["steps"], 1):
        value = step["value"]
        shown = "–" if value is None else (f"{value:,.6g}" if isinstance(value, float) else value)
        echo(f"  {number:2}. {step['what']}: {shown} {step['unit']}".rstrip())
    echo(f"  {result['low_and_high']}")
    echo(f"  rests on: {', '.join(result['rests_on'])}")
