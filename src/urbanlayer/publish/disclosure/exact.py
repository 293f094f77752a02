"""Exact numbers of people of a publication, before anything of them is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.residents import Residents

CENSUS = "census"


def people_per_key(publication: Publication, group: str = "") -> pd.Series[float] | None:
    """Exact number of residents, or of a group, of each neighbourhood; None without any."""
    city = publication.city.of_group(group)
    if city.residents is None:
        return None
    keys = city.neighbourhoods.keys
    return pd.Series(city.residents.per_neighbourhood(len(keys)), index=keys)


def is_census(residents: Residents) -> bool:
    """Whether the numbers of residents of the neighbourhoods are those that a census publishes."""
    return CENSUS in residents.source.split("+")
