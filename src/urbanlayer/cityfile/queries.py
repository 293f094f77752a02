"""What a city file asks: by its tables, by the standards it follows, and in its own words.

The city file's own tables stand first; a profile adds what they do not ask, and the target where
they set none; the city's own indicators stand last. Groups multiply what is about residents.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._custom import own_indicator
from urbanlayer.model.custom import OnTheWay, OwnSpec
from urbanlayer.model.indicator import Kind, for_groups
from urbanlayer.model.standard import Followed
from urbanlayer.model.travel_modes import travels
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urbanlayer.cityfile.line_numbers import Fault, Key
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.query import Ask
    from urbanlayer.model.specification import CitySpec
    from urbanlayer.model.standard import Item, Standard

Asked = tuple["Indicator", "Ask"]

RESERVED = ("profile", "groups")
"""Keys of `[indicators]` that are no indicator."""
OVER_RESIDENTS = frozenset({Kind.SHARE_OF_RESIDENTS, Kind.MEAN_OVER_RESIDENTS})
"""Kinds that can be asked for a group: what is a mean over people is one over some of them."""


def asked(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> tuple[Asked, ...]:
    """Everything that a checked city file asks, each once, in the order of the file.

    Parameters
    ----------
    spec
        Without faults.
    indicators, standards
        By id.
    """
    found: dict[tuple[object, ...], Asked] = {}
    tables = {name: table for name, table in spec.indicators.items() if name not in RESERVED}
    every = [*_by_tables(tables, indicators), *_by_profiles(spec, indicators, standards)]
    every += _own(spec)
    of_all = tuple(spec.indicators.get("groups", ()))
    for indicator, ask, groups in every:
        people = (*of_all, *groups) if indicator.kind in OVER_RESIDENTS else ()
        for one in for_groups((ask,), dict.fromkeys(people)):
            numbers = tuple(sorted(one.parameters.items()))
            key = (indicator.id, one.variant, numbers, one.profile, one.group)
            earlier = found.get(key)
            if earlier is None:
                found[key] = indicator, one
            elif earlier[1].target is None:
                found[key] = indicator, replace(earlier[1], target=one.target)
    return tuple(found.values())


def answering(item: Item, indicators: Mapping[str, Indicator]) -> Indicator | None:
    """The indicator that answers an item of a standard; None where there is none."""
    if item.own:
        return own_indicator(pydantic.TypeAdapter(OwnSpec).validate_python(item.own))
    return indicators.get(item.indicator)


def asks_of(
    item: Item, indicator: Indicator, own_table: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Ask, ...]:
    """What an item of a standard asks of the indicator that answers it.

    Parameters
    ----------
    own_table
        The city's own table of the indicator: what the standard leaves open (which class of a
        grid is trees) is as the city says.
    """
    table = {**own_table, **item.table}
    if item.target is not None:
        table["target"] = item.target
    asks = indicator.params.model_validate(table).asks()
    return tuple(ask for ask in asks if item.variant is None or ask.variant == item.variant)


def followed(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> tuple[Followed, ...]:
    """The standards that the city file follows, in its order, with what each item asks."""
    return tuple(
        Followed(
            standard=standards[name],
            asks={
                item.code: tuple(
                    (indicator.id, ask)
                    for ask in asks_of(item, indicator, spec.indicators.get(indicator.id, {}))
                )
                for item in standards[name].items
                if (indicator := answering(item, indicators)) is not None
            },
        )
        for name in dict.fromkeys(spec.indicators.get("profile", ()))
    )


def faults(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> Iterator[Fault]:
    """What is wrong with what a file asks, where each of its tables is of the right shape."""
    yield from _profile_faults(spec, standards)
    yield from _way_faults(spec, indicators)
    yield from _group_faults(spec, indicators)
    for name, table in spec.indicators.items():
        if name in indicators and isinstance(table, dict):
            yield from _target_fault(("indicators", name, "target"), indicators[name], table)
    seen: set[str] = set()
    for number, own in enumerate(spec.indicator):
        at: Key = ("indicator", number)
        if own.id in indicators:
            yield (*at, "id"), f"there is an indicator {own.id!r} already; choose another id"
        if own.id in seen:
            yield (*at, "id"), f"{own.id!r} is defined twice"
        seen.add(own.id)
        for role in own.layers():
            if role not in spec.layers:
                yield at, f"no [layers.{role}]{did_you_mean(role, spec.layers)}"
        if "residents" in own.roles() and spec.residents is None:
            yield at, "counts the residents; say where they live in [residents]"
        yield from _target_fault((*at, "target"), own_indicator(own), {"target": own.target})


Wanted = tuple["Indicator", "Ask", tuple[str, ...]]


def _by_tables(tables: Mapping[str, Any], indicators: Mapping[str, Indicator]) -> Iterator[Wanted]:
    for name, table in tables.items():
        params = indicators[name].params.model_validate(table)
        for ask in params.asks():
            yield indicators[name], ask, tuple(params.groups)


def _by_profiles(
    spec: CitySpec, indicators: Mapping[str, Indicator], standards: Mapping[str, Standard]
) -> Iterator[Wanted]:
    for name in spec.indicators.get("profile", ()):
        for item in standards[name].items:
            indicator = answering(item, indicators)
            if indicator is not None:
                for ask in asks_of(item, indicator, spec.indicators.get(indicator.id, {})):
                    yield indicator, ask, ()


def _own(spec: CitySpec) -> Iterator[Wanted]:
    for own in spec.indicator:
        indicator = own_indicator(own)
        for ask in indicator.params().asks():
            yield indicator, ask, tuple(own.groups)


def _profile_faults(spec: CitySpec, standards: Mapping[str, Standard]) -> Iterator[Fault]:
    named = spec.indicators.get("profile", [])
    if not _is_list_of_text(named):
        yield ("indicators", "profile"), 'write it as a list: ["who-green", "15-minute"]'
        return
    for name in named:
        if name not in standards:
            yield ("indicators", "profile"), f"no profile {name!r}{did_you_mean(name, standards)}"


def _way_faults(spec: CitySpec, indicators: Mapping[str, Indicator]) -> Iterator[Fault]:
    """Ways to get about that nobody has described."""
    known = travels(spec.profiles)
    asked: dict[Key, Iterable[str]] = {
        ("indicators", name, "profiles"): table.get("profiles", ())
        for name, table in spec.indicators.items()
        if name in indicators and isinstance(table, dict)
    }
    for number, own in enumerate(spec.indicator):
        if isinstance(own, OnTheWay):
            asked["indicator", number, "profiles"] = own.profiles
    for at, profiles in asked.items():
        for profile in profiles:
            if profile not in known:
                yield at, f"no profile {profile!r}{did_you_mean(profile, known)}"


def _group_faults(spec: CitySpec, indicators: Mapping[str, Indicator]) -> Iterator[Fault]:
    known = spec.residents.groups if spec.residents else {}
    for at, names, kind in _named_groups(spec, indicators):
        if not _is_list_of_text(names):
            yield at, 'write it as a list: ["children_0_2", "women"]'
            continue
        if names and kind not in OVER_RESIDENTS:
            yield at, "it is neither a share of residents nor a mean over them; it has no groups"
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known) if known else "; say [residents] groups"
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
    """Where the file names groups: the place, the names, and the kind that is asked."""
    anyone = Kind.SHARE_OF_RESIDENTS
    yield ("indicators", "groups"), spec.indicators.get("groups", []), anyone
    for name, table in spec.indicators.items():
        if name in indicators and isinstance(table, dict):
            yield ("indicators", name, "groups"), table.get("groups", []), indicators[name].kind
    for number, own in enumerate(spec.indicator):
        yield ("indicator", number, "groups"), own.groups, own_indicator(own).kind


def _target_fault(at: Key, indicator: Indicator, table: Mapping[str, Any]) -> Iterator[Fault]:
    target = table.get("target")
    if not isinstance(target, int | float):
        return
    least, greatest = indicator.bounds
    if not least <= target <= greatest:
        share = " (a share: 0.8 is 80 %)" if indicator.unit == "share" else ""
        yield at, f"{target:g} lies out of {least:g} to {greatest:g}{share}"


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
