"""The results of an evaluation, and what it computed anew."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from urbanlayer.model.network_query import NetworkResults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urbanlayer.evaluation.reads import Key
    from urbanlayer.model.network_query import Connectivity, Mode, NetworkQuery
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.model.travel_modes import TravelMode
    from urbanlayer.network.routable import RoutableNetwork


_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """Results by what they rest on; whatever has the same key need not be computed again.

    Attributes
    ----------
    results
        Of indicators' queries, before their low and high: each variation and each source of
        residents by itself.
    network
        Of network queries, each as a function that gives it.
    routable
        Routable networks of modes, with the origins on them.
    connections
        Whom the streets join, by mode.
    """

    results: Mapping[Key[Query], Result] = field(default_factory=dict)
    network: Mapping[Key[NetworkQuery], Callable[[], object]] = field(default_factory=dict)
    routable: Mapping[Key[Mode], tuple[TravelMode, RoutableNetwork]] = field(default_factory=dict)
    connections: Mapping[Key[Mode], Connectivity] = field(default_factory=dict)

    def with_new(self, new: Store) -> Store:
        """What is in this store and in another."""
        return Store(
            _joined(self.results, new.results),
            _joined(self.network, new.network),
            _joined(self.routable, new.routable),
            _joined(self.connections, new.connections),
        )


def _joined(known: Mapping[_K, _V], new: Mapping[_K, _V]) -> Mapping[_K, _V]:
    """What is in either; of a chain, whose last mapping may be a disk, the first is extended."""
    if isinstance(known, ChainMap):
        return ChainMap({**known.maps[0], **new}, *known.maps[1:])
    return {**known, **new}


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The results of queries of a city.

    Attributes
    ----------
    results
        In the order of the queries.
    not_answerable
        The queries that lack an input.
    network
        The results of the network queries, of indicators and of others.
    computed
        The queries and network queries that were computed, since `known` had no result that rests
        on the same inputs and code. Each variation and each source of residents is a query.
    new
        What was computed.
    store
        All that is known now: pass it as `known` to the next evaluation.
    """

    results: tuple[Result, ...] = ()
    not_answerable: tuple[NotAnswerable, ...] = ()
    network: NetworkResults = field(default_factory=NetworkResults)
    computed: tuple[Query | NetworkQuery, ...] = ()
    new: Store = field(default_factory=Store)
    store: Store = field(default_factory=Store)

    def __getitem__(self, query: Query) -> Result:
        """The result of a query.

        Raises
        ------
        KeyError
            The query was not evaluated, or is not answerable.
        """
        for result in self.results:
            if result.query == query:
                return result
        raise KeyError(query)

    def __repr__(self) -> str:
        return (
            f"<Evaluation: {len(self.results)} results, {len(self.not_answerable)} not answerable, "
            f"{len(self.computed)} computed>"
        )
