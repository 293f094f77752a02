"""The command `urbanlayer`, one small file for each verb."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from urbanlayer.cli import (
    build,
    cache,
    catalogue,
    check,
    compare,
    explain,
    fetch,
    figure,
    init,
    plan,
    report,
    scenario,
    schema,
    split,
    streams,
    unexpected,
    verify,
)
from urbanlayer.cli.streams import echo

app = typer.Typer(
    name="urbanlayer",
    help="Indicators and maps for each neighbourhood, from a city's GIS layers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _verb in (
    build, check, init, schema, catalogue, explain, fetch, plan, scenario, compare, verify, figure,
    report, cache, split,
):  # fmt: skip
    app.command(name=_verb.NAME)(_verb.command)


def _print_version(requested: bool) -> None:
    if requested:
        from importlib.metadata import version

        echo(f"urbanlayer {version('urbanlayer')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """A city's GIS layers in; maps, and indicators for each neighbourhood, out."""


def main() -> None:
    """Run the command; an unexpected error is reported in words, and in a file."""
    streams.prepare()
    sys.excepthook = unexpected.report
    try:
        typer.main.get_command(app)()
    except SystemExit as ended:
        sys.exit(streams.exit_code(ended.code if isinstance(ended.code, int) else 0))
