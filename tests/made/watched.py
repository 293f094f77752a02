"""A city that records which of its inputs are touched, for the law of declared reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from urbanlayer.model.city import City
from urbanlayer.model.network_query import NetworkQuery, NetworkResults
from urbanlayer.model.residents import Residents

PLACES = {"xy", "places_digest"}
"""What of the residents is no more than their places."""


class WatchedCity:
    """A city whose inputs go into `read` by the names that `reads` declares them under."""

    def __init__(self, city: City, read: set[str]) -> None:
        self._city, self._read = city, read
        self.crs, self.modes, self.unusable = city.crs, city.modes, city.unusable
        self.layers = _Roles(city.layers, read)
        self.rasters = _Roles(city.rasters, read)

    @property
    def residents(self) -> Any:
        if self._city.residents is None:
            self._read.add("origins")
            return None
        return _WatchedResidents(self._city.residents, self._read)

    def __getattr__(self, name: str) -> Any:
        if name in {"neighbourhoods", "streets", "timetable"}:
            self._read.add(name)
        return getattr(self._city, name)

    def has(self, noun: str) -> bool:
        self._read.add(noun)
        return self._city.has(noun)

    def of_group(self, group: str) -> WatchedCity:
        if group:
            self._read.add("residents")
        return WatchedCity(self._city.of_group(group), self._read)


class _WatchedResidents:
    def __init__(self, residents: Residents, read: set[str]) -> None:
        self._residents, self._recorded = residents, read

    def __len__(self) -> int:
        self._recorded.add("origins")
        return len(self._residents)

    def __getattr__(self, name: str) -> Any:
        self._recorded.add("origins" if name in PLACES else "residents")
        return getattr(self._residents, name)


class _Roles(Mapping[str, Any]):
    """Layers or grids by role; a role that is asked for counts as read, there or not."""

    def __init__(self, roles: Mapping[str, Any], read: set[str]) -> None:
        self._roles, self._read = roles, read

    def __getitem__(self, role: str) -> Any:
        self._read.add(role)
        return self._roles[role]

    def __contains__(self, role: object) -> bool:
        self._read.add(str(role))
        return role in self._roles

    def __iter__(self) -> Iterator[str]:
        self._read |= set(self._roles)
        return iter(self._roles)

    def __len__(self) -> int:
        self._read |= set(self._roles)
        return len(self._roles)


class WatchedNetwork:
    """Results of network queries; those that are asked for go into `used`."""

    def __init__(self, network: NetworkResults, used: set[NetworkQuery]) -> None:
        self._network, self._used = network, used

    def __getitem__(self, query: NetworkQuery) -> Any:
        self._used.add(query)
        return self._network[query]
