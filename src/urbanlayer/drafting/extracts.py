"""What an OpenStreetMap extract gives: the city, its neighbourhoods, people and layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.drafting.guess import GuessedKey, GuessedLayer
from urbanlayer.drafting.osm_columns import PLACE_KINDS
from urbanlayer.errors import DataError, SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.role_names import BOUNDARY, NEIGHBOURHOODS
from urbanlayer.model.role_table import ROLES
from urbanlayer.sources import child
from urbanlayer.sources._process import ChildError
from urbanlayer.sources.osm import SOURCE as OSM
from urbanlayer.text.numerals import numbers
from urbanlayer.text.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

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
_FEW = 8


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
    """

    layers: tuple[GuessedLayer, ...] = ()
    box: Box | None = None
    population: tuple[int, str] | None = None


def layers_of_extract(
    datasets: Sequence[Dataset], name: str, files: Sequence[GuessedLayer]
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

    Raises
    ------
    DataError
        The extract cannot be read, or has no boundary of the city.
    """
    extract = next((one for one in datasets if one.source == OSM.id), None)
    if extract is None:
        return ExtractGuess()
    taken = {layer.role for layer in files if not layer.doubt}
    seen = _counted(extract)
    layers = [
        GuessedLayer(role, extract, _told(role, count), doubt=_sparse(role, seen))
        for role, count in seen.roles.items()
        if role not in taken and role not in _OF_THE_CITY
    ]
    if NEIGHBOURHOODS in taken:
        return ExtractGuess(tuple(layers))
    return _with_the_city(extract, name, layers, seen, taken)


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
    """Objects of each role, points of each kind of place, and people of relations by their id."""

    roles: dict[str, int]
    places: dict[str, int]
    population: dict[str, str]


def _counted(extract: Dataset) -> _Seen:
    """One pass through the file."""
    name = extract.path.name
    try:
        about, _ = child.run_job(
            "tag_counts", path=str(extract.path), layer_name=name, place_kinds=sorted(PLACE_KINDS)
        )
    except ChildError as error:
        raise SourceError(f"{name}: it cannot be read ({error})") from error
    return _Seen(about["roles"], about["places"], about["population"])


def _with_the_city(
    extract: Dataset, name: str, layers: list[GuessedLayer], seen: _Seen, taken: set[str]
) -> ExtractGuess:
    """The layers with the boundary and the neighbourhoods of the city."""
    if BOUNDARY in taken:
        found = _from_places(extract, seen)
        return ExtractGuess((*found, *layers))
    frame = _boundaries(extract)
    city_key = _city_of(frame, name, extract)
    city = frame.loc[city_key]
    where = {"boundary": "administrative", "admin_level": str(city["admin_level"])}
    if city["name"]:
        where["name"] = str(city["name"])
    why = f"{city_key}, {city['name']!r}, of level {city['admin_level']}"
    boundary = GuessedLayer("boundary", extract, why, (GuessedKey("where", where),))
    parts = _parts_of(frame, city_key, extract)
    found = [boundary, *(_from_places(extract, seen) if parts is None else [parts])]
    if len(found) == 1:
        found += [_whole_city(boundary)]
    box = tuple(float(value) for value in frame.geometry[city_key].bounds)
    people = _population(seen.population.get(str(city_key), ""), str(city_key))
    return ExtractGuess((*found, *layers), box, people)  # type: ignore[arg-type]


def _boundaries(extract: Dataset) -> gpd.GeoDataFrame:
    """The polygons of administrative boundaries, with level and name; relations alone."""
    spec = LayerSpec(path=str(extract.path), source=OSM.id)
    read = OSM.read([OSM.request("boundary", spec, extract.path)])["boundary"]
    frame = read.frame  # type: ignore[union-attr]
    frame = frame[frame.index.astype(str).str.startswith("relation/")]
    for column in ("name", "admin_level"):
        frame = frame.assign(**{column: frame[column].fillna("") if column in frame else ""})
    return frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]


def _city_of(frame: gpd.GeoDataFrame, name: str, extract: Dataset) -> str:
    """The boundary of the city: the one of its name, else the only one.

    Raises
    ------
    DataError
        There is none, or several and the name chooses none.
    """
    columns = [column for column in frame.columns if str(column).split(":")[0] == "name"]
    wanted = slug(name)
    names = {
        str(key): {slug(str(row[column])) for column in columns if row[column] == row[column]}
        - {""}
        for key, row in frame.iterrows()
    }
    exact = [key for key, own in names.items() if wanted in own]
    alike = [
        key
        for key, own in names.items()
        if any(
            f"{wanted}-".startswith(f"{one}-") or f"{one}-".startswith(f"{wanted}-") for one in own
        )
    ]
    for found in (exact, alike, list(names)):
        if len(found) == 1:
            return found[0]
        if found and found is not exact and len(names) > 1:
            break
        if found:  # a municipality and its town of one name: the larger
            return max(found, key=lambda key: float(frame.geometry[key].area))
    listed = sorted({str(row["name"]) for _, row in frame.iterrows() if row["name"]})
    if not listed:
        raise DataError(
            f"{extract.path.name}: it has no whole administrative boundary; add a file with the "
            "city's boundary or its neighbourhoods"
        )
    more = " …" if len(listed) > _FEW else ""
    raise DataError(
        f"{extract.path.name}: which of its {len(names)} boundaries is the city is not clear from "
        f"the name {name!r}: {', '.join(listed[:_FEW])}{more}; say its name"
    )


def _parts_of(frame: gpd.GeoDataFrame, city_key: str, extract: Dataset) -> GuessedLayer | None:
    """The neighbourhoods: the boundaries of the finest level that covers the city."""
    from urbanlayer.layers.city_crs import utm_zone

    own_level = int(frame["admin_level"][city_key] or 0)
    middle = frame.geometry[city_key].representative_point()
    flat = frame.to_crs(utm_zone(float(middle.x), float(middle.y)))
    whole = flat.geometry[city_key]
    levels = sorted({int(one) for one in flat["admin_level"] if str(one).isdigit()}, reverse=True)
    for level in levels:
        if level <= own_level:
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
    if len(inside) < len(of_level):
        where["name"] = sorted(set(inside["name"]) - {""})
    why = f"{len(inside)} boundaries of level {level} cover {covered:.0%} of the city"
    keys = (GuessedKey("where", where), GuessedKey("name", "name"))
    return GuessedLayer("neighbourhoods", extract, why, keys)


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
