"""`urbanlayer figure`: maps and ranked dot plots for documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

NAME = "figure"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    *,
    indicator: Annotated[
        list[str] | None, typer.Option(help="Only this indicator or result; once for each.")
    ] = None,
    file_format: Annotated[
        Literal["png", "svg", "pdf"], typer.Option("--format", help="Of the pictures.")
    ] = "png",
    language: Annotated[
        str | None, typer.Option(help="Locale code; by default the city file's first.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the figures; by default maps/<city>-figures.")
    ] = None,
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Draw a map and a ranked dot plot of each indicator, each with alternative text."""
    with console.print_errors():
        from urbanlayer import drawing

        with console.print_stages(quiet=quiet) as report:
            folder, files = drawing.draw(
                city_file, out, only=indicator or (), file_format=file_format,
                language=language, offline=offline, report=report,
            )  # fmt: skip
    if not quiet:
        pictures = sum(not name.endswith(".txt") for name in files)
        echo(f"{pictures} figures: {folder}")
