"""The queries of a city file: of its tables, of the standards it follows, of its custom indicators.

The city file's own tables stand first; a standard adds what they do not query, and the target where
they set none; the city's own indicators stand last. Groups multiply what is about residents.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._custom import custom_indicator
from urbanlayer.model.custom import AlongStreets, CustomSpec
from urbanlayer.model.indicator import OVER_RESIDENTS, Kind, for_groups
from urbanlayer.model.role_table import ROLES
from urbanlayer.model.role_table import role as role_named
from urbanlayer.model.standard import Followed
from urbanlayer.model.travel_modes import travel_modes
from urbanlayer.text.spelling import did_you_mean, nearest_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urbanlayer.cityfile.line_numbers import Key, SpecError
    from urbanlayer.model.indicator import Indicator, IndicatorQuery
    from urbanlayer.model.query import Query
    from urbanlayer.model.specification import CitySpec
    from urbanlayer.model.standard import Item, Standard

_MISSPELT = 0.75
"""Likeness from which a service that no layer has is another one, misspelt: `schools`."""
RESERVED = ("standards", "groups")
"""Keys of `[indicators]` that are no indicator."""


def requested_queries(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> tuple[IndicatorQuery, ...]:
    """Every query of a checked city file, each once, in the order of the file.

    Parameters
    ----------
    spec
        Without errors.
    indicators, standards
        By id.
    """
    found: dict[str, IndicatorQuery] = {}
    tables = {name: table for name, table in spec.indicators.items() if name not in RESERVED}
    every = [*_by_tables(tables, indicators), *_by_standards(spec, indicators, standards)]
    every += _custom(spec)
    of_all = tuple(spec.indicators.get("groups", ()))
    for indicator, query, groups in every:
        people = (*of_all, *groups) if indicator.kind in OVER_RESIDENTS else ()
        for one in for_groups((query,), dict.fromkeys(people)):
            earlier = found.get(one.id)
            if earlier is None:
                found[one.id] = indicator, one
            elif earlier[1].target is None:
                found[one.id] = indicator, replace(earlier[1], target=one.target)
    return tuple(found.values())


def indicator_of_item(item: Item, indicators: Mapping[str, Indicator]) -> Indicator | None:
    """The indicator that answers an item of a standard; None where there is none."""
    if item.custom:
        return custom_indicator(pydantic.TypeAdapter(CustomSpec).validate_python(item.custom))
    return indicators.get(item.indicator)


def queries_of_item(
    item: Item, indicator: Indicator, custom_table: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Query, ...]:
    """The query by which an indicator measures an item of a standard.

    Parameters
    ----------
    own_table
        The city's own table of the indicator: what the standard leaves open (which class of a
        grid is trees) is as the city file specifies.
    """
    table = {**custom_table, **item.table}
    if item.target is not None:
        table["target"] = item.target
    queries = indicator.queries(indicator.params.model_validate(table))
    return tuple(
        query for query in queries if item.variant is None or query.variant == item.variant
    )


def followed_standards(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> tuple[Followed, ...]:
    """The standards that the city file follows, in its order, with the query of each item."""
    return tuple(
        Followed(
            standard=standards[name],
            queries={
                item.code: tuple(
                    (indicator.id, query)
                    for query in queries_of_item(
                        item, indicator, spec.indicators.get(indicator.id, {})
                    )
                )
                for item in standards[name].items
                if (indicator := indicator_of_item(item, indicators)) is not None
            },
        )
        for name in dict.fromkeys(spec.indicators.get("standards", ()))
    )


def query_errors(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> Iterator[SpecError]:
    """Errors in the queries of a file, where each of its tables is of the right shape."""
    yield from _standard_errors(spec, standards)
    yield from _unknown_modes(spec, indicators)
    yield from _group_errors(spec, indicators)
    for name, table in spec.indicators.items():
        if name in indicators and isinstance(table, dict):
            yield from _unknown_roles(("indicators", name), indicators[name], table, spec)
            yield from _target_error(("indicators", name, "target"), indicators[name], table)
    seen: set[str] = set()
    for number, custom in enumerate(spec.custom_indicator):
        at: Key = ("custom_indicator", number)
        if custom.id in indicators:
            yield (*at, "id"), f"there is an indicator {custom.id!r} already; choose another id"
        if custom.id in seen:
            yield (*at, "id"), f"{custom.id!r} is defined twice"
        seen.add(custom.id)
        for role in custom.layers():
            if role not in spec.layers:
                yield at, f"no [layers.{role}]{did_you_mean(role, spec.layers)}"
        if "residents" in custom.roles() and spec.residents is None:
            yield at, "counts the residents; state in [residents] where they live"
        yield from _target_error(
            (*at, "target"), custom_indicator(custom), {"target": custom.target}
        )


Wanted = tuple["Indicator", "Query", tuple[str, ...]]


def _by_tables(tables: Mapping[str, Any], indicators: Mapping[str, Indicator]) -> Iterator[Wanted]:
    for name, table in tables.items():
        params = indicators[name].params.model_validate(table)
        for query in indicators[name].queries(params):
            yield indicators[name], query, tuple(params.groups)


def _by_standards(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> Iterator[Wanted]:
    for name in spec.indicators.get("standards", ()):
        for item in standards[name].items:
            indicator = indicator_of_item(item, indicators)
            if indicator is not None:
                for query in queries_of_item(
                    item, indicator, spec.indicators.get(indicator.id, {})
                ):
                    yield indicator, query, ()


def _custom(spec: CitySpec) -> Iterator[Wanted]:
    for custom in spec.custom_indicator:
        indicator = custom_indicator(custom)
        for query in indicator.queries():
            yield indicator, query, tuple(custom.groups)


def _standard_errors(spec: CitySpec, standards: Mapping[str, Standard]) -> Iterator[SpecError]:
    named = spec.indicators.get("standards", [])
    if not _is_list_of_text(named):
        yield ("indicators", "standards"), 'write it as a list: ["who-green", "15-minute"]'
        return
    for name in named:
        if name not in standards:
            yield (
                ("indicators", "standards"),
                f"no standard {name!r}{did_you_mean(name, standards)}",
            )


def _unknown_modes(spec: CitySpec, indicators: Mapping[str, Indicator]) -> Iterator[SpecError]:
    """Ways to get about that nobody has described."""
    known = travel_modes(spec.modes)
    modes_at: dict[Key, Iterable[str]] = {
        ("indicators", name, "modes"): table.get("modes", ())
        for name, table in spec.indicators.items()
        if name in indicators and isinstance(table, dict)
    }
    for number, custom in enumerate(spec.custom_indicator):
        if isinstance(custom, AlongStreets):
            modes_at["custom_indicator", number, "modes"] = custom.modes
    for at, modes in modes_at.items():
        for mode in modes:
            if mode not in known:
                yield at, f"no mode {mode!r}{did_you_mean(mode, known)}"


def _unknown_roles(
    at: Key, indicator: Indicator, table: Mapping[str, Any], spec: CitySpec
) -> Iterator[SpecError]:
    """Services and layers that are neither known nor declared: `schools`."""
    try:
        queries = indicator.queries(indicator.params.model_validate(table))
    except pydantic.ValidationError:
        return  # its own check says what is wrong
    groups = spec.residents.groups if spec.residents else {}
    known = {*ROLES, *spec.layers, *groups, *indicator.needs}
    needed = {role for query in queries for role in query.needs}
    services = sorted(name for name in {*ROLES, *spec.layers} if role_named(name).service)
    for role in sorted(needed - known):
        if near := nearest_word(role, services, min_similarity=_MISSPELT):
            yield at, f"no service {role!r}; did you mean {near!r}?"


def _group_errors(spec: CitySpec, indicators: Mapping[str, Indicator]) -> Iterator[SpecError]:
    known = spec.residents.groups if spec.residents else {}
    for at, names, kind in _named_groups(spec, indicators):
        if not _is_list_of_text(names):
            yield at, 'write it as a list: ["children_0_2", "women"]'
            continue
        if names and kind not in OVER_RESIDENTS:
            yield at, "it is neither a share of residents nor a mean over them; it has no groups"
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known) if known else "; set [residents] groups"
                yield at, f"no group {name!r}{hint}"
    columns: dict[Key, Any] = {("residents", "groups", name): at for name, at in known.items()}
    columns["equity", "deprivation"] = spec.equity.deprivation
    for place, counted in columns.items():
        if counted is None or isinstance(counted, str) or counted.layer in spec.layers:
            continue
        yield place, f"no [layers.{counted.layer}]{did_you_mean(counted.layer, spec.layers)}"


def _named_groups(
    spec: CitySpec, indicators: Mapping[str, Indicator]
) -> Iterator[tuple[Key, Any, Kind]]:
    """Where the file names groups: the place, the names, and the kind of the indicator."""
    anyone = Kind.SHARE_OF_RESIDENTS
    yield ("indicators", "groups"), spec.indicators.get("groups", []), anyone
    for name, table in spec.indicators.items():
        if name in indicators and isinstance(table, dict):
            yield ("indicators", name, "groups"), table.get("groups", []), indicators[name].kind
    for number, custom in enumerate(spec.custom_indicator):
        yield ("custom_indicator", number, "groups"), custom.groups, custom_indicator(custom).kind


def _target_error(at: Key, indicator: Indicator, table: Mapping[str, Any]) -> Iterator[SpecError]:
    target = table.get("target")
    if not isinstance(target, int | float):
        return
    least, greatest = indicator.bounds
    if not least <= target <= greatest:
        share = " (a share: 0.8 is 80 %)" if indicator.unit == "share" else ""
        yield at, f"{target:g} lies out of {least:g} to {greatest:g}{share}"


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
