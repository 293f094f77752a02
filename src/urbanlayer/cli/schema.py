"""`urbanlayer schema`: the JSON Schema of a city file, for completion in an editor."""

from __future__ import annotations

import json

from urbanlayer.cli.streams import echo

NAME = "schema"


def command() -> None:
    """Print the JSON Schema of a city file, for completion in an editor."""
    from urbanlayer import cityfile, registry

    whole = cityfile.schema(registry.indicators(), registry.sources(), registry.standards())
    echo(json.dumps(whole, ensure_ascii=False, indent=1))
