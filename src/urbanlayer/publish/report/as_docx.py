"""A report as a Word document: real headings, captions, table heads, alternative texts."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Table
from urbanlayer.text.xml_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.publish.report.blocks import Block, Caption, Report

_PAGE_CM = 16.4
"""Between the margins."""
_PICTURE_CM = 14.4
_MOST_LETTERS = 42
"""A column with longer texts breaks them."""
_LETTER_CM, _PADDING_CM = 0.19, 0.5
"""Width of a bold letter of a table, and room at the sides of a column."""
_USED = (
    "Heading 1", "Heading 2", "Caption", "List Bullet", "Intense Quote", "TOC Heading", "Remark",
    "Cell",
)  # fmt: skip
"""Styles of paragraphs that blocks are written in; those of a template where it has them."""
_TABLES = ("Light List Accent 1", "Table Grid")
"""Styles of tables, the first that there is."""
_INK = (0x1A, 0x36, 0x5D)
_LONGEST = 255
"""Letters of a property."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def docx(report: Report) -> bytes:
    """The report as DOCX; the same report gives the same bytes."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.3)
    _look(document, report)
    set_up(document, report)
    document.add_heading(plain(report.title), 0)
    document.add_paragraph(plain(report.city), style="Subtitle")
    document.add_paragraph(plain(report.date[1]))
    if report.notice:
        document.add_paragraph(plain(report.notice), style="Intense Quote")
    document.add_paragraph(plain(report.contents_word), style="TOC Heading")
    chapters = [one for one in report.blocks if isinstance(one, Heading) and one.level == 1]
    shown = "\n".join(plain(one.text) for one in chapters)  # until Word makes its own
    _field(document.add_paragraph(), 'TOC \\o "1-2" \\h \\z \\u', shown)
    write_blocks(document, report)
    return saved(document)


def write_blocks(document: Any, report: Report) -> None:  # noqa: ANN401  (python-docx has no types)
    """Add every block of a report at the end of a document that `set_up` has prepared."""
    writer = _Writer(document)
    for block in report.numbered():
        writer.write(*block)


def saved(document: Any) -> bytes:  # noqa: ANN401
    """The document as a file without times, so that the same content gives the same bytes."""
    file = io.BytesIO()
    document.save(file)
    return _without_clock(file.getvalue())


def set_up(document: Any, report: Report) -> None:  # noqa: ANN401
    """Properties, the styles that blocks use, and the notice at the foot of each page."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    properties = document.core_properties
    day = dt.datetime.fromisoformat(report.date[0])
    properties.title = plain(f"{report.title}: {report.city}")[:_LONGEST]
    properties.author = properties.last_modified_by = "urbanlayer"
    properties.language, properties.created, properties.modified = report.language, day, day
    properties.comments = plain(report.notice)[:_LONGEST]
    styles = document.styles
    for name in _USED:
        if name not in styles:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    styles["Remark"].font.size = Pt(9)
    styles["Remark"].font.color.rgb = RGBColor(0x44, 0x52, 0x5F)
    styles["Cell"].font.size = Pt(8.5)
    styles["Cell"].paragraph_format.space_after = Pt(1)
    styles["Heading 1"].paragraph_format.page_break_before = True
    mark = plain(" · ".join(filter(None, (report.city, report.notice))))
    for section in document.sections:
        section.footer.is_linked_to_previous = False
        foots = section.footer.paragraphs
        if report.notice and plain(report.notice) in " ".join(one.text for one in foots):
            continue
        blank = foots[0] if foots and not foots[0].text else section.footer.add_paragraph()
        blank.text, blank.style = mark, styles["Remark"]


def _look(document: Any, report: Report) -> None:  # noqa: ANN401
    """Fonts, colours and language of our own document."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles = document.styles
    normal = styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(10), Pt(4)
    fonts = normal.element.rPr.get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), "Calibri")
    language = normal.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): report.language})
    normal.element.rPr.append(language)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Caption", "Title", "Subtitle"):
        styles[name].font.color.rgb = RGBColor(*_INK)


class _Writer:
    """Adds blocks to a document, with captions that Word counts and refers to."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401
        self._document = document
        self._bookmarks = 0

    def write(self, block: Block, caption: Caption | None, see: Sequence[Caption]) -> None:
        """Add a block at the end of the document."""
        document = self._document
        match block:
            case Heading(text=text, level=level, sheet=sheet):
                heading = document.add_heading(plain(text), level)
                if sheet:
                    heading.paragraph_format.page_break_before = True
            case Paragraph(text=text, quiet=quiet, warning=warning):
                style = "Remark" if quiet else "Intense Quote" if warning else None
                _refer(document.add_paragraph(plain(text), style=style), see)
            case Bullets(items=items):
                for item in items:
                    document.add_paragraph(plain(item), style="List Bullet")
            case Table() if caption is not None:
                self._caption(caption, block.caption).keep_with_next = True
                _table(document, block)
            case Picture() if caption is not None:
                _picture(document, block)
                self._caption(caption, block.caption)

    def _caption(self, caption: Caption, text: str) -> Any:  # noqa: ANN401
        """A caption whose number Word counts; returns the format of its paragraph."""
        paragraph = self._document.add_paragraph(style="Caption")
        self._bookmarks += 1
        _bookmark(paragraph, "Start", self._bookmarks, caption)
        paragraph.add_run(plain(f"{caption.word} "))
        _field(paragraph, f"SEQ {caption.kind} \\* ARABIC", str(caption.number))
        _bookmark(paragraph, "End", self._bookmarks, caption)
        paragraph.add_run(plain(f". {text}"))
        return paragraph.paragraph_format


def _bookmark(paragraph: Any, end: str, number: int, caption: Caption) -> None:  # noqa: ANN401
    """The start or the end of what a cross-reference to a caption shows."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement(f"w:bookmark{end}")
    mark.set(qn("w:id"), str(number))
    if end == "Start":
        mark.set(qn("w:name"), _mark_of(caption))
    paragraph._p.append(mark)  # noqa: SLF001  (python-docx has no bookmarks)


def _mark_of(caption: Caption) -> str:
    """The name of a bookmark, which holds no hyphen."""
    return f"_Ref_{caption.anchor.replace('-', '_')}"


def _refer(paragraph: Any, see: Sequence[Caption]) -> None:  # noqa: ANN401
    """Cross-references in brackets after a text; nothing where it refers to none."""
    for number, caption in enumerate(see):
        paragraph.add_run(", " if number else " (")
        _field(paragraph, f"REF {_mark_of(caption)} \\h", plain(caption.text))
    if see:
        paragraph.add_run(")")


def _field(paragraph: Any, code: str, shown: str) -> None:  # noqa: ANN401
    """A field that Word fills; until then it shows a text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def part(kind: str) -> None:
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(element)  # noqa: SLF001  (python-docx has no fields)

    part("begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    paragraph.add_run()._r.append(instruction)  # noqa: SLF001
    part("separate")
    paragraph.add_run(shown)
    part("end")


def _table(document: Any, block: Table) -> None:  # noqa: ANN401
    """A table whose head stands on each of its pages and whose rows do not break."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    style = next((name for name in _TABLES if name in document.styles), None)
    table = document.add_table(rows=1, cols=len(block.head), style=style)
    table.autofit = False
    for column, width in enumerate(_widths_cm(block)):
        table.columns[column].width = Cm(width)
    for row_of, texts in _rows(table, block):
        properties = row_of._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if texts is block.head:
            properties.append(OxmlElement("w:tblHeader"))
        for column, (text, width) in enumerate(zip(texts, _widths_cm(block), strict=True)):
            row_of.cells[column].width = Cm(width)
            cell = row_of.cells[column].paragraphs[0]
            cell.text, cell.style = plain(text), "Cell"
            if column in block.numbers:
                cell.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _widths_cm(block: Table) -> list[float]:
    """Of the columns: no word is broken, and the rest goes to those with longer texts."""
    columns = list(zip(block.head, *block.rows, strict=True))
    words = [
        max(len(word) for text in texts for word in (text.split() or [""])) for texts in columns
    ]
    whole = [min(max(map(len, texts)), _MOST_LETTERS) for texts in columns]
    least = [one * _LETTER_CM + _PADDING_CM for one in words]
    more = [max(one - word, 0) + 1 for one, word in zip(whole, words, strict=True)]
    rest = _PAGE_CM - sum(least)
    if rest < 0:
        return [_PAGE_CM * one / sum(least) for one in least]
    return [one + rest * part / sum(more) for one, part in zip(least, more, strict=True)]


def _rows(table: Any, block: Table) -> Iterator[tuple[Any, tuple[str, ...]]]:  # noqa: ANN401
    yield table.rows[0], block.head
    for texts in block.rows:
        yield table.add_row(), texts


def _picture(document: Any, block: Picture) -> None:  # noqa: ANN401
    from docx.shared import Cm

    shape = document.add_picture(io.BytesIO(block.png), width=Cm(_PICTURE_CM))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    properties = shape._inline.docPr  # noqa: SLF001
    properties.set("descr", plain(block.alt))
    properties.set("title", plain(block.caption))


def _without_clock(saved: bytes) -> bytes:
    """The same archive with one time for all of its parts."""
    rewritten = io.BytesIO()
    with ZipFile(io.BytesIO(saved)) as old, ZipFile(rewritten, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            fixed = ZipInfo(entry.filename, _EARLIEST)
            fixed.compress_type = ZIP_DEFLATED
            new.writestr(fixed, old.read(entry.filename))
    return rewritten.getvalue()
