"""From what a source read to a layer that keeps its promises; the one gate."""

from urbanlayer.layers.location import locate
from urbanlayer.layers.offset import Reference, role_to_trust
from urbanlayer.layers.rasters import conform_raster
from urbanlayer.layers.validation import conform

__all__ = ["Reference", "conform", "conform_raster", "locate", "role_to_trust"]
