"""What may not be shown, decided in one place for page, tables and reports.

A neighbourhood with fewer residents than the city file's threshold shows no answer, and neither
do as many others as are needed so that the totals of the same publication do not give it away.
Where people live is shown as cells that hold at least the threshold, with counts rounded to 5.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from urbanlayer.model.cause import RESIDENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

REASON = "too-few-residents"
ROUNDED_TO = 5
CELL_SIZES_M = (100, 200, 400, 800, 1600, 3200)
"""Sides of the cells, fixed, so that two runs cannot be subtracted to find a house."""


def hidden_neighbourhoods(publication: Publication, group: str = "") -> frozenset[str]:
    """Keys of the neighbourhoods that show no answer.

    Those with fewer residents than the threshold (but not those where nobody lives), and the
    smallest others until the hidden ones together hold at least two neighbourhoods and the
    threshold: then no total less the shown ones gives a hidden one.

    Parameters
    ----------
    group
        Of residents: then those with few people of the group too, by the same rule.

    Returns
    -------
    frozenset[str]
        Empty where the city file gives no population.
    """
    hidden = _with_few(publication, "")
    return hidden | _with_few(publication, group) if group else hidden


def without_range(publication: Publication, result: Result) -> frozenset[str]:
    """Keys of the neighbourhoods that show no low and high of a result.

    Those that show no answer, and where low and high hold what a second source of residents says,
    those that would show none by it: its few people are told no more than those of the first.
    """
    hidden = hidden_neighbourhoods(publication, result.group)
    second = publication.city.by_second_source()
    if second is None or RESIDENTS not in result.causes:
        return hidden
    return hidden | hidden_neighbourhoods(replace(publication, city=second), result.group)


def _with_few(publication: Publication, group: str) -> frozenset[str]:
    residents = _residents(publication, group)
    threshold = publication.spec.publish.suppress_below
    if residents is None or threshold == 0:
        return frozenset()
    lived_in = residents[residents > 0]
    hidden = lived_in[lived_in < threshold]
    if hidden.empty:
        return frozenset()
    others = lived_in[lived_in >= threshold].sort_index().sort_values(kind="stable")
    for key, people in others.items():
        if len(hidden) > 1 and hidden.sum() >= threshold:
            break
        hidden = pd.concat([hidden, pd.Series({key: people})])
    return frozenset(str(key) for key in hidden.index)


def shown_residents(publication: Publication) -> pd.Series[float] | None:
    """Residents of each neighbourhood; NaN where they are hidden; None without a population."""
    residents = _residents(publication)
    if residents is None:
        return None
    return residents.mask(residents.index.isin(list(hidden_neighbourhoods(publication))))


def disclosed(publication: Publication) -> Publication:
    """The publication as it may be shown: hidden neighbourhoods have no answer, and say why."""
    results = tuple(_shown(publication, result) for result in publication.results)
    if all(one is other for one, other in zip(results, publication.results, strict=True)):
        return publication
    return replace(publication, results=results)


def _residents(publication: Publication, group: str = "") -> pd.Series[float] | None:
    city = publication.city.of_group(group)
    if city.residents is None:
        return None
    keys = city.neighbourhoods.keys
    return pd.Series(city.residents.per_neighbourhood(len(keys)), index=keys)


def _shown(publication: Publication, result: Result) -> Result:
    """The answers without those of hidden neighbourhoods, and without low and high of others."""
    hidden = hidden_neighbourhoods(publication, result.group)
    unsure = without_range(publication, result)
    if not unsure:
        return result
    away, apart = (result.values.index.isin(list(keys)) for keys in (hidden, unsure))
    return replace(
        result,
        values=result.values.mask(away),
        low=None if result.low is None else result.low.mask(apart),
        high=None if result.high is None else result.high.mask(apart),
        reasons={**result.reasons, **dict.fromkeys(sorted(hidden), REASON)},
    )


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Where people live, as squares that hold at least the threshold.

    Attributes
    ----------
    corner
        (n, 2) south-western corners, metres in the city's CRS.
    size_m
        (n,) sides.
    people
        (n,) residents, rounded to 5.
    place
        For each resident place the row of its cell, or -1 where its cell is not shown.
    """

    corner: NDArray[np.float64]
    size_m: NDArray[np.int64]
    people: NDArray[np.int64]
    place: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.people)


def resident_cells(publication: Publication, *, finest_m: int = CELL_SIZES_M[0]) -> Cells:
    """Resident places gathered into adaptive cells.

    Cells start at the finest size. Where one of the four parts of a larger cell holds people,
    but fewer than the threshold, the four become one, up to the largest size; what is still too
    small then is not shown. Neither are cells with somebody of a hidden neighbourhood.

    Parameters
    ----------
    publication
        With residents.
    finest_m
        Side of the smallest cells, one of `CELL_SIZES_M`.

    Returns
    -------
    Cells
        In the order of their corners, from south-west to north-east.
    """
    residents = publication.city.residents
    if residents is None or len(residents) == 0:
        nothing = np.empty(0, np.int64)
        return Cells(np.empty((0, 2)), nothing, nothing, nothing)
    sizes = CELL_SIZES_M[CELL_SIZES_M.index(finest_m) :]
    threshold = max(publication.spec.publish.suppress_below, 1)
    size_of_place = _sizes(residents.xy, residents.people, sizes, threshold)
    corner = np.floor(residents.xy / size_of_place[:, None]) * size_of_place[:, None]
    frame = pd.DataFrame(
        {"y": corner[:, 1], "x": corner[:, 0], "size": size_of_place, "people": residents.people}
    )
    frame["open"] = ~_of_hidden(publication)
    cells = frame.groupby(["y", "x", "size"], sort=True).agg(
        people=("people", "sum"), open=("open", "all")
    )
    shown = (cells["open"] & (cells["people"] >= threshold)).to_numpy()
    row = np.where(shown, np.cumsum(shown) - 1, -1)
    place = row[frame.groupby(["y", "x", "size"], sort=True).ngroup().to_numpy()]
    index = cells.index[shown]
    people = cells["people"].to_numpy()[shown]
    return Cells(
        corner=np.column_stack([index.get_level_values("x"), index.get_level_values("y")]).reshape(
            -1, 2
        ),
        size_m=index.get_level_values("size").to_numpy().astype(np.int64),
        people=(np.round(people / ROUNDED_TO) * ROUNDED_TO).astype(np.int64),
        place=place.astype(np.int64),
    )


def _sizes(
    xy: NDArray[np.float64], people: NDArray[np.float64], sizes: tuple[int, ...], threshold: float
) -> NDArray[np.int64]:
    """The size of each place's cell: merged until no part of a larger cell is too small."""
    size_of_place = np.full(len(people), sizes[0], np.int64)
    for size, larger in itertools.pairwise(sizes):
        current = size_of_place == size
        part = pd.Series(_numbered(xy, size))
        whole = pd.Series(_numbered(xy, larger))
        in_part = pd.Series(people).groupby(part).transform("sum").to_numpy()
        small = current & (in_part < threshold) & (in_part > 0)
        merges = pd.Series(small).groupby(whole).transform("any").to_numpy()
        size_of_place[merges] = larger
    return size_of_place


def _numbered(xy: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    column, row = np.floor(xy / size).astype(np.int64).T
    return np.asarray(column * 10_000_000 + row, dtype=np.int64)


def _of_hidden(publication: Publication) -> NDArray[np.bool_]:
    city = publication.city
    assert city.residents is not None  # noqa: S101  (the caller asked)
    keys = city.neighbourhoods.keys
    away = keys.isin(list(hidden_neighbourhoods(publication)))
    return np.asarray(away[city.residents.neighbourhood], dtype=bool)


def cell_values(
    cells: Cells, people: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The mean of a value over the residents of each cell; NaN where no place has one."""
    known = (cells.place >= 0) & np.isfinite(values)
    row = cells.place[known]
    weight = people[known]
    total = np.bincount(row, weight, len(cells))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.bincount(row, weight * values[known], len(cells)) / total)


def rounded_groups(groups: Mapping[str, float]) -> dict[str, int]:
    """Counts of people in groups, rounded to 5."""
    return {name: int(round(count / ROUNDED_TO) * ROUNDED_TO) for name, count in groups.items()}
