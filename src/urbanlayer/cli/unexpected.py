"""An exception that nobody expected: one message, and a file with what its author needs."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING

from urbanlayer.cli.streams import echo
from urbanlayer.model.addresses import without_secrets

if TYPE_CHECKING:
    from types import TracebackType


def report(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Print one message and write a report; for `sys.excepthook`, after which Python exits with 1.

    Parameters
    ----------
    kind, error, where
        As `sys.excepthook` is called.
    """
    if issubclass(kind, KeyboardInterrupt):
        echo("stopped", err=True)
        return
    lines = traceback.format_exception(kind, error, where)
    report = without_secrets("".join(lines))
    cause = without_secrets(" ".join(lines[-1].split()))[:300]
    echo(f"error: an unexpected error stopped the command: {cause}", err=True)
    echo(f"  this is a bug of urbanlayer, not an error in your data; {_written(report)}", err=True)


def _written(report: str) -> str:
    """Where the report lies, or why there is none."""
    from importlib.metadata import version

    head = (
        f"urbanlayer {version('urbanlayer')}, Python {platform.python_version()}, "
        f"{platform.platform()}\ncommand: {' '.join(sys.argv[1:2])}\n"
        "Read this before you send it: it may hold paths and values of your data.\n\n"
    )
    try:
        handle, path = tempfile.mkstemp(prefix="urbanlayer-report-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(head + report)
    except OSError as error:
        return f"no report could be written ({error.strerror})"
    return (
        "a report for its authors may hold paths and values of your data: read it before you send "
        f"it: {path}"
    )
