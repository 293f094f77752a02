"""The index page of a folder of publications, `maps/index.html`, written after each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import TargetError
from urbanlayer.publish import write

if TYPE_CHECKING:
    from pathlib import Path

_MARK = 'class="front-page"'
"""Of the body of every index page, and of no other page."""


def refuse_if_foreign(folder: Path) -> None:
    """Raise before the work begins if the index page cannot be written, or is foreign.

    Parameters
    ----------
    folder
        Of publications.

    Raises
    ------
    TargetError
        With what is in the way.
    """
    page = folder / "index.html"
    advice = "move it, or name the folder of the publication with --out"
    try:
        if page.is_dir():
            raise TargetError(f"{page}: is a folder in place of the index page; {advice}")
        if page.exists() and _MARK not in page.read_text(encoding="utf-8", errors="replace"):
            raise TargetError(f"{page}: is not an index page that urbanlayer wrote; {advice}")
    except OSError as error:
        raise TargetError(f"{page}: cannot be written ({error.strerror}); {advice}") from error


def renewed(folder: Path) -> tuple[str, ...]:
    """Write the index page; what went wrong, as sentences, since the publication is in place.

    Parameters
    ----------
    folder
        Of publications.
    """
    from urbanlayer.publish.summaries import index_html

    try:
        write.put(lambda: index_html(folder), folder / "index.html")
    except TargetError as error:
        return (f"the publication is in place; its index page is not: {error}",)
    return ()
