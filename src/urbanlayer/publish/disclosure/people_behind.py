"""The people behind a result: exact, published, and those whose origin has a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.cause import RESIDENTS
from urbanlayer.publish.disclosure.counts import least, published_counts
from urbanlayer.publish.disclosure.exact import people_per_key
from urbanlayer.publish.disclosure.people import published_people

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

    Floats = NDArray[np.float64]

SAME = 1e-9
"""Relative difference of numbers that differ by rounding alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """The people behind a result, (k,) each: all, published, and those whose origin has a value.

    `second` are those of a second source, where low and high hold what it says.
    """

    exact: Floats
    shown: Floats
    known: Floats
    small: int
    second: Floats | None = None


def people_behind(publication: Publication, result: Result) -> Behind | None:
    """The people behind a result; None where the city file gives no residents."""
    exact = people_per_key(publication, result.group)
    shown = published_people(publication, result.group)
    if exact is None or shown is None:
        return None
    return Behind(
        floats(exact),
        floats(shown),
        _people_with_value(publication, result, floats(exact)),
        least(publication.spec.publish.suppress_below),
        _second_source(publication, result),
    )


def people_of_group(publication: Publication, group: str) -> Behind:
    """Everybody of a group, as those behind an amount of them."""
    exact, shown = people_per_key(publication, group), published_people(publication, group)
    assert exact is not None  # noqa: S101  (there are residents)
    assert shown is not None  # noqa: S101
    small = least(publication.spec.publish.suppress_below)
    return Behind(floats(exact), floats(shown), floats(exact), small)


def published_known(behind: Behind) -> Floats:
    """(k,) the published number of people whose origin has a value; NaN where it is none."""
    whole = np.isclose(behind.known, behind.exact, rtol=SAME)
    of = np.where(whole, behind.shown, published_counts(behind.known, behind.shown, behind.small))
    return np.where(of > 0, of, np.nan)


def _second_source(publication: Publication, result: Result) -> Floats | None:
    second = publication.city.by_second_source()
    if second is None or RESIDENTS not in result.causes:
        return None
    people = people_per_key(replace(publication, city=second), result.group)
    return None if people is None else floats(people)


def _people_with_value(publication: Publication, result: Result, exact: Floats) -> Floats:
    """(k,) people whose origin has a value; all where no origin has one of its own."""
    residents = publication.city.of_group(result.group).residents
    if result.origins is None or residents is None:
        return exact
    known = np.isfinite(result.origins)
    counted = np.bincount(residents.neighbourhood[known], residents.people[known], len(exact))
    return np.where(np.abs(counted - exact) <= SAME * np.maximum(exact, 1), exact, counted)


def floats(values: pd.Series[float]) -> Floats:
    """A series as an array."""
    return np.asarray(values, dtype=np.float64)
