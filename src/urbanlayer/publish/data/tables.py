"""Tables as CSV: the answers, and excluded features."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.cause import of_data
from urbanlayer.publish.disclosure import (
    city_people,
    published_people,
    suppressed_neighbourhoods,
    without_range,
)
from urbanlayer.publish.found_and_expected import completeness_of
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.query_text import parameters_of
from urbanlayer.publish.worded_notes import in_english
from urbanlayer.publish.words import Words
from urbanlayer.text.spreadsheets import as_text_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

COLUMNS = (
    "level", "key", "name", "indicator", "variant", "parameters", "value", "low", "high",
    "low_threshold", "high_threshold", "causes", "found", "expected", "unit",
    "residents", "edge_effect", "method", "reason", "note",
)  # fmt: skip
EXCLUDED_COLUMNS = ("layer", "feature", "reason", "detail", "fix", "note")
SIGNIFICANT = 8
"""Digits of a result."""
SIGNIFICANT_OF_STATISTICS = 6
"""Digits of measures of inequality and of clusters, which are sums of products."""
DECIMALS = 12
"""A smaller amount is a rounding error of a sum."""


def indicators_csv(publication: Publication) -> bytes:
    """Every answer, a line each: the city first, then the neighbourhoods by key.

    UTF-8 with a byte order mark, so that a spreadsheet shows Đ and ш. Values have eight significant
    digits; an empty cell is "no answer", with its reason; text that a spreadsheet would take for a
    formula starts with an apostrophe.
    """
    note = file_notice(publication)
    rows = (row for result in publication.results for row in _rows(publication, result))
    return as_csv(COLUMNS, ((*row, note) for row in rows))


def excluded_csv(publication: Publication) -> bytes:
    """Every feature that was not used, a line each, with the reason and what to do."""
    note = file_notice(publication)
    return as_csv(
        EXCLUDED_COLUMNS,
        (
            (item.layer, item.feature, item.reason, *in_english((item.detail, item.fix)), note)
            for item in publication.excluded
        ),
    )


def number(value: float, digits: int = SIGNIFICANT) -> str:
    """A number with as many digits as it means; empty for "no answer".

    Further digits differ between versions of Python and of its libraries, which add in another
    order; so do those of a sum that cancels to 0.
    """
    if np.isnan(value):
        return ""
    return f"{np.round(value, DECIMALS) + 0.0:.{digits}g}"


def _rows(publication: Publication, result: Result) -> Iterator[Sequence[str]]:
    city, spec = publication.city, publication.spec
    words = Words.for_language(spec.languages[0])
    name = spec.name if isinstance(spec.name, str) else spec.name.get(spec.languages[0], spec.id)
    whole = city_people(publication, result.group)
    query = (result.indicator, result.variant, parameters_of(result))
    causes = ";".join(of_data(result.causes))
    ends = _ends_of_city(result)
    yield (
        "city", spec.id, name, *query, number(result.city), *map(number, ends), causes,
        *_found_and_expected(publication, result), result.unit,
        number(float(np.round(whole, 6))), _near_edge(result), result.method, "",
    )  # fmt: skip
    suppressed = suppressed_neighbourhoods(publication, result.group)
    unsure = without_range(publication, result)
    people = residents_of(publication, result.group)
    estimated = city.residents.estimated if city.residents else frozenset()
    names = city.neighbourhoods.names[""]
    for row, key in enumerate(result.values.index):
        numbers = [_at(series, row) for series in (result.values, *_ends(result))]
        reason = result.reasons.get(key, "")
        if not reason and row in estimated:
            reason = "residents-estimated"
        if key in suppressed:
            numbers, reason = [""] * len(numbers), "too-few-residents"
        elif key in unsure:
            numbers[1:] = [""] * len(ends)
        yield (
            "neighbourhood", key, names.iloc[row], *query, *numbers, causes, "", "", result.unit,
            number(people[row]),
            "" if key in suppressed else _near_edge(result, row), result.method,
            words.text(f"reason.{reason}") if reason else "",
        )  # fmt: skip


def _found_and_expected(publication: Publication, result: Result) -> tuple[str, str]:
    """Features of the layers that a result is about, found and expected; empty where unknown."""
    known = completeness_of(publication, result)
    return (
        ";".join(str(one.found) for one in known),
        ";".join("unknown" if one.expected is None else str(one.expected) for one in known),
    )


def _ends(result: Result) -> tuple[pd.Series[float] | None, ...]:
    """Low and high, by the data and by the threshold, of the neighbourhoods."""
    varied = result.threshold
    by_threshold = (None, None) if varied is None else (varied.low, varied.high)
    return result.low, result.high, *by_threshold


def _ends_of_city(result: Result) -> tuple[float, ...]:
    """The same of the city."""
    varied = result.threshold
    by_threshold = (np.nan, np.nan) if varied is None else (varied.city_low, varied.city_high)
    return result.city_low, result.city_high, *by_threshold


def _near_edge(result: Result, row: int | None = None) -> str:
    """People who may be better served than shown, to the nearest ten; of the city or of one row."""
    if result.edge_effect is None:
        return ""
    count = result.edge_effect.sum() if row is None else result.edge_effect.iloc[row]
    return number(float(round(count, -1)))


def residents_of(publication: Publication, group: str = "") -> list[float]:
    """Published residents of each neighbourhood, or of a group of them, by row; NaN without any."""
    people = published_people(publication, group)
    if people is None:
        return [np.nan] * len(publication.city.neighbourhoods)
    return [round(float(count), 6) for count in people]


def _at(series: object, row: int) -> str:
    return "" if series is None else number(float(series.iloc[row]))  # type: ignore[attr-defined]


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as UTF-8 with a byte order mark; text that looks like a formula is made harmless."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([as_text_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
