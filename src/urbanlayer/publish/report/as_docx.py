"""A report as a Word document: real headings, captions, table heads, alternative texts."""

from __future__ import annotations

import datetime as dt
import io
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Table
from urbanlayer.text.xml_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urbanlayer.publish.report.blocks import Block, Caption, Report

_PAGE_CM = 16.4
"""Between the margins."""
_PICTURE_CM = 13.4
_MOST_LETTERS = 60
"""A column with longer texts breaks them."""
_LONGEST_VALUE = 24
"""Letters of a column of numbers with their units in one line."""
_LETTER_CM, _PADDING_CM = 0.21, 0.5
"""Width of a bold letter of a table, and room at the sides of a column."""
_USED = (
    "Heading 1", "Heading 2", "Caption", "List Bullet", "Intense Quote", "TOC Heading", "Remark",
    "Cell",
)  # fmt: skip
"""Styles of paragraphs that blocks are written in; those of a template where it has them."""
_TABLES = ("Light List Accent 1", "Table Grid")
"""Styles of tables, the first that there is."""
_INK, _LINK = (0x1A, 0x36, 0x5D), (0x0B, 0x5C, 0x7D)
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
    _contents(document, report)
    write_blocks(document, report)
    _number_pages(document)
    return saved(document)


def write_blocks(document: Any, report: Report) -> None:  # noqa: ANN401  (python-docx has no types)
    """Add every block of a report at the end of a document that `set_up` has prepared."""
    writer = _Writer(document)
    blocks = list(report.numbered())
    following = [block for block, *_ in blocks[1:]]
    for block, after in zip_longest(blocks, following):
        # a long list and a picture together leave half of a page free
        led = Table if isinstance(block[0], Bullets) else (Table, Picture)
        writer.write(*block, leads=isinstance(after, led))


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
    styles["TOC Heading"].paragraph_format.page_break_before = False
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


def _contents(document: Any, report: Report) -> None:  # noqa: ANN401
    """The table of contents: a line for each chapter, which leads to it.

    Only Word knows the pages: it adds them as it opens the document, the field is marked for that.
    """
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    style = document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.paragraph_format.space_after = document.styles["Normal"], Pt(2)
    stops = style.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(_PAGE_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    chapters = [one for one in report.blocks if isinstance(one, Heading) and one.level == 1]
    line = document.add_paragraph(style="toc 1")
    _begin_field(line, 'TOC \\o "1-1" \\h \\z \\u', dirty=True)
    for number, chapter in enumerate(chapters, start=1):
        line = line if number == 1 else document.add_paragraph(style="toc 1")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), _chapter_mark(number))
        before = len(line._p)  # noqa: SLF001  (python-docx has no links)
        line.add_run(plain(chapter.text))
        for run in list(line._p)[before:]:  # noqa: SLF001
            link.append(run)
        line._p.append(link)  # noqa: SLF001
    _end_field(line)


def _number_pages(document: Any) -> None:  # noqa: ANN401
    """The number of each page, to the right at its foot."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Cm

    for section in document.sections:
        foot = section.footer.paragraphs[0]
        foot.paragraph_format.tab_stops.add_tab_stop(Cm(_PAGE_CM), WD_TAB_ALIGNMENT.RIGHT)
        foot.add_run("\t")
        _field(foot, "PAGE", "1")


def _chapter_mark(number: int) -> str:
    """The name of the bookmark of a chapter."""
    return f"_Toc_{number}"


class _Writer:
    """Adds blocks to a document, with captions that Word counts and refers to."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401
        self._document = document
        self._bookmarks = self._chapters = 0

    def write(
        self, block: Block, caption: Caption | None, see: Sequence[Caption], *, leads: bool
    ) -> None:
        """Add a block at the end of the document; one that leads stays with the next."""
        document = self._document
        match block:
            case Heading(text=text, level=level):
                self._heading(plain(text), level).page_break_before = block.begins_a_page
            case Paragraph(quiet=quiet, warning=warning):
                style = "Remark" if quiet else "Intense Quote" if warning else None
                paragraph = document.add_paragraph(plain(block.before_link), style=style)
                _link(paragraph, block)
                paragraph.paragraph_format.keep_with_next = leads
                _refer(paragraph, see)
            case Bullets(items=items):
                for item in items:
                    line = document.add_paragraph(plain(item), style="List Bullet")
                    line.paragraph_format.keep_with_next = leads
            case Table() if caption is not None:
                self._caption(caption, block.caption).keep_with_next = True
                _table(document, block)
            case Picture() if caption is not None:
                _picture(document, block)
                self._caption(caption, block.caption)

    def _heading(self, text: str, level: int) -> Any:  # noqa: ANN401
        """A heading, with a bookmark for the table of contents; returns its format."""
        if level > 1:
            return self._document.add_heading(text, level).paragraph_format
        self._bookmarks += 1
        self._chapters += 1
        heading = self._document.add_heading("", level)
        _bookmark(heading, "Start", self._bookmarks, _chapter_mark(self._chapters))
        heading.add_run(text)
        _bookmark(heading, "End", self._bookmarks)
        return heading.paragraph_format

    def _caption(self, caption: Caption, text: str) -> Any:  # noqa: ANN401
        """A caption whose number Word counts; returns the format of its paragraph."""
        paragraph = self._document.add_paragraph(style="Caption")
        self._bookmarks += 1
        _bookmark(paragraph, "Start", self._bookmarks, _mark_of(caption))
        paragraph.add_run(plain(f"{caption.word} "))
        _field(paragraph, f"SEQ {caption.kind} \\* ARABIC", str(caption.number))
        _bookmark(paragraph, "End", self._bookmarks)
        paragraph.add_run(plain(f". {text}"))
        return paragraph.paragraph_format


def _bookmark(paragraph: Any, end: str, number: int, name: str = "") -> None:  # noqa: ANN401
    """The start, which has the name, or the end of what a cross-reference shows."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement(f"w:bookmark{end}")
    mark.set(qn("w:id"), str(number))
    if name:
        mark.set(qn("w:name"), name)
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


def _link(paragraph: Any, block: Paragraph) -> None:  # noqa: ANN401
    """The end of a text that leads somewhere; nothing without one."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    if not block.link:
        return
    link = OxmlElement("w:hyperlink")
    place = paragraph.part.relate_to(block.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), place)
    run = paragraph.add_run(plain(block.linked))
    run.font.underline, run.font.color.rgb = True, RGBColor(*_LINK)
    link.append(run._r)  # noqa: SLF001  (python-docx has no links)
    paragraph._p.append(link)  # noqa: SLF001


def _field(paragraph: Any, code: str, shown: str) -> None:  # noqa: ANN401
    """A field that Word fills; until then it shows a text."""
    _begin_field(paragraph, code)
    paragraph.add_run(shown)
    _end_field(paragraph)


def _begin_field(paragraph: Any, code: str, *, dirty: bool = False) -> None:  # noqa: ANN401
    """The start of a field; a dirty one is filled when the document is opened."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    begin = _field_part(paragraph, "begin")
    if dirty:
        begin.set(qn("w:dirty"), "true")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    paragraph.add_run()._r.append(instruction)  # noqa: SLF001  (python-docx has no fields)
    _field_part(paragraph, "separate")


def _end_field(paragraph: Any) -> None:  # noqa: ANN401
    _field_part(paragraph, "end")


def _field_part(paragraph: Any, kind: str) -> Any:  # noqa: ANN401
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(element)  # noqa: SLF001
    return element


def _table(document: Any, block: Table) -> None:  # noqa: ANN401
    """A table whose head stands on each of its pages and whose rows do not break."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    style = next((name for name in _TABLES if name in document.styles), None)
    table = document.add_table(rows=1, cols=len(block.head), style=style)
    table.autofit, look = False, document.styles["Cell"].style_id
    widths = [Cm(width) for width in _widths_cm(block)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    together = block.rows[:-1] if block.stands_on_one_page else ()
    for row_of, texts in _rows(table, block):
        properties = row_of._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if texts is block.head:
            properties.append(OxmlElement("w:tblHeader"))
        cells = zip(row_of.cells, texts, widths, strict=True)
        for column, (cell, text, width) in enumerate(cells):
            cell.width = width
            line = cell.paragraphs[0]
            line.text = plain(text)
            line._p.style = look  # noqa: SLF001  (by id: python-docx searches all styles each time)
            if texts is block.head or texts in together:
                line.paragraph_format.keep_with_next = True
            if column in block.numbers:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph(style="Cell")


def _widths_cm(block: Table) -> list[float]:
    """Of the columns: no word is broken, texts have the room that they need before numbers."""
    columns = list(zip(block.head, *block.rows, strict=True))
    least = [max(len(word) for text in texts for word in text.split() or [""]) for texts in columns]
    whole = [
        min(max(len(line) for text in texts for line in text.split("\n")), _MOST_LETTERS)
        for texts in columns
    ]
    for number in block.numbers:  # its head may have two lines
        values = (line for row in block.rows for line in row[number].split("\n"))
        longest = max(map(len, values), default=0)
        head = max(least[number], len(block.head[number]) // 2 + 1)
        least[number] = max(head, min(longest, _LONGEST_VALUE))
        whole[number] = max(head, longest)
    texts = [n for n in range(len(columns)) if n not in block.numbers] or list(block.numbers)
    widths = [one * _LETTER_CM + _PADDING_CM for one in least]
    for some in (texts, sorted(block.numbers)):
        wanted = {n: max(whole[n] * _LETTER_CM + _PADDING_CM - widths[n], 0) for n in some}
        _share(widths, wanted, min(_PAGE_CM - sum(widths), sum(wanted.values())))
    _share(widths, {n: whole[n] for n in texts}, _PAGE_CM - sum(widths))
    return [width * _PAGE_CM / sum(widths) for width in widths]


def _share(widths: list[float], parts: Mapping[int, float], room_cm: float) -> None:
    """Add room to some columns, to each by its part; nothing where there is none."""
    total = sum(parts.values())
    if room_cm > 0 and total > 0:
        for column, part in parts.items():
            widths[column] += room_cm * part / total


def _rows(table: Any, block: Table) -> Iterator[tuple[Any, tuple[str, ...]]]:  # noqa: ANN401
    yield table.rows[0], block.head
    for texts in block.rows:
        yield table.add_row(), texts


def _picture(document: Any, block: Picture) -> None:  # noqa: ANN401
    from docx.shared import Cm

    width = Cm(block.width_cm(_PICTURE_CM))
    shape = document.add_picture(io.BytesIO(block.png), width=width)
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
