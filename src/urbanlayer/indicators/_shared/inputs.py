"""Inputs that an indicator declares to need, as values that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from urbanlayer.errors import IndicatorError

if TYPE_CHECKING:
    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NearestResult
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.streets import StreetNetwork

Noun = TypeVar("Noun")


def residents_of(city: City) -> Residents:
    """The residents of the city, which the indicator declares to need."""
    return _declared(city.residents, "residents")


def streets_of(city: City) -> StreetNetwork:
    """The streets of the city, which the indicator declares to need."""
    return _declared(city.streets, "streets")


def _declared(noun: Noun | None, name: str) -> Noun:
    """A noun of the city, which is there for every indicator that declares to need it.

    Raises
    ------
    IndicatorError
        The city has none.
    """
    if noun is None:
        raise IndicatorError(f"an indicator reads {name} without declaring that it needs them")
    return noun


def pairs_of(found: NearestResult) -> Pairs:
    """Every origin with the destinations within the limit of a network query.

    Raises
    ------
    IndicatorError
        The query has no limit, and gives the nearest destination alone.
    """
    if found.pairs is None:
        raise IndicatorError("a network query without a limit gives no pairs")
    return found.pairs
