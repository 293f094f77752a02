"""The city file of a part: the tables of the whole, its own neighbourhoods and its own people."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from urbanlayer.model.layer_specification import JOINS
from urbanlayer.model.role_names import BOUNDARY, NEIGHBOURHOODS, POPULATION
from urbanlayer.model.source import BoxOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.source import BBox, Request
    from urbanlayer.splitting.parts import Box, Part

NEIGHBOURHOODS_FILE, PEOPLE_FILE = "neighbourhoods.parquet", "people.parquet"
GROUP = "group "
"""Before the name of each column of a group, so that no name is another column's."""
DEPRIVATION = "deprivation"
_BESIDE_DEGREES = 1e-4
"""About 10 m: more than a line between two corners of the box leaves its curve."""


def tables_of_part(
    content: Mapping[str, Any], file: CityFile, city: City, part: Part, *, by: str, folder: Path
) -> dict[str, Any]:
    """The tables of a part's city file.

    Plan, scenarios and the city's own judgement are of the whole, and left out.

    Parameters
    ----------
    content
        The tables of the whole, as its file has them.
    file, city
        The same, read.
    part
        The part.
    by
        Role of the layer that made the parts; it is left out.
    folder
        Where the part's file will lie: paths lead from there.
    """
    left_out = {"plan", "scenario", "maturity", "digital_service", "id", "name", "layers"}
    rest = {key: value for key, value in content.items() if key not in left_out | {"residents"}}
    layers = content["layers"]
    box = box_lonlat(part.box, city.crs)
    kept = {
        request.role: _table(layers[request.role], request, box, file.folder, folder)
        for request in file.requests()
        if request.role not in {by, NEIGHBOURHOODS, BOUNDARY, POPULATION}
    }
    tables: dict[str, Any] = {
        "id": part.id,
        "name": {c: n for c, n in part.names.items() if c in file.spec.languages} or part.names[""],
        **{key: value for key, value in rest.items() if not isinstance(value, dict)},
        "layers": {
            NEIGHBOURHOODS: _neighbourhoods_table(city.layers[NEIGHBOURHOODS], file),
            **kept,
        },
    }
    residents = city.residents
    if residents is not None:
        tables["layers"][POPULATION] = _people_table(city, file)
        tables["residents"] = _residents_table(residents)
    tables |= {key: value for key, value in rest.items() if isinstance(value, dict)}
    if without := _without(city, kept, part.box):
        tables["part_of"] = {**tables["part_of"], "without": without}
    if residents is not None and residents.deprivation is not None:
        deprivation = {"layer": POPULATION, "field": DEPRIVATION}
        tables["equity"] = {"deprivation": deprivation, "poor_is": "high"}
    return tables


def _without(city: City, roles: Iterable[str], box: Box) -> dict[str, str]:
    """Roles of layers without a feature in the box, each with the digest of its file."""
    import shapely

    layers = [city.layers[role] for role in roles if role in city.layers]
    return {
        layer.role: layer.provenance.digest
        for layer in layers
        if not len(layer.frame.sindex.query(shapely.box(*box), predicate="intersects"))
    }


def box_lonlat(box: Box, crs: str) -> BBox:
    """Longitudes and latitudes that hold a box of metres."""
    from pyproj import Transformer

    up = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = up.transform_bounds(*box, densify_pts=101)
    beside = _BESIDE_DEGREES
    return west - beside, south - beside, east + beside, north + beside


def _table(
    table: Mapping[str, Any], request: Request, box: BBox, here: Path, there: Path
) -> dict[str, Any]:
    """A layer's table for another folder and a box, if its source can be limited to one."""
    found = {key: value for key, value in table.items() if key not in {"expected", JOINS}}
    if request.source.local:
        paths = table["path"]
        several = isinstance(paths, list)
        moved = [_moved(one, here, there) for one in (paths if several else [paths])]
        found["path"] = moved if several else moved[0]
    for key, value in found.items():
        if isinstance(value, dict) and "path" in value:
            found[key] = {**value, "path": _moved(value["path"], here, there)}
    if isinstance(request.options, BoxOptions):
        found["bbox"] = _shared(box, request.options.bbox)
    return found


def _moved(path: str, here: Path, there: Path) -> str:
    """A path of one folder, from another; an address stays."""
    if "://" in path or Path(path).is_absolute():
        return path
    try:
        return os.path.relpath(here / path, there).replace(os.sep, "/")
    except ValueError:  # another drive
        return (here / path).as_posix()


def _shared(box: BBox, other: BBox | None) -> list[float]:
    """What two boxes share, to a tenth of a millimetre."""
    if other is None:
        return [round(side, 9) for side in box]
    low, high = np.maximum(box[:2], other[:2]), np.minimum(box[2:], other[2:])
    return [*low.tolist(), *high.tolist()]


def _neighbourhoods_table(layer: Layer, file: CityFile) -> dict[str, Any]:
    spec = file.spec.layers[NEIGHBOURHOODS]
    table: dict[str, Any] = {"path": NEIGHBOURHOODS_FILE, "key": "key", **_rights(layer)}
    names = layer.provenance.public_names
    languages = [name for name in names if name.startswith("name_")]
    if languages:
        table["name"] = {name.removeprefix("name_"): name for name in languages}
    elif names:
        table["name"] = "name"
    table |= {name: name for name in spec.fields if name in layer.frame}
    return table | {
        "gap_tolerance_m": spec.gap_tolerance_m,
        "personal": spec.personal,
        "overlap_tolerance_m2": spec.overlap_tolerance_m2,
    }


def _rights(layer: Layer) -> dict[str, Any]:
    """By what right a layer is shown, and its date."""
    provenance = layer.provenance
    rights = {"licence": provenance.licence, "attribution": provenance.attribution}
    found: dict[str, Any] = {key: value for key, value in rights.items() if value}
    if not provenance.licence:
        found["allow_unlicensed"] = True
    return found | ({"date": provenance.date} if provenance.date else {})


def _people_table(city: City, file: CityFile) -> dict[str, Any]:
    """The table of the layer of people, with the rights of the layer that they are placed by."""
    assert file.spec.residents is not None  # noqa: S101  (the city has residents)
    from urbanlayer.model.specification import LAYER_OF

    role = LAYER_OF[file.spec.residents.from_[0]]
    layer = city.layers.get(role) or city.layers[NEIGHBOURHOODS]
    return {"path": PEOPLE_FILE, "people": "people", **_rights(layer)}


def _residents_table(residents: Residents) -> dict[str, Any]:
    groups = {name: {"layer": POPULATION, "field": GROUP + name} for name in residents.groups}
    return {"from": [POPULATION], **({"groups": groups} if groups else {})}


def neighbourhoods_of(city: City, part: Part) -> gpd.GeoDataFrame:
    """The neighbourhoods of a part as the whole has them: without overlaps, by key."""
    import geopandas as gpd

    own = city.neighbourhoods.geometry.iloc[part.rows]
    frame = city.layers[NEIGHBOURHOODS].frame
    columns = frame.drop(columns=frame.geometry.name).loc[own.index]
    columns.insert(0, "key", own.index.astype(str))
    return gpd.GeoDataFrame(
        columns.reset_index(drop=True), geometry=np.asarray(own, dtype=object), crs=city.crs
    )


def people_of(city: City, part: Part) -> gpd.GeoDataFrame:
    """The people of a part at the places where the whole has them, with its groups.

    A neighbourhood whose people are unknown has one place without a number.
    """
    import geopandas as gpd
    import shapely

    assert city.residents is not None  # noqa: S101  (the caller has asked)
    residents = city.residents
    here = np.flatnonzero(np.isin(residents.neighbourhood, part.rows))
    xy, place = np.unique(residents.xy[here], axis=0, return_inverse=True)
    columns = {"people": _sums(place, residents.people[here], len(xy))}
    for name, people in residents.groups.items():
        unknown = np.isin(residents.neighbourhood, sorted(residents.group_unknown.get(name, ())))
        columns[GROUP + name] = _sums(place, np.where(unknown, np.nan, people)[here], len(xy))
    if residents.deprivation is not None:
        columns[DEPRIVATION] = np.full(len(xy), np.nan)
        columns[DEPRIVATION][place] = residents.deprivation[here]
    nobody_knows = sorted(residents.unknown & set(part.rows.tolist()))
    shapes = np.asarray(city.neighbourhoods.geometry, dtype=object)[nobody_knows]
    points = np.concatenate([shapely.points(xy), shapely.point_on_surface(shapes)])
    more = np.full(len(nobody_knows), np.nan)
    whole = {name: np.concatenate([values, more]) for name, values in columns.items()}
    return gpd.GeoDataFrame(whole, geometry=points, crs=city.crs)


def _sums(place: NDArray[np.int64], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.bincount(place.ravel(), values, count).astype(np.float64)


def misplaced(city: City, part: Part) -> Iterator[str]:
    """Keys of the part's neighbourhoods some of whose people would be another's in the part."""
    from urbanlayer.kernels import allocation

    assert city.residents is not None  # noqa: S101  (the caller has asked)
    residents, hoods = city.residents, city.neighbourhoods
    here = np.flatnonzero(np.isin(residents.neighbourhood, part.rows))
    areas = np.asarray(hoods.geometry, dtype=object)[part.rows]
    row = allocation.locate(residents.xy[here], areas, hoods.gap_tolerance_m)
    wrong = (row < 0) | (part.rows[np.maximum(row, 0)] != residents.neighbourhood[here])
    yield from map(str, hoods.keys[np.unique(residents.neighbourhood[here][wrong])])


__all__ = ["misplaced", "neighbourhoods_of", "people_of", "tables_of_part"]
