"""The figures of a city file, drawn without publishing its page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from urbanlayer import locales, pipeline
from urbanlayer.cityfile.semantics import lacking_for_figures
from urbanlayer.cityfile.untranslated import untranslated
from urbanlayer.errors import CityFileError, TargetError
from urbanlayer.model.publish_specification import FigureKind
from urbanlayer.stages import silent, stages_of
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures import FigureFormat, FigureWidth
    from urbanlayer.publish.words import Words
    from urbanlayer.stages import Report

KIND = "figures"


_KEYS_NAMED = 3
_OF_A_PLAN = {"change", "budget", "priority"}
"""Kinds for which the plan and the scenarios are computed."""
_NO_RESULT = "there is no result; `urbanlayer check` says which layers are missing"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are drawn, and how.

    Attributes
    ----------
    kinds
        `map`, `rank`, `multiples`, `lorenz`, `change`, `budget`, `priority`; those of `[publish]
        figures` where it is empty.
    only
        Ids of indicators or results; all of the city file where it is empty.
    file_format
        Of the pictures.
    width
        `page`, or `column`: 85 mm.
    languages
        Locale codes; the first of the city file where it is empty. Each of several has its own
        folder.
    """

    kinds: Sequence[str] = ()
    only: Sequence[str] = ()
    file_format: FigureFormat = "png"
    width: FigureWidth = "page"
    languages: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where figures lie, the names of the files, and what should be known beside, in sentences."""

    folder: Path
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()


def draw(
    city_file: Path | str, out: Path | str | None = None, wanted: Wanted = Wanted(), *,
    offline: bool = False, report: Report = silent,
) -> Drawn:  # fmt: skip
    """Write the figures of a city file.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    out
        Folder of the figures, replaced whole; `maps/<city id>-figures` if not given.
    wanted
        Which, and how; by default those of the city file as PNG in its first language.
    offline
        Whether nothing may be downloaded.
    report
        Called with the name of each stage as it begins.

    Returns
    -------
    Drawn
        The folder and its files.

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
    file, name = pipeline.read_city_file(city_file), Path(city_file).name
    _refuse(file, name, wanted)
    kinds = wanted.kinds or file.spec.publish.figures
    words = [Words.for_language(code) for code in wanted.languages or file.spec.languages[:1]]
    target = Path(out) if out is not None else Path("maps") / f"{file.id}-figures"
    with (
        write.reserved(target, pipeline.owner_of(file)) as folder,
        pipeline.network(offline=offline),
    ):
        _refuse_a_publication(folder, target)
        computed = file if _OF_A_PLAN & set(kinds) else pipeline.results_alone(file)
        shown = pipeline.contents_of(computed, stages).shown
        stages.begin("figures")
        made = figures(
            shown, words, kinds=kinds, file_format=wanted.file_format, width=wanted.width,
            only=wanted.only,
        )  # fmt: skip
        _refuse_nothing(name, wanted.kinds if made else kinds[:1], wanted.only, made)
        notes = (*_without_result(shown, wanted.only), *language_notes(shown, words))
        write.publish({**made, **_record(file, made)}, folder)
    stages.end()
    return Drawn(target, tuple(made), notes)


def _refuse(file: CityFile, name: str, wanted: Wanted) -> None:
    """Raise for kinds, indicators and languages that there are not, all at once."""
    queried = {one: None for _, query in file.queries for one in (query.indicator, query.id)}
    errors = [
        f"the city file does not query {one!r}{did_you_mean(one, queried)}"
        for one in wanted.only
        if one not in queried
    ]
    kinds = get_args(FigureKind)
    for kind in wanted.kinds:
        if kind not in kinds:
            errors.append(f"no kind of figures {kind!r}{did_you_mean(kind, kinds)}")
        elif lacking := lacking_for_figures(file.spec, kind):
            errors.append(f"figures: {lacking}")
    errors += [text for code in wanted.languages if (text := _unknown_language(code))]
    if errors:
        raise CityFileError(name, errors)


def language_notes(
    shown: Publication, languages: Sequence[Words], *, drawn: bool = True
) -> Iterator[str]:
    """What a reader of one of the languages will miss: letters of names, texts of the city file.

    Parameters
    ----------
    shown
        As `disclosure.disclosed` gives it.
    languages
        Words of the languages that figures or reports are in.
    drawn
        Whether names are set in the font of figures.
    """
    from urbanlayer.publish.figures import names_without_letters

    if drawn and (names := names_without_letters(shown, languages)):
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield (
            f"the font of figures (DejaVu Sans) has no letters for {names[0]!r}{others}, drawn "
            "with \ufffd; name the neighbourhoods in Latin, Cyrillic or Greek letters too: "
            '[layers.neighbourhoods] name = { en = "name_en" }'
        )
    for words in languages:
        code = words.language
        if keys := untranslated(shown.spec, code):
            named = ", ".join(keys[:_KEYS_NAMED]) + (" …" if len(keys) > _KEYS_NAMED else "")
            yield (
                f"{len(keys)} texts of the city file have no {code} and stand in another language: "
                f'{named}; add {code} = "…" to each'
            )


def _refuse_nothing(
    name: str, kinds: Collection[str], only: Collection[str], made: Mapping[str, bytes]
) -> None:
    """Raise where a kind that was asked for has no figure."""
    drawn = {file.rsplit(".", 2)[-2] for file in made}
    errors = [_nothing_drawn(kind, only) for kind in kinds if kind not in drawn]
    if errors:
        raise CityFileError(name, errors)


def _without_result(shown: Publication, only: Collection[str]) -> Iterator[str]:
    """The indicators and results that were asked for, and of which there is nothing to draw."""
    there = [result for result in shown.results if result.values.notna().any()]
    names = {name for result in there for name in (result.id, result.indicator)}
    for one in only:
        if one not in names:
            yield f"{one}: nothing is drawn; {_NO_RESULT}"


def _nothing_drawn(kind: str, only: Collection[str]) -> str:
    named = f" of {', '.join(only)}" if only else ""
    why = {
        "lorenz": "no result is a share or an amount of which people have more or less",
        "change": "no result reads otherwise after a scenario or the programme",
        "budget": "the programme has no curve of two budgets or more",
        "priority": "no neighbourhood has a rank",
    }.get(kind, _NO_RESULT)
    return f"nothing to draw of kind {kind!r}{named}: {why}"


def refuse_unknown_language(name: str, language: str | None) -> None:
    """Raise unless there are words of a language.

    Raises
    ------
    CityFileError
        With the languages that there are.
    """
    if language is not None and (error := _unknown_language(language)):
        raise CityFileError(name, [error])


def _unknown_language(code: str) -> str:
    known = locales.languages()
    return "" if code in known else f"no words in {code!r}; there are {', '.join(known)}"


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
