"""What a report is made of, whatever file it is written to."""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHORT_TABLE = 15
"""A table of up to so many rows stands on one page."""
_HIGHEST_CM = 11.5
"""A picture with a heading of a chapter, ten rows and remarks on one page of A4."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter.

    Attributes
    ----------
    sheet
        Whether a heading of level 2 begins a page.
    flows
        Whether a chapter goes on where the one before ends; others begin a page.
    """

    text: str
    level: int = 1
    sheet: bool = False
    flows: bool = False

    @property
    def begins_a_page(self) -> bool:
        """Whether nothing stands above it on its page."""
        return self.sheet or (self.level == 1 and not self.flows)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a quiet one is a remark, a warning is set apart.

    Attributes
    ----------
    see
        How many of the next tables and pictures it refers to.
    link, linked
        Where its last word leads to, and that word; empty where it has no link.
    """

    text: str
    quiet: bool = False
    warning: bool = False
    see: int = 0
    link: str = ""
    linked: str = ""

    @property
    def before_link(self) -> str:
        """Its text without the end that is a link."""
        return self.text.removesuffix(self.linked)


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
    whole
        Whether it stands on one page though it is long.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    whole: bool = False

    @property
    def stands_on_one_page(self) -> bool:
        """Whether it goes to the next page rather than break."""
        return self.whole or len(self.rows) <= _SHORT_TABLE


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption below and its alternative text.

    Attributes
    ----------
    png
        Bytes of the file.
    shares_page
        Whether a table and remarks stand on its page too, so that it may not be too high.
    """

    caption: str
    alt: str
    png: bytes = field(repr=False)
    shares_page: bool = False

    def width_cm(self, widest: float) -> float:
        """How wide it is set; narrower where it would be too high for what shares its page."""
        if not self.shares_page:
            return widest
        width, height = struct.unpack(">II", self.png[16:24])  # of the header of a PNG
        return float(min(widest, _HIGHEST_CM * width / height))


@dataclass(frozen=True, slots=True)
class Caption:
    """The number of a table or picture: *Table 3*.

    Attributes
    ----------
    kind
        `table` or `figure`.
    word
        The same in the language of the report.
    """

    kind: str
    word: str
    number: int

    @property
    def anchor(self) -> str:
        """Its name within a document: `table-3`."""
        return f"{self.kind}-{self.number}"

    @property
    def text(self) -> str:
        """As it is read: *Table 3*."""
        return f"{self.word} {self.number}"


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

    def captions(self) -> list[Caption | None]:
        """Of each block its caption's word and number; None where it has none."""
        counts: Counter[str] = Counter()
        found: list[Caption | None] = []
        for block in self.blocks:
            kind = {Table: "table", Picture: "figure"}.get(type(block), "")
            if not kind:
                found.append(None)
                continue
            counts[kind] += 1
            word = self.table_word if kind == "table" else self.figure_word
            found.append(Caption(kind, word, counts[kind]))
        return found

    def numbered(self) -> Iterator[tuple[Block, Caption | None, tuple[Caption, ...]]]:
        """Each block with its own caption and the captions that it refers to."""
        captions = self.captions()
        for row, block in enumerate(self.blocks):
            see = block.see if isinstance(block, Paragraph) else 0
            later = (one for one in captions[row:] if one is not None)
            yield block, captions[row], tuple(islice(later, see))
