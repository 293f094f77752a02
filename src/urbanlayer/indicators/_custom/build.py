"""An `Indicator` from one `[[custom_indicator]]` table, by the traits of its kind."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.indicators._custom import amounts, kinds
from urbanlayer.indicators._custom.units import unit_of
from urbanlayer.indicators._shared.results import EDGE
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model import custom
from urbanlayer.model.indicator import Indicator, Kind, Params, Trait
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes
from urbanlayer.model.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Compute
    from urbanlayer.model.network_query import NetworkQuery
    from urbanlayer.model.result import Result

INFINITE = math.inf
_COMBINED = {
    "mean_over_residents": Kind.MEAN_OVER_RESIDENTS,
    "mean_over_area": Kind.RATIO,
    "sum": Kind.AMOUNT,
}
_COMPUTE_BY_KIND: Mapping[str, Callable[..., Result]] = {
    "share_of_area": kinds.share_of_area, "count_per_1000": kinds.count_per_1000,
    "ratio": kinds.ratio, "raster_mean": kinds.raster_mean, "coverage": kinds.coverage,
    "nearest": kinds.nearest, "field": kinds.field_of, "change": kinds.change,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _KindTraits:
    """Traits of a kind: what holds for its results."""

    kind: Kind
    bounds: tuple[float, float]
    compute: Compute
    people: bool
    """Whether it needs residents."""


def custom_indicator(spec: custom.CustomSpec) -> Indicator:
    """The indicator that a table of the city file defines, with queries from its `params`."""
    traits = _traits_of(spec)
    amounts_used = _queries(spec)

    class CustomParams(Params):
        """No parameters: the table itself defines the query."""

        def queries(self) -> tuple[Query, ...]:
            """The queries of the table."""
            return amounts_used

    words = {"title": spec.title}
    if spec.definition is not None:
        words["definition"] = spec.definition
    needs_residents = traits.people or "residents" in spec.roles()
    return Indicator(
        id=spec.id, theme=spec.theme, kind=traits.kind, unit=unit_of(spec),
        better=spec.better, bounds=spec.bounds or traits.bounds,
        needs=("neighbourhoods", *(["residents"] if needs_residents else []), *spec.layers()),
        may_read=("residents",),  # a neighbourhood where without residents has its reason
        source=spec.source, remark="" if spec.source else "city",
        compute=traits.compute, params=CustomParams,
        network_queries=functools.partial(_network_queries, spec), words=words,
        errors=functools.partial(_errors, spec), sensitivity=ten_percent("distance_m"),
        definition=spec.model_dump_json(),
        over_time=isinstance(spec, custom.Change),
        traits=frozenset({Trait.COUNTS_FEATURES} if _counts_features(spec) else ()),
    )  # fmt: skip


def _counts_features(spec: custom.CustomSpec) -> bool:
    return isinstance(spec, custom.CountPer1000) and not spec.field


def _traits_of(spec: custom.CustomSpec) -> _KindTraits:
    positive, any_number = (0.0, INFINITE), (-INFINITE, INFINITE)
    kind, bounds, people = Kind.RATIO, any_number, False
    match spec:
        case custom.ShareOfArea():
            bounds = (0.0, 1.0)
        case custom.CountPer1000():
            bounds, people = any_number if spec.field else positive, True
        case custom.RasterMean() if spec.over == "residents":
            kind, people = Kind.MEAN_OVER_RESIDENTS, True
        case custom.FacilityCoverage():
            kind, bounds, people = Kind.SHARE_OF_RESIDENTS, (0.0, 1.0), True
        case custom.Nearest():
            kind, bounds, people = Kind.MEAN_OVER_RESIDENTS, (0.0, spec.cap_m), True
        case custom.FieldOf():
            kind, people = _COMBINED[spec.combine], spec.combine == "mean_over_residents"
        case custom.Change() if spec.as_ == "difference":
            kind = Kind.AMOUNT
        case _:
            pass
    return _KindTraits(kind, bounds, functools.partial(_COMPUTE_BY_KIND[spec.kind], spec), people)


def _queries(spec: custom.CustomSpec) -> tuple[Query, ...]:
    match spec:
        case custom.FacilityCoverage():
            each = spec.distance_m if isinstance(spec.distance_m, list) else [spec.distance_m]
            numbers = [{"distance_m": float(metres)} for metres in each]
        case custom.Nearest():
            numbers = [{"cap_m": float(spec.cap_m)}]
        case _:
            numbers = [{}]
    queries = (Query("", parameters, (), spec.target) for parameters in numbers)
    return by_modes(queries, spec.modes if isinstance(spec, custom.AlongStreets) else ["walk"])


def _network_queries(spec: custom.CustomSpec, query: Query) -> tuple[NetworkQuery, ...]:
    match spec:
        case custom.Nearest():
            return NearestQuery(spec.layer, query.mode), NearestQuery(spec.layer, "straight_line")
        case custom.FacilityCoverage():
            return NearestQuery(spec.layer, query.mode), EDGE
        case _:
            return ()


def _errors(spec: custom.CustomSpec, city: City, _query: Query) -> tuple[str, ...]:
    amounts_used: tuple[custom.Amount, ...]
    match spec:
        case custom.Ratio():
            amounts_used = (spec.numerator, spec.denominator)
        case custom.Change():
            amounts_used = (spec.now, spec.before)
        case custom.CountPer1000():
            amounts_used = (kinds.counted(spec),)
        case custom.ShareOfArea() if spec.layer in city.layers:
            measured = custom.Amount(layer=spec.layer, where=spec.where, measure="area_m2")
            amounts_used = (measured,)
        case _:
            return tuple(kinds.layer_errors(spec, city))
    return tuple(
        error for amount in amounts_used for error in amounts.errors(city, amount, spec.id)
    )
