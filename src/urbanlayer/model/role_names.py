"""Names of the roles that code treats in a way of its own; `role_table` describes all of them."""

from __future__ import annotations

from typing import Final

BOUNDARY: Final = "boundary"
BUILDINGS: Final = "buildings"
BUSINESSES: Final = "businesses"
ELEVATION: Final = "elevation"
FLOOD: Final = "flood"
LAND_COVER: Final = "land_cover"
LIGHTING: Final = "lighting"
NEIGHBOURHOODS: Final = "neighbourhoods"
POPULATION: Final = "population"
STOP: Final = "stop"
STREETS: Final = "streets"
TRANSIT: Final = "transit"
WATER: Final = "water"
CENSUS: Final = "census"
"""Not a layer: the counts of neighbourhoods, where `[residents] from` names them."""
