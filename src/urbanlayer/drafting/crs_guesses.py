"""Where a city lies, the CRS to measure it in, and the CRS of each layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.drafting.guess import GuessedKey
from urbanlayer.layers.city_crs import utm_zone
from urbanlayer.layers.extent import lies_in_city, matching_crs, share_in_bounds, where_it_lies
from urbanlayer.layers.location import study_area_of
from urbanlayer.layers.shapes import bounds_centres
from urbanlayer.model.layer import RawLayer, RawRaster

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS

    from urbanlayer.drafting.datasets import Dataset
    from urbanlayer.layers.extent import MatchingCrs
    from urbanlayer.model.study_area import StudyArea

Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""
NOT_MEASURED_IN = frozenset({"EPSG:3857", "EPSG:3035", "EPSG:6933", "EPSG:5635"})
"""In metres, and made for whole continents: lengths or directions are wrong in a city."""


@dataclass(frozen=True, slots=True)
class CityPlace:
    """Where a city lies, and the CRS to measure it in, with its reason.

    Attributes
    ----------
    crs, why
        The CRS, and why this one.
    study_area
        For the CRS of each layer.
    stated
        The CRSs that files state, most frequent first.
    """

    crs: str
    why: str
    study_area: StudyArea
    stated: tuple[str, ...] = ()


def city_place(box: Box, datasets: Sequence[Dataset]) -> CityPlace:
    """The CRS to measure a city in: the one that most of its metric layers have, else UTM.

    Parameters
    ----------
    box
        Where the city lies.
    datasets
        All that was read.
    """
    from pyproj import Transformer

    longitude, latitude = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    crs, why = utm_zone(longitude, latitude), ""
    metric = [code for one in datasets if (code := _metric_code(one, longitude, latitude))]
    if metric:
        most = max(dict.fromkeys(metric), key=metric.count)
        crs = most
        why = f"{metric.count(most)} of {len(datasets)} files have it"
    else:
        why = f"the UTM zone of {latitude:.2f}° N, {longitude:.2f}° E; no file has a metric CRS"
    west, south, east, north = Transformer.from_crs(
        "EPSG:4326", crs, always_xy=True
    ).transform_bounds(*box)
    area = study_area_of((west, south, east, north), crs)
    return CityPlace(crs, why, area, _projected_codes(datasets))


def lonlat_box(dataset: Dataset) -> Box | None:
    """The box of a dataset that states its CRS; None without one."""
    from pyproj import CRS, Transformer

    crs = stated_crs(dataset)
    if crs is None:
        return None
    up = Transformer.from_crs(crs, CRS.from_epsg(4326), always_xy=True)
    if isinstance(dataset.read, RawRaster):
        rows, columns = dataset.read.values.shape
        at = dataset.read.transform
        west, north = at.c, at.f
        east, south = (
            at.c + at.a * columns + at.b * rows,
            at.f + at.d * columns + at.e * rows,
        )
        bounds = (west, south, east, north)
    else:
        frame = dataset.frame
        if frame is None or frame.empty:
            return None
        bounds = tuple(map(float, frame.total_bounds))  # type: ignore[assignment]
    found = tuple(float(value) for value in up.transform_bounds(*bounds))
    return found if all(abs(value) <= 360 for value in found) else None  # type: ignore[return-value]  # noqa: PLR2004


def stated_crs(dataset: Dataset) -> CRS | None:
    """The CRS that a file states; None without one."""
    from pyproj import CRS

    if isinstance(dataset.read, RawRaster):
        return CRS.from_user_input(dataset.read.crs) if dataset.read.crs else None
    frame = dataset.frame
    return None if frame is None else frame.crs


def guessed_crs(dataset: Dataset, place: CityPlace) -> tuple[GuessedKey | None, str]:
    """The `crs` of a layer's table where the file states none; and why it cannot be placed.

    Parameters
    ----------
    dataset
        As read.
    place
        Where the city lies.
    """
    if not isinstance(dataset.read, RawLayer) or dataset.frame is None:
        return None, ""
    xy = _centres(dataset)
    if not len(xy):
        return None, "it holds no geometry"
    stated = stated_crs(dataset)
    if stated is not None:
        return None, _far_away(xy, stated, place)
    guess = _matching(xy, place)
    if guess is not None:
        return guess, ""
    return None, "its file states no CRS, and none that is in use here places it in the city"


def _matching(xy: NDArray[np.float64], place: CityPlace) -> GuessedKey | None:
    """The `crs` under which coordinates lie in the city, doubtful among several; None without."""
    found = matching_crs(xy, place.study_area, place.stated)
    listed = ", ".join(map(str, found))
    if len(found) == 1:
        why = "the file states none; of those in use here only this places it in the city"
        return GuessedKey("crs", found[0].code, why)
    if (only := _only_inside(xy, found, place)) is not None:
        why = f"the file states none; of {listed} only this places all of it between its bounds"
        return GuessedKey("crs", only, why)
    if found:
        why = f"the file states none; {listed} each place it in the city"
        return GuessedKey("crs", found[0].code, why, doubtful=True)
    return None


def _only_inside(
    xy: NDArray[np.float64], found: Sequence[MatchingCrs], place: CityPlace
) -> str | None:
    """The code under which all features lie in the city's bounds, where under others none does."""
    from pyproj import CRS

    shares = []
    for one in found:
        tried = xy[:, ::-1] if one.swapped else xy
        shares.append(share_in_bounds(tried, CRS.from_user_input(one.code), place.study_area))
    if sorted(shares)[:-1] != [0.0] * (len(shares) - 1) or max(shares, default=0.0) < 1:
        return None
    best = found[shares.index(max(shares))]
    return None if best.swapped else best.code


def _projected_codes(datasets: Sequence[Dataset]) -> tuple[str, ...]:
    """The codes of projected CRSs that files state, most frequent first."""
    stated = [crs for one in datasets if (crs := stated_crs(one)) is not None and crs.is_projected]
    codes = [":".join(crs.to_authority(min_confidence=70) or ()) for crs in stated]
    known = [code for code in codes if code]
    return tuple(sorted(dict.fromkeys(known), key=lambda code: -known.count(code)))


def _far_away(xy: NDArray[np.float64], stated: CRS, place: CityPlace) -> str:
    """That a layer lies far from the city by its CRS, and which would place it there; or empty."""
    orders = (xy, xy[:, ::-1])
    if any(lies_in_city(order, stated, place.study_area) for order in orders):
        return ""
    found = ", ".join(map(str, matching_crs(xy, place.study_area, place.stated)))
    advice = f"; in {found} it would lie in the city" if found else ""
    there = where_it_lies(xy, stated, place.study_area)
    where = f" (around {there})" if there else ""
    return f"by its CRS, {stated.name}, it lies far from the city{where}{advice}"


def _centres(dataset: Dataset) -> NDArray[np.float64]:
    import numpy as np

    frame = dataset.frame
    assert frame is not None  # noqa: S101  (the caller has looked)
    kept = frame.geometry.notna() & ~frame.geometry.is_empty
    shapes = np.asarray(frame.geometry[kept], dtype=object)
    xy = bounds_centres(shapes) if len(shapes) else np.empty((0, 2))
    return xy[np.isfinite(xy).all(axis=1)]


def _metric_code(dataset: Dataset, longitude: float, latitude: float) -> str:
    """The code of a dataset's CRS, if a city at this place can be measured in it; else empty."""
    crs = stated_crs(dataset)
    code = ":".join(crs.to_authority(min_confidence=70) or ()) if crs is not None else ""
    if crs is None or not code or code in NOT_MEASURED_IN or not crs.is_projected:
        return ""
    area = crs.area_of_use
    inside = area is None or (
        area.west <= longitude <= area.east and area.south <= latitude <= area.north
    )
    metric = all(axis.unit_name == "metre" for axis in crs.axis_info)
    old = "MGI" in (crs.geodetic_crs or crs).name
    return code if inside and metric and not old else ""
