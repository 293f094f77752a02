"""What stands around every figure: title, definition and notice above, sources below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.figures.typeset import Sheet, Style, lines_of
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.colours import colours
from urbanlayer.publish.page.source_list import licences

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.words import Words

WIDTH_IN = 6.9
"""Of every figure: the text column of A4 with margins of 17 mm."""
MARGIN_IN = 0.15
_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines above and below a figure.

    Attributes
    ----------
    blocks
        Above, each its style and its lines.
    foot
        Below.
    """

    blocks: tuple[tuple[Style, tuple[str, ...]], ...]
    foot: tuple[str, ...]

    @property
    def top_in(self) -> float:
        """Where the figure begins, from above."""
        return MARGIN_IN + sum(style.line_in * len(lines) for style, lines in self.blocks) + 0.08

    @property
    def bottom_in(self) -> float:
        """How much stands below the figure."""
        return MARGIN_IN + FOOT.line_in * len(self.foot) + 0.08

    def sheet(self, height: float) -> Sheet:
        """A sheet with room for a figure of so many inches, and with the lines around it."""
        sheet = Sheet(WIDTH_IN, self.top_in + height + self.bottom_in)
        y = MARGIN_IN
        for style, lines in self.blocks:
            y = sheet.paragraph(MARGIN_IN, y, lines, style)
        sheet.paragraph(MARGIN_IN, self.top_in + height + 0.08, self.foot, FOOT)
        return sheet


def ink(size: float, *, bold: bool = False, name: str = "ink") -> Style:
    """Text of a figure in a colour of the page."""
    return Style(size, colours()[name], bold)


FOOT = ink(6.2, name="ink-2")


def around(publication: Publication, subject: Subject) -> Frame:
    """The lines around the figures of a result."""
    words, spec = subject.words, publication.spec
    notice_text = notice(spec, words)
    if not spec.demonstration:
        more = ""
    else:
        more = words.text("page.demonstration_more", city=text_in(spec.name, words.language))
    unit = subject.unit
    texts = (
        (text_in(spec.name, words.language), ink(8, name="ink-2")),
        (subject.title, ink(12.5, bold=True)),
        (subject.definition, ink(8, name="ink-2")),
        (words.text("page.unit_is", unit=unit) if unit else "", ink(8, name="ink-2")),
        (" ".join(filter(None, (notice_text, more))), ink(7.5, bold=True, name="notice-ink")),
    )
    wide = WIDTH_IN - 2 * MARGIN_IN
    blocks = (
        (style, tuple(lines_of(text, style, wide, _MOST_LINES))) for text, style in texts if text
    )
    return Frame(tuple(blocks), tuple(lines_of(sources_line(publication, words), FOOT, wide)))


def sources_line(publication: Publication, words: Words) -> str:
    """The date of the data, licences and attributions, as at the foot of the page."""
    date = words.text("page.data_of", date=words.date(publication.spec.as_of))
    return " · ".join([date, *licences(publication)])
