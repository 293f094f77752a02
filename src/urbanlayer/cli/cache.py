"""`urbanlayer cache`: how much is kept from run to run, and remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from urbanlayer.cli import console
from urbanlayer.cli.streams import echo

if TYPE_CHECKING:
    from pathlib import Path

NAME = "cache"


def command(
    *,
    size: Annotated[
        bool, typer.Option("--size", help="Print how much is kept; so without options.")
    ] = False,
    clear: Annotated[
        bool, typer.Option("--clear", help="Remove what steps made; downloads stay.")
    ] = False,
) -> None:
    """Print how much is kept of earlier runs, or remove it."""
    from urbanlayer.evaluation.disk_cache import DiskCache
    from urbanlayer.sources.cache_folders import DOWNLOADS, STEPS, cache_folder

    with console.print_errors():
        steps = DiskCache.opened(cache_folder(STEPS))
        if clear:
            echo(f"removed: {_counted(*steps.size())}")
            steps.clear()
        if size or not clear:
            echo(f"results of steps: {_counted(*steps.size())} in {cache_folder(STEPS)}")
            downloads = cache_folder(DOWNLOADS)
            echo(f"downloads: {_counted(*_size(downloads))} in {downloads}")
        if steps.problem:
            echo(f"note: nothing can be kept: {steps.problem}")


def _size(folder: Path) -> tuple[int, int]:
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    return len(sizes), sum(sizes)


def _counted(count: int, size: int) -> str:
    return f"{count:,} files, {size / 1e6:,.1f} MB"
