"""Who reaches what: metres from every origin to what stands, and to what might be built.

Distances are those of the indicators: a candidate is measured as if it were a feature of the
service's layer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.digests import digest_of
from urbanlayer.kernels.pairs import Pairs
from urbanlayer.model.network_query import NearestQuery

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.plan_inputs import PlanInputs

NO_LIMIT_M = 1e8
"""Metres beyond which nothing on earth lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """All pairs of an origin and a feature within a distance.

    Attributes
    ----------
    keys
        (m,) keys of the features, in the order of their text.
    pairs
        Origins with rows of `keys`, the cost in metres.
    not_connected
        Keys of the features that lie too far from every street, in order.
    """

    keys: tuple[str, ...]
    pairs: Pairs
    not_connected: tuple[str, ...]


def counted_people(inputs: PlanInputs) -> NDArray[np.float64]:
    """(n,) people of each origin, 0 in neighbourhoods that show no results."""
    residents = inputs.city.residents
    if residents is None:
        return np.zeros(0)
    shown = ~inputs.city.neighbourhoods.keys.astype(str).isin(list(inputs.uncounted))
    return np.where(shown[residents.neighbourhood], residents.people, 0.0)


def metres_to_standing(inputs: PlanInputs, service: str, mode: str) -> NDArray[np.float64]:
    """(n,) metres from each origin to the nearest facility that stands; +inf where there is none.

    Parameters
    ----------
    inputs
        Of the plan.
    service
        Role; one that no layer has starts from nothing.
    mode
        Of travel.
    """
    residents = inputs.city.residents
    if service not in inputs.city.layers:
        return np.full(0 if residents is None else len(residents), np.inf)
    query = NearestQuery(service, mode)
    return inputs.evaluate(inputs.city, [query]).network[query].distance_m


def reach_of(
    inputs: PlanInputs, layer: Layer, service: str, mode: str, *, within_m: float = NO_LIMIT_M
) -> Reach:
    """Which features of a layer each origin would reach, were they facilities of a service.

    Parameters
    ----------
    inputs
        Of the plan.
    layer
        Of candidates, or of the facilities that stand.
    service
        Role of the service.
    mode
        Of travel.
    within_m
        Pairs farther apart are left out, in metres; inclusive.
    """
    digest = digest_of(layer.digest, "as", service) if layer.digest else ""
    as_service = layer if layer.role == service else replace(layer, role=service, digest=digest)
    city = replace(inputs.city, layers={**inputs.city.layers, service: as_service})
    query = NearestQuery(service, mode, within_m=within_m)
    found = inputs.evaluate(city, [query]).network[query]
    keys = layer.frame.index.astype(str).tolist()
    order = np.array(sorted(range(len(keys)), key=lambda row: keys[row]), dtype=np.int64)
    place = np.empty(len(keys), dtype=np.int64)
    place[order] = np.arange(len(keys))
    origins = 0 if inputs.city.residents is None else len(inputs.city.residents)
    some = found.pairs
    if some is None:
        nothing = np.empty(0, dtype=np.int64)
        pairs = Pairs(origins, len(keys), nothing, nothing, np.empty(0))
    else:
        row = place[some.destination]
        sort = np.lexsort((row, some.origin))
        pairs = Pairs(origins, len(keys), some.origin[sort], row[sort], some.cost[sort])
    return Reach(tuple(sorted(keys)), pairs, tuple(sorted(found.not_connected)))


def metres_with(
    standing_m: NDArray[np.float64], reach: Reach, chosen: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(n,) metres to the nearest of what stands and of chosen features.

    Parameters
    ----------
    standing_m
        (n,) to what stands.
    reach
        Of the features.
    chosen
        Rows of the features.
    """
    is_chosen = np.zeros(len(reach.keys), dtype=bool)
    is_chosen[chosen] = True
    used = is_chosen[reach.pairs.destination]
    metres = standing_m.copy()
    np.minimum.at(metres, reach.pairs.origin[used], reach.pairs.cost[used])
    return metres
