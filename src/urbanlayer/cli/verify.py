"""`urbanlayer verify`: whether a publication is as it was published."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

if TYPE_CHECKING:
    from urbanlayer.publish.verification import Verification

NAME = "verify"


def command(
    folder: Annotated[Path, typer.Argument(help="Folder of the publication: maps/podgorica.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Annotated[bool, typer.Option(help="Print errors only.")] = False,
) -> None:
    """Compare a publication with its run.json; exit with 1 if a file differs."""
    with console.print_errors(as_json=as_json):
        from urbanlayer.publish.verification import verified

        found = verified(folder)
    if as_json:
        echo(json.dumps({**dataclasses.asdict(found), "whole": found.whole}, indent=1))
    else:
        _print(found, folder, quiet=quiet)
    if not found.whole:
        raise typer.Exit(console.NOTHING_PUBLISHED)


def _print(found: Verification, folder: Path, *, quiet: bool) -> None:
    for name in found.missing:
        echo(f"error: {name}: is missing", err=True)
    for name in found.changed:
        echo(f"error: {name}: was changed after it was published", err=True)
    for name in found.added:
        echo(f"error: {name}: is not of the publication", err=True)
    if found.whole and not quiet:
        echo(f"{folder}: {found.checked} files of {found.city}, as they were published")
