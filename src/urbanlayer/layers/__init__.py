"""From what a source read to a layer that keeps its promises; the one gate."""

from urbanlayer.layers.gate import conform
from urbanlayer.layers.grid import conform_raster
from urbanlayer.layers.location import locate

__all__ = ["conform", "conform_raster", "locate"]
