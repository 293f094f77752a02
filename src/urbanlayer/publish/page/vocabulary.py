"""The words that one page needs, in each of its languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.publish.connectivity import on_page
from urbanlayer.publish.found_and_expected import completeness_on_page
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.classes import in_fifths
from urbanlayer.publish.page.places import service_roles
from urbanlayer.publish.page.result_records import INDICES, RATES, role_of
from urbanlayer.publish.words import (
    NO_BREAK_SPACE,
    Words,
    indicator_keys,
    own_words,
    readable,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

_HECTARE_M2 = 10_000
_NOT_IN_SCRIPT = {"page.cannot_start", "page.internal", "page.no_script"}
_OF_TILES = frozenset({"page.layer_tiles", "page.tiles_failed", "page.tiles_note"})
_OF_STREETS = frozenset(
    f"page.{key}"
    for key in (
        "streets_title", "all_joined", "cut_off", "far_from_streets", "off_streets",
        "outside_city", "joins",
    )
)  # fmt: skip
_OF_THRESHOLDS = frozenset({"page.range_threshold", "page.low_high_threshold"})
_OF_CONTACT = frozenset({"page.report_error", "page.report_error_text"})
_OF_COMPLETENESS = frozenset({"page.completeness", "page.completeness_unknown"})
_SENTENCES = ("city", "here")
"""Parts for which one sentence serves all indicators that have none of their own."""
_TOLD_APART = ("distance", "minutes", "area")
_CLASSES = {"Mbit/s": "speed", "m": "distance", "min": "time"}


def vocabulary(publication: Publication) -> dict[str, Any]:
    """Language tag to its words, in the order of the city file."""
    return {
        Words.for_language(code).tag: of_language(publication, Words.for_language(code))
        for code in publication.spec.languages
    }


def of_language(publication: Publication, words: Words) -> dict[str, Any]:
    """The words that the page needs in one language."""
    decimal, group = words.separators
    results = publication.results
    units = {RATES.get(result.unit, (1, result.unit))[1] for result in results} - {"share"}
    kinds = {_class_words(result) for result in results}
    reasons = {code for result in results for code in result.reasons.values()}
    roles = {*publication.city.layers, *publication.city.rasters, *_missing_roles(publication)}
    indicators = publication.indicators.values()
    return {
        "name": words.name,
        "page": _page(words, without=_unasked(publication, words)) | _notice(publication, words),
        "numbers": {"decimal": decimal, "group": group, "percent": words.percent_pattern},
        "dates": {day.isoformat(): words.date(day) for day in _days(publication)},
        "themes": {theme: words.theme(theme) for theme in sorted({i.theme for i in indicators})},
        "symbols": {unit: words.symbol_forms(unit) for unit in sorted(units)},
        "units": {unit: words.unit_forms(unit) for unit in sorted(units)},
        "reasons": {code: words.reason(code) for code in sorted(reasons | {"no-data"})},
        "methods": {
            code: words.method(code, publication.spec)
            for code in sorted({result.method for result in results})
        },
        "causes": {
            code: words.text(f"cause.{code}")
            for code in sorted({code for result in results for code in result.causes or ("none",)})
        },
        "remarks": {
            remark: words.text(f"remark.{remark}")
            for remark in sorted({indicator.remark for indicator in indicators} - {""})
        },
        "roles": {
            role: [words.role(role, publication.spec, many=many) for many in (False, True)]
            for role in sorted(roles)
        },
        "classes": {
            kind: [words.text(f"class.{kind}.{n}") for n in range(1, 6)] for kind in sorted(kinds)
        },
        "indicators": _indicators(publication, words),
        "other": {
            part: _keep_open(words, f"indicator.other.{part}", {"title": "{title}"})
            for part in _SENTENCES
        },
        "missing": titles_of_unanswered(publication, words),
    }


def titles_of_unanswered(publication: Publication, words: Words) -> list[str]:
    """What the indicators are called for which layers are missing."""
    return [
        _words_of(publication, words, n.indicator, n.variant, {})["title"]
        for n in publication.not_answerable
    ]


def _class_words(result: Result) -> str:
    """Which words name the classes: *few, some, about half …* mean fifths of 0 to 100 %."""
    return "share" if in_fifths(result) else _CLASSES.get(result.unit, "amount")


def in_one_order(spoken: dict[str, Any]) -> dict[str, Any]:
    """The words with the texts of `page` named once: later languages list them in its order."""
    first, *others = spoken
    names = list(spoken[first]["page"])
    return {first: spoken[first]} | {
        tag: spoken[tag] | {"page": [spoken[tag]["page"].get(name, "") for name in names]}
        for tag in others
    }


def titled_results(publication: Publication, words: Words) -> dict[str, tuple[str, str]]:
    """Id of each result to its title, and to the title with its distance or time and the mode."""
    found: dict[str, tuple[str, str]] = {}
    records = _indicators(publication, words)
    for result, record in zip(publication.results, records, strict=True):
        values_in_words = _values(publication, result, words)
        limit = values_in_words["distance"] or values_in_words["minutes"]
        way = "" if _by_timetable(publication, result) else values_in_words["way"]
        limited = f"{limit} {way}".strip() if limit else ""
        title = record["title"]
        whole = title if limit and limit in title else ", ".join(filter(None, (title, limited)))
        found[result.id] = title, whole
    return found


def _by_timetable(publication: Publication, result: Result) -> bool:
    """Whether people travel by public transport, whatever they do on the rest of their way."""
    indicator = publication.indicators.get(result.indicator)
    return indicator is not None and "timetable" in indicator.needs


def _unasked(publication: Publication, words: Words) -> set[str]:
    """Keys that this page never shows."""
    city, results = publication.city, publication.results
    shown = {
        _OF_TILES: publication.spec.publish.tiles is not None,
        _OF_STREETS: on_page(publication) is not None,
        _OF_THRESHOLDS: any(result.threshold is not None for result in results),
        _OF_CONTACT: bool(publication.spec.contact),
        _OF_COMPLETENESS: any(completeness_on_page(publication, one) for one in results),
        frozenset({"page.derived"}): city.neighbourhoods.derived,
        frozenset({"page.straight_line_note", "page.nearest_straight"}): city.streets is None,
        frozenset({"page.rank_need"}): any(one.unit in INDICES for one in results),
        _of_plan(words): publication.plan is not None,
    }
    unasked = (keys for keys, lower_case in shown.items() if not lower_case)
    return _NOT_IN_SCRIPT.union(*unasked)


def _page(words: Words, *, without: set[str]) -> dict[str, str | Mapping[str, str]]:
    found: dict[str, str | Mapping[str, str]] = {**words.catalogue, **words.plurals}
    keys = sorted(key for key in found if key.startswith("page.") and key not in without)
    return {key.removeprefix("page."): found[key] for key in keys}


def _of_plan(words: Words) -> frozenset[str]:
    """Keys of the page's plan part."""
    return frozenset(
        key
        for key in (*words.catalogue, *words.plurals)
        if key.startswith(("page.plan", "page.file_plan"))
    )


def _notice(publication: Publication, words: Words) -> dict[str, str]:
    """The banner of the page, also shown in its pictures and exports."""
    spec = publication.spec
    more = {} if spec.demonstration else {"demonstration_more": ""}
    return {"demonstration": notice(spec, words), **more}


def _missing_roles(publication: Publication) -> set[str]:
    return {role for needed in publication.not_answerable for role in needed.missing}


def _days(publication: Publication) -> list[dt.date]:
    city = publication.city
    layers: list[Layer | Raster] = [*city.layers.values(), *city.rasters.values()]
    dates = {layer.provenance.date for layer in layers}
    return sorted({publication.spec.as_of, *(day for day in dates if day is not None)})


def _indicators(publication: Publication, words: Words) -> list[dict[str, str]]:
    values = [_values(publication, result, words) for result in publication.results]
    records = [
        _words_of(publication, words, result.indicator, result.variant, values_in_words)
        for result, values_in_words in zip(publication.results, values, strict=True)
    ]
    for result, record in zip(publication.results, records, strict=True):
        if result.mode != "walk":
            way = words.way(result.mode, publication.spec)
            record["title"] = f"{record['title']}, {way}"
            if way not in record.get("definition", ""):
                record["definition"] = f"{record.get('definition', record['title'])}, {way}"
    for result, record in zip(publication.results, records, strict=True):
        if result.group:
            group = words.group(result.group)
            record["title"] = words.headed(record["title"], group)
            record["definition"] = words.headed(record["definition"], group)
    _tell_apart(records, values)
    for result, record in zip(publication.results, records, strict=True):
        record["classes"] = _class_words(result)
        _tell_edge(result, record, words)
        role = role_of(publication, result)
        if role in service_roles(publication):
            record["dot"] = words.role(role, publication.spec)
    return records


def _tell_apart(records: list[dict[str, str]], values: list[dict[str, str]]) -> None:
    """Of titles that are alike, the parameters in which they differ."""
    alike: dict[str, list[int]] = {}
    for row, record in enumerate(records):
        alike.setdefault(record["title"], []).append(row)
    for title, rows in alike.items():
        differ = [part for part in _TOLD_APART if len({values[row][part] for row in rows}) > 1]
        for row in rows:
            records[row]["title"] = ", ".join([title, *filter(None, map(values[row].get, differ))])


def _tell_edge(result: Result, record: dict[str, str], words: Words) -> None:
    """That some live near the edge of the data, shown with the definition of the result."""
    count = 0 if result.edge_effect is None else round(float(result.edge_effect.sum()), -1)
    if count:
        record["edge"] = words.text("edge.effect", count=words.number(count))


def _words_of(
    publication: Publication, words: Words, indicator: str, variant: str, values: dict[str, str]
) -> dict[str, str]:
    """Title, question, definition and the parts of sentences, with the parameters filled in."""
    title = _title(publication, words, indicator, variant, values)
    record = {"title": title}
    for part in ("question", "definition", "have", "city", "here"):
        key = next((k for k in indicator_keys(indicator, variant, part) if words.has(k)), None)
        is_general = part in _SENTENCES and key == f"indicator.other.{part}"
        if key is not None and not is_general:
            record[part] = _keep_open(words, key, {"title": title, **values})
    record |= _about(publication, words, indicator, variant, record)
    own = own_words(publication.indicators.get(indicator), "definition", words.language)
    return {**record, "definition": own} if own else record


def _about(
    publication: Publication,
    words: Words,
    indicator: str,
    variant: str,
    record: dict[str, str],
) -> dict[str, str]:
    """Question and definition with the name of the service, where they lack it."""
    role = _role_words(publication, words, variant)
    general = all(
        next(k for k in indicator_keys(indicator, variant, part) if words.has(k))
        == f"indicator.{indicator}.{part}"
        for part in ("question", "definition")
        if part in record
    )
    if not role or not general:
        return {}
    question, definition = record.get("question", ""), record.get("definition", "")
    lower_case = f"{question[:1].lower()}{question[1:]}"
    headings = {"question": words.headed(role, lower_case)} if question else {}
    return headings | ({"definition": words.headed(definition, role)} if definition else {})


def _role_words(publication: Publication, words: Words, variant: str) -> str:
    known = variant in publication.spec.layers or words.has(f"role.{variant}.many")
    return words.role(variant, publication.spec) if known else ""


def _title(
    publication: Publication, words: Words, indicator: str, variant: str, values: dict[str, str]
) -> str:
    """What people call a result: *Kindergarten*, *Distance to the nearest: Schools*."""
    if title := own_words(publication.indicators.get(indicator), "title", words.language):
        return title
    own, general = f"indicator.{indicator}.{variant}.title", f"indicator.{indicator}.title"
    if variant and words.has(own):
        return words.text(own, **values)
    name = words.text(general, **values) if words.has(general) else readable(indicator)
    if not variant:
        return name
    about = _role_words(publication, words, variant) or readable(variant)
    either = f"indicator.{indicator}.any.title"
    return words.text(either, title=about) if words.has(either) else words.headed(name, about)


def _keep_open(words: Words, key: str, values: dict[str, str]) -> str:
    """The text with its parameters filled; what the page itself fills stays a placeholder."""
    open_ = (
        "value", "low", "high", "value_short", "low_short", "high_short",
        "low_name", "high_name", "name", "compared",
    )  # fmt: skip
    return words.text(key, **values, **{name: f"{{{name}}}" for name in open_})


def _first_of(result: Result, *names: str) -> float | None:
    """The first of some parameters that a result has."""
    return next((result.parameters[name] for name in names if name in result.parameters), None)


def _values(publication: Publication, result: Result, words: Words) -> dict[str, str]:
    metres = _first_of(result, "distance_m", "walk_m")
    minutes = _first_of(result, "minutes", "headway_min")
    area_m2 = next(
        (value for name, value in sorted(result.parameters.items()) if name.endswith("area_m2")),
        _HECTARE_M2
        * next(
            (value for name, value in sorted(result.parameters.items()) if name.endswith("_ha")),
            0.5,
        ),
    )
    hectares = area_m2 / _HECTARE_M2
    places = 0 if hectares == int(hectares) else 1
    way = "straight_line" if result.method.startswith("straight_line") else result.mode
    return {
        "distance": "" if metres is None else f"{words.number(metres)}{NO_BREAK_SPACE}m",
        "minutes": ""
        if minutes is None
        else f"{words.number(minutes)}{NO_BREAK_SPACE}{words.unit('min')}",
        "way": words.way(way, publication.spec),
        "area": f"{words.number(hectares, places)}{NO_BREAK_SPACE}ha",
    }
