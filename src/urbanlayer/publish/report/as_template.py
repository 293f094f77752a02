"""A report in the city's own Word template: its fields filled, its chapters where it wants them."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from urbanlayer.errors import PublicationError
from urbanlayer.publish.report.as_docx import saved, set_up, write_blocks
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Report, Table
from urbanlayer.text.xml_text import plain

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

    from urbanlayer.publish.report.blocks import Block

CHAPTERS_HERE = "report"
"""The field that stands alone in a paragraph, in whose place all chapters are written."""
FIELDS = ("title", "city", "date", "notice", "language", "facts", "chapters", CHAPTERS_HERE)
"""What a template may name; docs/consultant.md says what each holds."""
_FILTERS = ("first", "join", "last", "length", "lower", "upper")
_MARK = "\ue000urbanlayer:report\ue000"
"""Letters of private use, which no text of a layer is shown with."""
_LARGEST = 200_000_000
"""Bytes of a template when it is unpacked."""
_SAMPLE = Report(
    "", "", "en", ("2000-01-01", ""), "", "", "", "",
    (Heading(""), Bullets(("",)), Paragraph(""), Table("", ("",), (("",),))),
)  # fmt: skip
"""Fills a template for a first time, before the city is read."""


def check_template(name: str, content: bytes) -> None:
    """Raise unless a template can be filled, before any data are read.

    Parameters
    ----------
    name
        Of the file, for the message.
    content
        Its bytes.

    Raises
    ------
    PublicationError
        If it is no Word document, names fields that there are not, all of them at once, or has
        expressions that are not allowed.
    """
    from jinja2 import TemplateError
    from jinja2.exceptions import SecurityError

    template = _opened(name, content)
    try:
        named = template.get_undeclared_template_variables(_environment())
    except TemplateError as error:
        raise PublicationError(f"{name}: {_said(error)}") from error
    unknown = sorted(named - set(FIELDS))
    if unknown:
        raise PublicationError(
            f"{name}: there is no field {', '.join(unknown)}; fields are {', '.join(FIELDS)}"
        )
    with suppress(TemplateError, TypeError, ValueError, SyntaxError):
        _filled(name, content, _SAMPLE, SecurityError)


def from_template(report: Report, name: str, content: bytes) -> bytes:
    """The report as DOCX in a template; the same report and template give the same bytes.

    Parameters
    ----------
    report
        Its texts are put in as they are: nothing in them is read as a field or as markup.
    name, content
        Of the template.

    Raises
    ------
    PublicationError
        If the template cannot be filled.
    """
    from docx import Document
    from jinja2 import TemplateError

    template = _filled(name, content, report, TemplateError, TypeError, ValueError, SyntaxError)
    filled = io.BytesIO()
    template.save(filled)
    document = Document(io.BytesIO(filled.getvalue()))
    set_up(document, report)
    _put_chapters(document, report)
    return saved(document)


def _filled(name: str, content: bytes, report: Report, *refused: type[Exception]) -> DocxTemplate:
    """The template with its fields filled; some errors are those of the template's author."""
    template = _opened(name, content)
    try:
        template.render(_fields(report), _environment(), autoescape=True)
    except refused as error:
        raise PublicationError(f"{name}: {_said(error)}") from error
    return template


def _opened(name: str, content: bytes) -> DocxTemplate:
    from docxtpl import DocxTemplate

    try:
        with ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _LARGEST:
            raise PublicationError(f"{name}: unpacks to {size:,} bytes; at most {_LARGEST:,}")
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
    except (BadZipFile, KeyError, ValueError, SyntaxError, OSError) as error:
        raise PublicationError(
            f"{name}: is no Word document (.docx); save the template as one"
        ) from error
    return template


def _environment() -> SandboxedEnvironment:
    """Where fields are filled: no attributes of Python, no calls, no large products."""
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class _Fields(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**", "%"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401, ARG002
            raise SecurityError(f"{operator} is not allowed in a template")

        def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401, ARG002
            return False  # "x".zfill(999999999) fills the memory

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
            return type(obj).__name__ == "LoopContext" and super().is_safe_attribute(
                obj, attr, value
            )

    environment = _Fields(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def _said(error: Exception) -> str:
    """The error of a template in one line."""
    text = " ".join(str(error).split())
    return f"the template cannot be filled: {text}"


def _fields(report: Report) -> dict[str, Any]:
    """The fields of a template, as docs/consultant.md lists them."""
    facts = next((one.items for one in report.blocks if isinstance(one, Bullets)), ())
    return {
        "title": plain(report.title), "city": plain(report.city), "date": plain(report.date[1]),
        "notice": plain(report.notice), "language": report.language,
        "facts": [plain(fact) for fact in facts], "chapters": _chapters(report),
        CHAPTERS_HERE: _MARK,
    }  # fmt: skip


def _chapters(report: Report) -> list[dict[str, Any]]:
    """Each chapter with its texts and tables."""
    found: list[dict[str, Any]] = []
    for block in report.blocks:
        if isinstance(block, Heading) and block.level == 1:
            found.append({"title": plain(block.text), "texts": [], "tables": []})
        elif found:
            found[-1]["texts"] += _texts(block)
            found[-1]["tables"] += _tables(block)
    return found


def _texts(block: Block) -> list[str]:
    match block:
        case Paragraph(text=text):
            return [plain(text)]
        case Bullets(items=items):
            return [plain(item) for item in items]
    return []


def _tables(block: Block) -> list[dict[str, Any]]:
    if not isinstance(block, Table):
        return []
    return [{
        "caption": plain(block.caption), "head": [plain(cell) for cell in block.head],
        "rows": [[plain(cell) for cell in row] for row in block.rows],
    }]  # fmt: skip


def _put_chapters(document: Any, report: Report) -> None:  # noqa: ANN401  (python-docx has no types)
    """Write the chapters in place of each paragraph that asks for them; nowhere without one."""
    for place in [one for one in document.paragraphs if _MARK in one.text]:
        body = document.element.body
        before = len(body)
        write_blocks(document, report)
        last = 1 if body[-1].tag.endswith("}sectPr") else 0
        written = list(body)[before - last : len(body) - last]
        for element in written:
            place._p.addprevious(element)  # noqa: SLF001  (python-docx cannot move)
        place._p.getparent().remove(place._p)  # noqa: SLF001
        return
