"""Neighbourhoods that show no result, since too few people live there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from urbanlayer.model.cause import RESIDENTS
from urbanlayer.publish.disclosure.exact import people_per_key
from urbanlayer.publish.disclosure.groups import narrowing_others
from urbanlayer.publish.disclosure.masking import masked

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

REASON = "too-few-residents"


def suppressed_neighbourhoods(publication: Publication, group: str = "") -> frozenset[str]:
    """Keys of the neighbourhoods that show no answer.

    Those with fewer residents than the threshold (but not those where nobody lives), and the
    smallest others until the hidden ones together hold at least two neighbourhoods and the
    threshold: then no total less the shown ones gives a hidden one.

    Parameters
    ----------
    group
        Of residents: then those with few people of the group too, by the same rule, and those
        where their number would give a smaller group away.

    Returns
    -------
    frozenset[str]
        Empty where the city file gives no population.
    """
    hidden = _with_few(publication, "")
    if not group:
        return hidden
    return hidden | _with_few(publication, group) | _giving_away(publication, group)


def without_range(publication: Publication, result: Result) -> frozenset[str]:
    """Keys of the neighbourhoods that show no low and high of a result.

    Those that show no answer, and where low and high hold what a second source of residents says,
    those that would show none by it: its small counts are suppressed too.
    """
    hidden = suppressed_neighbourhoods(publication, result.group)
    second = publication.city.by_second_source()
    if second is None or RESIDENTS not in result.causes:
        return hidden
    return hidden | suppressed_neighbourhoods(replace(publication, city=second), result.group)


def _with_few(publication: Publication, group: str) -> frozenset[str]:
    threshold = publication.spec.publish.suppress_below
    if threshold == 0 or publication.spec.publish.exact:
        return frozenset()
    residents = people_per_key(publication, group)
    if residents is None:
        return frozenset()
    count = residents.to_numpy()
    if not ((count > 0) & (count < threshold)).any():
        return frozenset()
    lived_in = residents[count > 0]
    hidden = lived_in[lived_in < threshold]
    others = lived_in[lived_in >= threshold].sort_index().sort_values(kind="stable")
    for key, people in others.items():
        if len(hidden) > 1 and hidden.sum() >= threshold:
            break
        hidden = pd.concat([hidden, pd.Series({key: people})])
    return frozenset(str(key) for key in hidden.index)


def _giving_away(publication: Publication, group: str) -> frozenset[str]:
    if publication.spec.publish.exact:
        return frozenset()
    keys = publication.city.neighbourhoods.keys[narrowing_others(publication, group)]
    return frozenset(map(str, keys))


def without_suppressed(publication: Publication, result: Result) -> Result:
    """The answers without those of hidden neighbourhoods, and without low and high of others."""
    hidden = suppressed_neighbourhoods(publication, result.group)
    unsure = without_range(publication, result)
    if not unsure:
        return result
    away, apart = (result.values.index.isin(list(keys)) for keys in (hidden, unsure))
    return masked(result, away, dict.fromkeys(sorted(hidden), REASON), apart)
