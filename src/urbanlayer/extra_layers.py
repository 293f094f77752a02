"""Layers of files that are no part of the city file: what a scenario adds."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from urbanlayer.errors import CityError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.role_table import role as role_named
from urbanlayer.model.text import keeps
from urbanlayer.text.spelling import nearest_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import shapely

    from urbanlayer.cityfile import CityFile
    from urbanlayer.layers.edit_values import Value
    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer, RawLayer
    from urbanlayer.model.text import Where

    Added = tuple[str, shapely.Geometry, Mapping[str, Value]]

_OF_THE_OTHER_FILE: Mapping[str, object] = {
    "source": "file", "layer": None, "where": {}, "encoding": None, "decimal": None, "options": {},
    "more_paths": (), "joins": (),
}  # fmt: skip
"""Keys of a layer's table that speak of its own file alone."""
OWN_KEY = "id"
"""Column of keys where the city file declares none for the role."""


def features_of_path(file: CityFile, role: str, path: str, city: City) -> Iterator[Added]:
    """The features of a file that is no part of the city file.

    Parameters
    ----------
    file, role, path, city
        As of `layer_of_path`.

    Returns
    -------
    Iterator
        Key, geometry, and the values of the columns that the city's layer of the role has.
    """
    layer = layer_of_path(file, role, path, city)
    old = city.layers.get(role)
    columns = [] if old is None else [name for name in layer.frame if name in old.frame]
    columns = [name for name in columns if name != layer.frame.geometry.name]
    shapes = layer.frame.geometry.to_numpy()
    cells = [layer.frame[name].tolist() for name in columns]
    for row, key in enumerate(layer.frame.index):
        values = {str(name): _value(of[row]) for name, of in zip(columns, cells, strict=True)}
        yield str(key), shapes[row], values


def _value(cell: object) -> Value:
    """A cell as an edit takes it: None where it is missing, plain numbers otherwise."""
    import numpy as np
    import pandas as pd

    if pd.isna(cell):  # type: ignore[call-overload]
        return None
    return cell.item() if isinstance(cell, np.generic) else cell  # type: ignore[return-value]


def layer_of_path(file: CityFile, role: str, path: str, city: City) -> Layer:
    """The layer of a file that is no part of the city file, validated as one of a role.

    Parameters
    ----------
    file
        Its table of the role names the columns; `where` counts where the file has its
        columns.
    role
        What the layer is to the city.
    path
        From the folder of the city file.
    city
        Where the layer has to lie.

    Returns
    -------
    Layer
        Keys are those of the declared column, else of a column `id`, else numbers with the file's
        name before them. Of a declared column that the file lacks nothing is known.

    Raises
    ------
    DataError
        The file cannot be read, or lacks a column that the role requires.
    """
    from urbanlayer import layers as validation
    from urbanlayer import registry
    from urbanlayer.layers.location import study_area_of
    from urbanlayer.model.layer import RawLayer
    from urbanlayer.sources import border

    declared = file.spec.layers.get(role, LayerSpec(path=path))
    spec = declared.model_copy(update={**_OF_THE_OTHER_FILE, "path": path})
    source = registry.sources()[spec.source]
    request = source.request(role, spec, _checked_path(file.folder, path, role))
    raw = border.read_by(source, [request])[role]
    if not isinstance(raw, RawLayer):
        raise CityError(f"layer {role!r} ({request.shown}): is a grid; it must hold features")
    request = dataclasses.replace(request, spec=_fitting(spec, raw, role))
    west, south, east, north = city.neighbourhoods.geometry.total_bounds.tolist()
    area = study_area_of((west, south, east, north), city.crs)
    layer = validation.validate(_kept(raw, declared.where), request, area)
    if request.spec.key is not None:
        return layer
    index = layer.frame.index.map(lambda number: f"{request.path.stem}/{number}")
    return dataclasses.replace(layer, frame=layer.frame.set_axis(index.rename("key")))


def _checked_path(folder: Path, path: str, role: str) -> Path:
    """The path from a folder, where there is such a file."""
    found = (folder / path).resolve()
    if found.exists():
        return found
    there = found.parent
    near = nearest_word(found.name, [one.name for one in there.glob("*")]) if there.is_dir() else ""
    advice = f"; did you mean {near}?" if near else ""
    raise CityError(f"layer {role!r} ({path}): there is no such file in {there}{advice}")


def _fitting(spec: LayerSpec, raw: RawLayer, role: str) -> LayerSpec:
    """The table with the CRS that the file itself has, and with those columns that it has."""
    there = {str(name) for name in raw.frame.columns}
    changes: dict[str, object] = {} if raw.frame.crs is None else {"crs": None}
    if spec.key not in there:
        changes["key"] = OWN_KEY if OWN_KEY in there else None
    if isinstance(spec.name, dict):
        changes["name"] = {
            language: column for language, column in spec.name.items() if column in there
        } or None
    elif spec.name not in there:
        changes["name"] = None
    required = {field.name for field in role_named(role).fields if field.required}
    changes["fields"] = {
        field: declared
        for field, declared in spec.fields.items()
        if field in required or there.issuperset(_columns(declared))
    }
    return spec.model_copy(update=changes)


def _columns(declared: str | Where) -> set[str]:
    """The columns in which a field is declared."""
    return {declared} if isinstance(declared, str) else {*declared}


def _kept(raw: RawLayer, where: Where) -> RawLayer:
    """What `where` keeps, of a file that has the columns that it names."""
    from urbanlayer.text.normalise import matching_rows

    if not where or not set(where) <= set(raw.frame.columns):
        return raw
    kept = raw.frame[matching_rows(raw.frame, keeps(where)).to_numpy()]
    return dataclasses.replace(raw, frame=kept)
