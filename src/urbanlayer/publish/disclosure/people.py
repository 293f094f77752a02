"""How many people live in each neighbourhood, as it may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from urbanlayer.publish.disclosure.counts import (
    least,
    published_counts,
    rounded_residents,
    rounded_total,
)
from urbanlayer.publish.disclosure.exact import is_census, people_per_key
from urbanlayer.publish.disclosure.neighbourhoods import suppressed_neighbourhoods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication


def published_people(publication: Publication, group: str = "") -> pd.Series[float] | None:
    """People of each neighbourhood by key; NaN where they are not published, None without any.

    All residents as the census publishes them, else as the middle of classes of eleven; those of a
    group by the classes of counts, since they are a count of the residents. Exact in an internal
    publication.

    Parameters
    ----------
    publication
        Exact or disclosed.
    group
        Of `[residents] groups`; empty for all residents.
    """
    exact = people_per_key(publication, group)
    if exact is None or publication.spec.publish.exact:
        return exact
    hidden = exact.index.isin(list(suppressed_neighbourhoods(publication, group)))
    residents = publication.city.residents
    assert residents is not None  # noqa: S101  (there are people)
    if group:
        small = least(publication.spec.publish.suppress_below)
        total = published_people(publication)
        assert total is not None  # noqa: S101
        counted = published_counts(_floats(exact), _floats(total), small)
        shown = pd.Series(counted, index=exact.index).where(lambda count: count > 0)
    elif is_census(residents):
        shown = exact
    else:
        shown = pd.Series(rounded_residents(_floats(exact)), index=exact.index)
    return shown.mask(hidden)


def _floats(people: pd.Series[float]) -> NDArray[np.float64]:
    return np.asarray(people, dtype=np.float64)


def published_total(publication: Publication, count: float) -> float:
    """A count of people of the whole city as it may be published; see `rounded_total`."""
    if publication.spec.publish.exact:
        return round(count, 6)
    return rounded_total(count, least(publication.spec.publish.suppress_below))


def city_people(publication: Publication, group: str = "") -> float:
    """People of the city: the sum of what is published of the neighbourhoods; NaN without any."""
    people = published_people(publication, group)
    return float("nan") if people is None else float(people.sum())
