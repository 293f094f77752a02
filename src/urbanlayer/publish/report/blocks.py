"""What a report is made of, whatever file it is written to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text with spaces for signs that XML and HTML cannot hold."""
    return _NOT_IN_XML.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter, which begins a page, as a sheet of level 2 does."""

    text: str
    level: int = 1
    sheet: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a quiet one is a remark, a warning is set apart."""

    text: str
    quiet: bool = False
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of headings.

    Attributes
    ----------
    caption
        Stands above it, with a number.
    rows
        As long as the head.
    numbers
        Columns that are set to the right, as narrow as they can be.
    wide
        Columns that need three times the room of the others.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    wide: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption below and its alternative text.

    Attributes
    ----------
    png
        Bytes of the file.
    """

    caption: str
    alt: str
    png: bytes = field(repr=False)


Block = Heading | Paragraph | Bullets | Table | Picture


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language.

    Attributes
    ----------
    language
        BCP 47 tag.
    date
        ISO day of the data, and the same in words.
    notice
        Stands on every page: demonstration data, internal use; empty without any.
    table_word, figure_word
        Before the number of a caption.
    """

    title: str
    city: str
    language: str
    date: tuple[str, str]
    notice: str
    table_word: str
    figure_word: str
    contents_word: str
    blocks: Sequence[Block]
