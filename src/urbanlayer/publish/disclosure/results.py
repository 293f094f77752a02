"""Results as they may be published: of published counts, and no more precise than people allow.

The rule of each kind of result has a module of its own: `shares`, `means` and `amounts`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.amounts import published_amount
from urbanlayer.publish.disclosure.counts import published_counts
from urbanlayer.publish.disclosure.exact import people_per_key
from urbanlayer.publish.disclosure.few_counted import without_few_counted
from urbanlayer.publish.disclosure.means import published_mean
from urbanlayer.publish.disclosure.neighbourhoods import REASON
from urbanlayer.publish.disclosure.people_behind import floats, people_behind
from urbanlayer.publish.disclosure.shares import is_share_of_people, published_share

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result


def published_result(publication: Publication, result: Result) -> Result:
    """The result as it may be published.

    Shares are published counts over published numbers of people, means are rounded to the step
    that the people behind them allow, amounts of residents and ratios to them are those of the
    published numbers. The value of the city is that of the published ones of its neighbourhoods.
    """
    behind = people_behind(publication, result)
    if behind is None:
        return result
    if is_share_of_people(publication, result):
        made = published_share(result, behind)
    elif result.origins is not None:
        made = published_mean(publication, result, behind)
    else:
        made = published_amount(publication, result, behind)
    if result.group:  # beside those of all and other groups they would narrow one another
        made = replace(made, edge_effect=None)
    elif result.edge_effect is not None:
        near = published_counts(floats(result.edge_effect), behind.shown, behind.small)
        made = replace(made, edge_effect=result.edge_effect * 0 + np.nan_to_num(near))
    few = made.values.isna() & result.values.notna()
    everybody = people_per_key(publication)
    if result.group and everybody is not None:  # none and few of a group look the same
        few |= np.isnan(behind.shown) & (everybody > 0)
    lost = dict.fromkeys(map(str, made.values.index[few]), REASON)
    made = replace(made, reasons={**made.reasons, **lost})
    return without_few_counted(made, result, behind.small)
