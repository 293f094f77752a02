"""Figures of the results for documents, as PNG, SVG or PDF, each with its alternative text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.errors import PublicationError
from urbanlayer.publish.figures.figure import WIDTHS_IN, FigureFormat, FigureWidth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.figure import Figure
    from urbanlayer.publish.words import Words

__all__ = [
    "FigureFormat",
    "FigureWidth",
    "ReportPictures",
    "figures",
    "names_without_letters",
    "report_pictures",
    "require_matplotlib",
]

_DPI = 300
_DPI_ON_A_PAGE = 170
"""Of the maps in a report, which has many."""


def figures(
    publication: Publication,
    languages: Sequence[Words],
    *,
    kinds: Collection[str] = ("map", "rank"),
    file_format: FigureFormat = "png",
    width: FigureWidth = "page",
    only: Collection[str] = (),
    processes: int | None = None,
) -> dict[str, bytes]:
    """The figures of a publication, each with its alternative text.

    Parameters
    ----------
    publication
        What may not be shown is taken out here.
    languages
        Words of the languages of the figures; of several, each has its own folder.
    kinds
        Names of `kinds.table.KINDS`.
    file_format
        Of the pictures.
    width
        As wide as the text of a page, or as a column of 85 mm.
    only
        Ids of indicators or of results; all of them where it is empty.
    processes
        In which they are drawn; by default as many as there are processors.

    Returns
    -------
    dict
        Bytes by file name: `<result>.map.png`, and the text beside each, `<result>.map.txt`. The
        same publication gives the same bytes, in however many processes.

    Raises
    ------
    PublicationError
        matplotlib is not installed.
    """
    require_matplotlib()
    from urbanlayer.publish.figures.processes import all_drawn

    made = _made(publication, languages, kinds, width, only)
    names = list(_names(made, languages))
    pictures = all_drawn([one for _, one in made], file_format, dpi=_DPI, processes=processes)
    files: dict[str, bytes] = {}
    for (_, figure), name, picture in zip(made, names, pictures, strict=True):
        files[f"{name}.{file_format}"] = picture
        files[f"{name}.txt"] = f"{figure.alt}\n".encode()
    return files


def names_without_letters(publication: Publication, languages: Sequence[Words]) -> list[str]:
    """Names of neighbourhoods with letters that the font of figures lacks, each once.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    languages
        Words of the languages of the figures.
    """
    from urbanlayer.publish.figures.typeset import UNKNOWN, writable
    from urbanlayer.publish.names import neighbourhood_names

    named = (neighbourhood_names(publication, words) for words in languages)
    names = dict.fromkeys(name for one in named for name in one)
    return [name for name in names if UNKNOWN in writable(name)]


@dataclass(frozen=True, slots=True)
class ReportPictures:
    """The figures of a report as PNG, each with its alternative text.

    Attributes
    ----------
    maps
        By id of the result.
    plan
        By kind: `priority`, `budget`; without those that the plan does not have.
    """

    maps: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    plan: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)


def report_pictures(publication: Publication, words: Words) -> ReportPictures:
    """The map of each result, the ranks and the budget curve.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    words
        Of the language of the pictures.

    Raises
    ------
    PublicationError
        matplotlib is not installed.
    """
    require_matplotlib()
    from urbanlayer.publish.figures.processes import all_drawn

    kinds = ("map", "budget", "priority")
    made = [figure for _, figure in _made(publication, [words], kinds, "page", ())]
    pictures = all_drawn(made, "png", dpi=_DPI_ON_A_PAGE)
    drawn = [(picture, figure.alt) for figure, picture in zip(made, pictures, strict=True)]
    results = [result.id for result in publication.results]
    others = zip(
        (figure.kind for figure in made[len(results) :]), drawn[len(results) :], strict=True
    )
    return ReportPictures(dict(zip(results, drawn, strict=False)), dict(others))


def _made(
    publication: Publication,
    languages: Sequence[Words],
    kinds: Collection[str],
    width: FigureWidth,
    only: Collection[str],
) -> list[tuple[Words, Figure]]:
    """What the figures show and say, with the words of each."""
    from urbanlayer.publish import disclosure
    from urbanlayer.publish.figures.kinds.table import KINDS
    from urbanlayer.publish.figures.material import Grounds, Material

    shown = disclosure.disclosed(publication)
    grounds = Grounds(shown.city)
    made: list[tuple[Words, Figure]] = []
    for words in languages:
        material = Material(shown, words, WIDTHS_IN[width], grounds)
        wanted = [
            subject
            for subject, result in zip(material.subjects, shown.results, strict=True)
            if not only or result.id in only or result.indicator in only
        ]
        for name, figures_of in KINDS.items():
            if name in kinds:
                made.extend((words, figure) for figure in figures_of(material, wanted))
    return made


def _names(made: Sequence[tuple[Words, Figure]], languages: Sequence[Words]) -> Iterator[str]:
    """The name of each figure's files without their ending; none twice, in small letters either."""
    taken: set[str] = set()
    for words, figure in made:
        folder = f"{words.language}/" if len(languages) > 1 else ""
        name = next(
            one
            for one in _numbered(f"{folder}{figure.name}", figure.kind)
            if one.casefold() not in taken
        )
        taken.add(name.casefold())
        yield name


def _numbered(stem: str, kind: str) -> Iterator[str]:
    yield f"{stem}.{kind}"
    number = 2
    while True:
        yield f"{stem}-{number}.{kind}"
        number += 1


def require_matplotlib() -> None:
    """Raise unless matplotlib is installed.

    Raises
    ------
    PublicationError
        With what to install.
    """
    try:
        import matplotlib as mpl  # noqa: F401
    except ImportError as error:
        raise PublicationError(
            "figures need matplotlib, which is not installed; install urbanlayer[figures]"
        ) from error
