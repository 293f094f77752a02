"""A plan: needs and ranks, sites, an investment programme, scenarios. Numbers and codes only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.note import Note
    from urbanlayer.model.plan_specification import PlanSpec
    from urbanlayer.model.query import Query
    from urbanlayer.model.scenario_result import ScenarioResult

Status = Literal["solved", "infeasible"]
_OfTheme = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """What one result adds to the need of a neighbourhood.

    Attributes
    ----------
    result
        Id of the result.
    value
        The result.
    need
        Its need, from 0 to 1.
    share
        Its part of the need of the neighbourhood, from 0 to 1.
    people
        Residents without, where the indicator is a share of residents of which more is better;
        else None.
    """

    result: str
    value: float
    need: float
    share: float
    people: float | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """The need of one neighbourhood, from 0 to 1 (neediest), and its rank.

    Attributes
    ----------
    key
        Of the neighbourhood.
    need
        NaN where too little is known of it to rank it.
    rank
        1 is the neediest; equal needs share the best rank; None where it is not ranked.
    rank_low, rank_high
        5 % and 95 % quantiles of its ranks under other weights and computed thresholds.
    themes
        Theme to need; a theme without any result is left out.
    rank_shares
        Share of the draws of weights in which it has rank 1, 2, …; empty where it is not ranked.
    above
        Key of each other ranked neighbourhood to the share of draws in which this one is needier;
        draws in which both are equally needy count for neither.
    reasons
        What makes it needy, the largest part first; results without any need are left out.
    people_in_need
        Residents without, by id of each result that is a share of residents.
    missing
        Ids of results that it has not, whose weight the rest of the theme carries.
    people_without
        As `people_in_need`, also by other thresholds and of results that have no weight.
    group
        Number of the group of neighbourhoods that cannot be told apart from the best of the group;
        1 is the neediest group; None where it is not ranked.
    """

    key: str
    need: float
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    themes: Mapping[str, float] = field(default_factory=dict)
    rank_shares: tuple[float, ...] = ()
    above: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    people_in_need: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    people_without: Mapping[str, float] = field(default_factory=dict)
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Needs and ranks of all neighbourhoods.

    Attributes
    ----------
    needs
        In the order of the neighbourhoods.
    weights
        Theme to the effective weight of each of its results, by id; all add up to 1.
    within_themes
        Theme to the weight of each of its results within it, by id; themes without weight too.
    indicator_needs
        Theme and id of each of these results to the need of each neighbourhood, in their order;
        NaN where there is none.
    other_thresholds
        Theme and id of a result to those that differ from it in their thresholds alone, each with
        the need of every neighbourhood.
    warnings
        What should be known before the ranks are used.
    """

    needs: tuple[Need, ...]
    weights: Mapping[str, Mapping[str, float]]
    within_themes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    indicator_needs: Mapping[_OfTheme, tuple[float, ...]] = field(default_factory=dict)
    other_thresholds: Mapping[_OfTheme, Mapping[str, tuple[float, ...]]] = field(
        default_factory=dict
    )
    warnings: tuple[Note, ...] = ()

    def by_key(self) -> dict[str, float]:
        """Key of each neighbourhood to its need; NaN where it is not ranked."""
        return {one.key: one.need for one in self.needs}


@dataclass(frozen=True, slots=True)
class SitingResult:
    """The sites that one `[[plan.siting]]` chooses.

    Attributes
    ----------
    id
        Of the table.
    status, why
        `infeasible` with the reason where no choice is possible.
    floor_kept
        The greatest least share of a neighbourhood that can be kept, where a floor is declared.
    chosen
        Keys of the chosen candidates, sorted.
    people_before, people_after, newly_served
        Residents served; heads whatever the weights.
    bound
        No choice has a higher value (a lower one for `min_distance`): in the units of what is
        optimised, weighted people or person-metres.
    gap
        (bound - value) / value.
    proven
        Whether the bound, checked by our own arithmetic, leaves no better choice.
    equally_good
        Number of the best choices, this one included; None where it was not counted.
    unreachable
        People whom neither a candidate nor what stands reaches.
    by_neighbourhood
        Key to residents served after.
    before_by_neighbourhood, reachable_by_neighbourhood
        The same before, and of those whom a candidate or what stands reaches; not published.
    person_metres
        Sum over the served residents of their metres to the nearest facility, after.
    mean_walk_before_m, mean_walk_after_m
        Of `min_distance`: mean metres of all who reach a facility; None where nobody does, and for
        the other problems.
    floor_price
        Residents whom the floor costs, against the best choice without it; None without a floor.
    alternatives
        Keys of genuinely different good choices, with the residents that each newly serves.
    not_connected
        Keys of candidates that lie too far from every street.
    notes
        What should be known beside.
    service, places, names
        The service, where each chosen candidate lies, metres in the city's CRS, and its name by
        language, the empty code that of the layer; filled in by the stage.
    """

    id: str
    status: Status
    why: Note | None = None
    floor_kept: float | None = None
    chosen: tuple[str, ...] = ()
    people_before: float = 0.0
    people_after: float = 0.0
    newly_served: float = 0.0
    bound: float | None = None
    gap: float | None = None
    proven: bool = False
    equally_good: int | None = None
    unreachable: float = 0.0
    by_neighbourhood: Mapping[str, float] = field(default_factory=dict)
    before_by_neighbourhood: Mapping[str, float] = field(default_factory=dict)
    reachable_by_neighbourhood: Mapping[str, float] = field(default_factory=dict)
    person_metres: float | None = None
    mean_walk_before_m: float | None = None
    mean_walk_after_m: float | None = None
    floor_price: float | None = None
    alternatives: tuple[tuple[tuple[str, ...], float], ...] = ()
    not_connected: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    service: str = ""
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action of the programme, with the year of its start.

    Attributes
    ----------
    cost
        Sum of its payments, whole units of the currency.
    running
        What it costs in each year after that of its last payment.
    newly_served_alone, newly_served_in_plan
        Residents newly served by it alone, and those that the plan would lose without it.
    """

    id: str
    year: int
    cost: int
    newly_served_alone: float
    newly_served_in_plan: float
    running: int = 0

    @property
    def cost_per_person_alone(self) -> float | None:
        """Cost for each resident whom it alone newly serves; None where it serves nobody."""
        return _for_each(self.cost, self.newly_served_alone)

    @property
    def cost_per_person_in_plan(self) -> float | None:
        """Cost for each resident whom the plan would lose without it; None where there is none."""
        return _for_each(self.cost, self.newly_served_in_plan)


def _for_each(cost: int, people: float) -> float | None:
    return cost / people if people > 0 else None


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What is known of an action, whether the programme does it or not.

    Attributes
    ----------
    id, service
        Its key, and what it gives to people; empty for nothing.
    names
        Language to its name, the empty code that of the layer.
    at, neighbourhood
        A point of it, metres in the city's CRS, and the key of the neighbourhood there; None and
        empty where it has no place, or lies outside.
    is_street
        Whether it adds a street.
    payments
        Whole units of the currency, from the year of its start on.
    running
        In each year after that of its last payment.
    requires, excludes
        Keys of actions.
    promised, earliest
        Years; None for none.
    owner, funding
        Who is responsible for it, and where its money comes from; empty for nothing stated.
    result
        Id of the result that its service is measured by; empty where it has none.
    newly_served_alone
        Residents newly served by it alone.
    """

    id: str
    service: str
    names: Mapping[str, str]
    at: tuple[float, float] | None
    neighbourhood: str
    is_street: bool
    payments: tuple[int, ...]
    running: int
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    promised: int | None
    earliest: int | None
    owner: str
    funding: str
    result: str
    newly_served_alone: float


@dataclass(frozen=True, slots=True)
class ProgrammeYear:
    """What one year of the programme has, spends and newly serves."""

    year: int
    budget: int
    spent: int
    newly_served: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """People newly served for a whole budget; `dropped` are actions of the lower budget."""

    budget: int
    people: float
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeResult:
    """The investment programme.

    Attributes
    ----------
    status, why
        `infeasible` with the year and the promise where no programme is possible.
    actions
        Those that are done, by year and key.
    left_out
        Keys of the others, each with the reason.
    by_year
        In the order of the years.
    objective
        People newly served at the end, or person-years.
    bound, gap, proven
        As of `SitingResult`.
    curve
        By budget.
    notes
        What should be known beside.
    facts
        Of every action, in the order of their keys.
    """

    status: Status
    why: Note | None = None
    actions: tuple[PlannedAction, ...] = ()
    left_out: tuple[tuple[str, Note], ...] = ()
    by_year: tuple[ProgrammeYear, ...] = ()
    objective: float = 0.0
    bound: float | None = None
    gap: float | None = None
    proven: bool = False
    curve: tuple[CurvePoint, ...] = ()
    notes: tuple[Note, ...] = ()
    facts: tuple[ActionFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How a public enterprise serves people, and what the programme changes.

    Attributes
    ----------
    results
        Each of its results as it is (before), and once the programme is done (after).
    targets, better
        By id of the result; None without a target.
    earlier
        Value of the whole city in an earlier run, by id of the result.
    """

    results: tuple[ScenarioResult, ...]
    targets: Mapping[str, float | None]
    better: Mapping[str, str]
    earlier: Mapping[str, float]

    def failing(self, result: ScenarioResult) -> tuple[str, ...]:
        """Keys of the neighbourhoods that miss the target of a result, the worst first."""
        target, better = self.targets[result.query.id], self.better[result.query.id]
        if target is None or better == "neither":
            return ()
        sign = 1.0 if better == "higher" else -1.0
        missed = [
            (sign * (values.before - target), key)
            for key, values in result.by_neighbourhood.items()
            if sign * (values.before - target) < 0
        ]
        return tuple(key for _, key in sorted(missed))


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """What shows whether a goal is reached: its monitoring indicator for the whole city.

    Attributes
    ----------
    id
        Of the goal.
    query
        None where the goal names no indicator.
    value
        As it is now; NaN for none.
    baseline, target
        From where to where it should go; the baseline is today's value where none is declared.
    """

    id: str
    query: Query | None = None
    value: float = float("nan")
    baseline: float = float("nan")
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do first, where, for how much, and what it buys.

    Attributes
    ----------
    spec
        What was declared.
    ranking
        None where no needs are declared.
    siting
        In the order of the city file.
    programme
        None where no actions are declared.
    scenarios
        One entry for each scenario and query.
    scorecards, goals
        In the order of the city file.
    """

    spec: PlanSpec
    ranking: Ranking | None = None
    siting: tuple[SitingResult, ...] = ()
    programme: ProgrammeResult | None = None
    scenarios: tuple[ScenarioResult, ...] = ()
    scorecards: tuple[Scorecard, ...] = ()
    goals: tuple[GoalProgress, ...] = ()
