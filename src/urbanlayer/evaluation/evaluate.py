"""Queries of a city evaluated: each network query and each variation once, nothing known again."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from urbanlayer.errors import IndicatorError, LayerError
from urbanlayer.evaluation import reads
from urbanlayer.evaluation.missing_features import with_nothing_missing
from urbanlayer.evaluation.ranges import Alternative, among, with_ranges
from urbanlayer.evaluation.results import Evaluation, Store
from urbanlayer.model.cause import COMPLETENESS, RESIDENTS, SNAPPING, THRESHOLD
from urbanlayer.model.indicator import Kind
from urbanlayer.model.network_query import NetworkResults
from urbanlayer.model.query import FIRST, SECOND, end_of, ends
from urbanlayer.model.result import NotAnswerable
from urbanlayer.network import evaluate as network_evaluation
from urbanlayer.network.routable import RoutableNetworks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator, IndicatorQuery
    from urbanlayer.model.network_query import Connectivity, Mode, NetworkQuery
    from urbanlayer.model.query import Query, Variation
    from urbanlayer.model.result import Result
    from urbanlayer.model.travel_modes import TravelMode
    from urbanlayer.network.routable import RoutableNetwork


Q = TypeVar("Q", bound=Hashable)

_NOTHING = Evaluation()


def evaluate(
    city: City,
    queries: Iterable[IndicatorQuery | NetworkQuery],
    known: Evaluation | None = None,
    *,
    stage: Callable[[str], None] = lambda _name: None,
) -> Evaluation:
    """The results of indicators' queries and of network queries.

    Parameters
    ----------
    city
        The inputs.
    queries
        An indicator with a query, or a network query alone.
    known
        Earlier results: what rests on the same inputs and code is taken from them.
    stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Evaluation
        `computed` lists what was not known.

    Raises
    ------
    LayerError
        With everything that the layers lack for the queries: a column, a number. Nothing is
        computed then.
    IndicatorError
        A result is not for the city's neighbourhoods in their order, or out of its bounds.
    """
    queries_of_indicators, by_itself = _sorted(queries)
    answerable, lost = _answerable(city, queries_of_indicators)
    if errors := _errors(city, answerable):
        raise LayerError(errors)
    store = (known or _NOTHING).store
    plan = _plan(city, answerable)
    stage("walking distances")
    wanted = dict.fromkeys(by_itself)
    for indicator, query in plan.values():
        wanted |= dict.fromkeys(indicator.network_queries(query))
    network = _network(city, list(wanted), store)
    stage("indicators")
    found, new_results = _results(city, plan, network.results, store)
    results = tuple(_composed(city, indicator, query, found) for indicator, query in answerable)
    new = Store(new_results, network.new, network.routable, network.connections)
    return Evaluation(
        results=results,
        not_answerable=lost,
        network=network.results,
        computed=(*(key.query for key in network.new), *(key.query for key in new_results)),
        new=new,
        store=store.with_new(new),
    )


def _sorted(
    queries: Iterable[IndicatorQuery | NetworkQuery],
) -> tuple[list[IndicatorQuery], list[NetworkQuery]]:
    """Indicators' queries, with the indicator in their identity, and network queries."""
    queries_of_indicators: list[IndicatorQuery] = []
    by_itself: list[NetworkQuery] = []
    for one in queries:
        if isinstance(one, tuple):
            queries_of_indicators.append((one[0], one[0].named(one[1])))
        else:
            by_itself.append(one)
    return queries_of_indicators, by_itself


def _answerable(
    city: City, queries_of_indicators: Iterable[IndicatorQuery]
) -> tuple[list[IndicatorQuery], tuple[NotAnswerable, ...]]:
    """The queries that have all they need, and the others with what they lack."""
    found: list[IndicatorQuery] = []
    lost: list[NotAnswerable] = []
    for indicator, query in queries_of_indicators:
        if missing := indicator.missing(city, query):
            why = tuple(city.unusable[noun] for noun in missing if noun in city.unusable)
            lost.append(NotAnswerable(query, missing, why))
        else:
            found.append((indicator, query))
    return found, tuple(lost)


def _errors(city: City, queries_of_indicators: Iterable[IndicatorQuery]) -> list[str]:
    """What the layers that are there lack for the queries, each error once."""
    errors: dict[str, None] = {}
    for indicator, query in queries_of_indicators:
        errors |= dict.fromkeys(indicator.errors(city, query))
    return list(errors)


def _plan(
    city: City, queries_of_indicators: Iterable[IndicatorQuery]
) -> dict[Query, IndicatorQuery]:
    """What has to be computed, each once: queries and variations, by each source of residents."""
    plan: dict[Query, IndicatorQuery] = {}
    for indicator, query in queries_of_indicators:
        for population in _populations(city, indicator, query):
            base = _base(indicator, query, population)
            plan[base] = indicator, base
            for variation in _variations(city, indicator, base):
                plan[variation.query] = indicator, variation.query
    return plan


def _populations(city: City, indicator: Indicator, query: Query) -> tuple[str, ...]:
    """The query's people, and those by both ends of what is uncertain in them or their ways."""
    residents = city.residents if indicator.is_about_people(query) else None
    others: list[str] = []
    if residents is not None:
        others += (end for cause in residents.alternatives for end in ends(cause))
    network_queries = indicator.network_queries(query)
    if any(network_evaluation.has_ends(one, city) for one in network_queries):
        others += ends(SNAPPING)
    if residents is not None and residents.second_source is not None:
        others.append(SECOND)
    return (FIRST, *others) if others else (query.population,)


def _base(indicator: Indicator, query: Query, population: str) -> Query:
    """What is computed for a query: means over a group rest on the values of all places."""
    by_all = bool(query.group) and indicator.kind is Kind.MEAN_OVER_RESIDENTS
    return replace(query, population=population, group="" if by_all else query.group)


def _variations(city: City, indicator: Indicator, query: Query) -> tuple[Variation, ...]:
    """The variations of a query that apply to this city."""
    every = indicator.sensitivity(query)
    if query.population != FIRST:  # a varied threshold is shown by the first source alone
        every = tuple(one for one in every if one.cause != THRESHOLD)
    return tuple(one for one in every if all(city.has(noun) for noun in one.needs))


def _people(city: City, query: Query) -> City:
    """The city with the residents that a query is about."""
    return city.by_population(query.population).of_group(query.group)


@dataclass(frozen=True, slots=True, eq=False)
class _Network:
    """The results of network queries, what was computed for them, and the networks made."""

    results: NetworkResults
    new: Mapping[reads.Key[NetworkQuery], Callable[[], object]]
    routable: Mapping[reads.Key[Mode], tuple[TravelMode, RoutableNetwork]]
    connections: Mapping[reads.Key[Mode], Connectivity]


def _network(city: City, wanted: Sequence[NetworkQuery], store: Store) -> _Network:
    """The results of network queries: what the store does not hold is computed together."""
    keys = {query: reads.key_of_network_query(city, query) for query in wanted}
    unknown = [query for query in wanted if not _is_known(keys[query], store.network)]
    networks, made = _networks(city, store)
    new = network_evaluation.evaluate(unknown, city, networks=networks) if unknown else {}
    results = {
        query: new[query] if query in new else store.network[keys[query]] for query in wanted
    }
    connections, new_connections = _connections(city, wanted, networks, store)
    return _Network(
        NetworkResults(results, connections),
        {keys[query]: new[query] for query in unknown},
        made(),
        new_connections,
    )


def _networks(
    city: City, store: Store
) -> tuple[
    RoutableNetworks,
    Callable[[], dict[reads.Key[Mode], tuple[TravelMode, RoutableNetwork]]],
]:
    """The routable networks of a city, those that are known taken from the store when needed.

    Returns
    -------
    networks
        Made or taken when a mode is asked for.
    made
        Gives those that were made, and were not in the store.
    """
    keys = {mode: reads.key_of_mode(city, mode) for mode in city.modes}

    def _known(travel: TravelMode) -> RoutableNetwork | None:
        for name, key in keys.items():
            if city.modes[name] == travel and _is_known(key, store.routable):
                return store.routable[key][1]
        return None

    networks = RoutableNetworks(city, known=_known)
    return networks, lambda: {
        keys[name]: (travel, routable)
        for name, mode in city.modes.items()
        for travel, routable in networks.made
        if travel == mode and not _is_known(keys[name], store.routable)
    }


def _connections(
    city: City, wanted: Iterable[NetworkQuery], networks: RoutableNetworks, store: Store
) -> tuple[dict[Mode, Connectivity], dict[reads.Key[Mode], Connectivity]]:
    """Whom the streets join, by mode, and what of it was computed."""
    found: dict[Mode, Connectivity] = {}
    new: dict[reads.Key[Mode], Connectivity] = {}
    for mode in network_evaluation.modes_on_streets(wanted, city):
        key = reads.key_of_connection(city, mode)
        if _is_known(key, store.connections):
            found[mode] = store.connections[key]
        else:
            found[mode] = new[key] = network_evaluation.connection_of(mode, city, networks)
    return found, new


def _is_known(key: reads.Key[Q], store: Mapping[reads.Key[Q], object]) -> bool:
    return key.known and key in store


def _results(
    city: City, plan: Mapping[Query, IndicatorQuery], network: NetworkResults, store: Store
) -> tuple[dict[Query, Result], dict[reads.Key[Query], Result]]:
    """The result of each query of a plan, and those that were computed."""
    found: dict[Query, Result] = {}
    new: dict[reads.Key[Query], Result] = {}
    for query, (indicator, _) in plan.items():
        key = reads.key_of_query(city, indicator, query)
        if _is_known(key, store.results):
            found[query] = store.results[key]
        else:
            ways = _ways(network, query.population)
            found[query] = new[key] = indicator.compute(_people(city, query), query, ways)
    return found, new


def _ways(network: NetworkResults, population: str) -> NetworkResults:
    """The results of network queries by the way to the street that a population names."""
    if population in {FIRST, SECOND}:
        return network
    cause, number = end_of(population)
    return network.at_end(number) if cause == SNAPPING else network


def _composed(
    city: City, indicator: Indicator, query: Query, found: Mapping[Query, Result]
) -> Result:
    """The result of a query with its low and high, from what was computed for it."""
    first, *others = _populations(city, indicator, query)
    result, alternatives = _by_source(city, indicator, replace(query, population=first), found)
    for population in others:
        by_other = replace(query, population=population)
        other = with_ranges(*_by_source(city, indicator, by_other, found))
        cause = RESIDENTS if population == SECOND else end_of(population)[0]
        alternatives.append(Alternative(cause, other))
    best = with_nothing_missing(_people(city, query), indicator, query, result)
    if best is not None:
        alternatives.append(Alternative(COMPLETENESS, best))
    return _checked(city, indicator, replace(with_ranges(result, alternatives), query=query))


def _by_source(
    city: City, indicator: Indicator, query: Query, found: Mapping[Query, Result]
) -> tuple[Result, list[Alternative]]:
    """A query's result and its variations, by one source of residents, of the query's people."""
    base = _base(indicator, query, query.population)

    def _of_group(one: Query) -> Result:
        if one.group == query.group:
            return found[one]
        return among(found[one], _people(city, query), replace(one, group=query.group))

    variations = _variations(city, indicator, base)
    return _of_group(base), [Alternative(one.cause, _of_group(one.query)) for one in variations]


def _checked(city: City, indicator: Indicator, result: Result) -> Result:
    """The result, where it is for the city's neighbourhoods and within its bounds."""
    if not result.values.index.equals(city.neighbourhoods.keys):
        raise IndicatorError(f"{indicator.id}: results are not indexed as the neighbourhoods")
    least, greatest = indicator.bounds
    for name in ("values", "low", "high"):
        given = getattr(result, name)
        if given is None:
            continue
        values = given.to_numpy()
        out = (values < least) | (values > greatest)
        if out.any():
            raise IndicatorError(
                f"{indicator.id}: {name} of {given.index[out][0]!r} is {values[out][0]:g}, "
                f"out of {least:g} to {greatest:g}"
            )
    return result
