"""The features of each layer in the city, against the count that the city file expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels import allocation
from urbanlayer.model.completeness import Completeness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.neighbourhoods import Neighbourhoods


def completeness(
    layers: Mapping[str, Layer], neighbourhoods: Neighbourhoods
) -> dict[str, Completeness]:
    """What is known of the completeness of each layer, by role.

    Parameters
    ----------
    layers
        By role; those that expect no count and come from no map of volunteers are left out.
    neighbourhoods
        Features count where their representative point lies in one of them.
    """
    layers = {
        role: layer
        for role, layer in layers.items()
        if layer.expected is not None or layer.provenance.by_volunteers
    }
    return {role: _of_layer(layer, neighbourhoods) for role, layer in layers.items()}


def _of_layer(layer: Layer, neighbourhoods: Neighbourhoods) -> Completeness:
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    xy = allocation.representative_xy(np.asarray(layer.frame.geometry, dtype=object))
    found = int((allocation.locate(xy, areas, 0.0) >= 0).sum())
    if layer.expected is None:
        return Completeness(layer.role, found)
    return Completeness(layer.role, found, layer.expected.count, layer.expected.source)
