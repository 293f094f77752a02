"""A city: everything an indicator may look at, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from urbanlayer.model.access import Access

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.streets import StreetNetwork


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """Neighbourhoods, the people who live there, the streets they walk, and the city's layers.

    Attributes
    ----------
    crs
        Metric CRS of everything inside, as `EPSG:25834`.
    residents
        None where the city file gives no population; then nothing about people is answerable.
    streets
        None where the city has no street layer; then distances are straight lines, and say so.
    layers, rasters
        By role.
    """

    crs: str
    neighbourhoods: Neighbourhoods
    residents: Residents | None
    streets: StreetNetwork | None
    layers: Mapping[str, Layer]
    rasters: Mapping[str, Raster]
    access: Access = field(default_factory=lambda: Access({}))

    def has(self, noun: str) -> bool:
        """Whether a role, noun or group of residents named in an indicator's `needs` is there."""
        if noun == "neighbourhoods":
            return True
        if noun == "residents":
            return self.residents is not None
        if noun == "streets":
            return self.streets is not None
        if self.residents is not None and noun in self.residents.groups:
            return True
        return noun in self.layers or noun in self.rasters

    def of_group(self, group: str) -> City:
        """The same city, where only the people of a group count; itself for the empty name."""
        if not group or self.residents is None:
            return self
        return replace(self, residents=self.residents.of_group(group))

    def __repr__(self) -> str:
        roles = ", ".join(sorted({*self.layers, *self.rasters}))
        return f"<City: {self.neighbourhoods!r}, {self.residents!r}, {self.streets!r}, {roles}>"
