"""`urbanlayer scenario`: what changes of the layers do to the results, on the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME = "scenario"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Scenarios of the city file; all of them by default."),
    ] = None,
    *,
    with_: Annotated[
        Path | None, typer.Option("--with", help="File of new facilities; needs --service.")
    ] = None,
    service: Annotated[
        str | None, typer.Option(help="Role of the facilities of --with: kindergarten …")
    ] = None,
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Print each result before and after a scenario; nothing is published."""
    if (with_ is None) != (service is None):
        raise typer.BadParameter("use both --with FILE and --service ROLE, or neither")
    with console.print_errors(as_json=as_json):
        from urbanlayer import planning

        with console.print_stages(quiet=quiet or as_json) as report:
            added = None if with_ is None or service is None else (service, with_)
            found = planning.scenarios_of(
                city_file, names or (), added=added, offline=offline, report=report
            )
    if as_json:
        echo(json.dumps(found, ensure_ascii=False, indent=1))
    elif not quiet:
        for line in table(found):
            echo(line)


def table(scenarios: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The results of the city before and after, and of the neighbourhoods that change.

    Parameters
    ----------
    scenarios
        As in `data/plan.json`.
    """
    name = None
    for one in scenarios:
        if one["id"] != name:
            name = one["id"]
            yield f"scenario {name}"
            yield _row("result", "before", "after", "difference", "people before", "people after")
        parts = (one["indicator"], one["variant"], *map(_number, one["parameters"].values()))
        mode = "" if one["mode"] == "walk" else one["mode"]
        yield _of(".".join(filter(None, (*parts, mode, one["group"]))), one)
        for key, values in one["by_neighbourhood"].items():
            if values["before"] != values["after"]:
                yield _of(f"  {key}", values)


def _of(title: str, values: dict[str, float | None]) -> str:
    before, after = values["before"], values["after"]
    difference = None if before is None or after is None else after - before
    people = (values["people_before"], values["people_after"])
    return _row(
        title, _number(before), _number(after), _number(difference, sign="+"),
        *(("" if one is None else f"{one:,.0f}") for one in people),
    )  # fmt: skip


def _row(title: str, *cells: str) -> str:
    return f"{title:<44}" + "".join(f"{cell:>15}" for cell in cells)


def _number(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.4g}"
