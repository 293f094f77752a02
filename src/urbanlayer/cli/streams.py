"""Standard output and error of the command: safe to print to, also when nobody reads them."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from urbanlayer.text.printing import printable

if TYPE_CHECKING:
    from typing import TextIO

OUTPUT_LOST = 4
_NOBODY_READS = frozenset({errno.EPIPE, errno.EINVAL})
"""A closed pipe; Windows calls it EINVAL."""
_lost: list[OSError] = []
"""Why output could not be written, once it could not."""


def prepare() -> None:
    """Open closed streams on nothing; replace characters that a console cannot encode."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if (
            stream is None
        ):  # closed by the caller: the next file that is opened would take its place
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            sys.__dict__[name] = os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8")
        elif number and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def echo(text: str = "", *, err: bool = False) -> None:
    """Print a line; what cannot be written is given up, since the work itself is done.

    Parameters
    ----------
    text
        May come from data: control and escape characters are written out.
    err
        Whether it goes to standard error.
    """
    stream = sys.stderr if err else sys.stdout
    try:
        stream.write(f"{printable(text)}\n")
        stream.flush()
    except OSError as error:
        if error.errno not in _NOBODY_READS:
            _lost.append(error)
        _give_up(stream)


def exit_code(code: int) -> int:
    """The exit code of the command: its own, unless it is 0 and output was lost."""
    return OUTPUT_LOST if code == 0 and _lost else code


def _give_up(stream: TextIO) -> None:
    """Send the rest of a stream, and what it still holds, nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
