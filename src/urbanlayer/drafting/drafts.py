"""A draft of a city file: from files to layers, people and indicators."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from urbanlayer import registry
from urbanlayer.drafting.census_tables import with_census
from urbanlayer.drafting.choosing import chosen_layers, with_coordinates
from urbanlayer.drafting.crs_guesses import city_place
from urbanlayer.drafting.datasets import datasets_of, unknown_in
from urbanlayer.drafting.extract_dates import date_of_extract
from urbanlayer.drafting.extracts import layers_of_extract
from urbanlayer.drafting.first_indicators import first_indicators
from urbanlayer.drafting.people_guesses import PeopleGuess, guessed_people
from urbanlayer.drafting.servers import datasets_at
from urbanlayer.drafting.where import box_of
from urbanlayer.errors import DataError
from urbanlayer.model.addresses import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from urbanlayer.drafting.crs_guesses import CityPlace
    from urbanlayer.drafting.datasets import Dataset, Unread
    from urbanlayer.drafting.extracts import ExtractGuess
    from urbanlayer.drafting.guess import GuessedLayer

_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "ME": ("sr_Latn_ME", "sr_Cyrl_ME", "sq", "en"), "AL": ("sq", "en"),
    "XK": ("sq", "sr_Latn_ME", "en"), "MK": ("mk", "sq", "en"), "BA": ("bs", "en"),
    "HR": ("bs", "en"), "RS": ("sr_Cyrl_ME", "sr_Latn_ME", "en"),
}  # fmt: skip
"""The languages of a country that pages can be in."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """The content of a drafted city file.

    Attributes
    ----------
    city_file
        Where it is written.
    city_id, name, languages, as_of
        As in the file.
    place
        Where the city lies, and the CRS to measure it in.
    layers
        Those that stand, and the doubtful ones.
    people
        Where people live.
    indicators
        Those of the draft, with their parameters.
    further
        Others that the layers allow.
    unplaced
        Files and layers that are not used.
    date_in
        Where the date `as_of` stands; empty where it is the day of the draft.
    cut_from
        The extract of a region that the city's was cut from.
    """

    city_file: Path
    city_id: str
    name: str
    languages: tuple[str, ...]
    as_of: dt.date
    place: CityPlace
    layers: tuple[GuessedLayer, ...]
    people: PeopleGuess
    indicators: Mapping[str, Mapping[str, object]]
    further: tuple[str, ...]
    unplaced: tuple[Unread, ...]
    date_in: str = ""
    cut_from: Path | None = None

    @property
    def standing(self) -> tuple[GuessedLayer, ...]:
        """The layers that are not commented out."""
        return tuple(layer for layer in self.layers if not layer.doubt)


def drafted(
    name: str,
    paths: Sequence[Path],
    city_file: Path,
    *,
    city_id: str,
    residents: int | None = None,
    addresses: Sequence[str] = (),
    boundary: str = "",
) -> Draft:
    """The draft of a city file from files and folders.

    Parameters
    ----------
    name
        What people call the city; it also chooses the boundary in an extract of several.
    paths
        Files and folders.
    city_file
        Where it will be written; paths in it start there.
    city_id
        Its id.
    residents
        People of the whole city, where the files do not count them.
    addresses
        Of databases and services, each with all of its layers.
    boundary
        The city's boundary in an extract, `relation/ID` or its name, if the city's name does not
        choose it.

    Raises
    ------
    DataError
        Nothing that lies there can be read, or no file shows where the city lies.
    TargetError
        An extract of the city cannot be written beside its city file.
    """
    datasets, unread = _found(paths, addresses)
    files, unplaced = chosen_layers(datasets)
    target = city_file.with_name(f"{city_id}-cut.osm.pbf")
    extract = layers_of_extract(datasets, name, files, target=target, boundary=boundary)
    layers = [*files, *extract.layers]
    place = city_place(box_of(datasets, layers, extract.box), datasets)
    languages = _LANGUAGES.get(place.study_area.country, ("en",))
    layers = with_coordinates(layers, place, languages[0])
    layers, unplaced = with_census(layers, datasets, unplaced, city_file.parent)
    today = dt.datetime.now(dt.UTC).date()
    as_of, date_in = _date_of(datasets, extract, today)
    draft = Draft(
        city_file, city_id, name, languages, as_of, place, tuple(layers), PeopleGuess(), {}, (),
        (*unplaced, *unread, *unknown_in(paths)), date_in, extract.cut_from,
    )  # fmt: skip
    return with_questions(draft, residents, extract.population)


def _date_of(
    datasets: Sequence[Dataset], extract: ExtractGuess, today: dt.date
) -> tuple[dt.date, str]:
    """The day of an extract by its name, else by what it says itself; else today."""
    named = date_of_extract((one.path for one in datasets), today)
    if named is not None:
        day, file = named
        return day, f"in the name of {file}"
    if extract.day is not None and extract.day <= today:
        return extract.day, "of the extract's data, as it says itself"
    return today, ""


def _found(paths: Sequence[Path], addresses: Sequence[str]) -> tuple[list[Dataset], list[Unread]]:
    """All that lies in files and on servers, and what could not be read."""
    datasets, unread = datasets_of(paths)
    for address in addresses:
        more, lost = datasets_at(address)
        datasets += more
        unread += lost
    if not datasets:
        why = "; ".join(f"{one.shown}: {one.why}" for one in unread) or "no file that is read"
        places = (*(str(path) for path in paths), *map(shown, addresses))
        raise DataError(f"{', '.join(places)}: {why}")
    return datasets, unread


def without_people(draft: Draft, why: str) -> Draft:
    """The draft without residents, which its layers do not give.

    Parameters
    ----------
    draft
        With residents.
    why
        What is wrong with them.
    """
    roles = {layer.role for layer in draft.standing}
    chosen, further = first_indicators(registry.indicators(), roles)
    none = PeopleGuess(why=f"Where people live is left out: {why}. {PeopleGuess().why}")
    return replace(draft, people=none, indicators=chosen, further=further)


def with_questions(
    draft: Draft, residents: int | None, population: tuple[int, str] | None
) -> Draft:
    """The draft with its people and the indicators that its uncommented layers allow.

    Parameters
    ----------
    draft
        With its layers.
    residents
        People of the city as the user states.
    population
        People of the city as a file states, and where.
    """
    people = guessed_people(draft.standing, residents, population)
    roles = {layer.role for layer in draft.standing} | ({"residents"} if people.sources else set())
    drawn = {layer.role for layer in draft.standing if layer.by_volunteers}
    chosen, further = first_indicators(registry.indicators(), roles, drawn)
    return replace(draft, people=people, indicators=chosen, further=further)
