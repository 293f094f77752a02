"""Layers to a city: its neighbourhoods, its residents, its streets, each with a digest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.city import groups, neighbourhoods, residents, second_source, streets
from urbanlayer.city.found_features import completeness
from urbanlayer.city.spreading import BUILT_UP
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.city import City
from urbanlayer.model.remembering import nothing_remembered
from urbanlayer.model.role_names import STREETS
from urbanlayer.model.specification import LAYER_OF, GroupSpec
from urbanlayer.model.travel_modes import travel_modes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from urbanlayer.model.completeness import Completeness
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.remembering import Remember
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.specification import CitySpec
    from urbanlayer.model.streets import StreetNetwork

NEIGHBOURHOODS_OF = frozenset({"neighbourhoods", "boundary"})
"""Roles of the layers that the neighbourhoods are made of."""


def assemble(
    spec: CitySpec,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
    *,
    remember: Remember = nothing_remembered,
) -> City:
    """The city that the layers make, without a timetable.

    Parameters
    ----------
    spec
        The city file.
    layers, rasters
        Validated, by role.
    remember
        Gives what is made of the same layers from an earlier run.

    Raises
    ------
    DataError
        The layers do not make a city: nobody lives in it, no street can be walked.
    """
    hoods = remember(
        "neighbourhoods",
        _digests(NEIGHBOURHOODS_OF, layers, rasters),
        lambda: _neighbourhoods(spec, layers),
    )
    return City(
        crs=spec.crs,
        neighbourhoods=hoods,
        residents=_remembered_residents(spec, hoods, layers, rasters, remember=remember),
        streets=_remembered_streets(layers, remember),
        layers=layers,
        rasters=rasters,
        completeness=completeness(layers, hoods),
        modes=travel_modes(spec.modes),
    )


def _remembered_streets(layers: Mapping[str, Layer], remember: Remember) -> StreetNetwork | None:
    if STREETS not in layers:
        return None
    made_of = {STREETS: layers[STREETS].digest}
    return remember("street network", made_of, lambda: streets.build_streets(layers[STREETS]))


def _remembered_residents(
    spec: CitySpec,
    hoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
    *,
    remember: Remember,
) -> Residents | None:
    if spec.residents is None:
        return None
    roles = roles_of_residents(spec)
    rested_on = {role: layer for role, layer in layers.items() if role in roles}
    grids = {role: grid for role, grid in rasters.items() if role in roles}
    made_of = {
        **_digests(roles, layers, rasters),
        "borders": hoods.digest,
        "[residents]": digest_of(spec.residents.model_dump(), spec.equity.model_dump()),
    }
    return remember("residents", made_of, lambda: _residents(spec, hoods, rested_on, grids))


def _digests(
    roles: Collection[str], layers: Mapping[str, Layer], rasters: Mapping[str, Raster]
) -> dict[str, str]:
    """The digests of the layers and grids that there are of some roles."""
    there: dict[str, Layer | Raster] = {**rasters, **layers}
    return {role: there[role].digest for role in sorted(roles) if role in there}


def with_layer(city: City, layer: Layer, spec: CitySpec) -> City:
    """The city with one of its layers edited, or one more.

    What is made of the layer is made again, as when a city is assembled: the street network, the
    neighbourhoods, the residents. The timetable stays, whatever happens to the layer of its stops.

    Parameters
    ----------
    city
        Assembled.
    layer
        As `layers.edits` gives it.
    spec
        The city file that the city was assembled by.

    Raises
    ------
    DataError
        The layers no longer make a city: nobody lives in it, no street can be walked.
    """
    layers = {**city.layers, layer.role: layer}
    edited = replace(city, layers=layers)
    if layer.role in NEIGHBOURHOODS_OF:
        edited = replace(edited, neighbourhoods=_neighbourhoods(spec, layers))
    if city.residents is not None and layer.role in roles_of_residents(spec):
        people = _residents(spec, edited.neighbourhoods, layers, city.rasters)
        edited = replace(edited, residents=people)
    if layer.role == STREETS:
        edited = replace(edited, streets=streets.build_streets(layer))
    return replace(edited, completeness=_completeness(city, edited, layer.role))


def _completeness(city: City, edited: City, role: str) -> dict[str, Completeness]:
    """The completeness of each layer; counted again where the edit of a role may change it."""
    if role in NEIGHBOURHOODS_OF:
        return completeness(edited.layers, edited.neighbourhoods)
    found = completeness({role: edited.layers[role]}, edited.neighbourhoods)
    return {**{name: one for name, one in city.completeness.items() if name != role}, **found}


def _neighbourhoods(spec: CitySpec, layers: Mapping[str, Layer]) -> Neighbourhoods:
    drawn = spec.layers["neighbourhoods"]
    if drawn.derive:
        return neighbourhoods.voronoi_neighbourhoods(layers["neighbourhoods"], layers["boundary"])
    return neighbourhoods.from_layer(
        layers["neighbourhoods"], gap_tolerance_m=drawn.gap_tolerance_m
    )


def roles_of_residents(spec: CitySpec) -> set[str]:
    """Roles of the layers that origins, people, groups and deprivation are made of."""
    if spec.residents is None:
        return set()
    named = (*spec.residents.from_, *spec.residents.second_source)
    roles = {LAYER_OF[name] for name in named}
    roles |= {one.layer for one in spec.residents.groups.values() if isinstance(one, GroupSpec)}
    if spec.equity.deprivation is not None:
        roles.add(spec.equity.deprivation.layer)
    return roles | NEIGHBOURHOODS_OF | {BUILT_UP}


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
