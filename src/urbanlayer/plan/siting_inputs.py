"""What one `[[plan.siting]]` rests on: reach, columns, weights; and what the layers lack for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from urbanlayer.kernels.threshold import SLACK
from urbanlayer.plan.reach import NO_LIMIT_M, counted_people, metres_to_standing, reach_of
from urbanlayer.plan.weights import NeighbourhoodWeights, not_named, weights_by_key, without_need
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.note import Note
    from urbanlayer.model.plan_inputs import PlanInputs
    from urbanlayer.model.plan_specification import SitingSpec
    from urbanlayer.plan.reach import Reach

CAPACITY = "capacity"
"""Canonical name of the column that a layer declares as its capacity."""
NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class SitingInputs:
    """One request for sites, as arrays: *n* origins, *m* candidates, *s* facilities that stand.

    Attributes
    ----------
    spec
        As declared.
    people, neighbourhood
        (n,) residents, and the row of the neighbourhood.
    keys
        Of the neighbourhoods.
    weight
        (n,) of a person.
    standing_m
        (n,) metres to the nearest facility that stands.
    reach
        Of the candidates, within the distance of the problem.
    usable
        (m,) candidates that are connected to a street.
    cost, plot
        (m,) cost of each, 0 without a column; number of its plot.
    capacity
        (m,) people that each has room for.
    standing, standing_capacity
        The same of what stands, where capacities count; else None, and empty.
    notes
        On the weights.
    floors
        (k,) people of each neighbourhood that have to be served; 0 without a floor.
    """

    spec: SitingSpec
    people: NDArray[np.float64]
    neighbourhood: NDArray[np.int64]
    keys: tuple[str, ...]
    weight: NDArray[np.float64]
    standing_m: NDArray[np.float64]
    reach: Reach
    usable: NDArray[np.bool_]
    cost: NDArray[np.float64]
    plot: NDArray[np.int64]
    capacity: NDArray[np.float64]
    standing: Reach | None
    standing_capacity: NDArray[np.float64]
    notes: tuple[Note, ...]
    floors: NDArray[np.float64]

    @property
    def limit_m(self) -> float:
        """Metres within which people are served, with the tolerance for rounding; +inf: any."""
        return np.inf if self.spec.within_m is None else self.spec.within_m + SLACK

    @property
    def has_capacity(self) -> bool:
        """Whether facilities have room for so many people."""
        return self.spec.capacity is not None


def siting_inputs(
    inputs: PlanInputs, spec: SitingSpec, needs: Mapping[str, float] | None
) -> SitingInputs:
    """The inputs of one request, after `siting_errors` has found nothing."""
    city = inputs.city
    assert city.residents is not None  # noqa: S101  (the city file was checked for it)
    layer = city.layers[spec.candidates]
    within_m = NO_LIMIT_M
    if spec.problem != "min_distance" and spec.within_m is not None:
        within_m = spec.within_m
    reach = reach_of(inputs, layer, spec.service, spec.mode, within_m=within_m)
    keys = tuple(str(key) for key in city.neighbourhoods.keys)
    weights = _weights(spec, needs, keys)
    standing, room = None, np.empty(0)
    if spec.capacity is not None and spec.service in city.layers:
        stands = city.layers[spec.service]
        standing = reach_of(inputs, stands, spec.service, spec.mode, within_m=within_m)
        room = column_of(stands, spec.capacity, standing.keys)
    count = len(reach.keys)
    people = counted_people(inputs)
    of_each = np.bincount(city.residents.neighbourhood, people, len(keys)).astype(np.float64)
    return SitingInputs(
        spec=spec,
        people=people,
        neighbourhood=city.residents.neighbourhood,
        keys=keys,
        weight=weights.each[city.residents.neighbourhood],
        notes=weights.notes,
        standing_m=metres_to_standing(inputs, spec.service, spec.mode),
        reach=reach,
        usable=~np.isin(reach.keys, reach.not_connected),
        cost=np.zeros(count) if spec.cost is None else column_of(layer, spec.cost, reach.keys),
        plot=_plots(layer, reach.keys),
        capacity=np.full(count, np.inf)
        if spec.capacity is None
        else column_of(layer, spec.capacity, reach.keys),
        standing=standing,
        standing_capacity=room,
        floors=floors_of(spec, of_each, inputs.few),
    )


def floors_of(spec: SitingSpec, people: NDArray[np.float64], few: float) -> NDArray[np.float64]:
    """(k,) people of each neighbourhood that have to be served.

    That a floor cannot be kept tells that fewer are served. So a floor of few people is none, and
    one that leaves few leaves one more.

    Parameters
    ----------
    spec
        Its floor; without one nobody has to be.
    people
        (k,) residents of each neighbourhood.
    few
        Greatest number of people that must not be told; 0 where every number may be.
    """
    least = (spec.floor or 0.0) * people
    if not few:
        return least
    least = np.minimum(least, people - few - 1)
    return np.where(least > few, least, 0.0)


def _weights(
    spec: SitingSpec, needs: Mapping[str, float] | None, keys: tuple[str, ...]
) -> NeighbourhoodWeights:
    if isinstance(spec.weights, dict):
        return weights_by_key(spec.weights, keys, not_named)
    if spec.weights == "need" and needs is not None:
        return weights_by_key(needs, keys, without_need)
    return NeighbourhoodWeights(np.ones(len(keys)))


def _plots(layer: Layer, keys: tuple[str, ...]) -> NDArray[np.int64]:
    """(m,) number of the plot: candidates of one geometry lie on one."""
    ordered = layer.frame.set_axis(layer.frame.index.astype(str)).loc[list(keys)]
    shapes = shapely.normalize(ordered.geometry.to_numpy())
    _, plot = np.unique(shapely.to_wkb(shapes, hex=True).astype(str), return_inverse=True)
    return plot.astype(np.int64)


def column_of(layer: Layer, name: str, keys: tuple[str, ...]) -> NDArray[np.float64]:
    """(m,) numbers of a column in the order of keys; NaN where it holds none."""
    column = _column(layer, name)
    frame = layer.frame.set_axis(layer.frame.index.astype(str))
    numbers = pd.to_numeric(frame[column], errors="coerce").loc[list(keys)]
    return numbers.to_numpy(dtype=np.float64, na_value=np.nan)


def _column(layer: Layer, name: str) -> str:
    """The column of a name; capacity where the layer has it under its canonical name."""
    has = CAPACITY in layer.frame.columns and bool(layer.frame[CAPACITY].notna().any())
    return CAPACITY if has and name not in layer.frame.columns else name


# Errors -------------------------------------------------------------------------------------------


def siting_errors(inputs: PlanInputs) -> Iterator[str]:
    """What the layers lack for the declared sitings, each error a sentence."""
    for spec in inputs.spec.siting:
        for error in _errors(inputs, spec):
            yield f"[[plan.siting]] {spec.id!r}: {error}"


def _errors(inputs: PlanInputs, spec: SitingSpec) -> Iterator[str]:
    city = inputs.city
    yield from _weights_errors(inputs, spec)
    if city.residents is None or not city.residents.total > 0:
        yield "nobody lives in the city, so no site serves anybody; declare [residents]"
    if spec.service in city.rasters:
        yield f"layer {spec.service!r}: is a raster but must be facilities"
    layer = city.layers.get(spec.candidates)
    if layer is None:
        why = city.unusable.get(spec.candidates, "it holds no features")
        yield f"layer {spec.candidates!r}: no candidates: {why}"
        return
    if not len(layer):
        yield f"layer {spec.candidates!r} ({layer.provenance.path}): has no candidates"
        return
    yield from _layer_errors(spec, layer, city.layers.get(spec.service))
    if city.residents is not None and spec.service not in city.rasters:
        reach = reach_of(inputs, layer, spec.service, spec.mode, within_m=spec.within_m or 1.0)
        if len(reach.not_connected) == len(reach.keys):
            yield (
                f"layer {spec.candidates!r} ({layer.provenance.path}): every candidate lies "
                "farther than 200 m from all streets; check its coordinates and crs"
            )


def _layer_errors(spec: SitingSpec, layer: Layer, stands: Layer | None) -> Iterator[str]:
    """Candidates that are lines, and columns that cannot be used."""
    lines = layer.frame.index[shapely.get_dimensions(layer.frame.geometry.to_numpy()) == 1]
    if len(lines):
        yield (
            f"layer {spec.candidates!r} ({layer.provenance.path}): {str(lines[0])!r} is a line; "
            "sites are points or areas"
        )
        return
    if spec.cost is not None:
        yield from _column_errors(layer, spec.cost, "cost")
    if spec.capacity is not None:
        yield from _column_errors(layer, spec.capacity, "capacity")
        if stands is not None:
            yield from _column_errors(stands, spec.capacity, "capacity")


def _weights_errors(inputs: PlanInputs, spec: SitingSpec) -> Iterator[str]:
    if not isinstance(spec.weights, dict):
        return
    keys = [str(key) for key in inputs.city.neighbourhoods.keys]
    for key in spec.weights:
        if key not in keys:
            yield f"weights: there is no neighbourhood {key!r}{did_you_mean(key, keys)}"
    if not any(spec.weights.get(key, 0.0) > 0 for key in keys):
        yield "weights: every neighbourhood weighs 0; set at least one weight above 0"


def _column_errors(layer: Layer, name: str, what: str) -> Iterator[str]:
    """A column that is not there, or that holds something else than numbers from 0 on."""
    at = f"layer {layer.role!r} ({layer.provenance.path})"
    column = _column(layer, name) if what == CAPACITY else name
    if column not in layer.frame.columns:
        own = {layer.frame.geometry.name, CAPACITY}
        names = [str(one) for one in layer.frame.columns if one not in own]
        yield f"{at}: has no column {name!r} for {what}{did_you_mean(name, names)}"
        return
    numbers = pd.to_numeric(layer.frame[column], errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    for bad, error in (
        (~np.isfinite(numbers), "has no number in column"),
        (numbers < 0, "is negative in column"),
    ):
        if bad.any():
            keys = layer.frame.index.astype(str)[bad].tolist()
            more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
            some = ", ".join(repr(key) for key in keys[:NAMED])
            yield f"{at}: {what} of {some}{more} {error} {name!r}"
