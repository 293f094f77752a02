"""Faults of shape: keys that no table knows, values of another kind than they must be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.cityfile.queries import RESERVED
from urbanlayer.model.custom import KINDS, Amount
from urbanlayer.model.specification import (
    CitySpec,
    DigitalServiceSpec,
    DimensionSpec,
    EquitySpec,
    GroupSpec,
    IsochroneSpec,
    LayerSpec,
    MaturitySpec,
    ModeSpec,
    PublishSpec,
    ResidentsSpec,
    TilesSpec,
    UseSpec,
)
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urbanlayer.cityfile.line_numbers import Key, SpecError
    from urbanlayer.model.indicator import Indicator


def spec_of(content: Mapping[str, Any]) -> tuple[CitySpec | None, list[SpecError]]:
    """What the tables say, or None, and the faults of their shape."""
    try:
        return CitySpec.model_validate(content), []
    except pydantic.ValidationError as error:
        return None, list(_pydantic_faults(error, (), _known_keys))


def _kind_fault(at: Key, table: object) -> SpecError:
    """A table of `[[custom_indicator]]` without a kind, or with one that does not exist."""
    kind = table.get("kind") if isinstance(table, dict) else None
    if kind is None:
        return (*at, "kind"), f"is missing; known: {', '.join(KINDS)}"
    return (*at, "kind"), f"no such kind{did_you_mean(str(kind), KINDS)}"


def indicator_faults(
    content: Mapping[str, Any], indicators: Mapping[str, Indicator]
) -> Iterator[SpecError]:
    """Faults of the tables below `[indicators]`."""
    tables = content.get("indicators", {})
    if not isinstance(tables, dict):
        return
    for name, table in tables.items():
        key: Key = ("indicators", name)
        if name in RESERVED:
            continue
        if name not in indicators:
            known_names = [*RESERVED, *indicators]
            yield key, f"no such indicator{did_you_mean(name, known_names)}"
            continue
        params = indicators[name].params
        try:
            params.model_validate(table)
        except pydantic.ValidationError as error:
            known = list(params.model_fields)
            yield from _pydantic_faults(error, key, lambda _, known=known: known)


def _pydantic_faults(error: pydantic.ValidationError, at: Key, known: Any) -> Iterator[SpecError]:  # noqa: ANN401  (Key to names)
    for fault in error.errors():
        if fault["type"].startswith("union_tag"):
            yield _kind_fault(fault["loc"], fault["input"])
            continue
        place = (*at, *(part for part in fault["loc"] if _is_key(part)))
        if fault["type"] == "extra_forbidden":
            yield _untagged(place), f"unknown key{did_you_mean(str(place[-1]), known(place))}"
        elif fault["type"] == "missing":
            yield _untagged(place), "is missing"
        else:
            message = fault["msg"].removeprefix("Value error, ")
            yield (
                _untagged(place),
                f"{message[0].lower()}{message[1:]} (here: {_shortly(fault['input'])})",
            )


def _is_key(part: str | int) -> bool:
    """Whether part of a pydantic place stands in the file, or is the name of a union's branch."""
    if isinstance(part, int):
        return True
    return re.fullmatch(r"[\w-]+", part) is not None and part not in _BRANCHES


_BRANCHES = frozenset({"str", "float", "int", "bool", "constrained-float", "GroupSpec"})


def _untagged(place: Key) -> Key:
    """The key without the kind that pydantic adds after the number of a custom indicator."""
    return (*place[:2], *place[3:]) if place[0] == "custom_indicator" else place


_TABLES: Mapping[str, type[pydantic.BaseModel]] = {
    "residents": ResidentsSpec,
    "publish": PublishSpec,
    "equity": EquitySpec,
    "maturity": MaturitySpec,
}
_TABLES_OF_ONE: Mapping[str, type[pydantic.BaseModel]] = {
    "layers": LayerSpec,
    "maturity": DimensionSpec,
    "modes": ModeSpec,
    "digital_service": DigitalServiceSpec,
}
"""Tables that hold one table for each name or number."""


def _known_keys(place: Key) -> list[str]:
    """The keys that the table around a place may hold, as the file spells them."""
    match place:
        case ("layers", _, "use", _):
            table: type[pydantic.BaseModel] = UseSpec
        case ("publish", "tiles", _):
            table = TilesSpec
        case ("publish", "isochrones", _, _):
            table = IsochroneSpec
        case ("custom_indicator", _, str(kind), _):
            table = KINDS[kind]
        case ("custom_indicator", _, _, _, _):
            table = Amount
        case ("residents", "groups", _, _) | ("equity", "deprivation", _):
            table = GroupSpec
        case (str(name), _, _) if name in _TABLES_OF_ONE:
            table = _TABLES_OF_ONE[name]
        case (str(name), _) if name in _TABLES:
            table = _TABLES[name]
        case _:
            table = CitySpec
    return [field.alias or name for name, field in table.model_fields.items()]


_SHORT = 60


def _shortly(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHORT else f"{text[:57]}…"
