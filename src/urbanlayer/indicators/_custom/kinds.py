"""The computation of each kind of custom indicator, and its input errors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.indicators._custom import amounts
from urbanlayer.indicators._custom.units import unit_of
from urbanlayer.indicators._shared.results import (
    metres_to_nearest,
    over_residents,
    reasons_without_result,
    share_with_nearest_within,
)
from urbanlayer.kernels import allocation, grids, zonal
from urbanlayer.model.custom import Amount
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.result import Result
from urbanlayer.model.role_table import role as role_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from urbanlayer.model import custom
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.query import Query

PER_1000 = 1000.0


def share_of_area(
    spec: custom.ShareOfArea, city: City, query: Query, _network: NetworkResults
) -> Result:
    """Area covered by the layer, or by classes of a raster, over the known area."""
    neighbourhoods = city.neighbourhoods
    if spec.layer in city.rasters:
        grid = city.rasters[spec.layer]
        zones = grids.reproject_polygons(
            np.asarray(neighbourhoods.geometry, dtype=object), city.crs, grid.crs
        )
        wanted = np.isin(grid.values, spec.classes) if spec.classes else grid.values > 0
        counts = np.where(np.isnan(grid.values), np.nan, wanted.astype(float))
        covered, known = (
            grids.zonal_statistic(zones, counts, grid.transform, grid.crs, statistic=statistic)
            for statistic in ("sum", "count")
        )
        return _quotient(spec, city, query, covered, known, "cells")
    covered = amounts.per_neighbourhood(
        city, Amount(layer=spec.layer, where=spec.where, measure="area_m2")
    )
    return _quotient(
        spec,
        city,
        query,
        np.minimum(covered, neighbourhoods.area_m2),
        neighbourhoods.area_m2,
        "area",
    )


def count_per_1000(
    spec: custom.CountPer1000, city: City, query: Query, _network: NetworkResults
) -> Result:
    """Number of features, or the sum of a field, over residents."""
    count = amounts.per_neighbourhood(city, counted(spec))
    people = amounts.per_neighbourhood(city, Amount(layer="residents"))
    result = _quotient(spec, city, query, count * PER_1000, people, "count")
    return _with_counts(result, city, [(counted(spec), count)])


def counted(spec: custom.CountPer1000) -> Amount:
    """The amount that is counted."""
    measure = "sum" if spec.field else "count"
    return Amount(layer=spec.layer, where=spec.where, measure=measure, field=spec.field)


def ratio(spec: custom.Ratio, city: City, query: Query, _network: NetworkResults) -> Result:
    """The ratio of two amounts; NaN where the denominator is 0."""
    above = amounts.per_neighbourhood(city, spec.numerator)
    below = amounts.per_neighbourhood(city, spec.denominator)
    result = _quotient(spec, city, query, above * spec.times, below, "ratio")
    return _with_counts(result, city, [(spec.numerator, above), (spec.denominator, below)])


def raster_mean(
    spec: custom.RasterMean, city: City, query: Query, _network: NetworkResults
) -> Result:
    """Mean over the area with data, or over the residents with data."""
    grid = city.rasters[spec.layer]
    if spec.over == "residents" and city.residents is not None:
        xy = grids.reproject_points(city.residents.xy, city.crs, grid.crs)
        origins = grids.sample_at_points(xy, grid.values, grid.transform)
        return _over_residents(spec, city, query, origins, method="cell")
    zones = np.asarray(city.neighbourhoods.geometry, dtype=object)
    inside = grids.reproject_polygons(zones, city.crs, grid.crs)
    total, known = (
        grids.zonal_statistic(inside, grid.values, grid.transform, grid.crs, statistic=statistic)
        for statistic in ("sum", "count")
    )
    return _quotient(spec, city, query, total, known, "cells")


def coverage(
    spec: custom.FacilityCoverage, city: City, query: Query, network: NetworkResults
) -> Result:
    """1 for origins within the distance, else 0, averaged over residents."""
    return share_with_nearest_within(query, city, network, NearestQuery(spec.layer, query.mode))


def nearest(spec: custom.Nearest, city: City, query: Query, network: NetworkResults) -> Result:
    """Metres to the nearest, at most the cap, averaged over residents."""
    walked = network[NearestQuery(spec.layer, query.mode)]
    straight = network[NearestQuery(spec.layer, "straight_line")]
    return metres_to_nearest(query, city, walked=walked, straight=straight, unit=unit_of(spec))


def field_of(spec: custom.FieldOf, city: City, query: Query, _network: NetworkResults) -> Result:
    """A field of a polygon layer, combined over each neighbourhood."""
    layer = city.layers[spec.layer]
    values = amounts.column(layer.frame, spec.field)
    features = np.asarray(layer.frame.geometry, dtype=object)
    zones = np.asarray(city.neighbourhoods.geometry, dtype=object)
    if spec.combine == "sum":
        amount = Amount(layer=spec.layer, measure="sum", field=spec.field)
        total = amounts.per_neighbourhood(city, amount)
        result = _sum_result(spec, city, query, total, "field")
        return _with_counts(result, city, [(amount, total)])
    if spec.combine == "mean_over_residents" and city.residents is not None:
        row = _rows_of_residents(spec, city, features)
        origins = np.where(row >= 0, values[np.maximum(row, 0)], np.nan)
        return _over_residents(spec, city, query, origins, method="field")
    zone, feature, area_m2 = zonal.intersection_areas_m2(zones, features)
    known = ~np.isnan(values[feature])
    count = len(zones)
    numerator = _sums(zone[known], (area_m2 * values[feature])[known], count)
    denominator = _sums(zone[known], area_m2[known], count)
    return _quotient(spec, city, query, numerator, denominator, "field")


def change(spec: custom.Change, city: City, query: Query, _network: NetworkResults) -> Result:
    """The amount now less the amount before, or the relative change; per year if declared."""
    now = amounts.per_neighbourhood(city, spec.now)
    before = amounts.per_neighbourhood(city, spec.before)
    years = spec.years or 1.0
    grown = (now - before) / years
    if spec.as_ == "share":
        result = _quotient(spec, city, query, grown, before, "change")
    else:
        result = _sum_result(spec, city, query, grown, "change")
    return _with_counts(result, city, [(spec.now, now), (spec.before, before)])


def layer_errors(spec: custom.CustomSpec, city: City) -> Iterator[str]:
    """The input errors of kinds with one layer, one sentence each."""
    role = spec.layers()[0]
    is_grid = role in city.rasters
    at = f"indicator '{spec.id}': layer {role!r}"
    if spec.kind == "raster_mean" and not is_grid:
        yield f'{at} is not a raster; kind = "field" uses a column of a polygon layer'
    elif spec.kind in {"coverage", "nearest"} and is_grid:
        yield f"{at} is a raster, not a destination"
    elif spec.kind == "share_of_area" and spec.where:
        yield f"{at} is a raster; set classes = [...] instead of where"
    elif spec.kind == "field":
        if is_grid:
            yield f'{at} is a raster; use kind = "raster_mean"'
            return
        layer = city.layers[role]
        yield from amounts.column_errors(layer, spec.field, spec.id)
        if spec.field in layer.frame:
            yield from amounts.number_errors(layer, spec.field, spec.id)


def _sums(
    groups: NDArray[np.int64], values: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    return np.bincount(groups, values, count).astype(np.float64)


def _rows_of_residents(
    spec: custom.FieldOf, city: City, features: NDArray[np.object_]
) -> NDArray[np.int64]:
    """(n,) row of the feature that contains each origin, or -1."""
    residents = city.residents
    if residents is None:
        return np.empty(0, dtype=np.int64)
    if role_named(spec.layer).partition:  # who lives in a gap was given to a neighbour
        keys = city.neighbourhoods.keys[residents.neighbourhood]
        return city.layers[spec.layer].frame.index.get_indexer(keys).astype(np.int64)
    return allocation.locate(residents.xy, features, tolerance_m=0.0)


def _over_residents(
    spec: custom.CustomSpec,
    city: City,
    query: Query,
    origins: NDArray[np.float64],
    *,
    method: str,
) -> Result:
    return over_residents(query, city, unit=unit_of(spec), method=method, origins=origins)


def _with_counts(
    result: Result, city: City, counted: Iterable[tuple[Amount, NDArray[np.float64]]]
) -> Result:
    """The result with those of its amounts that are numbers of people."""
    people = tuple(each for amount, each in counted if amounts.is_of_people(city, amount))
    return replace(result, counts=people) if people else result


def _quotient(
    spec: custom.CustomSpec,
    city: City,
    query: Query,
    numerator: NDArray[np.float64],
    denominator: NDArray[np.float64],
    method: str,
) -> Result:
    """The ratio of sums of each neighbourhood and of the city."""
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(denominator != 0, numerator / denominator, np.nan)
    known = ~np.isnan(numerator) & ~np.isnan(denominator)
    total = float(denominator[known].sum())
    whole = float(numerator[known].sum()) / total if total else float("nan")
    return replace(
        _result(spec, city, query, each, whole, method), fraction=(numerator, denominator, 1.0)
    )


def _sum_result(
    spec: custom.CustomSpec, city: City, query: Query, each: NDArray[np.float64], method: str
) -> Result:
    """The result of an amount, summed for the city."""
    known = ~np.isnan(each)
    whole = float(each[known].sum()) if known.any() else float("nan")
    return _result(spec, city, query, each, whole, method)


def _result(
    spec: custom.CustomSpec,
    city: City,
    query: Query,
    each: NDArray[np.float64],
    whole: float,
    method: str,
) -> Result:
    values = city.neighbourhoods.series(each)
    return Result(
        query=query, values=values, city=whole, unit=unit_of(spec), method=method,
        reasons=reasons_without_result(city, values, reason="no-data"),
    )  # fmt: skip
