"""`urbanlayer report`: the annex of an action plan, as Word, PDF or HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

NAME = "report"


def command(
    city_file: Annotated[Path, typer.Argument(help="City file.")],
    *,
    file_format: Annotated[
        Literal["docx", "pdf", "html"], typer.Option("--format", help="Of the report.")
    ] = "docx",
    language: Annotated[
        str | None, typer.Option(help="Locale code; by default the city file's first.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The file; by default maps/<city>-report.<language>.<format>."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(help="Word document of your own that the report is written into."),
    ] = None,
    pictures: Annotated[bool, typer.Option(help="Whether the report has maps.")] = True,
    offline: Annotated[
        bool, typer.Option(help="Use no network, only what `fetch` downloaded.")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Write the annex of a Local Digital Action Plan: state, results, priorities, investment."""
    with console.print_errors():
        from urbanlayer import reporting

        with console.print_stages(quiet=quiet) as report:
            written = reporting.write_report(
                city_file, out, file_format=file_format, language=language, template=template,
                pictures=pictures, offline=offline, report=report,
            )  # fmt: skip
    for note in written.notes:
        echo(f"note: {note}", err=True)
    if not quiet:
        echo(f"report: {written.path}")
