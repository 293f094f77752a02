"""Inputs that an indicator declares to need, as values that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import IndicatorError

if TYPE_CHECKING:
    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NearestResult
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.streets import StreetNetwork


def residents_of(city: City) -> Residents:
    """The residents of the city.

    Raises
    ------
    IndicatorError
        The city has none: the indicator does not declare that it needs them.
    """
    if city.residents is None:
        raise IndicatorError("an indicator reads residents without declaring that it needs them")
    return city.residents


def streets_of(city: City) -> StreetNetwork:
    """The streets of the city.

    Raises
    ------
    IndicatorError
        The city has none: the indicator does not declare that it needs them.
    """
    if city.streets is None:
        raise IndicatorError("an indicator reads streets without declaring that it needs them")
    return city.streets


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
