"""What the features that a layer lacks could change of a result, at most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.indicator import Kind, Trait

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result

CELLS_A_RADIUS = 16
"""Cells of the grid on which people are summed, to a service distance."""
MOST_CELLS = 2_000
"""Cells along a side of that grid."""


def with_nothing_missing(
    city: City, indicator: Indicator, query: Query, result: Result
) -> Result | None:
    """The best result that there could be with the features that the register counts.

    Each missing facility serves at most the people who can live around one point; a count has all
    missing features; another share may be whole and a distance 0. None where nothing is missing,
    and where there is no such bound.

    Parameters
    ----------
    city
        With the people that the query is about.
    indicator, query
        The query.
    result
        As computed.
    """
    needs = dict.fromkeys((*indicator.needs, *query.needs))
    missing = sum(city.completeness[role].missing for role in needs if role in city.completeness)
    if not missing:
        return None
    if Trait.COUNTS_FEATURES in indicator.traits:
        return _counted(result, missing)
    if indicator.kind is Kind.SHARE_OF_RESIDENTS and _is_of_points(city, query):
        return _served(city, query, result, missing)
    if indicator.better == "higher" and indicator.unit == "share":
        return _all(result, indicator.bounds[1])
    if indicator.better == "lower" and indicator.bounds[0] == 0:
        return _all(result, 0.0)
    return None


def _all(result: Result, value: float) -> Result:
    return replace(result, values=result.values * 0 + value, city=result.city * 0 + value)


def _counted(result: Result, missing: int) -> Result:
    """Every missing feature in each neighbourhood, and once in the city."""
    if result.fraction is None:
        return replace(result, values=result.values + missing, city=result.city + missing)
    _, denominator, factor = result.fraction
    per_feature = np.divide(
        factor, denominator, out=np.full(len(denominator), np.nan), where=denominator > 0
    )
    known = ~np.isnan(result.values.to_numpy()) & (denominator > 0)
    of_city = factor / denominator[known].sum() if known.any() else np.nan
    return replace(
        result,
        values=result.values + missing * per_feature,
        city=result.city + missing * of_city,
    )


def _is_of_points(city: City, query: Query) -> bool:
    """Whether a query is about the distance to facilities at points."""
    if "distance_m" not in query.numbers or not query.needs:
        return False
    layers = [city.layers[role] for role in query.needs if role in city.layers]
    return bool(layers) and all(
        (layer.frame.geometry.geom_type == "Point").all() for layer in layers
    )


def _served(city: City, query: Query, result: Result, missing: int) -> Result | None:
    """The share with as many people more as the missing facilities could serve."""
    residents = city.residents
    if residents is None or result.origins is None:
        return None
    people = np.where(np.nan_to_num(result.origins, nan=1.0) >= 1, 0.0, residents.people)
    distance_m = query["distance_m"]
    rows = [residents.neighbourhood == row for row in range(len(city.neighbourhoods))]
    more = np.array([_most_served(residents.xy[r], people[r], distance_m, missing) for r in rows])
    total = np.array([residents.people[r].sum() for r in rows])
    share = np.divide(more, total, out=np.zeros(len(total)), where=total > 0)
    whole = _most_served(residents.xy, people, distance_m, missing) / residents.total
    return replace(
        result,
        values=(result.values + share).clip(upper=1.0),
        city=min(1.0, result.city + whole),
    )


def _most_served(
    xy: NDArray[np.float64], people: NDArray[np.float64], distance_m: float, facilities: int
) -> float:
    """The most people that facilities, wherever they stand, have within a straight distance.

    A facility in a cell has at most the people of all cells with a point within the distance of
    one of its points; the greatest such sum, for each facility.
    """
    total = float(people.sum())
    if not total > 0:
        return 0.0
    from scipy.signal import fftconvolve

    corner = xy.min(axis=0)
    extent_m = float((xy.max(axis=0) - corner).max())
    size_m = max(distance_m / CELLS_A_RADIUS, extent_m / MOST_CELLS)
    cell = np.floor((xy - corner) / size_m).astype(np.int64)
    counts = np.zeros(cell.max(axis=0) + 1)
    np.add.at(counts, (cell[:, 0], cell[:, 1]), people)
    around = int(np.ceil(distance_m / size_m)) + 1
    apart = np.maximum(np.abs(np.arange(-around, around + 1)) - 1, 0) * size_m
    disc = (np.add.outer(apart**2, apart**2) <= distance_m**2).astype(np.float64)
    most = float(fftconvolve(counts, disc).max())
    return min(total, facilities * round(most, 6))
