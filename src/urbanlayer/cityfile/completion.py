"""What an editor completes a city file by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.model.specification import CitySpec
from urbanlayer.model.standard import NO_STANDARDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.standard import Standard


def schema(
    indicators: Mapping[str, Indicator], standards: Mapping[str, Standard] = NO_STANDARDS
) -> dict[str, Any]:
    """A JSON Schema of the city file, for completion in an editor.

    Parameters
    ----------
    indicators
        By id; each brings the schema of its own table.
    standards
        By id; what `profile` may name.
    """
    whole = CitySpec.model_json_schema(by_alias=True)
    tables = {}
    for name, indicator in indicators.items():
        table = indicator.params.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")
        for inner, definition in table.pop("$defs", {}).items():
            whole["$defs"][f"{name}.{inner}"] = definition
        tables[name] = {**table, "title": name, "description": f"Source: {indicator.source}"}
    whole["properties"]["indicators"] = {
        "type": "object",
        "properties": {
            "standards": {"type": "array", "items": {"enum": list(standards)}},
            "groups": {"type": "array", "items": {"type": "string"}},
            **tables,
        },
        "additionalProperties": False,
    }
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "urbanlayer city file"
    return whole
