"""Errors in `[plan]` and `[scenario.NAME]` that can be found before any data is read."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from urbanlayer.cityfile.need_errors import (
    indicator_of_need_errors,
    needs_errors,
    weights_errors,
)
from urbanlayer.cityfile.semantics import path_errors
from urbanlayer.model.role_names import STREETS
from urbanlayer.model.role_table import ROLES
from urbanlayer.model.role_table import role as role_named
from urbanlayer.model.travel_modes import travel_modes
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from urbanlayer.cityfile.line_numbers import Key, SpecError
    from urbanlayer.model.indicator import IndicatorQuery
    from urbanlayer.model.plan_specification import PlanSpec, ScenarioSpec, SitingSpec
    from urbanlayer.model.specification import CitySpec

NO_NEEDS = 'is "need", but there is no [plan.needs]'


def plan_errors(
    spec: CitySpec, queries: Sequence[IndicatorQuery] | None, folder: Path
) -> Iterator[SpecError]:
    """What is wrong with a plan and its scenarios, where each table is of the right shape.

    Parameters
    ----------
    spec
        The city file.
    queries
        Its queries; None where that has errors of its own.
    folder
        Where the paths of scenarios start.
    """
    if spec.plan is not None:
        yield from _years_errors(spec.plan)
        yield from _residents_errors(spec)
        if spec.plan.needs is not None:
            yield from needs_errors(spec.plan.needs, queries)
        if spec.plan.weights == "need" and spec.plan.needs is None:
            yield ("plan", "weights"), NO_NEEDS
        for number, siting in enumerate(spec.plan.siting):
            yield from _siting_errors(("plan", "siting", number), siting, spec)
        yield from _twice(("plan", "siting"), [one.id for one in spec.plan.siting])
        yield from _actions_errors(spec)
        yield from _goal_errors(spec, queries)
        earlier = spec.plan.earlier
        if earlier is not None and not (folder / earlier).is_dir():
            yield ("plan", "earlier"), f"{earlier!r} is no folder of a publication"
    for name, scenario in spec.scenario.items():
        yield from _scenario_errors(("scenario", name), scenario, spec, folder)


def _years_errors(plan: PlanSpec) -> Iterator[SpecError]:
    for key in ("budgets", "curve"):
        for number, budget in enumerate(getattr(plan, key)):
            if budget < 0:
                yield ("plan", key, number), f"{budget} is negative"
    if len(plan.years) != len(plan.budgets):
        yield (
            ("plan", "budgets"),
            f"{len(plan.budgets)} budgets for {len(plan.years)} years; give one for each year",
        )
    if any(later != year + 1 for year, later in itertools.pairwise(plan.years)):
        yield (
            ("plan", "years"),
            f"{plan.years} are not years one after the other, from the first to the last",
        )


def _residents_errors(spec: CitySpec) -> Iterator[SpecError]:
    plan = spec.plan
    if plan is not None and (plan.siting or plan.actions) and spec.residents is None:
        yield ("plan",), "sites and actions serve residents; state in [residents] where they live"


def _service_error(at: Key, service: str, spec: CitySpec) -> Iterator[SpecError]:
    """A service that no role is; one whose role no layer has starts from nothing."""
    if service in spec.layers and not role_named(service).service:
        services = [name for name in spec.layers if role_named(name).service]
        yield at, f"{service!r} is no service that people walk to{did_you_mean(service, services)}"
    elif service not in spec.layers and not (service in ROLES and ROLES[service].service):
        known = [*spec.layers, *(name for name, role in ROLES.items() if role.service)]
        services = [name for name in dict.fromkeys(known) if role_named(name).service]
        yield at, f"no service {service!r}{did_you_mean(service, services)}"


def _layer_error(at: Key, role: str, spec: CitySpec) -> Iterator[SpecError]:
    if role not in spec.layers:
        yield at, f"there is no [layers.{role}]{did_you_mean(role, spec.layers)}"


def _siting_errors(at: Key, siting: SitingSpec, spec: CitySpec) -> Iterator[SpecError]:
    yield from _service_error((*at, "service"), siting.service, spec)
    yield from _layer_error((*at, "candidates"), siting.candidates, spec)
    if siting.candidates == siting.service:
        yield (*at, "candidates"), f"{siting.candidates!r} is the service, which stands already"
    modes = travel_modes(spec.modes)
    if siting.mode not in modes:
        yield (*at, "mode"), f"no mode {siting.mode!r}{did_you_mean(siting.mode, modes)}"
    yield from _limit_errors(at, siting)
    if isinstance(siting.weights, dict):
        yield from weights_errors((*at, "weights"), [*siting.weights.items()])
    if siting.weights == "need" and (spec.plan is None or spec.plan.needs is None):
        yield (*at, "weights"), NO_NEEDS
    if siting.problem == "min_distance" and siting.floor is not None and siting.within_m is None:
        yield (*at, "floor"), "needs within_m = the distance within which people are served"


def _limit_errors(at: Key, siting: SitingSpec) -> Iterator[SpecError]:
    """What bounds the choice: a number or a budget, and the distance of the problem."""
    for key in ("new", "budget"):
        if (getattr(siting, key) or 0) < 0:
            yield (*at, key), f"{getattr(siting, key)} is negative"
    if siting.problem == "full_coverage":
        for key in ("new", "budget"):
            if getattr(siting, key) is not None:
                yield (*at, key), "full_coverage finds the number of new sites; leave it out"
    elif siting.new is not None and siting.budget is not None:
        yield (
            (*at, "budget"),
            "new stands there too; give the number of new sites or what they may cost",
        )
    elif siting.new is None and siting.budget is None:
        yield at, "needs new = 2 (number of new sites), or budget = … and cost = the column"
    if siting.problem != "min_distance" and siting.within_m is None:
        yield at, f"{siting.problem} needs within_m = the distance within which people are served"
    if siting.budget is not None and siting.cost is None:
        yield (*at, "budget"), 'needs cost = "…", the column of the candidates\' costs'


def _actions_errors(spec: CitySpec) -> Iterator[SpecError]:
    plan = spec.plan
    if plan is None or plan.actions is None:
        return
    yield from _layer_error(("plan", "actions", "layer"), plan.actions.layer, spec)
    if not plan.years and not plan.budgets:
        yield ("plan", "actions"), "needs [plan] years and budgets"


def _goal_errors(spec: CitySpec, queries: Sequence[IndicatorQuery] | None) -> Iterator[SpecError]:
    plan = spec.plan
    if plan is None:
        return
    for number, enterprise in enumerate(plan.enterprise):
        at: Key = ("plan", "enterprise", number)
        for role in enterprise.layers:
            yield from _layer_error((*at, "layers"), role, spec)
        for one in enterprise.indicators:
            yield from indicator_of_need_errors((*at, "indicators"), one, queries)
    yield from _twice(("plan", "goal"), [goal.id for goal in plan.goal])
    for number, goal in enumerate(plan.goal):
        at = ("plan", "goal", number)
        if goal.indicator is not None:
            yield from indicator_of_need_errors((*at, "indicator"), goal.indicator, queries)
        if goal.baseline_date is not None and goal.baseline is None:
            yield (*at, "baseline_date"), "there is no baseline of that day; give its value too"
        since = goal.baseline_date or spec.as_of
        if goal.target_date is not None and goal.target_date <= since:
            yield (*at, "target_date"), f"is not after {since}, the day that it starts from"


def _twice(at: Key, ids: Iterable[str]) -> Iterator[SpecError]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield at, f"the id {name!r} stands {count} times; give each its own"


def _scenario_errors(
    at: Key, scenario: ScenarioSpec, spec: CitySpec, folder: Path
) -> Iterator[SpecError]:
    for service, added in scenario.add.items():
        where = (*at, "add", service)
        yield from _service_error(where, service, spec)
        if isinstance(added, str):
            yield from path_errors(where, added, folder)
        else:
            yield from _twice(where, [one.id for one in added])
    for verb in ("close", "move"):
        for service, named in getattr(scenario, verb).items():
            where = (*at, verb, service)
            if service in spec.layers:
                yield from _service_error(where, service, spec)
            else:
                yield from _layer_error(where, service, spec)
            yield from _twice(where, [one if isinstance(one, str) else one.id for one in named])
    if (scenario.streets.add or scenario.streets.close) and STREETS not in spec.layers:
        yield (*at, "streets"), "there is no [layers.streets]"
    if isinstance(scenario.streets.add, str):
        yield from path_errors((*at, "streets", "add"), scenario.streets.add, folder)
    if isinstance(scenario.residents, str):
        yield from path_errors((*at, "residents"), scenario.residents, folder)
    elif scenario.residents and spec.residents is None:
        yield (*at, "residents"), "there is no [residents]"
