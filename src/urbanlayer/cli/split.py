"""`urbanlayer split`: one city file for each polygon of a layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

if TYPE_CHECKING:
    from urbanlayer.splitting import Split

NAME = "split"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file of the whole country or city.")],
    out: Annotated[Path, typer.Option(help="New folder for the city files.")] = Path("cities"),
    by: Annotated[
        str, typer.Option(help="Role of the layer whose polygons make the parts.")
    ] = "municipalities",
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Write one city file for each municipality; `build` then takes them all."""
    with console.print_errors(as_json=as_json):
        from urbanlayer import splitting

        with console.print_stages(quiet=quiet or as_json) as report:
            done = splitting.split(city_file, out, by=by, report=report)
    if as_json:
        _print_json(done)
    elif not quiet:
        _print(done, out)


def _print(done: Split, out: Path) -> None:
    for part in done.parts:
        people = f", {part.residents:,.0f} residents" if part.residents is not None else ""
        echo(f"{part.city_file}: {part.neighbourhoods} neighbourhoods{people}")
    echo(f"{len(done.parts)} city files; layers go {done.margin_m:,.0f} m beyond each or farther")
    if done.straddling:
        shown = ", ".join(done.straddling[:5])
        echo(f"note: {len(done.straddling)} neighbourhoods lie in several polygons ({shown})")
    if done.empty:
        echo(f"note: no neighbourhood lies in {', '.join(done.empty)}")
    if done.differing:
        echo(f"note: rest on the whole, and differ from it in parts: {', '.join(done.differing)}")
    echo("note: publish the whole or its parts, not both: together they tell more of people")
    echo(f"next: urbanlayer build {out.as_posix()}/*/city.toml")


def _print_json(done: Split) -> None:
    import dataclasses
    import json

    echo(json.dumps(dataclasses.asdict(done), default=str, ensure_ascii=False, indent=1))
