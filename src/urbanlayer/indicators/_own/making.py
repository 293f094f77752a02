"""From one `[[indicator]]` table to an `Indicator`: what each kind is, and what it promises."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.indicators._own import amounts, answers
from urbanlayer.indicators._own.units import unit_of
from urbanlayer.model import own
from urbanlayer.model.access import Question
from urbanlayer.model.ask import Ask
from urbanlayer.model.indicator import Indicator, Kind, Params
from urbanlayer.model.parameters import by_profiles
from urbanlayer.model.readings import a_tenth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.result import Result

INFINITE = math.inf
_COMBINED = {
    "mean_over_residents": Kind.MEAN_OVER_RESIDENTS,
    "mean_over_area": Kind.RATIO,
    "sum": Kind.AMOUNT,
}
_COMPUTES: Mapping[str, Callable[..., Result]] = {
    "share_of_area": answers.share_of_area, "count_per_1000": answers.count_per_1000,
    "ratio": answers.ratio, "raster_mean": answers.raster_mean, "coverage": answers.coverage,
    "nearest": answers.nearest, "field": answers.field_of, "change": answers.change,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a kind promises of its answers."""

    kind: Kind
    bounds: tuple[float, float]
    compute: Callable[[City, Ask, Mapping[str, Result]], Result]
    people: bool
    """Whether it needs residents."""


def own_indicator(spec: own.OwnSpec) -> Indicator:
    """The indicator that a table of the city file defines; its asks are those of its `params`."""
    promise = _promise(spec)
    asked = _asks(spec)

    class OwnParams(Params):
        """The table stands in the city file already."""

        def asks(self) -> tuple[Ask, ...]:
            """As the table says."""
            return asked

    words = {"title": spec.title}
    if spec.definition is not None:
        words["definition"] = spec.definition
    asks_residents = promise.people or "residents" in spec.roles()
    return Indicator(
        id=spec.id, theme=spec.theme, kind=promise.kind, unit=unit_of(spec),
        better=spec.better, bounds=spec.bounds or promise.bounds,
        needs=("neighbourhoods", *(["residents"] if asks_residents else []), *spec.layers()),
        source=spec.source, remark="" if spec.source else "city",
        compute=promise.compute, params=OwnParams,
        questions=functools.partial(_questions, spec), words=words,
        faults=functools.partial(_faults, spec), readings=a_tenth("distance_m"),
        over_time=isinstance(spec, own.Change),
    )  # fmt: skip


def _promise(spec: own.OwnSpec) -> _Promise:
    positive, any_number = (0.0, INFINITE), (-INFINITE, INFINITE)
    kind, bounds, people = Kind.RATIO, any_number, False
    match spec:
        case own.ShareOfArea():
            bounds = (0.0, 1.0)
        case own.CountPer1000():
            bounds, people = any_number if spec.field else positive, True
        case own.RasterMean() if spec.over == "residents":
            kind, people = Kind.MEAN_OVER_RESIDENTS, True
        case own.Coverage():
            kind, bounds, people = Kind.SHARE_OF_RESIDENTS, (0.0, 1.0), True
        case own.Nearest():
            kind, bounds, people = Kind.MEAN_OVER_RESIDENTS, (0.0, spec.cap_m), True
        case own.FieldOf():
            kind, people = _COMBINED[spec.combine], spec.combine == "mean_over_residents"
        case own.Change() if spec.as_ == "difference":
            kind = Kind.AMOUNT
        case _:
            pass
    return _Promise(kind, bounds, functools.partial(_COMPUTES[spec.kind], spec), people)


def _asks(spec: own.OwnSpec) -> tuple[Ask, ...]:
    match spec:
        case own.Coverage():
            each = spec.distance_m if isinstance(spec.distance_m, list) else [spec.distance_m]
            numbers = [{"distance_m": float(metres)} for metres in each]
        case own.Nearest():
            numbers = [{"cap_m": float(spec.cap_m)}]
        case _:
            numbers = [{}]
    asks = (Ask("", parameters, (), spec.target) for parameters in numbers)
    return by_profiles(asks, spec.profiles if isinstance(spec, own.OnTheWay) else ["walk"])


def _questions(spec: own.OwnSpec, ask: Ask) -> tuple[Question, ...]:
    match spec:
        case own.Nearest():
            return Question(spec.layer, ask.profile), Question(spec.layer, "straight_line")
        case own.OnTheWay():
            return (Question(spec.layer, ask.profile),)
        case _:
            return ()


def _faults(spec: own.OwnSpec, city: City, _ask: Ask) -> tuple[str, ...]:
    asked: tuple[own.Amount, ...]
    match spec:
        case own.Ratio():
            asked = (spec.numerator, spec.denominator)
        case own.Change():
            asked = (spec.now, spec.before)
        case own.CountPer1000():
            asked = (answers.counted(spec),)
        case own.ShareOfArea() if spec.layer in city.layers:
            measured = own.Amount(layer=spec.layer, where=spec.where, measure="area_m2")
            asked = (measured,)
        case _:
            return tuple(answers.layer_faults(spec, city))
    return tuple(fault for amount in asked for fault in amounts.faults(city, amount, spec.id))
