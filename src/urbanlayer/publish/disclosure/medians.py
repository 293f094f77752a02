"""Which part of the people of a neighbourhood the half is, of whom a median is told.

A median says that as many people lie on one side of a value, and so is a count of people. Its half
is the border of a class of counts (median of a published frequency distribution, as the statistical
offices give it): the value at which a published count passes from one class to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import WIDTH, count_classes, least
from urbanlayer.publish.disclosure.people import published_people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication


def half_of_people(publication: Publication) -> NDArray[np.float64] | None:
    """(k,) number of people that is the half of each neighbourhood; None without any people.

    The class border next to the half of the published residents; NaN where the neighbourhood shows
    no results, or has too few people for two classes. Exact in an internal publication.
    """
    people = published_people(publication)
    if people is None:
        return None
    half = np.asarray(people, dtype=np.float64) / 2
    if publication.spec.publish.exact:
        return half
    small = least(publication.spec.publish.suppress_below)
    first = WIDTH * np.ceil((small + 1) / WIDTH)
    low, _ = count_classes(np.maximum(half + WIDTH / 2, first), 2 * half, small)
    return low
