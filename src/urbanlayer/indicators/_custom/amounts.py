"""Amounts of a layer in each neighbourhood: counts, measures or sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from urbanlayer.kernels import allocation, grids, lengths, zonal
from urbanlayer.model.role_table import role as role_named
from urbanlayer.model.text import keeps
from urbanlayer.text.normalise import matching_rows, plain_text
from urbanlayer.text.numerals import numbers
from urbanlayer.text.personal import are_persons, seem_persons, without_persons
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.custom import Amount
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.text import Where

M2_PER = {"area_m2": 1.0, "area_ha": 10_000.0, "area_km2": 1_000_000.0}
M_PER_KM = 1000.0
_MOST_TEXTS = 2000
"""Features by which a column is judged."""
POINT, LINE, POLYGON = 0, 1, 2
"""Dimensions of geometry."""


def per_neighbourhood(city: City, amount: Amount) -> NDArray[np.float64]:
    """(k,) amount in each neighbourhood; NaN where a raster has no data.

    A feature that is counted belongs to the neighbourhood that holds a point inside it; lengths
    and areas are split exactly on borders, and areas that overlap are counted once.
    """
    count = len(city.neighbourhoods)
    if amount.layer == "residents":
        people = city.residents
        return np.zeros(count) if people is None else people.per_neighbourhood(count)
    zones = np.asarray(city.neighbourhoods.geometry, dtype=object)
    if amount.layer in city.rasters:
        grid = city.rasters[amount.layer]
        inside = grids.reproject_polygons(zones, city.crs, grid.crs)
        statistic: Literal["mean", "sum"] = "mean" if amount.measure == "mean" else "sum"
        return grids.zonal_statistic(
            inside, grid.values, grid.transform, grid.crs, statistic=statistic
        )
    frame = kept(city.layers[amount.layer], amount.where)
    features = np.asarray(frame.geometry, dtype=object)
    if amount.measure in M2_PER:
        return zonal.covered_area_m2(zones, features) / M2_PER[amount.measure]
    if amount.measure == "length_km":
        zone, _, length_m = lengths.intersection_lengths_m(zones, features)
        return np.bincount(zone, length_m, count).astype(np.float64) / M_PER_KM
    if amount.measure == "sum" and amount.field is not None:
        return _summed(zones, features, column(frame, amount.field))
    return _counted(zones, features).astype(np.float64)


def is_of_people(city: City, amount: Amount) -> bool:
    """Whether an amount of a layer is a number of people, so that few of them are not published.

    It is where the role has people, and where the features of a city's own layer seem persons, by
    its name, its columns or their texts.
    """
    role = role_named(amount.layer)
    if amount.measure == "sum" and any(field.unit == "people" for field in role.fields):
        return True
    layer = city.layers.get(amount.layer)
    if role.known or layer is None or amount.measure not in {"count", "sum"}:
        return False
    frame = layer.frame.drop(columns=layer.frame.geometry.name).head(_MOST_TEXTS)
    if are_persons(amount.layer, map(str, frame.columns)):
        return True
    texts = frame.select_dtypes(exclude="number")
    return seem_persons({str(name): plain_text(texts[name]) for name in texts.columns})


def kept(layer: Layer, where: Where) -> gpd.GeoDataFrame:
    """The features of a layer that match the `where` table."""
    return layer.frame[matching_rows(layer.frame, keeps(where))] if where else layer.frame


def column(frame: gpd.GeoDataFrame, field: str) -> NDArray[np.float64]:
    """(n,) a column as numbers, also from text; NaN if unknown."""
    values = frame[field]
    if values.dtype.kind in "iufb":
        return values.to_numpy(dtype=np.float64)
    return numbers(values.to_list()).values


def errors(city: City, amount: Amount, indicator: str) -> Iterator[str]:
    """The errors that prevent measuring an amount, one sentence each."""
    role, at = amount.layer, f"indicator '{indicator}'"
    if role == "residents":
        return
    if role in city.rasters:
        if amount.measure not in {"sum", "mean"} or amount.field or amount.where:
            yield f'{at}: layer {role!r} is a raster; set measure to "sum" or "mean", without field'
        return
    layer = city.layers[role]
    if amount.measure == "mean" or (amount.measure == "sum" and amount.field is None):
        yield f"{at}: layer {role!r} is not a raster; use a field, count or measure"
    dimension = shapely.get_dimensions(np.asarray(layer.frame.geometry, dtype=object))
    if amount.measure in M2_PER and len(layer) and (dimension < POLYGON).all():
        yield f"{at}: layer {role!r} has no polygons to measure in {amount.measure}"
    if amount.measure == "length_km" and (dimension != LINE).any():
        yield f"{at}: layer {role!r} has features other than lines, which have no length_km"
    for field in (*amount.where, *([amount.field] if amount.field else [])):
        yield from column_errors(layer, field, indicator)
    if amount.field and amount.field in layer.frame:
        yield from number_errors(layer, amount.field, indicator)


def column_errors(layer: Layer, field: str, indicator: str) -> Iterator[str]:
    """An error if the layer has no such column, with the nearest name."""
    columns = [str(name) for name in layer.frame.columns if name != layer.frame.geometry.name]
    if field not in columns:
        hint = did_you_mean(field, columns)
        yield f"indicator '{indicator}': layer {layer.role!r} has no column {field!r}{hint}"


def number_errors(layer: Layer, field: str, indicator: str) -> Iterator[str]:
    """An error if the column holds no numbers."""
    if len(layer) and np.isnan(column(layer.frame, field)).all():
        yield (
            f"indicator '{indicator}': column {field!r} of layer {layer.role!r} holds no numbers "
            f"(first: {without_persons(layer.frame[field].iloc[:1])[0]!r})"
        )


def _counted(zones: NDArray[np.object_], features: NDArray[np.object_]) -> NDArray[np.int64]:
    row = _zone_of(zones, features)
    return np.bincount(row[row >= 0], minlength=len(zones))


def _zone_of(zones: NDArray[np.object_], features: NDArray[np.object_]) -> NDArray[np.int64]:
    """(n,) neighbourhood of the representative point of each feature, or -1."""
    xy = shapely.get_coordinates(shapely.point_on_surface(features))
    return allocation.locate(xy, zones, tolerance_m=0.0)


def _summed(
    zones: NDArray[np.object_], features: NDArray[np.object_], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(k,) sum of a number over each zone; polygons are split by area, others by location."""
    count = len(zones)
    known = np.nan_to_num(values)
    areas = np.flatnonzero(shapely.get_dimensions(features) == POLYGON)
    others = np.flatnonzero(shapely.get_dimensions(features) != POLYGON)
    zone, feature, area_m2 = zonal.intersection_areas_m2(zones, features[areas])
    share = area_m2 / shapely.area(features[areas])[feature]
    total = np.bincount(zone, share * known[areas][feature], count)
    row = _zone_of(zones, features[others])
    inside = row >= 0
    return np.asarray(total + np.bincount(row[inside], known[others][inside], count))
