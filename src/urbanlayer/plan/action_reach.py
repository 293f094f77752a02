"""Whom each action would newly serve: origins within the service's threshold that nothing serves.

Distances, threshold and mode are those of `coverage_within` for the service, so that an action
serves exactly those whom a build with its facility would serve more. Actions that add streets are
evaluated together with the others: for each set of them the city is edited and evaluated again.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.digests import digest_of
from urbanlayer.kernels.programme.problem import coverage_of
from urbanlayer.kernels.threshold import within
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.plan_specification import ScenarioSpec
from urbanlayer.plan.reach import counted_people
from urbanlayer.plan.weights import weights_by_key, without_need
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.problem import Coverage
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NearestResult
    from urbanlayer.model.note import Note
    from urbanlayer.model.plan_inputs import PlanInputs
    from urbanlayer.plan.actions import Action
    from urbanlayer.plan.weights import NeighbourhoodWeights

    Thresholds = Mapping[str, tuple[NearestQuery, float]]

COVERAGE = "coverage_within"
"""The indicator whose thresholds actions have."""
MAX_STREETS = 6
"""Actions that add streets; every set of them is evaluated."""


@dataclass(frozen=True, slots=True, eq=False)
class ActionReach:
    """Whom the actions serve, and which of them no street leads to.

    Attributes
    ----------
    coverage
        Rows of actions in their order.
    not_connected
        Keys of actions that lie too far from every street.
    notes
        On the weights.
    """

    coverage: Coverage
    not_connected: tuple[str, ...]
    notes: tuple[Note, ...] = ()


def thresholds(inputs: PlanInputs) -> dict[str, tuple[NearestQuery, float]]:
    """Network query and threshold (m) by service, of the first query of `coverage_within`."""
    found: dict[str, tuple[NearestQuery, float]] = {}
    for indicator, query in inputs.queries:
        if indicator.id == COVERAGE and query.variant not in found:
            network_query = indicator.network_queries(query)[0]
            if isinstance(network_query, NearestQuery):
                found[query.variant] = network_query, query["distance_m"]
    return found


def reach_errors(inputs: PlanInputs, actions: Sequence[Action]) -> Iterator[str]:
    """Services without a threshold, and more new streets than can be evaluated together."""
    known = thresholds(inputs)
    placed = [one for one in actions if one.shape is not None and not one.is_street]
    for service in sorted({one.service for one in placed if one.service} - set(known)):
        key = next(one.key for one in placed if one.service == service)
        near = did_you_mean(service, known) if known else ""
        yield (
            f"action {key!r}: [indicators.coverage_within] has no distance for its service "
            f"{service!r}{near}"
        )
    streets = [one.key for one in actions if one.is_street]
    if len(streets) > MAX_STREETS:
        yield (
            f"{len(streets)} actions add streets; at most {MAX_STREETS} can be evaluated together"
        )
    if streets and inputs.city.streets is None:
        yield f"action {streets[0]!r} adds a street, and the city has no layer of streets"
    if placed and inputs.city.residents is None:
        yield "actions serve residents, and the city has none; declare [residents] in city.toml"


def reach_of(
    inputs: PlanInputs, actions: Sequence[Action], needs: Mapping[str, float] | None
) -> ActionReach:
    """Whom the actions newly serve.

    Parameters
    ----------
    inputs
        The city and its queries.
    actions
        Without errors, in the order of their rows in the result.
    needs
        Weight of the people of each neighbourhood by its key; None where all people count as one.
    """
    known = thresholds(inputs)
    services = sorted({one.service for one in actions if _serves(one)})
    limits = {service: known[service] for service in services}
    streets = [row for row, one in enumerate(actions) if one.is_street]
    states = np.array(list(itertools.product([False, True], repeat=len(streets))), dtype=bool)
    states = states.reshape(2 ** len(streets), len(streets))
    found = [
        _state(inputs, actions, limits, [streets[at] for at in np.flatnonzero(state)])
        for state in states
    ]
    amounts = _amounts(inputs, needs)
    today = found[0].served
    constants = np.array(
        [[(one.served - today) @ amounts[:, column] for column in range(2)] for one in found]
    )
    served = [_unserved(one, amounts) for one in found]
    coverage = coverage_of(states, np.array(streets, dtype=np.int64), constants, served)
    notes = () if needs is None else _weights(inputs.city, needs).notes
    return ActionReach(coverage, found[-1].not_connected, notes)


def _serves(action: Action) -> bool:
    return bool(action.service) and action.shape is not None and not action.is_street


def _amounts(inputs: PlanInputs, needs: Mapping[str, float] | None) -> NDArray[np.float64]:
    """(n, 2) people of each origin, and their weight."""
    people, city = counted_people(inputs), inputs.city
    if needs is None or city.residents is None:
        return np.column_stack([people, people])
    weights = _weights(city, needs).each
    return np.column_stack([people, people * weights[city.residents.neighbourhood]])


def _weights(city: City, needs: Mapping[str, float]) -> NeighbourhoodWeights:
    keys = [str(key) for key in city.neighbourhoods.keys]
    return weights_by_key(needs, keys, without_need)


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What the streets are like once some street actions are done.

    Attributes
    ----------
    served
        (n,) by how many of the services each origin is served by what stands already.
    reach
        For each service (m,) origins that it does not serve yet, and (m, a) whether each action
        would.
    """

    served: NDArray[np.float64]
    reach: tuple[tuple[NDArray[np.int64], NDArray[np.bool_]], ...]
    not_connected: tuple[str, ...]


def _state(
    inputs: PlanInputs, actions: Sequence[Action], thresholds: Thresholds, streets: Sequence[int]
) -> _State:
    """Whom existing facilities and actions serve with some new streets."""
    if inputs.city.residents is None or not thresholds:
        size = 0 if inputs.city.residents is None else len(inputs.city.residents)
        return _State(np.zeros(size), (), ())
    city = _city(inputs, actions, thresholds, streets)
    role = _role_of_actions(inputs)
    placed = [row for row, one in enumerate(actions) if _serves(one)]
    to_sites = {
        service: replace(query, destinations=role, within_m=limit_m)
        for service, (query, limit_m) in thresholds.items()
    }
    queries = [*(query for query, _ in thresholds.values()), *to_sites.values()]
    network = inputs.evaluate(city, queries).network
    served = np.zeros(len(inputs.city.residents))
    parts = []
    cut_off: set[str] = set()
    for service, (query, limit_m) in thresholds.items():
        nearest = network[query]
        has = within(nearest.distance_m, limit_m)
        served += has
        sites = network[to_sites[service]]
        cut_off |= {*sites.not_connected}
        of_service = [row for row in placed if actions[row].service == service]
        parts.append(_reached(sites, has, placed, of_service, len(actions)))
    return _State(served, tuple(parts), tuple(sorted(cut_off)))


def _role_of_actions(inputs: PlanInputs) -> str:
    spec = inputs.spec.actions
    return "" if spec is None else spec.layer


def _city(
    inputs: PlanInputs, actions: Sequence[Action], thresholds: Thresholds, streets: Sequence[int]
) -> City:
    """The city with the sites of the actions as a layer, and with some new streets."""
    lines = [
        [(float(x), float(y)) for x, y in part.coords]
        for row in streets
        for part in getattr(actions[row].shape, "geoms", [actions[row].shape])
    ]
    missing: dict[str, list[object]] = {
        service: [] for service in thresholds if service not in inputs.city.layers
    }
    city = inputs.city
    if lines or missing:
        edits = {"add": missing, "streets": {"add": lines}}
        city = inputs.edited(city, ScenarioSpec.model_validate(edits))
    role = _role_of_actions(inputs)
    rows = [one.row for one in actions if _serves(one) and one.row is not None]
    layer = city.layers[role]
    digest = digest_of(layer.digest, "sites", rows) if layer.digest else ""
    sites = replace(layer, frame=layer.frame.iloc[rows], digest=digest)
    return replace(city, layers={**city.layers, role: sites})


def _reached(
    sites: NearestResult,
    has: NDArray[np.bool_],
    placed: Sequence[int],
    of_service: Sequence[int],
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Origins that a service does not serve yet and some action would, and which actions would."""
    pairs = sites.pairs
    if pairs is None:
        return np.zeros(0, dtype=np.int64), np.zeros((0, count), dtype=bool)
    action = np.array(placed, dtype=np.int64)[pairs.destination]
    new = ~has[pairs.origin] & np.isin(action, of_service)
    origins, row = np.unique(pairs.origin[new], return_inverse=True)
    reach = np.zeros((len(origins), count), dtype=bool)
    reach[row.ravel(), action[new]] = True
    return origins, reach


def _unserved(
    state: _State, amounts: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Reach and amounts of all services, one under the other."""
    if not state.reach:
        return np.zeros((0, 0), dtype=bool), np.zeros((0, 2))
    reach = np.vstack([each for _, each in state.reach])
    return reach, np.vstack([amounts[origins] for origins, _ in state.reach])
