"""From what a source read to a layer that keeps its promises; the one gate."""

from urbanlayer.layers.gate import conform
from urbanlayer.layers.grid import conform_raster
from urbanlayer.layers.location import locate
from urbanlayer.layers.shift import Reference, role_to_trust

__all__ = ["Reference", "conform", "conform_raster", "locate", "role_to_trust"]
