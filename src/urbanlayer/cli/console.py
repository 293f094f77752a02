"""Output of the command: progress, errors and exit codes."""

from __future__ import annotations

import contextlib
import json
import sys
from typing import TYPE_CHECKING

import typer

from urbanlayer.cli.streams import echo
from urbanlayer.errors import UrbanlayerError
from urbanlayer.text.printing import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

NOTHING_PUBLISHED = 1
WARNINGS_UNDER_STRICT = 3


@contextlib.contextmanager
def print_errors(*, as_json: bool = False) -> Iterator[None]:
    """Print errors and exit with 1; `unexpected` reports other exceptions.

    Parameters
    ----------
    as_json
        Whether they are an object on standard output, `{"error": …, "errors": […]}`, for
        programs; else text on standard error.
    """
    try:
        yield
    except UrbanlayerError as error:
        if as_json:
            errors = getattr(error, "errors", None) or (str(error),)
            record = {"error": type(error).__name__, "errors": list(errors)}
            echo(json.dumps(record, ensure_ascii=False, indent=1))
        else:
            echo(f"error: {error}", err=True)
        raise typer.Exit(NOTHING_PUBLISHED) from error


@contextlib.contextmanager
def print_stages(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A callback for each stage: a progress bar on a terminal, otherwise lines of text."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield lambda stage: echo(f"… {stage}", err=True)


STAGES = 7
"""Number of stages of a build, for the progress bar."""


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[str], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:20}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=STAGES)

        def report(stage: str) -> None:
            progress.update(task, advance=1, description=stage)

        yield report


@contextlib.contextmanager
def print_bytes(*, quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A callback for downloads: a progress bar for each address on a terminal, otherwise none."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def report(address: str, so_far: int, in_all: int) -> None:
            if address not in tasks:
                tasks[address] = bars.add_task(escape(printable(address)), total=None)
            bars.update(tasks[address], completed=so_far, total=in_all or None)

        yield report


def end_with(warnings: tuple[str, ...], *, strict: bool) -> None:
    """Exit with 3 if there are warnings and `strict` is set."""
    if strict and warnings:
        raise typer.Exit(WARNINGS_UNDER_STRICT)
