"""The report of a city file, written without publishing its page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer import contents, pipeline
from urbanlayer.drawing import language_notes, refuse_unknown_language
from urbanlayer.errors import CityFileError, PublicationError
from urbanlayer.stages import Errors, silent, stages_of

if TYPE_CHECKING:
    from urbanlayer.cityfile import CityFile
    from urbanlayer.contents import Evaluated
    from urbanlayer.model.maturity import Inventory
    from urbanlayer.publish.report import ReportFormat
    from urbanlayer.stages import Report


@dataclass(frozen=True, slots=True)
class Written:
    """Where a report lies, and what should be known beside, in sentences."""

    path: Path
    notes: tuple[str, ...] = ()


def write_report(
    city_file: Path | str, out: Path | str | None = None, *, file_format: ReportFormat = "docx",
    language: str | None = None, template: Path | str | None = None, pictures: bool = True,
    offline: bool = False, report: Report = silent,
) -> Written:  # fmt: skip
    """Write the report of a city file: the annex of a Local Digital Action Plan.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    out
        The file; `maps/<city id>-report.<language>.<format>` if not given.
    file_format
        `docx`, `pdf` or `html`.
    language
        Locale code; the first of the city file if not given.
    template
        A Word document whose fields are filled, and in which the chapters are written; the format
        is `docx` then.
    pictures
        Whether the report has maps, which takes longer and needs matplotlib.
    offline
        Whether nothing may be downloaded.
    report
        Called with the name of each stage as it begins.

    Returns
    -------
    Written
        The file of the report.

    Raises
    ------
    UrbanlayerError
        With every error of the stage that failed; an earlier report is untouched then.
    """
    from urbanlayer.publish.figures import require_matplotlib
    from urbanlayer.publish.report import report_of, written
    from urbanlayer.publish.words import Words
    from urbanlayer.publish.write import put, refuse_unwritable

    form = _form(template, file_format)
    if pictures:
        require_matplotlib()
    stages = stages_of(report)
    stages.begin("city file")
    file = pipeline.read_city_file(city_file)
    refuse_unknown_language(Path(city_file).name, language)
    words = Words.for_language(language or file.spec.languages[0])
    default = Path("maps") / f"{file.id}-report.{words.language}.{file_format}"
    target = Path(out) if out is not None else default
    refuse_unwritable(target)
    with pipeline.network(offline=offline):
        found = pipeline.evaluated(file, stages, Errors())
        publication = contents.contents_of_evaluation(file, found, stages).shown
    if not publication.results:
        raise CityFileError(Path(city_file).name, ["there is no result to report on"])
    stages.begin("report")
    document = report_of(publication, _inventory(file, found), words, pictures=pictures)
    put(lambda: written(document, file_format, form), target)
    stages.end()
    drawn = pictures or file_format == "pdf"
    return Written(target, tuple(language_notes(publication, [words], drawn=drawn)))


def _form(path: Path | str | None, file_format: ReportFormat) -> tuple[str, bytes] | None:
    """Name and content of a template, checked before the city is read; None without one."""
    from urbanlayer.publish.report import require_libraries

    require_libraries(file_format, template=path is not None)
    if path is None:
        return None
    from urbanlayer.publish.report.as_template import check_template

    if file_format != "docx":
        raise PublicationError(f"a template is for --format docx, not for {file_format}")
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise PublicationError(f"{path}: cannot be read ({error.strerror})") from error
    check_template(Path(path).name, content)
    return Path(path).name, content


def _inventory(file: CityFile, found: Evaluated) -> Inventory:
    """The grades of the layers, of numbers that may be shown."""
    from urbanlayer.publish.disclosure import disclosed_check
    from urbanlayer.publish.inventory import judged

    return judged(disclosed_check(contents.checked_of(file, found, Errors())), {})
