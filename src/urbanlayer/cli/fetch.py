"""`urbanlayer fetch`: bring in what a city file names on the network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.errors import DataError

NAME = "fetch"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    refresh: Annotated[bool, typer.Option(help="Fetch again what is there already.")] = False,
    quiet: Annotated[bool, typer.Option(help="Say nothing but faults.")] = False,
) -> None:
    """Bring in what a city file names on the network; `build --offline` then needs none."""
    with console.print_errors():
        from urbanlayer import pipeline

        with console.print_bytes(quiet=quiet) as progress:
            told = pipeline.fetch(city_file, refresh=refresh, progress=progress)
    _echo(told, quiet=quiet)
    if any(told.values()):
        raise typer.Exit(console.NOTHING_PUBLISHED)


def _echo(told: Mapping[str, DataError | None], *, quiet: bool) -> None:
    for fault in dict.fromkeys(filter(None, told.values())):
        typer.echo(f"error: {fault}", err=True)
    if quiet:
        return
    for role, error in told.items():
        if error is None:
            typer.echo(f"{role}: here")
    if not told:
        typer.echo("nothing in this city file comes over the network")
