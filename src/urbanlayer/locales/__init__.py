"""The languages that there are: one folder each, with one catalogue `messages.po`.

A language is added by its folder alone, called by its locale code of CLDR (`sr_Latn_ME`).
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

CATALOGUE = "messages.po"


@functools.cache
def languages() -> tuple[str, ...]:
    """The locale codes of all languages, sorted: `("bs", "en", …)`."""
    return tuple(sorted(folder.name for folder in _root().iterdir() if _holds_one(folder)))


def catalogue_file(code: str) -> Traversable:
    """The catalogue of a language, to be opened.

    Parameters
    ----------
    code
        One of `languages()`.
    """
    return _root() / code / CATALOGUE


def _root() -> Traversable:
    return files("urbanlayer") / "locales"


def _holds_one(folder: Traversable) -> bool:
    return folder.is_dir() and (folder / CATALOGUE).is_file()
