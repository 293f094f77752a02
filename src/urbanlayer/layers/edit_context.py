"""What every edit of a layer needs: its errors, its row, its role and what to report it as."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import LayerError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.role_table import role as role_named
from urbanlayer.model.source import Options, Request, Source
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import Layer, RawLayer, RawRaster
    from urbanlayer.model.role import Role


def edit_error(layer: Layer, key: str, sentence: str) -> LayerError:
    """The error of an edit, with the layer, its file and the feature."""
    return LayerError(
        f"layer {layer.role!r} ({layer.provenance.path}): feature {key!r}: {sentence}."
    )


def row_of(layer: Layer, key: str) -> int:
    """The row of a feature."""
    if key not in layer.frame.index:
        near = did_you_mean(str(key), layer.frame.index.astype(str))
        raise edit_error(layer, key, f"there is no such feature{near}")
    return int(layer.frame.index.tolist().index(key))


def role_of(layer: Layer) -> Role:
    """The role; points for neighbourhoods that are derived from points."""
    role = role_named(layer.role)
    if role.partition and (layer.frame.geom_type == "Point").all():
        return replace(role, forms=frozenset({"point"}), partition=False)
    return role


def request_of(layer: Layer) -> Request[Options]:
    """What the validation reports an edited layer as: its role, its file and its tags."""
    path, tags = layer.provenance.path, layer.provenance.tags
    source = Source(layer.provenance.source, _nothing_read, Options, tags=tags)
    return Request(layer.role, LayerSpec(path=path), Path(path), source, Options())


def _nothing_read(_requests: Sequence[Request[Options]]) -> Mapping[str, RawLayer | RawRaster]:
    """What is read for an edit: it brings its features itself."""
    return {}
