"""The figures of a city file, drawn without publishing its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer import pipeline
from urbanlayer.errors import CityFileError, TargetError
from urbanlayer.locales import languages
from urbanlayer.stages import silent, stages_of
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from urbanlayer.cityfile import CityFile
    from urbanlayer.publish.figures import FigureFormat
    from urbanlayer.stages import Report

KIND = "figures"


def draw(
    city_file: Path | str, out: Path | str | None = None, *, only: Sequence[str] = (),
    file_format: FigureFormat = "png", language: str | None = None, offline: bool = False,
    report: Report = silent,
) -> tuple[Path, tuple[str, ...]]:  # fmt: skip
    """Write a map and a ranked dot plot of each indicator of a city file.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    out
        Folder of the figures, replaced whole; `maps/<city id>-figures` if not given.
    only
        Ids of indicators or results; all of the city file where it is empty.
    file_format
        Of the pictures.
    language
        Locale code; the first of the city file if not given.
    offline
        Whether nothing may be downloaded.
    report
        Called with the name of each stage as it begins.

    Returns
    -------
    tuple
        The folder and the names of its files.

    Raises
    ------
    UrbanlayerError
        With every error of the stage that failed; what lay in the folder is untouched then.
    """
    from urbanlayer.publish import write
    from urbanlayer.publish.figures import figures, require_matplotlib
    from urbanlayer.publish.words import Words

    require_matplotlib()
    stages = stages_of(report)
    stages.begin("city file")
    file = pipeline.read_city_file(city_file)
    _refuse_unknown(file, Path(city_file).name, only, language)
    words = Words.for_language(language or file.spec.languages[0])
    target = Path(out) if out is not None else Path("maps") / f"{file.id}-figures"
    with (
        write.reserved(target, pipeline.owner_of(file)) as folder,
        pipeline.network(offline=offline),
    ):
        _refuse_a_publication(folder, target)
        shown = pipeline.contents_of(pipeline.results_alone(file), stages).shown
        stages.begin("figures")
        made = figures(shown, [words], file_format=file_format, only=only)
        if not made:
            raise CityFileError(Path(city_file).name, [_not_answerable(only)])
        write.publish({**made, **_record(file, made)}, folder)
    stages.end()
    return target, tuple(made)


def _refuse_unknown(file: CityFile, name: str, only: Collection[str], language: str | None) -> None:
    refuse_unknown_language(name, language)
    queried = {one: None for _, query in file.queries for one in (query.indicator, query.id)}
    errors = [
        f"the city file does not query {one!r}{did_you_mean(one, queried)}"
        for one in only
        if one not in queried
    ]
    if errors:
        raise CityFileError(name, errors)


def refuse_unknown_language(name: str, language: str | None) -> None:
    """Raise unless there are words of a language.

    Raises
    ------
    CityFileError
        With the languages that there are.
    """
    if language is not None and language not in languages():
        known = ", ".join(languages())
        raise CityFileError(name, [f"no words in {language!r}; there are {known}"])


def _not_answerable(only: Collection[str]) -> str:
    named = f" of {', '.join(only)}" if only else ""
    return f"there is no result{named} to draw; `urbanlayer check` says which layers are missing"


def _refuse_a_publication(folder: Path, shown: Path) -> None:
    from urbanlayer.publish.published import read_record

    record = read_record(folder)
    if record is not None and record.get("kind") != KIND:
        raise TargetError(
            f"{shown}: holds a publication, which the figures would replace; "
            "name another folder with --out"
        )


def _record(file: CityFile, made: dict[str, bytes]) -> dict[str, bytes]:
    """`run.json` of a folder of figures: whose they are, and their digests."""
    from urbanlayer.publish.published import RECORD, digests_of, record_bytes
    from urbanlayer.publish.record import versions

    name = file.spec.name
    record = {
        "kind": KIND, "city": file.id, "name": name if isinstance(name, str) else dict(name),
        "as_of": file.spec.as_of.isoformat(), "disclosure": file.spec.publish.disclosure,
        "versions": versions(), "files": digests_of(made),
    }  # fmt: skip
    return {RECORD: record_bytes(record)}
