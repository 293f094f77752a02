"""`urbanlayer fetch`: download what a city file names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.errors import DataError

NAME = "fetch"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    refresh: Annotated[bool, typer.Option(help="Download again what is stored already.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Download what a city file names; `build --offline` then needs no network."""
    with console.print_errors():
        from urbanlayer import pipeline

        with console.print_bytes(quiet=quiet) as progress:
            outcome = pipeline.fetch(city_file, refresh=refresh, progress=progress)
    _print_summary(outcome, quiet=quiet)
    if any(outcome.values()):
        raise typer.Exit(console.NOTHING_PUBLISHED)


def _print_summary(outcome: Mapping[str, DataError | None], *, quiet: bool) -> None:
    for failed in dict.fromkeys(filter(None, outcome.values())):
        echo(f"error: {failed}", err=True)
    if quiet:
        return
    for role, error in outcome.items():
        if error is None:
            echo(f"{role}: stored")
    if not outcome:
        echo("no layer of this city file comes from the network")
