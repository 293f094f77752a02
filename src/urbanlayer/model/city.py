"""A city: its inputs, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from urbanlayer.model.cause import SNAPPING
from urbanlayer.model.query import FIRST, SECOND, end_of
from urbanlayer.model.role_names import NEIGHBOURHOODS, STREETS
from urbanlayer.model.travel_modes import MODES
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from urbanlayer.model.completeness import Completeness
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.streets import StreetNetwork
    from urbanlayer.model.timetable import Timetable
    from urbanlayer.model.travel_modes import TravelMode


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """Neighbourhoods, residents, streets, timetable and layers: inputs, each with a digest.

    Attributes
    ----------
    crs
        Metric CRS of everything inside, as `EPSG:25834`.
    residents
        None where the city file gives no population; then nothing about people is answerable.
    streets
        None where the city has no street layer; then distances are straight lines, and are marked
        so.
    layers, rasters
        By role.
    timetable
        Of one service day, where a feed has one and an indicator measures travel by it.
    unusable
        Roles and nouns that were declared and hold nothing for this city, each with the reason.
    modes
        How people travel, by name; those of the city file with them.
    completeness
        By role: features found and expected, of layers that expect a count or are drawn by
        volunteers.
    """

    crs: str
    neighbourhoods: Neighbourhoods
    residents: Residents | None
    streets: StreetNetwork | None
    layers: Mapping[str, Layer]
    rasters: Mapping[str, Raster]
    timetable: Timetable | None = None
    unusable: Mapping[str, str] = field(default_factory=dict)
    modes: Mapping[str, TravelMode] = field(default_factory=lambda: MODES)
    completeness: Mapping[str, Completeness] = field(default_factory=dict)

    def has(self, noun: str) -> bool:
        """Whether a role, noun or group of residents named in an indicator's `needs` is there."""
        if noun == NEIGHBOURHOODS:
            return True
        if noun == "residents":
            return self.residents is not None
        if noun == STREETS:
            return self.streets is not None
        if noun == "timetable":
            return self.timetable is not None
        if self.residents is not None and noun in self.residents.groups:
            return True
        return noun in self.layers or noun in self.rasters

    def of_group(self, group: str) -> City:
        """The same city, where only the people of a group count; itself for the empty name."""
        if not group or self.residents is None:
            return self
        return replace(self, residents=self.residents.of_group(group))

    def by_second_source(self) -> City | None:
        """The same city with the people of the second source; None where there is none."""
        if self.residents is None or self.residents.second_source is None:
            return None
        return replace(self, residents=self.residents.second_source)

    def by_population(self, population: str) -> City:
        """The same city with the people that a query is about.

        They are of the first or second source, or of an end of what is uncertain in the first; the
        way to the street is no part of the people.
        """
        if population == SECOND:
            return self.by_second_source() or self
        if self.residents is None or population == FIRST:
            return self
        cause, number = end_of(population)
        if cause == SNAPPING:
            return self
        one = self.residents.alternatives[cause][number]
        return replace(self, residents=replace(one, deprivation=self.residents.deprivation))

    def __getattr__(self, role: str) -> gpd.GeoDataFrame:
        """The features of a layer by its role, for a notebook: `city.school`."""
        if role.startswith("_") or role not in self.layers:
            near = did_you_mean(role, sorted(self.layers))
            raise AttributeError(f"a city has no {role!r}, and no layer of that role{near}")
        return self.layers[role].frame

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self.layers})

    def __repr__(self) -> str:
        import textwrap

        nouns = (self.neighbourhoods, self.residents, self.streets, self.timetable)
        lines = [f"  {noun!r}" for noun in nouns if noun is not None]
        roles = f"layers: {', '.join(sorted({*self.layers, *self.rasters}))}"
        lines += textwrap.wrap(roles, 78, initial_indent="  ", subsequent_indent="    ")
        return "\n".join([f"<City in {self.crs}", *lines]) + ">"
