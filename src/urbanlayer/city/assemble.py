"""Layers to a city: its neighbourhoods, its residents, its streets, each with a digest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.city import groups, neighbourhoods, residents, second_source, streets
from urbanlayer.errors import CityError
from urbanlayer.model.city import City
from urbanlayer.model.travel_modes import travel_modes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.specification import CitySpec


def assemble(spec: CitySpec, layers: Mapping[str, Layer], rasters: Mapping[str, Raster]) -> City:
    """The city that the layers make, without a timetable.

    Parameters
    ----------
    spec
        The city file.
    layers, rasters
        Validated, by role.

    Raises
    ------
    DataError
        The layers do not make a city: nobody lives in it, no street can be walked.
    """
    drawn = spec.layers["neighbourhoods"]
    if drawn.derive:
        hoods = neighbourhoods.voronoi_neighbourhoods(layers["neighbourhoods"], layers["boundary"])
    else:
        hoods = neighbourhoods.from_layer(
            layers["neighbourhoods"], gap_tolerance_m=drawn.gap_tolerance_m
        )
    return City(
        crs=spec.crs,
        neighbourhoods=hoods,
        residents=_residents(spec, hoods, layers, rasters),
        streets=streets.build_streets(layers["streets"]) if "streets" in layers else None,
        layers=layers,
        rasters=rasters,
        modes=travel_modes(spec.modes),
    )


def with_layer(city: City, layer: Layer) -> City:
    """The city with one of its layers edited, or one more.

    Parameters
    ----------
    city
        Assembled.
    layer
        As `layers.edits` gives it. Edited streets make a new network, as when a city is assembled.

    Raises
    ------
    CityError
        The neighbourhoods or the residents are made of the layer: assemble the city anew.
    LayerError
        None of the edited streets can be walked.
    """
    if layer.role in _foundations(city):
        raise CityError(
            f"layer {layer.role!r}: the neighbourhoods or the residents are made of it; "
            "assemble the city with the edited layer"
        )
    edited = replace(city, layers={**city.layers, layer.role: layer})
    if layer.role != "streets":
        return edited
    return replace(edited, streets=streets.build_streets(layer))


def _foundations(city: City) -> set[str]:
    """Roles that the neighbourhoods and the residents are made of."""
    people = city.residents
    made_of = {"neighbourhoods", "boundary"}
    for source in (people, people.second_source if people else None):
        made_of |= set(source.source.split("+")) if source else set()
    return made_of


def _residents(
    spec: CitySpec,
    hoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> Residents | None:
    if spec.residents is None:
        return None
    people = residents.allocate_residents(spec.residents, hoods, layers, rasters)
    people = neighbourhoods.with_overlaps_reported(
        people, layers["neighbourhoods"].overlaps_and_gaps
    )
    people = second_source.with_second_source(people, spec.residents, hoods, layers, rasters)
    people = groups.with_groups(people, spec.residents, hoods, layers)
    return groups.with_deprivation(people, spec.equity, hoods, layers)
