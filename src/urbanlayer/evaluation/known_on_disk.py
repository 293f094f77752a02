"""The results that a cache on disk holds, as `known` of an evaluation, and new ones kept there."""

from __future__ import annotations

import dataclasses
import functools
from collections import ChainMap
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from urbanlayer.evaluation.disk_cache import Step
from urbanlayer.evaluation.results import Evaluation, Store
from urbanlayer.model.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urbanlayer.evaluation.disk_cache import DiskCache
    from urbanlayer.evaluation.reads import Key

Q = TypeVar("Q", bound=Hashable)
V = TypeVar("V")

_RESULT, _NETWORK, _MODE, _CONNECTION = (
    "result",
    "network query",
    "routable network of",
    "streets joined for",
)


def known_on_disk(cache: DiskCache) -> Evaluation:
    """What earlier runs left in the cache: nothing is read of it but what is asked for.

    Parameters
    ----------
    cache
        Of this run.
    """
    return Evaluation(
        store=Store(
            _chained(_Entries(cache, _RESULT, _itself)),
            _chained(_Entries(cache, _NETWORK, lambda value: functools.partial(_itself, value))),
            _chained(_Entries(cache, _MODE, _itself)),
            _chained(_Entries(cache, _CONNECTION, _itself)),
        )
    )


def _chained(entries: _Entries[Q, V]) -> Mapping[Key[Q], V]:
    """What is computed in this run, before what lies on disk."""
    return ChainMap({}, entries)  # type: ignore[arg-type]


def keep(new: Store, cache: DiskCache) -> None:
    """Keep what an evaluation computed, for the next run.

    Parameters
    ----------
    new
        What was computed.
    cache
        Of this run.
    """
    for key, result in new.results.items():
        _keep(cache, _RESULT, key, functools.partial(_itself, result))
    for of_network, value in new.network.items():
        _keep(cache, _NETWORK, of_network, value)
    for of_mode, routable in new.routable.items():
        _keep(cache, _MODE, of_mode, functools.partial(_itself, routable))
    for of_connection, connection in new.connections.items():
        _keep(cache, _CONNECTION, of_connection, functools.partial(_itself, connection))


def _keep(cache: DiskCache, kind: str, key: Key[Q], value: Callable[[], object]) -> None:
    if not cache.keeps:
        return
    entry = _entry(cache, kind, key)
    if entry:
        cache.put(entry, value())
    cache.steps.append(Step(_name(kind, key), entry, dict(key.digests), reused=False))


class _Entries(Mapping["Key[Q]", V], Generic[Q, V]):
    """The entries of one kind, each read when it is asked for."""

    def __init__(self, cache: DiskCache, kind: str, made: Callable[[Any], V]) -> None:
        self._cache, self._kind, self._made = cache, kind, made
        self._read: dict[Key[Q], V] = {}

    def __contains__(self, key: Any) -> bool:  # noqa: ANN401  (of Mapping)
        return self._found(key)

    def __getitem__(self, key: Key[Q]) -> V:
        if not self._found(key):
            raise KeyError(key)
        return self._read[key]

    def __iter__(self) -> Iterator[Key[Q]]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)

    def _found(self, key: Key[Q]) -> bool:
        if key in self._read:
            return True
        entry = _entry(self._cache, self._kind, key)
        if not entry:
            return False
        found, value = self._cache.get(entry)
        if found:
            self._read[key] = self._made(value)
            made_of = dict(key.digests)
            self._cache.steps.append(Step(_name(self._kind, key), entry, made_of, reused=True))
        return found


def _entry(cache: DiskCache, kind: str, key: Key[Q]) -> str:
    """The cache's key of a result; empty where not all that it rests on is known."""
    identity = repr(key.query)
    if not key.known or not key.ours or " at 0x" in identity:
        return ""
    return cache.key(f"{kind} {identity}", {**dict(key.digests), "code": key.code})


def _name(kind: str, key: Key[Q]) -> str:
    """How people are told of a step: `distances to school (walk)`."""
    query = key.query
    if isinstance(query, Query):
        people = f" ({query.population})" if query.population else ""
        return f"{query.id}{people}"
    if isinstance(query, str):
        return f"{kind} {query}"
    stated = {
        one.name: getattr(query, one.name)
        for one in dataclasses.fields(query)  # type: ignore[arg-type]
        if getattr(query, one.name) != one.default
    }
    return " ".join([type(query).__name__, *(f"{name}={value}" for name, value in stated.items())])


def _itself(value: Any) -> Any:  # noqa: ANN401  (of any kind)
    return value
