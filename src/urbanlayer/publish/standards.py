"""A city's results against the standards it follows: item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result
    from urbanlayer.model.standard import Followed, Item

Status = Literal["answered", "answerable", "not-spatial", "not-read"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of standards.

    Attributes
    ----------
    status
        `answered`; `answerable` with the layers of `add`; `not-spatial`: accounts, meters or a
        survey; `not-read`: its definition could not be read in the standard.
    result
        Id of the answer, where there is one.
    value
        For the whole city; NaN where there is no result.
    unit
        Of value and target.
    target
        What the standard, or the city, aims at; None where neither does.
    met
        Whether the city reaches its target; None without a target or a result.
    add
        Roles of the layers that a result still needs.
    paraphrase
        Whether the title is worded by us.
    """

    standard: str
    edition: str
    code: str
    title: str
    status: Status
    indicator: str = ""
    result: str = ""
    value: float = float("nan")
    unit: str = ""
    target: float | None = None
    met: bool | None = None
    proxy: bool = False
    add: tuple[str, ...] = ()
    paraphrase: bool = False


def rows(publication: Publication) -> tuple[Row, ...]:
    """Every item of every standard that the city file follows, in their order."""
    return tuple(
        row
        for followed in publication.standards
        for item in followed.standard.items
        for row in _rows_of(publication, followed, item)
    )


def counts(publication: Publication) -> dict[str, dict[Status, int]]:
    """For each standard, how many of its items are of each status."""
    found: dict[str, dict[Status, int]] = {}
    for followed in publication.standards:
        counted: dict[Status, int] = dict.fromkeys(get_args(Status), 0)
        for item in followed.standard.items:
            counted[_rows_of(publication, followed, item)[0].status] += 1
        found[followed.standard.id] = counted
    return found


def _rows_of(publication: Publication, followed: Followed, item: Item) -> list[Row]:
    """One line for each result of an item; without one, a line with what is missing."""
    standard, queries = followed.standard, followed.queries.get(item.code, ())
    name = next((indicator for indicator, _ in queries), "")
    whole = (standard.id, standard.edition, item.code, item.title)
    if item.unread:
        return [Row(*whole, status="not-read", paraphrase=item.paraphrase)]
    if not item.spatial:
        return [Row(*whole, status="not-spatial", paraphrase=item.paraphrase)]
    results = list(_results(publication, queries))
    if results:
        return [
            Row(
                *whole, status="answered", indicator=name, result=result.id, value=result.city,
                unit=result.unit, target=result.target, met=_met(publication, result),
                proxy=item.proxy, paraphrase=item.paraphrase,
            )
            for result in results
        ]  # fmt: skip
    return [
        Row(*whole, status="answerable", indicator=name, proxy=item.proxy,
            add=_to_add(publication, item, name), paraphrase=item.paraphrase)
    ]  # fmt: skip


def _results(publication: Publication, queries: Iterable[tuple[str, Query]]) -> Iterator[Result]:
    """The results of the standard's queries for all residents, with its own numbers."""
    wanted = {query.id for _, query in queries}
    for result in publication.results:
        if result.id in wanted:
            yield result


def _to_add(publication: Publication, item: Item, name: str) -> tuple[str, ...]:
    """Roles that the city does not have: those that the indicator names, else the standard."""
    lost = [n.missing for n in publication.not_answerable if n.indicator == name]
    if lost:
        return tuple(dict.fromkeys(role for missing in lost for role in missing))
    return tuple(role for role in item.layers if not publication.city.has(role))


def _met(publication: Publication, result: Result) -> bool | None:
    indicator = publication.indicators.get(result.indicator)
    if result.target is None or indicator is None or np.isnan(result.city):
        return None
    if indicator.better == "neither":
        return None
    if indicator.better == "higher":
        return result.city >= result.target
    return result.city <= result.target
