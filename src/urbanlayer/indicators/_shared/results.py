"""Results of areas and of ratios, made in one way for all indicators."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import IndicatorError
from urbanlayer.indicators._shared.sensitivity import MARGIN
from urbanlayer.model.network_query import EdgeQuery
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NearestQuery, NearestResult, NetworkResults
    from urbanlayer.model.query import Query


def from_values(  # noqa: PLR0913  (the parts of one Result, by keyword)
    query: Query,
    city: City,
    *,
    unit: str,
    method: str,
    values: NDArray[np.float64],
    city_value: float,
    about_people: bool = True,
    reason: str = "no-data",
    origins: NDArray[np.float64] | None = None,
) -> Result:
    """Answers that are known for each neighbourhood and for the city.

    Parameters
    ----------
    values
        (k,) in the order of the neighbourhoods; NaN is "no answer".
    city_value
        Of the city.
    about_people
        Whether an answer that is not there is so for want of residents, where nobody lives.
    reason
        The code of the reason in all other cases.
    origins
        (n,) one answer for each resident place, where there is one.
    """
    series = city.neighbourhoods.series(values)
    if about_people:
        reasons = no_answer(city, series, reason=reason)
    else:
        reasons = dict.fromkeys(series.index[series.isna()], reason)
    return Result(
        query=query, values=series, city=float(city_value), unit=unit, method=method,
        origins=origins, reasons=reasons,
    )  # fmt: skip


def over_residents(
    query: Query,
    city: City,
    *,
    unit: str,
    method: str,
    origins: NDArray[np.float64],
    low: NDArray[np.float64] | None = None,
    high: NDArray[np.float64] | None = None,
) -> Result:
    """A result whose value is a mean over the residents of a neighbourhood.

    X_z = Σ p_i x_i / Σ p_i over the resident places i of z, which for x of 0 and 1 is a share.

    Parameters
    ----------
    origins, low, high
        (n,) the value, and its lowest and highest, for each resident place; NaN where a place has
        none, and then its people are not in the mean.

    Raises
    ------
    IndicatorError
        The city has no residents.
    """
    values, whole = means_over_residents(query, city, origins)
    lows, city_low = (None, math.nan) if low is None else means_over_residents(query, city, low)
    highs, city_high = (None, math.nan) if high is None else means_over_residents(query, city, high)
    return Result(
        query=query, values=values, city=whole, unit=unit, method=method,
        low=lows, high=highs, city_low=city_low, city_high=city_high,
        origins=origins, origins_low=low, origins_high=high,
        reasons=no_answer(city, values, reason="no-data"),
    )  # fmt: skip


def means_over_residents(
    query: Query, city: City, origins: NDArray[np.float64]
) -> tuple[pd.Series[float], float]:
    """Means over the residents of each neighbourhood, and of the city.

    Raises
    ------
    IndicatorError
        The city has no residents.
    """
    from urbanlayer.kernels import weighted

    if city.residents is None:
        raise IndicatorError(f"{query.indicator}: a mean over residents needs residents")
    people, row = city.residents.people, city.residents.neighbourhood
    each = weighted.group_means(origins, people, row, len(city.neighbourhoods))
    return city.neighbourhoods.series(each), weighted.mean(origins, people)


def no_answer(city: City, values: pd.Series[float], *, reason: str) -> dict[str, str]:
    """Why each neighbourhood without a result has none: key to a code.

    Parameters
    ----------
    values
        Indexed as the neighbourhoods; NaN is "no result".
    reason
        The code for a neighbourhood that has residents: `no-data`, `few-tests` …
    """
    missing = values.index[values.isna()]
    if city.residents is None:
        return dict.fromkeys(missing, reason)
    people = city.neighbourhoods.series(city.residents.per_neighbourhood(len(city.neighbourhoods)))
    return {key: reason if people[key] > 0 else "no-residents" for key in missing}


MAX_LISTED_CLASSES = 12

EDGE = EdgeQuery()
"""The network query of shares within a distance, for who lives near the edge of the data."""


def margin_bounds(
    walked: NDArray[np.float64], straight: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Low and high of distances or times: the margin less and more, never under a straight line.

    Where no way is known, as beyond the snapping limit or on streets that are cut off, the
    straight line is the low.

    Parameters
    ----------
    walked
        (n,) metres or minutes along streets; +inf where no way is known.
    straight
        (n,) the same in a straight line, which no way is shorter than; None: not known.
    """
    import numpy as np

    floor = np.zeros(len(walked)) if straight is None else straight
    unknown = np.isinf(walked) & (straight is not None)
    low = np.where(unknown, floor, np.maximum(walked * (1 - MARGIN), floor))
    return np.minimum(low, walked), walked * (1 + MARGIN)


def metres_to_nearest(
    query: Query,
    city: City,
    *,
    walked: NearestResult,
    straight: NearestResult,
    unit: str = "m",
) -> Result:
    """Metres to the nearest, at most the ask's `cap_m`, averaged over people.

    Parameters
    ----------
    walked, straight
        The ways that are asked of, and straight lines; where the first are straight lines too,
        there is no low and high.
    """
    import numpy as np

    every = walked.distance_m, *margin_bounds(walked.distance_m, straight.distance_m)
    origins, low, high = (np.minimum(metres, query["cap_m"]) for metres in every)
    along = walked.method != straight.method
    return over_residents(
        query, city, unit=unit, method=walked.method, origins=origins,
        low=low if along else None, high=high if along else None,
    )  # fmt: skip


def share_within(
    query: Query,
    city: City,
    network: NetworkResults,
    *,
    distance_m: NDArray[np.float64],
    limit_m: float,
    method: str,
) -> Result:
    """Share of residents within a distance: 1 or 0 for each place, averaged over people.

    Parameters
    ----------
    distance_m
        (n,) of each resident place; +inf where there is no way, and then it is not served.
    limit_m
        The distance that counts as near, itself included. Who lives within it of the edge of the
        data and is not served stands in `edge_effect`.
    """
    from urbanlayer.kernels.threshold import within

    met = within(distance_m, limit_m).astype("float64")
    result = over_residents(query, city, unit="share", method=method, origins=met)
    near = network[EDGE] <= limit_m
    return replace(result, edge_effect=_unserved_near_edge(city, met, near))


def _unserved_near_edge(
    city: City, met: NDArray[np.float64], near: NDArray[np.bool_]
) -> pd.Series[float] | None:
    """Unserved people of each neighbourhood who live near the edge of the data."""
    import numpy as np

    if city.residents is None:
        return None
    people = np.where(near & (met == 0), city.residents.people, 0.0)
    count = len(city.neighbourhoods)
    each = np.bincount(city.residents.neighbourhood, people, minlength=count)
    return city.neighbourhoods.series(each.astype(np.float64))


def share_with_nearest_within(
    query: Query, city: City, network: NetworkResults, network_query: NearestQuery
) -> Result:
    """Share of residents whose nearest destination lies within the query's `distance_m`.

    The indicator's network queries are the given one and `EDGE`.
    """
    reach = network[network_query]
    return share_within(
        query, city, network, distance_m=reach.distance_m, limit_m=query["distance_m"],
        method=reach.method,
    )  # fmt: skip


def from_ratio(  # noqa: PLR0913  (the parts of one Result, by keyword)
    query: Query,
    city: City,
    *,
    unit: str,
    method: str,
    numerator: NDArray[np.float64],
    denominator: NDArray[np.float64],
    factor: float = 1.0,
    about_people: bool = True,
    reason: str = "no-data",
) -> Result:
    """One amount over another in each neighbourhood; of the city, one sum over the other.

    Parameters
    ----------
    numerator, denominator
        (k,) in the order of the neighbourhoods; no answer where there is nothing to divide by.
    factor
        Factor: 100,000 for each 100,000.
    about_people, reason
        As for `from_values`.
    """
    import numpy as np

    from urbanlayer.kernels.ratios import safe_ratio

    known = ~(np.isnan(numerator) | np.isnan(denominator))
    (city_value,) = safe_ratio(
        np.array([numerator[known].sum()]), np.array([denominator[known].sum()])
    )
    result = from_values(
        query, city, unit=unit, method=method, values=factor * safe_ratio(numerator, denominator),
        city_value=factor * city_value, about_people=about_people, reason=reason,
    )  # fmt: skip
    return replace(result, fraction=(numerator, denominator, factor))


def residents_per_neighbourhood(city: City) -> NDArray[np.float64]:
    """(k,) residents of each neighbourhood; none where the city has no residents."""
    import numpy as np

    count = len(city.neighbourhoods)
    return city.residents.per_neighbourhood(count) if city.residents else np.zeros(count)


def polygons(city: City) -> NDArray[np.object_]:
    """(k,) the neighbourhoods' polygons."""
    import numpy as np

    return np.asarray(city.neighbourhoods.geometry, dtype=object)


def shapes(city: City, role: str) -> NDArray[np.object_]:
    """(n,) geometry of a layer's features."""
    import numpy as np

    return np.asarray(city.layers[role].frame.geometry, dtype=object)


def numbers(city: City, role: str, column: str) -> NDArray[np.float64]:
    """(n,) a column of a layer; NaN where it is not known, and where there is no such column."""
    import numpy as np

    frame = city.layers[role].frame
    if column not in frame:
        return np.full(len(frame), np.nan)
    return np.asarray(frame[column].to_numpy(dtype=np.float64, na_value=np.nan))


def count_in_neighbourhoods(
    city: City, role: str, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """(k,) features of each neighbourhood, or their weights, by a point inside each feature."""
    import numpy as np

    from urbanlayer.kernels import allocation

    geometry = shapes(city, role)
    xy = allocation.representative_xy(geometry)
    row = allocation.locate(xy, polygons(city), tolerance_m=0.0)
    inside = row >= 0
    weight = np.ones(len(row)) if weights is None else np.nan_to_num(weights)
    counted = np.bincount(row[inside], weight[inside], minlength=len(city.neighbourhoods))
    return counted.astype(np.float64)


def land_area_m2(city: City) -> NDArray[np.float64]:
    """(k,) area of each neighbourhood without the water that the city's layer of water covers."""
    import numpy as np
    import shapely

    from urbanlayer.kernels import zonal

    whole_m2 = city.neighbourhoods.area_m2
    if "water" not in city.layers:
        return whole_m2
    water = shapes(city, "water")
    areas = water[shapely.get_dimensions(water) == 2]  # noqa: PLR2004  (rivers drawn as lines)
    return np.maximum(whole_m2 - zonal.covered_area_m2(polygons(city), areas), 0.0)


def needs_grid(*roles: str) -> Callable[[City, Query], tuple[str, ...]]:
    """For `Indicator.faults`: what to say of layers that had to be grids."""

    def _errors(city: City, _query: Query) -> tuple[str, ...]:
        return tuple(
            f'layer {role!r}: has to be a grid here; say source = "raster" in city.toml'
            for role in roles
            if role in city.layers
        )

    return _errors


def needs_classes(role: str) -> Callable[[City, Query], tuple[str, ...]]:
    """For `Indicator.faults`: what to say of a grid that holds none of the classes asked of."""

    def _errors(city: City, query: Query) -> tuple[str, ...]:
        import numpy as np

        if role not in city.rasters:
            return needs_grid(role)(city, query)
        there = np.unique(city.rasters[role].values)
        there = there[~np.isnan(there)]
        if not len(there) or np.isin(there, query.lists["classes"]).any():
            return ()
        asked = ", ".join(f"{float(one):g}" for one in query.lists["classes"])
        some = ", ".join(f"{one:g}" for one in there[:MAX_LISTED_CLASSES])
        more = " …" if len(there) > MAX_LISTED_CLASSES else ""
        told = f"no cell is of class {asked}; there are {some}{more}"
        return (f"layer {role!r}: {told}; say classes = […] of the indicator in city.toml",)

    return _errors


def needs_features(*roles: str) -> Callable[[City, Query], tuple[str, ...]]:
    """For `Indicator.faults`: what to say of layers that must not be grids."""

    def _errors(city: City, _query: Query) -> tuple[str, ...]:
        return tuple(
            f"layer {role!r}: is a grid, and has to be areas, lines or points here"
            for role in roles
            if role in city.rasters
        )

    return _errors


def needs_column(column: str, *roles: str) -> Callable[[City, Query], tuple[str, ...]]:
    """For `Indicator.faults`: what to say of layers without a number that is asked of.

    Parameters
    ----------
    column
        Canonical name of the column.
    roles
        The layers; those of the ask's own needs if none is named.
    """

    def _errors(city: City, query: Query) -> tuple[str, ...]:
        import numpy as np

        return tuple(
            f'layer {role!r}: no feature has {column}; say {column} = "…" in city.toml'
            for role in (roles or query.needs)
            if role in city.layers and np.isnan(numbers(city, role, column)).all()
        )

    return _errors


def needs_any_value(column: str, role: str) -> Callable[[City, Query], tuple[str, ...]]:
    """For `Indicator.faults`: what to say of a layer in which no feature has a text or a flag."""

    def _errors(city: City, _query: Query) -> tuple[str, ...]:
        if role not in city.layers or not len(city.layers[role]):
            return ()
        frame = city.layers[role].frame
        if column in frame and frame[column].astype(bool).any():
            return ()
        return (f'layer {role!r}: no feature has {column}; say {column} = "…" in city.toml',)

    return _errors
