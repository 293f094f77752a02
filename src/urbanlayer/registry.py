"""Finds what `sources/` and `indicators/` hold, and what other packages add to them.

A plug-in from outside names itself under the entry points `urbanlayer.indicators` and
`urbanlayer.sources`; the entry point is the `INDICATOR` or `SOURCE` itself.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import importlib.resources
import pkgutil
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from urbanlayer import indicators as _indicators
from urbanlayer import sources as _sources
from urbanlayer.errors import IndicatorError, SourceError
from urbanlayer.model.indicator import Indicator
from urbanlayer.model.layer_specification import LAYER_KEYS
from urbanlayer.model.role_table import FIELDS
from urbanlayer.model.source import Source
from urbanlayer.model.standard import Item, Standard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType


@functools.cache
def indicators() -> Mapping[str, Indicator]:
    """Every indicator, by id: those with a file, those of the catalogue, those from outside.

    Raises
    ------
    IndicatorError
        If a file's name is not its indicator's id, or two have one id.
    """
    found: dict[str, Indicator] = {}
    modules = {module.__name__.rpartition(".")[2]: module for module in _modules("indicators")}
    for name, module in modules.items():
        if module.INDICATOR.id != name:
            raise IndicatorError(f"indicators/{name}.py exports {module.INDICATOR.id!r}")
        found[name] = module.INDICATOR
    for name, entry in _catalogue().items():
        made = modules[entry["like"]].like(name, entry)
        found[name] = replace(made, remark=entry.get("remark", ""))
    for point in importlib.metadata.entry_points(group="urbanlayer.indicators"):
        indicator = point.load()
        if indicator.id in found:
            raise IndicatorError(f"{point.value}: there is an indicator {indicator.id!r} already")
        found[indicator.id] = indicator
    return dict(sorted(found.items()))


@functools.cache
def sources() -> Mapping[str, Source]:
    """Every source, by id: ours, and those that other packages add.

    Raises
    ------
    SourceError
        If two have one id, or an option is called as a key of every layer or role.
    """
    found: dict[str, Source] = {module.SOURCE.id: module.SOURCE for module in _modules("sources")}
    for point in importlib.metadata.entry_points(group="urbanlayer.sources"):
        source = point.load()
        if source.id in found:
            raise SourceError(f"{point.value}: there is a source {source.id!r} already")
        if taken := (LAYER_KEYS | set(FIELDS)) & set(source.options.model_fields):
            keys = ", ".join(sorted(taken))
            raise SourceError(
                f"{point.value}: layers have the key {keys} already; rename the option"
            )
        found[source.id] = source
    return dict(sorted(found.items()))


@functools.cache
def standards() -> Mapping[str, Standard]:
    """Every standard that a city can follow, by id."""
    text = importlib.resources.files(_indicators).joinpath("standards.toml")
    found = tomllib.loads(text.read_text(encoding="utf-8"))
    return {name: _standard(name, table) for name, table in found.items()}


def _standard(name: str, table: dict[str, Any]) -> Standard:
    items = tuple(
        Item(
            **{
                "paraphrase": table.get("paraphrase", False),
                **item,
                "layers": tuple(item.get("layers", ())),
                "custom": _of_standard(table["title"], item),
            }
        )
        for item in table["items"]
    )
    return Standard(
        name, table["title"], table["edition"], table["source"], items, table.get("remark", "")
    )


def _of_standard(title: str, item: dict[str, Any]) -> dict[str, Any]:
    """The custom indicator that measures an item of a standard, with the item as its source."""
    custom: dict[str, Any] = item.get("custom", {})
    return {"source": f"{title}, {item['code']}", **custom} if custom else {}


def _modules(package: str) -> Iterator[ModuleType]:
    """The plug-ins of a package: its modules that export what it collects."""
    holder = {"indicators": _indicators, "sources": _sources}[package]
    exported = {"indicators": "INDICATOR", "sources": "SOURCE"}[package]
    for info in sorted(pkgutil.iter_modules(holder.__path__), key=lambda info: info.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"urbanlayer.{package}.{info.name}")
        if isinstance(getattr(module, exported, None), Indicator | Source):
            yield module


def _catalogue() -> dict[str, dict[str, Any]]:
    """Indicators that are an existing kind with parameters and words."""
    text = importlib.resources.files(_indicators).joinpath("catalogue.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))
