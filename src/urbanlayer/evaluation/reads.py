"""What a result rests on: the digests of the inputs it reads, and of the code that computes it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from urbanlayer.kernels.digests import digest_of, digest_of_code
from urbanlayer.model.role_names import NEIGHBOURHOODS, STREETS
from urbanlayer.network.reads import MODE, ORIGINS, reads, reads_of_mode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.network_query import Mode, NetworkQuery
    from urbanlayer.model.query import Query
    from urbanlayer.model.travel_modes import TravelMode

ABSENT = "absent"
NETWORK_CODE = ("network", "kernels", "text", "model")
INDICATOR_CODE = ("indicators/_shared", "kernels", "text", "model")


Q_co = TypeVar("Q_co", bound=Hashable, covariant=True)


@dataclass(frozen=True, slots=True)
class Key(Generic[Q_co]):
    """What makes two results the same: the query, the inputs that it reads, and the code.

    Attributes
    ----------
    query
        An indicator's query, a network query, or the name of a mode's routable network.
    digests
        Name of each input that it rests on, and its digest; sorted by name.
    code
        Digest of the source files that compute it.
    ours
        Whether all of these are files of this package; of others it is not known what they import.
    """

    query: Q_co
    digests: tuple[tuple[str, str], ...]
    code: str
    ours: bool = True

    @property
    def known(self) -> bool:
        """Whether every input has a digest; without one nothing may be reused."""
        return all(digest for _, digest in self.digests)


def key_of_network_query(city: City, network_query: NetworkQuery) -> Key[NetworkQuery]:
    """The key of a network query's result in a city."""
    names = reads(network_query, city.modes)
    return Key(network_query, _digests(city, names), digest_of_code(*NETWORK_CODE))


def key_of_mode(city: City, mode: Mode) -> Key[Mode]:
    """The key of a mode's routable network in a city."""
    names = reads_of_mode(mode, city.modes)
    return Key(mode, _digests(city, names), digest_of_code(*NETWORK_CODE))


def key_of_connection(city: City, mode: Mode) -> Key[Mode]:
    """The key of how many residents of a city the streets of a mode join."""
    names = (*reads_of_mode(mode, city.modes), "residents")
    return Key(mode, _digests(city, names), digest_of_code(*NETWORK_CODE))


def key_of_query(city: City, indicator: Indicator, query: Query) -> Key[Query]:
    """The key of the result of an indicator's query in a city, before its low and high."""
    people = city.by_population(query.population)
    names = set(reads_of_query(indicator, query, city.modes))
    code = digest_of(_code_of(indicator), digest_of_code(*NETWORK_CODE))
    return Key(query, _digests(people, tuple(names)), code, is_ours(indicator))


def is_ours(indicator: Indicator) -> bool:
    """Whether an indicator is of this package, so that all code that it uses is known."""
    return _module_of(indicator).__name__.startswith("urbanlayer.")


def reads_of_query(
    indicator: Indicator, query: Query, modes: Mapping[Mode, TravelMode]
) -> tuple[str, ...]:
    """Roles, nouns and modes that a result rests on, those of its network queries too; sorted."""
    names = set(indicator.reads(query))
    for network_query in indicator.network_queries(query):
        names |= set(reads(network_query, modes))
    return tuple(sorted(names))


def _digests(city: City, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each name with the digest of the input; the CRS that all of them lie in first."""
    return (("crs", city.crs), *((name, digest_of_input(city, name)) for name in sorted(names)))


def digest_of_input(city: City, name: str) -> str:
    """The digest of a role, a noun or a mode: `absent` where the city has none, empty if unknown.

    A name may be a noun and a layer at once: streets are the network and the layer it is made of.
    """
    if name.startswith(MODE):
        mode = city.modes.get(name.removeprefix(MODE))
        return digest_of(repr(mode))
    residents = city.residents
    if name == ORIGINS:
        return residents.places_digest if residents else ABSENT
    found = [noun.digest for noun in (city.layers.get(name), city.rasters.get(name)) if noun]
    if name == NEIGHBOURHOODS:
        found.append(city.neighbourhoods.digest)
    if name == STREETS and city.streets is not None:
        found.append(city.streets.digest)
    if name == "timetable" and city.timetable is not None:
        found.append(city.timetable.digest)
    if residents and (name == "residents" or name in residents.groups):
        found.append(residents.digest)
    if not found:
        return ABSENT
    return digest_of(*found) if all(found) else ""


def _code_of(indicator: Indicator) -> str:
    """Of the module of `compute`, what a catalogue or the city file fills in, and what it uses."""
    compute = indicator.compute
    filled: tuple[object, ...] = ()
    while isinstance(compute, functools.partial):
        filled += (sorted(compute.keywords.items()),)
        compute = compute.func
    own = _digest_of_file(_module_of(indicator).__file__ or "")
    return digest_of(own, repr(filled), indicator.definition, digest_of_code(*INDICATOR_CODE))


def _module_of(indicator: Indicator) -> ModuleType:
    compute = indicator.compute
    while isinstance(compute, functools.partial):
        compute = compute.func
    return sys.modules[compute.__module__]


@functools.cache
def _digest_of_file(path: str) -> str:
    return digest_of(Path(path).read_bytes()) if path else ""
