"""Validation: raw layers from a source become `Layer` and `Raster` with guaranteed properties."""

from urbanlayer.layers.location import locate_study_area
from urbanlayer.layers.none_near import holds_none_near, none_near
from urbanlayer.layers.offset import Reference, reference_role
from urbanlayer.layers.order import in_one_order
from urbanlayer.layers.rasters import validate_raster
from urbanlayer.layers.validation import validate

__all__ = [
    "Reference", "holds_none_near", "in_one_order", "locate_study_area", "none_near",
    "reference_role", "validate", "validate_raster",
]  # fmt: skip
