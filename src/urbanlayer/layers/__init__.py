"""From what a source read to a layer that keeps its promises; the one gate."""

from urbanlayer.layers.location import locate
from urbanlayer.layers.offset import Reference, reference_role
from urbanlayer.layers.rasters import validate_raster
from urbanlayer.layers.validation import validate

__all__ = ["Reference", "locate", "reference_role", "validate", "validate_raster"]
