"""Shares of people: published counts over published numbers of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.indicator import Kind
from urbanlayer.publish.disclosure.city_shares import city_share
from urbanlayer.publish.disclosure.city_values import CityRule, with_city
from urbanlayer.publish.disclosure.counts import WIDTH, published_counts, rounded_residents
from urbanlayer.publish.disclosure.people_behind import floats, published_known

if TYPE_CHECKING:
    import pandas as pd

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result
    from urbanlayer.publish.disclosure.city_values import Known
    from urbanlayer.publish.disclosure.people_behind import Behind

_CITY_CLASSES = 4
"""Classes of counts that a low or high of the city is rounded to."""


def is_share_of_people(publication: Publication, result: Result) -> bool:
    """Whether a result is a count of people over the people of each neighbourhood."""
    indicator = publication.indicators.get(result.indicator)
    kind = None if indicator is None else indicator.kind
    return result.unit == "share" and (kind is Kind.SHARE_OF_RESIDENTS)


def published_share(result: Result, behind: Behind) -> Result:
    """Published counts over published numbers of people."""
    of = published_known(behind)

    def shares(values: pd.Series[float]) -> pd.Series[float]:
        counts = published_counts(floats(values) * behind.known, of, behind.small)
        return values * 0 + np.clip(counts / of, 0, 1)

    def of_fewer(values: pd.Series[float]) -> pd.Series[float]:
        """Shares of a second source, as counts of its people where they are fewer."""
        assert behind.second is not None  # noqa: S101  (the caller asked)
        fewer = behind.second < behind.known
        people = np.where(fewer, behind.second, behind.known)
        total = np.where(fewer, rounded_residents(behind.second), of)
        counts = published_counts(floats(values) * people, total, behind.small)
        return values * 0 + np.clip(counts / total, 0, 1)

    def of_counts(shown: pd.Series[float], exact: pd.Series[float], known: Known) -> float:
        published, lived = of[known], behind.known[known]
        counts = floats(shown)[known] * published, floats(exact)[known] * lived
        return city_share(*counts, published, lived, behind.small)

    rule = shares if behind.second is None else of_fewer
    return with_city(result, (shares, rule), CityRule(of, _middle_of_classes, of_counts))


def _middle_of_classes(share: float, people: float) -> float:
    """A share of the city's people, as the middle of a class of `_CITY_CLASSES` classes."""
    width = _CITY_CLASSES * WIDTH
    count = width * np.floor(share * people / width) + width / 2
    return float(np.clip(count / people, 0, 1))
