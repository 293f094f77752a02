"""From what a check found to an inventory: each layer graded, and what to fix first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.addresses import shown, without_secrets
from urbanlayer.model.layer import Layer
from urbanlayer.model.maturity import (
    ASPECTS,
    Grade,
    GradedLayer,
    Improvement,
    Inventory,
    MissingLayer,
)
from urbanlayer.model.role_names import NEIGHBOURHOODS
from urbanlayer.model.role_table import ROLES, role
from urbanlayer.publish.inventory.grades import grades, key_sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal

    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.layer import Raster
    from urbanlayer.model.maturity import Aspect, Checked, KeySample, Level

ANY_SERVICE = "coverage_within"
"""The indicator that applies to any service."""
TIERS = ("found.failed", "missing.queried", "poor", "fair", "unknown", "missing.known")
"""What is fixed first: what prevents a result, then what weakens one, then what would add one."""
PASSES_BY_ITSELF = frozenset({"found.waiting", "keys.first"})
"""Reasons that need no fix: the next run will show."""


def judged(checked: Checked, earlier: Mapping[str, KeySample]) -> Inventory:
    """The inventory of a city's layers, with its digital services and its organisation.

    Parameters
    ----------
    checked
        What the check found.
    earlier
        By role, which keys the layers had in the run before; empty where there was none.
    """
    layers = tuple(_layer(role, checked, earlier.get(role)) for role in checked.spec.layers)
    missing = _missing(checked)
    digital = tuple(
        result
        for result in checked.results
        if _is_digital(checked.indicators.get(result.indicator), result.variant)
    )
    lost = tuple(
        item
        for item in checked.not_answerable
        if _is_digital(checked.indicators.get(item.indicator), item.variant)
    )
    return Inventory(
        spec=checked.spec,
        layers=layers,
        missing=tuple(missing),
        fixes=_fixes(layers, missing),
        digital=digital,
        digital_lost=lost,
        errors=checked.errors.get("", ()),
    )


def _layer(role: str, checked: Checked, earlier: KeySample | None) -> GradedLayer:
    spec = checked.spec.layers[role]
    errors = checked.errors.get(role, ())
    whole: dict[str, Layer | Raster] = {}
    if checked.city is not None:
        whole = {**checked.city.layers, **checked.city.rasters}
    rests = _rests_on(role, checked)
    path = _shown(spec.path)
    if checked.city is None or role not in whole:
        state: Literal["failed", "waiting"] = "failed" if errors else "waiting"
        grade = Grade("found", "poor" if errors else "unknown", f"found.{state}")
        return GradedLayer(role, state, spec.source, path, (grade,), rests=rests, errors=errors)
    layer = whole[role]
    return GradedLayer(
        role=role,
        state="used",
        source=spec.source,
        path=path,
        grades=grades(layer, spec, checked.city, checked.spec.as_of, earlier),
        features=len(layer) if isinstance(layer, Layer) else None,
        rests=rests,
        notes=layer.notes,
        keys=key_sample(layer),
    )


def _shown(path: str) -> str:
    """The name of a file, or an address without its secrets."""
    return shown(path) if "://" in path else without_secrets(path.rpartition("/")[2])


def _rests_on(role: str, checked: Checked) -> tuple[str, ...]:
    """The indicators that are queried and rest on the layer, by id, each once."""
    residents = checked.spec.residents
    counted = {"census": "neighbourhoods"}
    peopled = {counted.get(name, name) for name in (residents.from_ if residents else ())}
    groups = residents.groups if residents else ()
    names = {role, *(("residents", "origins", *groups) if role in peopled else ())}
    found = (
        indicator.id
        for (indicator, _), reads in zip(checked.queries, checked.reads, strict=True)
        if role == NEIGHBOURHOODS or not names.isdisjoint(reads)
    )
    return tuple(dict.fromkeys(found))


def _is_digital(indicator: Indicator | None, variant: str) -> bool:
    return indicator is not None and (indicator.theme == "digital" or role(variant).digital)


# What is not there --------------------------------------------------------------------------------


def _missing(checked: Checked) -> list[MissingLayer]:
    """Roles that are not declared and that some indicator looks at; requested ones first."""
    spec = checked.spec
    there = {*spec.layers, "neighbourhoods", *({"residents"} if spec.residents else ())}
    queried = {noun for item in checked.not_answerable for noun in item.missing}
    alone: dict[str, dict[str, None]] = {}
    together: dict[str, dict[str, None]] = {}
    for indicator in checked.indicators.values():
        for nouns in _needs(indicator):
            lacking = nouns - there
            found = alone if len(lacking) == 1 else together
            for noun in lacking:
                found.setdefault(noun, {})[indicator.id] = None
    for known in ROLES.values():
        if known.service and known.name not in there and ANY_SERVICE in checked.indicators:
            alone.setdefault(known.name, {})[ANY_SERVICE] = None
    missing = [
        MissingLayer(
            role=noun,
            alone=tuple(sorted(alone.get(noun, {}))),
            together=tuple(sorted(set(together.get(noun, {})) - set(alone.get(noun, {})))),
            queried=noun in queried,
        )
        for noun in {**alone, **together}
        if noun in queried or noun in ROLES or noun == "residents"
    ]
    return sorted(missing, key=lambda item: (not item.queried, -len(item.alone), item.role))


def _needs(indicator: Indicator) -> Iterator[set[str]]:
    """The nouns that each query of an indicator needs by itself."""
    try:
        queries = indicator.params().queries()
    except ValueError:  # it has a parameter that only a city file can give
        queries = ()
    yield {*indicator.needs}
    yield from ({*indicator.needs, *query.needs} for query in queries)


# What to fix first -------------------------------------------------------------------------------


def _fixes(layers: tuple[GradedLayer, ...], missing: list[MissingLayer]) -> tuple[Improvement, ...]:
    """What to fix, in the order of `TIERS`; in each, what most indicators rest on comes first."""

    def place(fix: Improvement) -> tuple[int, int, int, str]:
        tier = fix.reason if fix.reason in TIERS else fix.level
        return TIERS.index(tier), -len(fix.rests), ASPECTS.index(fix.aspect), fix.roles[0]

    return tuple(sorted([*_of_grades(layers), *_of_missing(missing)], key=place))


def _of_grades(layers: tuple[GradedLayer, ...]) -> Iterator[Improvement]:
    """One thing to do for each reason and level, with all the layers that it is to be done for."""
    alike: dict[tuple[Aspect, Level, str], list[GradedLayer]] = {}
    for layer in layers:
        for grade in layer.grades:
            if grade.level not in {"good", "not-graded"} and grade.reason not in PASSES_BY_ITSELF:
                alike.setdefault((grade.aspect, grade.level, grade.reason), []).append(layer)
    for (aspect, level, reason), held in alike.items():
        first = sorted(held, key=lambda layer: -len(layer.rests))
        rests = tuple(dict.fromkeys(name for layer in first for name in layer.rests))
        yield Improvement(aspect, level, reason, tuple(layer.role for layer in first), rests)


def _of_missing(missing: list[MissingLayer]) -> Iterator[Improvement]:
    """One thing to do for each role that a requested indicator lacks, one for all the others."""
    for item in missing:
        if item.queried:
            yield Improvement(
                "found", "poor", "missing.queried", (item.role,), item.alone + item.together
            )
    others = [item for item in missing if not item.queried and item.alone]
    if others:
        opens = tuple(dict.fromkeys(name for item in others for name in item.alone))
        roles = tuple(item.role for item in others)
        yield Improvement("found", "unknown", "missing.known", roles, opens)
