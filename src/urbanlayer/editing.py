"""A city edited by a scenario of its file: the layers, and what is made of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from urbanlayer.errors import CityError, DataError, together
from urbanlayer.extra_layers import features_of_path, layer_of_path
from urbanlayer.model.role_names import POPULATION, STREETS
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urbanlayer.cityfile import CityFile
    from urbanlayer.extra_layers import Added
    from urbanlayer.layers.edit_values import Value
    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.plan_inputs import Edit
    from urbanlayer.model.plan_specification import FacilityEdit, ScenarioSpec

_Step = Callable[["City"], "City"]


def editor(file: CityFile) -> Edit:
    """What edits the city of a city file by its scenarios."""
    return functools.partial(edited, file)


def edited(file: CityFile, city: City, scenario: ScenarioSpec) -> City:
    """The city with the edits of a scenario.

    First facilities close, then others move, then new ones open; then streets close and are added;
    then people come to live there. A service without a layer starts from nothing.

    Parameters
    ----------
    file
        The city file; paths of layers start at its folder.
    city
        Assembled by it.
    scenario
        The edits.

    Raises
    ------
    DataError
        With every edit that is not possible.
    """
    errors: list[DataError] = []
    for step in _steps(file, scenario):
        try:
            city = step(city)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return city


def _steps(file: CityFile, scenario: ScenarioSpec) -> Iterator[_Step]:
    """The edits, each by itself."""
    yield from _closed_and_moved(file, scenario)
    for role, added in scenario.add.items():
        yield functools.partial(_with_facilities, file, role, added)
    for key in scenario.streets.close:
        yield _of(file, STREETS, _closing(key))
    if scenario.streets.add:
        yield functools.partial(_with_streets, file, scenario.streets.add)
    if scenario.residents:
        yield functools.partial(_with_residents, file, scenario)
    if scenario.headways:
        yield functools.partial(_with_headways, file, scenario.headways)


def _closed_and_moved(file: CityFile, scenario: ScenarioSpec) -> Iterator[_Step]:
    for role, keys in scenario.close.items():
        for key in keys:
            yield _of(file, role, _closing(key))
    for role, facilities in scenario.move.items():
        for one in facilities:
            yield _of(file, role, functools.partial(_moved, to=one))


def _of(file: CityFile, role: str, edit: Callable[[Layer], Layer]) -> _Step:
    return functools.partial(_with_edit, file, role, edit)


def _closing(key: str) -> Callable[[Layer], Layer]:
    from urbanlayer.layers import edits

    return functools.partial(edits.close, key=key)


def _with_edit(file: CityFile, role: str, edit: Callable[[Layer], Layer], city: City) -> City:
    from urbanlayer.city.assemble import with_layer

    if role not in city.layers:
        known = did_you_mean(role, city.layers)
        raise CityError(f"layer {role!r}: there is none to edit{known}")
    return with_layer(city, edit(city.layers[role]), file.spec)


def _moved(layer: Layer, to: FacilityEdit) -> Layer:
    from urbanlayer.layers import edits

    layer = edits.move_to(layer, to.id, x=to.x, y=to.y)
    if to.capacity is None:
        return layer
    return edits.change(layer, to.id, "capacity", to.capacity)


def _with_facilities(
    file: CityFile, role: str, added: str | Iterable[FacilityEdit], city: City
) -> City:
    """The city with more facilities of a service; of a layer that is not there with the first."""
    from urbanlayer.city.assemble import with_layer
    from urbanlayer.layers.nothing_yet import empty_layer

    if role not in city.layers:
        _check_service(file, role, city)
        city = with_layer(city, empty_layer(role, city.crs), file.spec)
    layer = city.layers[role]
    features = (
        features_of_path(file, role, added, city) if isinstance(added, str) else _points(added)
    )
    return with_layer(city, _added(layer, features), file.spec)


def _check_service(file: CityFile, role: str, city: City) -> None:
    """Refuse a role that neither we nor the city file know as a service."""
    from urbanlayer.model.role_table import ROLES

    needed = {noun for _, query in file.queries for noun in query.needs}
    if role in needed or (role in ROLES and ROLES[role].service):
        return
    services = {name for name, known in ROLES.items() if known.service}
    near = did_you_mean(role, sorted({*city.layers, *needed, *services}))
    raise CityError(f"layer {role!r}: no such layer or service to add to{near}")


def _added(layer: Layer, features: Iterable[Added]) -> Layer:
    """The layer with more features; every one that cannot be added is named."""
    from urbanlayer.layers import edits

    errors: list[DataError] = []
    for key, shape, values in features:
        try:
            layer = edits.add(layer, key, shape, values)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return layer


def _points(facilities: Iterable[FacilityEdit]) -> Iterator[Added]:
    import shapely

    for one in facilities:
        values: dict[str, Value] = {} if one.capacity is None else {"capacity": one.capacity}
        yield one.id, shapely.Point(one.x, one.y), values


def _with_streets(file: CityFile, added: str | list[list[tuple[float, float]]], city: City) -> City:
    import shapely

    if isinstance(added, str):
        features = list(features_of_path(file, STREETS, added, city))
    else:
        features = [
            (f"new street {number}", shapely.LineString(xy), {})
            for number, xy in enumerate(added, start=1)
        ]
    return _with_edit(file, STREETS, functools.partial(_added, features=features), city)


def _with_residents(file: CityFile, scenario: ScenarioSpec, city: City) -> City:
    import dataclasses

    import numpy as np

    from urbanlayer.city.new_residents import with_new_residents

    if city.residents is None:
        raise CityError("residents: the city has none to add to; declare [residents] in city.toml")
    if isinstance(scenario.residents, str):
        layer = layer_of_path(file, POPULATION, scenario.residents, city)
        middles = layer.frame.geometry.representative_point()
        xy = np.column_stack([middles.x, middles.y])
        people = np.nan_to_num(layer.frame["people"].to_numpy(dtype=np.float64))
    else:
        xy = np.array([(one.x, one.y) for one in scenario.residents], dtype=np.float64)
        people = np.array([one.people for one in scenario.residents], dtype=np.float64)
    more = with_new_residents(city.residents, city.neighbourhoods, xy, people)
    return dataclasses.replace(city, residents=more)


def _with_headways(file: CityFile, headways: Mapping[str, float], city: City) -> City:
    """The city with lines at other headways, and what then leaves from its stops."""
    import dataclasses

    from urbanlayer.city.assemble import with_layer
    from urbanlayer.city.headways import with_headway
    from urbanlayer.layers.edit_departures import with_departures

    if city.timetable is None:
        raise CityError(
            "headways: the city has no timetable; declare [layers.transit] in city.toml"
        )
    timetable = city.timetable
    for line, minutes in headways.items():
        timetable = with_headway(timetable, line, minutes)
    for layer in tuple(city.layers.values()):
        changed = with_departures(layer, city.timetable, timetable, headways)
        if changed is not layer:
            city = with_layer(city, changed, file.spec)
    return dataclasses.replace(city, timetable=timetable)
