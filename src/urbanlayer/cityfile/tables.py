"""Errors in the tables of a city file: unknown keys, missing keys, values of a wrong type."""

from __future__ import annotations

import re
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeGuard, Union, get_args, get_origin

import pydantic

from urbanlayer.cityfile.queries import RESERVED
from urbanlayer.model.custom import KINDS
from urbanlayer.model.layer_specification import LAYER_KEYS, FieldKeys, LayerSpec
from urbanlayer.model.role_table import FIELDS
from urbanlayer.model.specification import CitySpec
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urbanlayer.cityfile.line_numbers import Key, SpecError
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.source import Source

RENAMED: Mapping[Key, str] = {
    ("profiles",): "modes",
    ("indicator",): "custom_indicator",
    ("indicators", "profile"): "standards",
    ("residents", "beside"): "second_source",
}
"""Keys that had another name, with the name that they have."""
RENAMED_IN_ANY_TABLE: Mapping[str, str] = {"profiles": "modes", "barred": "impassable"}
"""Keys of indicators' and modes' tables that had another name."""


def specification(content: Mapping[str, Any]) -> tuple[CitySpec | None, list[SpecError]]:
    """The tables as checked values, or None, and the errors in them."""
    try:
        return CitySpec.model_validate(content), []
    except pydantic.ValidationError as error:
        return None, list(_of_pydantic(error, (), CitySpec))


def indicator_errors(
    content: Mapping[str, Any], indicators: Mapping[str, Indicator]
) -> Iterator[SpecError]:
    """Errors in the tables below `[indicators]`."""
    tables = content.get("indicators", {})
    if not isinstance(tables, dict):
        return
    for name, table in tables.items():
        key: Key = ("indicators", name)
        if name in RESERVED:
            continue
        if key in RENAMED:
            yield _renamed(key)
        elif name not in indicators:
            known_names = [*RESERVED, *indicators]
            yield key, f"no such indicator{did_you_mean(name, known_names)}"
        else:
            params = indicators[name].params
            try:
                params.model_validate(table)
            except pydantic.ValidationError as error:
                yield from _of_pydantic(error, key, params)


def option_errors(content: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterator[SpecError]:
    """Errors in the keys of `[layers.ROLE]` that belong to sources, or to nothing."""
    tables = content.get("layers", {})
    for role, table in tables.items() if isinstance(tables, dict) else ():
        name = table.get("source", "file") if isinstance(table, dict) else None
        source = sources.get(name) if isinstance(name, str) else None
        if source is None:
            continue
        options = {key: table[key] for key in table if key not in LAYER_KEYS and key not in FIELDS}
        try:
            source.options.model_validate(options)
        except pydantic.ValidationError as error:
            for at, message in _of_pydantic(error, ("layers", role), source.options):
                unknown = at[-1] not in source.options.model_fields and at[-1] in options
                yield at, _no_such_key(str(at[-1]), source, sources) if unknown else message


def _no_such_key(key: str, source: Source, sources: Mapping[str, Source]) -> str:
    """That a source has no such key: whose it is, or which is the nearest."""
    missing = f'unknown key of source "{source.id}"'
    owners = [other.id for other in sources.values() if key in other.options.model_fields]
    if owners:
        return f"{missing}; {', '.join(owners)} {'has' if len(owners) == 1 else 'have'} it"
    known = [*LAYER_KEYS, *FIELDS, *source.options.model_fields]
    return f"{missing}{did_you_mean(key, sorted(known))}"


def _renamed(key: Key) -> SpecError:
    name = RENAMED.get(key) or RENAMED_IN_ANY_TABLE[str(key[-1])]
    return key, f"is called {name!r} now; rename it"


def _of_pydantic(
    error: pydantic.ValidationError, at: Key, table: type[pydantic.BaseModel]
) -> Iterator[SpecError]:
    """Pydantic's errors in a table, each with its key as the file spells it."""
    measured: set[Key] = set()
    every = error.errors()
    places = [
        _in_file(one["loc"], table, unknown_key=one["type"] == "extra_forbidden")[0]
        for one in every
    ]
    for number, found in enumerate(every):
        if found["type"].endswith("_type") and _is_of_another_branch(number, every, places):
            continue
        if found["type"].startswith("union_tag"):
            yield _wrong_kind(found["loc"], found["input"])
            continue
        unknown = found["type"] == "extra_forbidden"
        place, around = _in_file(found["loc"], table, unknown_key=unknown)
        key = (*at, *place)
        if key in RENAMED or (unknown and key[-1] in RENAMED_IN_ANY_TABLE):
            yield _renamed(key)
        elif unknown:
            yield key, f"unknown key{did_you_mean(str(key[-1]), _keys(around))}"
        elif found["type"] == "missing":
            yield key, "is missing"
        elif amount := _number_of_measure(found["input"]):
            if key not in measured:  # each branch of a union finds the same
                yield key, f"write the number alone, without quotes and unit: {amount}"
            measured.add(key)
        elif _holds_measure(found["input"]):
            continue  # the branch of the union that it is not; the value itself is found too
        else:
            message = found["msg"].removeprefix("Value error, ")
            value = _shortened(found["input"])
            yield key, f"{message[0].lower()}{message[1:]} (here: {value})"


def _is_of_another_branch(
    number: int, every: Sequence[Mapping[str, Any]], places: Sequence[Key]
) -> bool:
    """Whether an error of a type is that of the branch of a union that the value is not.

    Another branch then has an error at the same place, or inside of it, that says more.
    """
    at = places[number]
    return any(
        place[: len(at)] == at and (place != at or not other["type"].endswith("_type"))
        for place, other in zip(places, every, strict=True)
    )


def _wrong_kind(at: Key, table: object) -> SpecError:
    """A table of `[[custom_indicator]]` without a kind, or with one that does not exist."""
    kind = table.get("kind") if isinstance(table, dict) else None
    if kind is None:
        return (*at, "kind"), f"is missing; known: {', '.join(KINDS)}"
    return (*at, "kind"), f"no such kind{did_you_mean(str(kind), KINDS)}"


def _in_file(loc: Key, table: type[pydantic.BaseModel], *, unknown_key: bool) -> tuple[Key, Any]:
    """A place of pydantic as the file has it, and the type of the table around it.

    Names of a union's branches, kinds of custom indicators and the collections of a layer's table
    stand in pydantic's places, and not in the file.
    """
    place: list[str | int] = []
    annotation: Any = table
    for number, part in enumerate(loc):
        if unknown_key and number == len(loc) - 1:
            place.append(part)
            break
        step = _step(annotation, part)
        if step is not None:
            annotation, stands = step
            place += [part] if stands else []
    return tuple(place), annotation


def _step(annotation: Any, part: str | int) -> tuple[Any, bool] | None:  # noqa: ANN401  (a type)
    """The type of a part of a place, and whether the part stands in the file; None if neither."""
    for option in _options(annotation):
        if _is_table(option):
            if option is LayerSpec and part == "fields":
                return FieldKeys, False
            for name, field in option.model_fields.items():
                if part == (field.alias or name):
                    return field.rebuild_annotation(), True
            if part in (option.__name__, _kind_of(option)):
                return option, False
        origin = get_origin(option)
        if origin in {list, tuple} and isinstance(part, int):
            return get_args(option)[0], True
        if origin is dict and _is_key(part):
            return get_args(option)[1], True
    return None


def _options(annotation: Any) -> list[Any]:  # noqa: ANN401  (a type)
    """The branches of a type, where it is a union."""
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return [each for branch in get_args(annotation) for each in _options(branch)]
    return [annotation]


def _is_table(option: object) -> TypeGuard[type[pydantic.BaseModel]]:
    return isinstance(option, type) and issubclass(option, pydantic.BaseModel)


def _kind_of(option: type[pydantic.BaseModel]) -> str:
    return next((kind for kind, table in KINDS.items() if table is option), "")


def _is_key(part: str | int) -> bool:
    """Whether a part of a place can be a key, and not the name of a union's branch."""
    return isinstance(part, str) and re.fullmatch(r"[\w-]+", part) is not None


def _keys(annotation: Any) -> list[str]:  # noqa: ANN401  (a type)
    """The keys that a table may have, as the file spells them."""
    return [
        field.alias or name
        for option in _options(annotation)
        if _is_table(option)
        for name, field in option.model_fields.items()
    ]


_MEASURE = re.compile(r"(\d+(?:[.,]\d+)?) *(m|km|metres|meters|min|minutes|%|ha|m2|m²)?")
_FACTORS = {"km": 1000.0, "%": 0.01}
"""Of units that no key of a city file has, to the one that it has: metres, a share."""


def _number_of_measure(value: object) -> str:
    """The number that a text such as `800 m` means; empty where it is no number with a unit."""
    found = _MEASURE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return ""
    number = float(found[1].replace(",", ".")) * _FACTORS.get(found[2], 1.0)
    return f"{number:.10g}"


def _holds_measure(value: object) -> bool:
    return isinstance(value, list) and any(_number_of_measure(each) for each in value)


_SHORT = 60


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHORT else f"{text[:57]}…"
