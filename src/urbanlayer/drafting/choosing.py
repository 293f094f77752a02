"""One layer for each role, of all that seem to have it; the others are doubtful."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.drafting.column_guesses import best_column, guessed_keys
from urbanlayer.drafting.crs_guesses import guessed_crs, stated_crs
from urbanlayer.drafting.datasets import Unread
from urbanlayer.drafting.guess import GuessedKey, GuessedLayer
from urbanlayer.drafting.osm_columns import place_values
from urbanlayer.drafting.role_guesses import NO_WORD, PLACES, guessed_roles
from urbanlayer.drafting.tilings import divides_a_place
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.role_names import NEIGHBOURHOODS, STREETS
from urbanlayer.sources.osm import SOURCE as OSM
from urbanlayer.text.normalise import matching_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from urbanlayer.drafting.crs_guesses import CityPlace
    from urbanlayer.drafting.datasets import Dataset
    from urbanlayer.drafting.guess import GuessedRole

MIN_KM_PER_KM2 = 0.5
"""Length of streets for each km² of the city, below which a network is only a part of one."""
_ORDER = ("boundary", "neighbourhoods", "streets", "buildings", "population", "green", "water")
_FROM_OSM = frozenset({"@id", "feature_id", "osm_id", "osm_node_id", "osm_way_id"})


def chosen_layers(datasets: Sequence[Dataset]) -> tuple[list[GuessedLayer], list[Unread]]:
    """The layers of files, one for each role, and what has no role.

    Parameters
    ----------
    datasets
        All that was read; extracts are left to `layers_of_extract`.
    """
    unplaced: list[Unread] = []
    unnamed: list[GuessedLayer] = []
    guesses: list[tuple[GuessedRole, Dataset]] = []
    for dataset in datasets:
        if dataset.source == OSM.id:
            continue
        roles, why = guessed_roles(dataset)
        guesses += [(guess, dataset) for guess in roles]
        if not roles and why == NO_WORD and divides_a_place(dataset):
            unnamed.append(GuessedLayer(NEIGHBOURHOODS, dataset, why, doubt=_ADJOIN))
        elif not roles:
            unplaced.append(Unread(dataset.shown, why))
    ranked = sorted(guesses, key=lambda one: (bool(one[0].doubt), -_weight(*one)))
    first: dict[str, GuessedLayer] = {}
    rest: list[GuessedLayer] = []
    for guess, dataset in ranked:
        layer = _layer(guess, dataset)
        before = first.get(guess.role)
        if before is None:
            first[guess.role] = layer
        elif not layer.doubt:
            rest.append(replace(layer, doubt=f"{before.dataset.shown} is taken for this role"))
        else:
            rest.append(layer)
    _derive_neighbourhoods(first, rest)
    places = first.pop(PLACES, None)
    if places is not None and not {"neighbourhoods", "boundary"} & set(first):
        unplaced.append(Unread(f"points of places in {places.dataset.shown}", _NEEDS_BOUNDARY))
    rest = [layer for layer in rest if layer.role != PLACES]
    if NEIGHBOURHOODS in first:
        unplaced += [Unread(layer.dataset.shown, layer.why) for layer in unnamed]
    else:
        rest += unnamed
    place = {role: rank for rank, role in enumerate(_ORDER)}
    ordered = sorted(first.values(), key=lambda layer: (place.get(layer.role, 99), layer.role))
    return [*ordered, *rest], unplaced


_ADJOIN = "its polygons adjoin and do not overlap, as neighbourhoods do, but no word says so"
_NEEDS_BOUNDARY = (
    "neighbourhoods can be derived from them once the folder has the boundary of the city; add it "
    "and draft again"
)


def _weight(guess: GuessedRole, dataset: Dataset) -> float:
    """The weight of a guess, greater where columns hold what the role has."""
    frame = dataset.frame
    from_columns = 0.0
    if frame is not None:
        entries = {"neighbourhoods": ("residents",), "buildings": ("levels", "use")}
        from_columns = 20.0 * sum(
            bool(best_column(frame, each)) for each in entries.get(guess.role, ())
        )
    return guess.weight + from_columns


def _layer(guess: GuessedRole, dataset: Dataset) -> GuessedLayer:
    keys = (GuessedKey("where", dict(guess.where)),) if guess.where else ()
    return GuessedLayer(guess.role, dataset, guess.why, keys, guess.doubt)


def _derive_neighbourhoods(first: dict[str, GuessedLayer], rest: list[GuessedLayer]) -> None:
    """Neighbourhoods as cells around place points, where no layer has their polygons."""
    there = first.get("neighbourhoods")
    places, boundary = first.get(PLACES), first.get("boundary")
    if (there is not None and not there.doubt) or places is None or boundary is None:
        return
    if boundary.doubt:
        return
    if there is not None:
        rest.append(there)
    column, kinds = place_values(places.dataset)
    keys = [GuessedKey("derive", "voronoi", "cells around place points; not official")]
    if column:
        keys.append(GuessedKey("where", {column: kinds}, f"the parts of a city, by {column!r}"))
    why = f"no polygons of neighbourhoods; {places.dataset.shown} has points of places"
    first["neighbourhoods"] = GuessedLayer("neighbourhoods", places.dataset, why, tuple(keys))


def with_coordinates(
    layers: Iterable[GuessedLayer], place: CityPlace, language: str
) -> list[GuessedLayer]:
    """The layers with CRS, columns, encoding and licence; those far from the city are doubtful.

    Parameters
    ----------
    layers
        With their roles.
    place
        Where the city lies.
    language
        In which plain columns of names are.
    """
    finished = []
    for layer in layers:
        crs, why = guessed_crs(layer.dataset, place)
        keys = [*layer.keys, *_of_reading(layer), *([crs] if crs else [])]
        frame = _rows(layer)
        if frame is not None:
            taken = {key.key for key in keys}
            found = guessed_keys(layer.role, frame, language)
            if "derive" in taken:  # cells around points are no areas that anybody counted
                found = tuple(key for key in found if key.key in {"key", "name"})
            keys += [key for key in found if key.key not in taken]
        keys += _licence(layer)
        doubt = layer.doubt or why or _thin_streets(layer, place)
        finished.append(replace(layer, keys=tuple(keys), doubt=doubt))
    return finished


def _rows(layer: GuessedLayer) -> gpd.GeoDataFrame | None:
    """The features that the layer's `where` keeps; None without columns to guess."""
    frame = layer.dataset.frame
    if frame is None:
        return None
    where = next((key.value for key in layer.keys if key.key == "where"), None)
    if not isinstance(where, dict):
        return frame
    allowed = {
        str(column): tuple(str(each) for each in (value if isinstance(value, list) else [value]))
        for column, value in where.items()
    }
    kept = frame[matching_rows(frame, allowed)]
    return kept if len(kept) else frame


def _of_reading(layer: GuessedLayer) -> list[GuessedKey]:
    """What the reader found out: columns of coordinates, and the encoding."""
    read = layer.dataset.read
    if not isinstance(read, RawLayer):
        return []
    keys = []
    for note in read.notes:
        values = dict(note.values)
        if {"x", "y"} <= set(values):
            keys += [GuessedKey("x", str(values["x"])), GuessedKey("y", str(values["y"]))]
            if str(values["x"]).casefold().startswith(("lon", "lng")) and stated_crs(layer.dataset):
                keys.append(
                    GuessedKey("crs", "EPSG:4326", "the columns are longitude and latitude")
                )
        found = str(values.get("encoding", ""))
        if found and " / " not in found:  # of two that read alike, the reader takes its own
            keys.append(GuessedKey("encoding", found, "found by the letters of its texts"))
    return keys


def _licence(layer: GuessedLayer) -> list[GuessedKey]:
    dataset = layer.dataset
    if dataset.source == OSM.id:
        return []
    columns = set(map(str, dataset.frame.columns)) if dataset.frame is not None else set()
    if columns & _FROM_OSM:
        why = f"the column {min(columns & _FROM_OSM)!r} numbers objects of OpenStreetMap"
        return [
            GuessedKey("licence", OSM.licence, why),
            GuessedKey("attribution", OSM.attribution, why),
        ]
    return [GuessedKey("allow_unlicensed", value=True, why="no file states a licence")]


def _thin_streets(layer: GuessedLayer, place: CityPlace) -> str:
    """Why streets are only a part of the network; empty where they may be all of it."""
    frame = layer.dataset.frame
    if layer.role != STREETS or frame is None or frame.crs is None:
        return ""
    west, south, east, north = place.study_area.bounds
    lines = frame.geometry.to_crs(place.crs).clip_by_rect(west, south, east, north)
    length_km = float(lines.length.sum()) / 1000
    area_km2 = (east - west) * (north - south) / 1e6
    if length_km >= MIN_KM_PER_KM2 * area_km2:
        return ""
    return (
        f"{length_km:,.0f} km of lines in a box of {area_km2:,.0f} km² are hardly all streets; "
        "distances along a part of them are wrong, without them straight lines and marked so"
    )
