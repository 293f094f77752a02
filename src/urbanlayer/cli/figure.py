"""`urbanlayer figure`: maps and charts for documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

NAME = "figure"


def command(  # noqa: PLR0913  (options)
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            help="map, rank, multiples, lorenz, change, budget or priority; once for each. By "
            "default those of the city file: map and rank."
        ),
    ] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Only this indicator or result; once for each.")
    ] = None,
    file_format: Annotated[
        Literal["png", "svg", "pdf"], typer.Option("--format", help="Of the pictures.")
    ] = "png",
    width: Annotated[
        Literal["page", "column"], typer.Option(help="As wide as a page, or a column of 85 mm.")
    ] = "page",
    language: Annotated[
        list[str] | None,
        typer.Option(
            help="Locale code; once for each, which then has its own folder. By default the city "
            "file's first."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the figures; by default maps/<city>-figures.")
    ] = None,
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Draw maps and charts of the indicators and of the plan, each with alternative text."""
    with console.print_errors():
        from urbanlayer import drawing

        with console.print_stages(quiet=quiet) as report:
            wanted = drawing.Wanted(kind or (), indicator or (), file_format, width, language or ())
            drawn = drawing.draw(city_file, out, wanted, offline=offline, report=report)
    for note in drawn.notes:
        echo(f"note: {note}", err=True)
    if not quiet:
        pictures = sum(not name.endswith(".txt") for name in drawn.files)
        echo(f"{pictures} figures: {drawn.folder}")
