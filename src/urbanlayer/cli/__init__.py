"""The command `urbanlayer`, one small file for each verb."""

from __future__ import annotations

import sys

import typer

from urbanlayer.cli import build, catalogue, check, compare, explain, fetch, init, schema

app = typer.Typer(
    name="urbanlayer",
    help="A city's GIS layers in; maps, and indicators for each neighbourhood, out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _verb in (build, check, init, schema, catalogue, explain, fetch, compare):
    app.command(name=_verb.NAME)(_verb.command)


def main() -> None:
    """Run the command; text that the console cannot show is replaced, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
