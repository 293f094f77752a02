"""Results from values, means over residents and ratios; input checks of indicators."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import IndicatorError
from urbanlayer.indicators._shared.sensitivity import MARGIN
from urbanlayer.model.network_query import EdgeQuery
from urbanlayer.model.result import Result
from urbanlayer.model.role_names import WATER

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
    """The result with given values of the neighbourhoods and the city.

    Parameters
    ----------
    values
        (k,) in the order of the neighbourhoods; NaN is "no result".
    city_value
        Value of the city.
    about_people
        Whether a neighbourhood without residents has no result for that reason.
    reason
        Code of the reason in all other cases.
    origins
        (n,) value of each origin, if there is one.
    """
    series = city.neighbourhoods.series(values)
    if about_people:
        reasons = reasons_without_result(city, series, reason=reason)
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
    """The result with means over residents.

    X_z = Σ p_i x_i / Σ p_i over the origins i of neighbourhood z; a share for x of 0 and 1.

    Parameters
    ----------
    origins, low, high
        (n,) value of each origin and its low and high; origins with NaN are excluded.

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
        reasons=reasons_without_result(city, values, reason="no-data"),
    )  # fmt: skip


def means_over_residents(
    query: Query, city: City, origins: NDArray[np.float64]
) -> tuple[pd.Series[float], float]:
    """The mean over the residents of each neighbourhood, and of the city.

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


def reasons_without_result(city: City, values: pd.Series[float], *, reason: str) -> dict[str, str]:
    """Why each neighbourhood without a result has none: key to a code.

    Parameters
    ----------
    values
        Indexed as the neighbourhoods; NaN is "no result".
    reason
        The code for a neighbourhood that has residents: `no-data`, `few-tests` …
    """
    import numpy as np

    missing = np.flatnonzero(np.isnan(values.to_numpy()))
    if city.residents is None:
        return dict.fromkeys(values.index[missing], reason)
    people = city.residents.per_neighbourhood(len(city.neighbourhoods))
    found = {}
    for key, count in zip(values.index[missing], people[missing], strict=True):
        known = reason if count > 0 else "no-residents"
        found[key] = "residents-unknown" if np.isnan(count) else known
    return found


MAX_LISTED_CLASSES = 12

EDGE = EdgeQuery()
"""The network query for the distance to the edge of the data."""


def margin_bounds(
    walked: NDArray[np.float64], straight: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Low and high of distances or times: ±10 %, never below the straight line.

    Where no route is known, beyond the maximum snapping distance or on disconnected streets, low is
    the straight line.

    Parameters
    ----------
    walked
        (n,) metres or minutes along streets; +inf without a route.
    straight
        (n,) the same in a straight line, the lower bound; None: unknown.
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
    """The distance to the nearest destination, at most `cap_m`, averaged over residents.

    Parameters
    ----------
    walked, straight
        Distances along streets and in a straight line; if both are straight lines, there is no
        low and high.
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
    """The share of residents within a distance: 1 or 0 for each origin, averaged over residents.

    Parameters
    ----------
    distance_m
        (n,) distance of each origin; +inf, unreachable, is not served.
    limit_m
        The threshold, inclusive. `edge_effect` counts unserved residents within it of the edge of
        the data.
    """
    from urbanlayer.kernels.threshold import within

    served = within(distance_m, limit_m).astype("float64")
    result = over_residents(query, city, unit="share", method=method, origins=served)
    near = network[EDGE] <= limit_m
    return replace(result, edge_effect=_unserved_near_edge(city, served, near))


def _unserved_near_edge(
    city: City, served: NDArray[np.float64], near: NDArray[np.bool_]
) -> pd.Series[float] | None:
    """(k,) unserved residents near the edge of the data; None without residents."""
    import numpy as np

    if city.residents is None:
        return None
    people = np.where(near & (served == 0), city.residents.people, 0.0)
    count = len(city.neighbourhoods)
    each = np.bincount(city.residents.neighbourhood, people, minlength=count)
    return city.neighbourhoods.series(each.astype(np.float64))


def share_with_nearest_within(
    query: Query, city: City, network: NetworkResults, network_query: NearestQuery
) -> Result:
    """Share of residents whose nearest destination lies within the query's `distance_m`.

    The indicator's network queries are the given one and `EDGE`.
    """
    nearest = network[network_query]
    return share_within(
        query, city, network, distance_m=nearest.distance_m, limit_m=query["distance_m"],
        method=nearest.method,
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
    """The result with the ratio of two amounts; for the city the ratio of their sums.

    Parameters
    ----------
    numerator, denominator
        (k,) in the order of the neighbourhoods; NaN where the denominator is 0.
    factor
        Factor of the ratio: 100,000 for a rate per 100,000.
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
    """(k,) residents of each neighbourhood, NaN if unknown; 0 if the city has no residents."""
    import numpy as np

    count = len(city.neighbourhoods)
    return city.residents.per_neighbourhood(count) if city.residents else np.zeros(count)


def polygons(city: City) -> NDArray[np.object_]:
    """(k,) polygons of the neighbourhoods."""
    import numpy as np

    return np.asarray(city.neighbourhoods.geometry, dtype=object)


def shapes(city: City, role: str) -> NDArray[np.object_]:
    """(n,) geometries of a layer."""
    import numpy as np

    return np.asarray(city.layers[role].frame.geometry, dtype=object)


def numbers(city: City, role: str, column: str) -> NDArray[np.float64]:
    """(n,) a numeric column of a layer; NaN where unknown, or without the column."""
    import numpy as np

    frame = city.layers[role].frame
    if column not in frame:
        return np.full(len(frame), np.nan)
    return np.asarray(frame[column].to_numpy(dtype=np.float64, na_value=np.nan))


def count_in_neighbourhoods(
    city: City, role: str, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """(k,) count or sum of weights of the features whose representative point lies in each."""
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
    """(k,) land area of each neighbourhood in m²: its area without the water layer."""
    import numpy as np
    import shapely

    from urbanlayer.kernels import zonal

    whole_m2 = city.neighbourhoods.area_m2
    if WATER not in city.layers:
        return whole_m2
    water = shapes(city, "water")
    areas = water[shapely.get_dimensions(water) == 2]  # noqa: PLR2004  (rivers drawn as lines)
    return np.maximum(whole_m2 - zonal.covered_area_m2(polygons(city), areas), 0.0)


def needs_grid(*roles: str) -> Callable[[City, Query], tuple[str, ...]]:
    """A check for `Indicator.errors`: layers that must be rasters."""

    def _errors(city: City, _query: Query) -> tuple[str, ...]:
        return tuple(
            f'layer {role!r}: must be a raster; set source = "raster" in city.toml'
            for role in roles
            if role in city.layers
        )

    return _errors


def needs_classes(role: str) -> Callable[[City, Query], tuple[str, ...]]:
    """A check for `Indicator.errors`: a raster without any of the requested classes."""

    def _errors(city: City, query: Query) -> tuple[str, ...]:
        import numpy as np

        if role not in city.rasters:
            return needs_grid(role)(city, query)
        there = np.unique(city.rasters[role].values)
        there = there[~np.isnan(there)]
        if not len(there) or np.isin(there, query.lists["classes"]).any():
            return ()
        classes = ", ".join(f"{float(one):g}" for one in query.lists["classes"])
        some = ", ".join(f"{one:g}" for one in there[:MAX_LISTED_CLASSES])
        more = " …" if len(there) > MAX_LISTED_CLASSES else ""
        found = f"no cell has class {classes}; the classes are {some}{more}"
        return (f"layer {role!r}: {found}; set classes = […] of the indicator in city.toml",)

    return _errors


def needs_features(*roles: str) -> Callable[[City, Query], tuple[str, ...]]:
    """A check for `Indicator.errors`: layers that must be vector features."""

    def _errors(city: City, _query: Query) -> tuple[str, ...]:
        return tuple(
            f"layer {role!r}: is a raster but must be vector features"
            for role in roles
            if role in city.rasters
        )

    return _errors


def needs_column(column: str, *roles: str) -> Callable[[City, Query], tuple[str, ...]]:
    """A check for `Indicator.errors`: layers without a numeric column.

    Parameters
    ----------
    column
        Canonical name of the column.
    roles
        The layers; by default those that the query needs.
    """

    def _errors(city: City, query: Query) -> tuple[str, ...]:
        import numpy as np

        return tuple(
            f'layer {role!r}: no feature has {column}; set {column} = "…" in city.toml'
            for role in (roles or query.needs)
            if role in city.layers
            and len(city.layers[role])
            and np.isnan(numbers(city, role, column)).all()
        )

    return _errors


def needs_any_value(column: str, role: str) -> Callable[[City, Query], tuple[str, ...]]:
    """A check for `Indicator.errors`: a layer in which no feature has a text or flag."""

    def _errors(city: City, _query: Query) -> tuple[str, ...]:
        if role not in city.layers or not len(city.layers[role]):
            return ()
        frame = city.layers[role].frame
        if column in frame and frame[column].astype(bool).any():
            return ()
        return (f'layer {role!r}: no feature has {column}; set {column} = "…" in city.toml',)

    return _errors
