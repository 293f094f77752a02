"""The boundary of the city among those of an OpenStreetMap extract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources.osm import SOURCE as OSM
from urbanlayer.text.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from urbanlayer.drafting.crs_guesses import Box
    from urbanlayer.drafting.datasets import Dataset

_FEW = 8
TELLING_TAGS = ("wikidata", "ref")
"""Tags that tell two boundaries of one name and level apart."""


@dataclass(frozen=True, slots=True, eq=False)
class CityBoundary:
    """The boundary of the city, with all others of the extract.

    Attributes
    ----------
    frame
        Polygons of administrative boundaries, in degrees, by `relation/ID`.
    key
        That of the city.
    """

    frame: gpd.GeoDataFrame
    key: str

    @property
    def name(self) -> str:
        """As the tag has it; may be empty."""
        return str(self.frame["name"][self.key])

    @property
    def level(self) -> int:
        """`admin_level`; 0 if it has none."""
        text = str(self.frame["admin_level"][self.key])
        return int(text) if text.isdigit() else 0

    @property
    def box(self) -> Box:
        """West, south, east and north, in degrees."""
        west, south, east, north = self.frame.geometry[self.key].bounds
        return float(west), float(south), float(east), float(north)

    def where(self) -> Mapping[str, object]:
        """The tags that choose it, and no other boundary if there are such."""
        row = self.frame.loc[self.key]
        tags = {"boundary": "administrative", "admin_level": str(row["admin_level"])}
        same = self.frame["admin_level"] == row["admin_level"]
        if self.name:
            tags["name"] = self.name
            same &= self.frame["name"] == self.name
        for tag in TELLING_TAGS:
            if same.sum() == 1:
                break
            if tag in self.frame and isinstance(row[tag], str) and row[tag]:
                tags[tag] = str(row[tag])
                same &= self.frame[tag] == row[tag]
        return tags


def boundaries_of(extract: Dataset) -> gpd.GeoDataFrame:
    """The polygons of administrative boundaries, with level and name; relations alone.

    Parameters
    ----------
    extract
        An OpenStreetMap extract.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    spec = LayerSpec(path=str(extract.path), source=OSM.id)
    read = OSM.read([OSM.request("boundary", spec, extract.path)])["boundary"]
    frame = read.frame  # type: ignore[union-attr]
    frame = frame[frame.index.astype(str).str.startswith("relation/")]
    for column in ("name", "admin_level"):
        frame = frame.assign(**{column: frame[column].fillna("") if column in frame else ""})
    return frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]


def city_of(frame: gpd.GeoDataFrame, wanted: str, extract: Dataset) -> CityBoundary:
    """The boundary of the city: the one of its name or number, else the only one.

    Parameters
    ----------
    frame
        As `boundaries_of` gives it.
    wanted
        Its name in any language, or `relation/ID`.
    extract
        For messages.

    Raises
    ------
    DataError
        There is none, or several and the name chooses none.
    """
    number = re.fullmatch(r"(?:relation/|r)?(\d+)", wanted.strip())
    if number:
        return _of_number(frame, f"relation/{number[1]}", extract)
    names = _names(frame)
    word = slug(wanted)
    exact = [key for key, own in names.items() if word in own]
    alike = [key for key, own in names.items() if any(_begins(word, one) for one in own)]
    for found in (exact, alike, list(names)):
        if len(found) == 1:
            return CityBoundary(frame, found[0])
        if found and found is not exact and len(names) > 1:
            break
        if found:  # a municipality and its town of one name: the larger
            largest = max(found, key=lambda key: float(frame.geometry[key].area))
            return CityBoundary(frame, largest)
    raise DataError(_unclear(frame, wanted, extract))


def _of_number(frame: gpd.GeoDataFrame, key: str, extract: Dataset) -> CityBoundary:
    if key in frame.index:
        return CityBoundary(frame, key)
    raise DataError(
        f"{extract.path.name}: {key} is no whole administrative boundary in it; look its number up "
        "on openstreetmap.org"
    )


def _names(frame: gpd.GeoDataFrame) -> dict[str, set[str]]:
    """The names of each boundary in all languages, as words in Latin letters."""
    columns = [column for column in frame.columns if str(column).split(":")[0] == "name"]
    return {
        str(key): {slug(str(row[column])) for column in columns if row[column] == row[column]}
        - {""}
        for key, row in frame.iterrows()
    }


def _begins(one: str, other: str) -> bool:
    """Whether one name is how the other begins, by whole words."""
    return f"{one}-".startswith(f"{other}-") or f"{other}-".startswith(f"{one}-")


def _unclear(frame: gpd.GeoDataFrame, wanted: str, extract: Dataset) -> str:
    """What to do where no boundary is the city's without doubt."""
    listed = sorted({str(name) for name in frame["name"] if name})
    if not listed:
        return (
            f"{extract.path.name}: it has no whole administrative boundary; add a file with the "
            "city's boundary or its neighbourhoods"
        )
    return (
        f"{extract.path.name}: which of its {len(frame)} boundaries is the city is not clear from "
        f"{wanted!r}: {first_names(listed)}; say its name, or --boundary relation/ID"
    )


def first_names(names: Sequence[str]) -> str:
    """The first names of a list, for a message.

    Parameters
    ----------
    names
        In their order.
    """
    return ", ".join(names[:_FEW]) + (" …" if len(names) > _FEW else "")
