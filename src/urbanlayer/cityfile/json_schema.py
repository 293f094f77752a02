"""The JSON Schema of a city file, by which an editor completes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.model.layer_specification import LAYER_KEYS, FieldKeys
from urbanlayer.model.role_table import ROLES, role
from urbanlayer.model.specification import CitySpec
from urbanlayer.model.standard import NO_STANDARDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.role import Role
    from urbanlayer.model.source import Source
    from urbanlayer.model.standard import Standard

_CUSTOM = "own"
"""Stands for every role of a city's own."""


def schema(
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    standards: Mapping[str, Standard] = NO_STANDARDS,
) -> dict[str, Any]:
    """A JSON Schema of the city file, for completion in an editor.

    Parameters
    ----------
    indicators
        By id; each has the schema of its own table.
    sources
        By id; each has the schema of its options.
    standards
        By id; what `standards` may name.
    """
    whole = CitySpec.model_json_schema(by_alias=True)
    whole["properties"]["indicators"] = _indicators(indicators, standards, whole["$defs"])
    whole["properties"]["layers"] = _layers(sources, whole["$defs"])
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "urbanlayer city file"
    return whole


def _indicators(
    indicators: Mapping[str, Indicator],
    standards: Mapping[str, Standard],
    definitions: dict[str, Any],
) -> dict[str, Any]:
    tables = {}
    for name, indicator in indicators.items():
        table = indicator.params.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")
        for inner, definition in table.pop("$defs", {}).items():
            definitions[f"{name}.{inner}"] = definition
        tables[name] = {**table, "title": name, "description": f"Source: {indicator.source}"}
    return {
        "type": "object",
        "description": "A table for each indicator that is queried, with its parameters.",
        "properties": {
            "standards": {"type": "array", "items": {"enum": list(standards)}},
            "groups": {"type": "array", "items": {"type": "string"}},
            **tables,
        },
        "additionalProperties": False,
    }


def _layers(sources: Mapping[str, Source], definitions: dict[str, Any]) -> dict[str, Any]:
    """A table for each role: keys of every layer, those of the role, and those of the sources."""
    fields = FieldKeys.model_json_schema()
    definitions |= fields.pop("$defs", {})
    common = definitions["LayerSpec"]["properties"]
    definitions["LayerSpec"]["properties"] = {
        key: common[key] for key in common if key in LAYER_KEYS
    } | {
        **fields["properties"],
        **_options(sources, definitions),
        "source": {**common["source"], "enum": list(sources)},
    }
    return {
        "type": "object",
        "description": "A table for each layer, named by its role.",
        "properties": {name: _table(known, sources) for name, known in ROLES.items()},
        "additionalProperties": _table(role(_CUSTOM), sources),
        "required": [known.name for known in ROLES.values() if known.partition],
    }


def _options(sources: Mapping[str, Source], definitions: dict[str, Any]) -> dict[str, Any]:
    """The keys of the sources, each with the sources that have it."""
    options: dict[str, Any] = {}
    owners: dict[str, list[str]] = {}
    for source in sources.values():
        table = source.options.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= table.pop("$defs", {})
        options |= table.get("properties", {})
        for key in table.get("properties", {}):
            owners.setdefault(key, []).append(source.id)
    return {
        key: {**option, "description": f"{', '.join(owners[key])}: {option.get('description', '')}"}
        for key, option in options.items()
    }


def _table(known: Role, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The table of a role; its keys are described once, with all the keys of a layer."""
    settings = {key for each in ROLES.values() for key in each.settings}
    keys = (LAYER_KEYS - settings) | {*known.settings, *known.field_of_key}
    keys |= {key for source in sources.values() for key in source.options.model_fields}
    return {
        "title": known.name if known.known else "a role of the city's own",
        "description": known.about,
        "type": "object",
        "properties": {
            key: {"$ref": f"#/$defs/LayerSpec/properties/{key}"} for key in sorted(keys)
        },
        "required": ["path"],
        "additionalProperties": False,
    }
