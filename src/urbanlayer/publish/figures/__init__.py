"""Figures of the results for documents: maps and ranked dot plots as PNG, SVG or PDF."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Literal

from urbanlayer.errors import PublicationError
from urbanlayer.publish import disclosure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.typeset import Sheet
    from urbanlayer.publish.words import Words

FigureFormat = Literal["png", "svg", "pdf"]
DPI = 300
DPI_ON_A_PAGE = 170
"""Of the maps in a report, which has many."""
_NOT_FOR_A_FILE_NAME = re.compile(r"[^\w.-]+")


def figures(
    publication: Publication,
    words: Words,
    *,
    file_format: FigureFormat = "png",
    only: Collection[str] = (),
) -> dict[str, bytes]:
    """A map and a ranked dot plot of each result, each with its alternative text.

    Parameters
    ----------
    publication
        What may not be shown is taken out here.
    words
        Of the language of the figures.
    file_format
        Of the pictures.
    only
        Ids of indicators or of results; all of them where it is empty.

    Returns
    -------
    dict
        Bytes by file name: `<result>.map.png`, `<result>.rank.png`, and the text beside each,
        `.txt`. The same publication gives the same bytes.

    Raises
    ------
    PublicationError
        matplotlib is not installed.
    """
    require_matplotlib()
    from urbanlayer.publish.figures.alt_text import alt_text
    from urbanlayer.publish.figures.city_ground import city_ground
    from urbanlayer.publish.figures.map_figure import MAP_IN, MOST_HEIGHT_IN, map_figure
    from urbanlayer.publish.figures.rank_figure import rank_figure
    from urbanlayer.publish.figures.subject import names_in, subjects

    shown = disclosure.disclosed(publication)
    ground = city_ground(shown.city, width=MAP_IN, most_height=MOST_HEIGHT_IN)
    names = names_in(shown, words)
    made: dict[str, bytes] = {}
    for result, subject in zip(shown.results, subjects(shown, words), strict=True):
        if only and result.id not in only and result.indicator not in only:
            continue
        stem = _unused(file_stem(result.id), made)
        for kind, ranked in (("map", False), ("rank", True)):
            alt = alt_text(shown, subject, ranked=ranked)
            sheet = (
                rank_figure(shown, subject) if ranked
                else map_figure(shown, subject, ground, names)
            )  # fmt: skip
            made[f"{stem}.{kind}.{file_format}"] = drawn(sheet, file_format, subject.title, alt)
            made[f"{stem}.{kind}.txt"] = f"{alt}\n".encode()
    return made


def maps(publication: Publication, words: Words) -> dict[str, tuple[bytes, str]]:
    """Id of each result to its map as PNG and the alternative text of that.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    words
        Of the language of the maps.

    Raises
    ------
    PublicationError
        matplotlib is not installed.
    """
    require_matplotlib()
    from urbanlayer.publish.figures.alt_text import alt_text
    from urbanlayer.publish.figures.city_ground import city_ground
    from urbanlayer.publish.figures.map_figure import MAP_IN, MOST_HEIGHT_IN, map_figure
    from urbanlayer.publish.figures.subject import names_in, subjects

    ground = city_ground(publication.city, width=MAP_IN, most_height=MOST_HEIGHT_IN)
    names = names_in(publication, words)
    made: dict[str, tuple[bytes, str]] = {}
    for result, subject in zip(publication.results, subjects(publication, words), strict=True):
        alt = alt_text(publication, subject, ranked=False)
        sheet = map_figure(publication, subject, ground, names)
        made[result.id] = drawn(sheet, "png", subject.title, alt, dpi=DPI_ON_A_PAGE), alt
    return made


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


def file_stem(result: str) -> str:
    """The name of a result's files, without characters that a file system refuses."""
    return _NOT_FOR_A_FILE_NAME.sub("_", result)


def _unused(stem: str, made: Collection[str]) -> str:
    """The stem, with a number after it where another result's files have the same."""
    taken = {name.rsplit(".", 2)[0] for name in made}
    return next(name for name in _numbered(stem) if name not in taken)


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def drawn(
    sheet: Sheet, file_format: FigureFormat, title: str, alt: str, *, dpi: int = DPI
) -> bytes:
    """A sheet as the bytes of a file, which hold no date and no version of a library.

    Parameters
    ----------
    sheet
        The figure.
    file_format
        Of the file.
    title, alt
        Its title and its alternative text, for the metadata of the file.
    dpi
        Dots in an inch, of PNG.
    """
    import matplotlib as mpl

    metadata: dict[str, dict[str, Any]] = {
        "png": {"Software": None, "Title": title, "Description": alt},
        "svg": {"Date": None, "Creator": None, "Title": title, "Description": alt},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None, "Title": title,
                "Subject": alt},
    }  # fmt: skip
    settings: dict[Any, Any] = {
        "text.parse_math": False, "path.simplify": True, "hatch.linewidth": 0.5,
        "svg.hashsalt": "urbanlayer", "svg.fonttype": "path", "pdf.fonttype": 42,
    }  # fmt: skip
    written = io.BytesIO()
    with mpl.rc_context(settings):
        sheet.figure.savefig(written, format=file_format, dpi=dpi, metadata=metadata[file_format])
    return written.getvalue()
