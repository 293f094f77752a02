"""What an OpenStreetMap extract gives: the city, its neighbourhoods, people and layers."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from urbanlayer.drafting.city_boundaries import TELLING_TAGS, boundaries_of, city_of, first_names
from urbanlayer.drafting.cutting import cut_to_city
from urbanlayer.drafting.guess import GuessedKey, GuessedLayer
from urbanlayer.drafting.osm_columns import PLACE_KINDS
from urbanlayer.drafting.where import box_of_layers
from urbanlayer.errors import DataError, SourceError
from urbanlayer.model.role_names import BOUNDARY, NEIGHBOURHOODS
from urbanlayer.model.role_table import ROLES
from urbanlayer.sources import child
from urbanlayer.sources._process import ChildError
from urbanlayer.sources.osm import SOURCE as OSM
from urbanlayer.text.numerals import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from urbanlayer.drafting.city_boundaries import CityBoundary
    from urbanlayer.drafting.crs_guesses import Box
    from urbanlayer.drafting.datasets import Dataset

MIN_COVERED = 0.9
"""Share of the city that neighbourhoods of one level cover."""
MIN_PARTS = 3
MIN_PER_BUILDING = 0.01
"""Lamps, trees and businesses for each building, below which only a few were drawn."""
MIN_PLACES = 3
MOST_TAGS = 3
"""Tags of a role that a reason names."""
_OF_THE_CITY = ("boundary", "neighbourhoods")
PART_TAGS = ("name", *TELLING_TAGS)
"""Tags by which the parts of a city can be chosen, best first."""
_MUNICIPALITY = 7
"""`admin_level` of municipalities in most countries, for a city whose boundary is in a file."""


@dataclass(frozen=True, slots=True, eq=False)
class ExtractGuess:
    """What an extract gives.

    Attributes
    ----------
    layers
        Of the roles that no file has.
    box
        Of the city; None without an extract.
    population
        People by the tag of the boundary, and where it stands.
    cut_from
        The extract of a region that the city's was cut from.
    day
        Of the data, as the extract says itself; None if it does not.
    """

    layers: tuple[GuessedLayer, ...] = ()
    box: Box | None = None
    population: tuple[int, str] | None = None
    cut_from: Path | None = None
    day: dt.date | None = None


def layers_of_extract(
    datasets: Sequence[Dataset],
    name: str,
    files: Sequence[GuessedLayer],
    *,
    target: Path,
    boundary: str = "",
) -> ExtractGuess:
    """The layers of the first extract, for the roles that files do not have.

    Parameters
    ----------
    datasets
        All that was found.
    name
        Of the city: chooses among boundaries.
    files
        The layers of other files.
    target
        Where an extract of the city is written, if the one that was found is of a region.
    boundary
        The city's boundary in the extract, `relation/ID` or its name, where its own name chooses
        another.

    Raises
    ------
    DataError
        The extract cannot be read, or has no boundary of the city.
    TargetError
        The city's extract cannot be written.
    """
    extract = next((one for one in datasets if one.source == OSM.id), None)
    if extract is None:
        if boundary:
            raise DataError("--boundary needs an OpenStreetMap extract to choose it from")
        return ExtractGuess()
    taken = {layer.role for layer in files if not layer.doubt}
    city = None
    if boundary or not taken & set(_OF_THE_CITY):
        city = city_of(boundaries_of(extract), boundary or name, extract)
    extract = _cut(extract, city, files, target)
    seen = _counted(extract)
    layers = [
        GuessedLayer(role, extract, _told(role, count), doubt=_sparse(role, seen))
        for role, count in seen.roles.items()
        if role not in taken and role not in _OF_THE_CITY
    ]
    found = ExtractGuess(tuple(layers), cut_from=extract.cut_from, day=seen.day)
    if NEIGHBOURHOODS in taken:
        return found
    if city is None or BOUNDARY in taken:
        return replace(found, layers=(*_from_places(extract, seen), *layers))
    return _with_the_city(found, extract, city, seen)


def _cut(
    extract: Dataset, city: CityBoundary | None, files: Sequence[GuessedLayer], target: Path
) -> Dataset:
    """The extract, cut to the city where it is one of a region."""
    if city is not None:
        return cut_to_city(extract, city.box, city.level, target)
    box = box_of_layers(files)
    return extract if box is None else cut_to_city(extract, box, _MUNICIPALITY, target)


def _told(role: str, count: int) -> str:
    """How many objects have the tags of a role, and the first of these tags."""
    tags = ROLES[role].tag_texts()
    more = " …" if len(tags) > MOST_TAGS else ""
    return f"{count:,} objects with {', '.join(tags[:MOST_TAGS])}{more}"


def _sparse(role: str, seen: _Seen) -> str:
    """Why the objects of a role are hardly all that there are; empty where they may be."""
    buildings, count = seen.roles.get("buildings", 0), seen.roles[role]
    known = ROLES[role]
    if known.service or not known.everywhere or count >= MIN_PER_BUILDING * buildings:
        return ""
    return f"{count:,} objects beside {buildings:,} buildings are hardly all"


@dataclass(frozen=True, slots=True)
class _Seen:
    """Objects of each role, points of each kind of place, people of relations by id; the day."""

    roles: dict[str, int]
    places: dict[str, int]
    population: dict[str, str]
    day: dt.date | None


def _counted(extract: Dataset) -> _Seen:
    """One pass through the file."""
    name = extract.path.name
    try:
        about, _ = child.run_job(
            "tag_counts", path=str(extract.path), layer_name=name, place_kinds=sorted(PLACE_KINDS)
        )
    except ChildError as error:
        raise SourceError(f"{name}: it cannot be read ({error})") from error
    day = None
    with contextlib.suppress(ValueError):
        day = dt.date.fromisoformat(about["day"])
    return _Seen(about["roles"], about["places"], about["population"], day)


def _with_the_city(
    found: ExtractGuess, extract: Dataset, city: CityBoundary, seen: _Seen
) -> ExtractGuess:
    """The layers with the boundary and the neighbourhoods of the city."""
    why = f"{city.key}, {city.name!r}, of level {city.level}"
    boundary = GuessedLayer("boundary", extract, why, (GuessedKey("where", city.where()),))
    parts = _parts_of(city, extract)
    of_city = [boundary, *(_from_places(extract, seen) if parts is None else [parts])]
    if len(of_city) == 1:
        of_city += [_whole_city(boundary)]
    people = _population(seen.population.get(city.key, ""), city.key)
    return replace(found, layers=(*of_city, *found.layers), box=city.box, population=people)


def _parts_of(city: CityBoundary, extract: Dataset) -> GuessedLayer | None:
    """The neighbourhoods: the boundaries of the finest level that covers the city."""
    from urbanlayer.layers.city_crs import utm_zone

    middle = city.frame.geometry[city.key].representative_point()
    flat = city.frame.to_crs(utm_zone(float(middle.x), float(middle.y)))
    whole = flat.geometry[city.key]
    levels = sorted({int(one) for one in flat["admin_level"] if str(one).isdigit()}, reverse=True)
    for level in levels:
        if level <= city.level:
            continue
        of_level = flat[flat["admin_level"] == str(level)]
        inside = of_level[of_level.geometry.representative_point().within(whole)]
        covered = inside.geometry.intersection(whole).area.sum() / whole.area
        if len(inside) >= MIN_PARTS and covered >= MIN_COVERED:
            return _level(extract, level, of_level, inside, covered)
    return None


def _level(
    extract: Dataset, level: int, of_level: pd.DataFrame, inside: pd.DataFrame, covered: float
) -> GuessedLayer:
    where: dict[str, object] = {"boundary": "administrative", "admin_level": str(level)}
    doubt = ""
    if len(inside) < len(of_level):
        outside = of_level.drop(inside.index)
        tag = next((tag for tag in PART_TAGS if _tells_apart(tag, inside, outside)), "")
        doubt = "" if tag else _alike(inside, outside)
        where[tag or "name"] = sorted(set(inside[tag or "name"]) - {""})
    why = f"{len(inside)} boundaries of level {level} cover {covered:.0%} of the city"
    keys = (GuessedKey("where", where), GuessedKey("name", "name"))
    return GuessedLayer("neighbourhoods", extract, why, keys, doubt)


def _alike(inside: pd.DataFrame, outside: pd.DataFrame) -> str:
    """Why the names of the parts do not choose them."""
    shared = sorted((set(inside["name"]) & set(outside["name"])) - {""})
    if not shared:
        return "some of these boundaries have no name"
    return f"boundaries outside of the city have the same names: {first_names(shared)}"


def _tells_apart(tag: str, inside: pd.DataFrame, outside: pd.DataFrame) -> bool:
    """Whether all parts of the city have a tag, with values that no other part has."""
    if tag not in inside:
        return False
    own, others = inside[tag].dropna(), outside[tag].dropna()
    return len(own) == len(inside) and "" not in set(own) and not set(own) & set(others)


def _from_places(extract: Dataset, seen: _Seen) -> list[GuessedLayer]:
    """Neighbourhoods as cells around place points; none if there are too few."""
    if sum(seen.places.values()) < MIN_PLACES:
        return []
    kinds = [kind for kind in PLACE_KINDS if kind in seen.places]
    counted = ", ".join(f"{seen.places[kind]} {kind}" for kind in kinds)
    why = f"no level of boundaries divides the city; cells around place points ({counted})"
    keys = (
        GuessedKey("derive", "voronoi", "derived from points; not official"),
        GuessedKey("where", {"place": kinds}),
        GuessedKey("name", "name"),
    )
    return [GuessedLayer("neighbourhoods", extract, why, keys)]


def _whole_city(boundary: GuessedLayer) -> GuessedLayer:
    why = "neither boundaries nor place points divide the city; it is one neighbourhood"
    return GuessedLayer("neighbourhoods", boundary.dataset, why, boundary.keys)


def _population(text: str, city_key: str) -> tuple[int, str] | None:
    """The people by a tag of the boundary."""
    import pandas as pd

    value = numbers(pd.Series([text])).values[0] if text else 0.0
    if not value > 0:
        return None
    return round(float(value)), f"the tag population of {city_key}"
