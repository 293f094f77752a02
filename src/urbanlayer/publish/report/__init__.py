"""The annex of a Local Digital Action Plan: one content, written as Word, PDF or HTML."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from urbanlayer.errors import PublicationError
from urbanlayer.model.text import text_in
from urbanlayer.publish import disclosure
from urbanlayer.publish.figures import ReportPictures, report_pictures, require_matplotlib
from urbanlayer.publish.figures.subject import subjects
from urbanlayer.publish.notice import notice
from urbanlayer.publish.report.blocks import Report
from urbanlayer.publish.report.plan_chapters import plan_chapters
from urbanlayer.publish.report.plan_chapters.neighbourhoods import of_neighbourhoods
from urbanlayer.publish.report.plan_chapters.plan_report import PlanReport
from urbanlayer.publish.report.result_chapters import (
    city_chapter,
    method_chapter,
    neighbourhood_chapter,
    theme_chapters,
)
from urbanlayer.publish.report.state_chapter import state_chapter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.maturity import Inventory
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.words import Words

ReportFormat = Literal["docx", "pdf", "html"]
_FEW_RESULTS = 15
"""The table of so many leaves half of its page free."""


def report_of(
    publication: Publication, inventory: Inventory | None, words: Words, *, pictures: bool = True
) -> Report:
    """The report of a publication in one language.

    Parameters
    ----------
    publication
        What may not be shown is taken out here.
    inventory
        Of its layers; its chapter is left out without it.
    words
        Of the language.
    pictures
        Whether maps and charts are drawn, which needs matplotlib.
    """
    shown = disclosure.disclosed(publication)
    spec = shown.spec
    read = subjects(shown, words)
    drawn = report_pictures(shown, words) if pictures else ReportPictures()
    return Report(
        title=words.text("report.title"),
        city=text_in(spec.name, words.language),
        language=words.tag,
        date=(spec.as_of.isoformat(), words.text("page.data_of", date=words.date(spec.as_of))),
        notice=notice(spec, words),
        table_word=words.text("report.table"),
        figure_word=words.text("report.figure"),
        contents_word=words.text("report.contents"),
        blocks=tuple(_chapters(shown, inventory, read, drawn, words)),
    )


def _chapters(
    publication: Publication,
    inventory: Inventory | None,
    read: Sequence[Subject],
    drawn: ReportPictures,
    words: Words,
) -> Iterator[Block]:
    yield from city_chapter(publication, read, words)
    if inventory is not None:
        yield from state_chapter(inventory, words, flows=len(read) <= _FEW_RESULTS)
    yield from theme_chapters(read, drawn.maps, words)
    of_plan = None
    if publication.plan is not None:
        report = PlanReport.of(publication, publication.plan, read, words)
        yield from plan_chapters(replace(report, pictures=drawn.plan))
        of_plan = of_neighbourhoods(report)
    yield from neighbourhood_chapter(publication, read, words, of_plan)
    yield from method_chapter(publication, words)


def require_libraries(file_format: ReportFormat, *, template: bool = False) -> None:
    """Raise unless the libraries that a format needs are installed.

    Parameters
    ----------
    file_format
        Of the report.
    template
        Whether it is written into a template.

    Raises
    ------
    PublicationError
        With what to install.
    """
    if file_format == "pdf":
        require_matplotlib()  # its fonts are those of the report
    needed = {"docx": [("docx", "python-docx")], "pdf": [("typst", "typst")]}.get(file_format, [])
    for module, package in [*needed, *([("docxtpl", "docxtpl")] if template else [])]:
        if find_spec(module) is None:
            raise PublicationError(
                f"a report as {file_format} needs {package}, which is not installed; install "
                "urbanlayer[reports]"
            )


def written(
    report: Report, file_format: ReportFormat, template: tuple[str, bytes] | None = None
) -> bytes:
    """The report as the bytes of a file; the same report gives the same bytes.

    Parameters
    ----------
    report
        Its content.
    file_format
        Whose library is installed: see `require_libraries`.
    template
        Name and content of a Word document to write it into, which `check_template` passed.
    """
    match file_format:
        case "html":
            from urbanlayer.publish.report.as_html import html

            return html(report)
        case "docx" if template is not None:
            from urbanlayer.publish.report.as_template import from_template

            return from_template(report, *template)
        case "docx":
            from urbanlayer.publish.report.as_docx import docx

            return docx(report)
        case "pdf":
            from urbanlayer.publish.report.as_pdf import pdf

            return pdf(report)
