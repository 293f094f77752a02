"""The request for a layer, as the city file makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.registry import sources

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.source import Request


def requested(role: str, spec: LayerSpec, path: Path) -> Request:
    """The request of a layer's table to its source; the source's options are checked."""
    return sources()[spec.source].request(role, spec, path)
