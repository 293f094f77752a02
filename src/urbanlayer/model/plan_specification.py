"""The tables `[plan]` and `[scenario.NAME]` of a city file, as checked values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from urbanlayer.model.text import Text
from urbanlayer.model.toml_table import TomlTable

if TYPE_CHECKING:
    from urbanlayer.model.query import Query

__all__ = [
    "ActionColumns", "ActionsSpec", "EnterpriseSpec", "FacilityEdit", "GoalSpec", "MeasureSpec",
    "NeedIndicatorSpec", "NeedsSpec", "PlanSpec", "ResidentsEdit", "ScenarioSpec", "SitingSpec",
    "StreetEdits", "ThemeSpec", "Weights",
]  # fmt: skip

Rule = Literal["target", "min_max", "rank", "z_score"]
Weights = Literal["people", "need"]
Whole = Annotated[int, Field(strict=True, json_schema_extra={"minimum": 0})]
"""Not negative: `cityfile.plan_errors` reports it together with the errors of other tables."""
Weight = Annotated[float, Field(allow_inf_nan=False, json_schema_extra={"minimum": 0})]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Key = Annotated[str, Field(min_length=1)]


# Needs --------------------------------------------------------------------------------------------


class NeedIndicatorSpec(TomlTable):
    """One indicator of a theme: which result, and from where to where its need runs."""

    id: str = Field(description="Id of an indicator that the city file queries.")
    variant: str = Field(default="", description="The service, or another variant.")
    mode: str = Field(default="walk", description="How people travel: walk, wheelchair …")
    group: str = Field(default="", description="Of [residents] groups; all residents without it.")
    parameters: dict[str, float] = Field(
        default_factory=dict,
        description="Where one variant has several thresholds, which: { distance_m = 500 }.",
    )
    target: Finite | None = Field(
        default=None, description='rule = "target": value without any need; else the indicator\'s.'
    )
    worst: Finite | None = Field(default=None, description='rule = "target": value of need 1.')
    weight: Weight = Field(default=1.0, description="Within the theme.")

    def fits(self, query: Query) -> bool:
        """Whether a query is the one that is named."""
        named = (query.indicator, query.variant, query.mode, query.group)
        return named == (self.id, self.variant, self.mode, self.group) and all(
            query.numbers.get(name) == value for name, value in self.parameters.items()
        )


class ThemeSpec(TomlTable):
    """One `[plan.needs.themes.NAME]` table."""

    weight: Weight = Field(default=1.0, description="Of the theme among all themes.")
    title: Text | None = Field(default=None, description="What people call the theme.")
    indicators: list[NeedIndicatorSpec] = Field(
        min_length=1, description="Those whose weighted mean is the need of the theme."
    )


class NeedsSpec(TomlTable):
    """`[plan.needs]`: how results become needs and ranks."""

    rule: Rule = Field(default="target", description="How a result becomes a need from 0 to 1.")
    aggregate: Literal["arithmetic", "geometric"] = Field(
        default="arithmetic", description="How the themes become one need."
    )
    draws: int = Field(
        default=1000, ge=1, le=100_000, description="Of weights, for ranges of ranks."
    )
    strength: float = Field(
        default=30.0, gt=0, le=1e6, description="Of the Dirichlet distribution of weights."
    )
    themes: dict[str, ThemeSpec] = Field(
        min_length=1, description="A table for each theme, with its indicators and its weight."
    )


# Siting -------------------------------------------------------------------------------------------


class SitingSpec(TomlTable):
    """One `[[plan.siting]]` table: where new facilities of a service would stand."""

    id: str = Field(pattern=r"^[a-z0-9_-]+$", description="Names the question in the results.")
    title: Text | None = Field(default=None, description="What people call the question.")
    service: str = Field(description="Role of the service; what stands already stays.")
    candidates: str = Field(description="Role of the layer of possible sites.")
    problem: Literal["max_coverage", "full_coverage", "min_distance"] = Field(
        description="The most people within the distance, all with the fewest sites, or the "
        "shortest ways."
    )
    within_m: float | None = Field(
        default=None, gt=0, le=50_000, description="Distance within which people are served."
    )
    mode: str = Field(default="walk", description="How people travel: walk, wheelchair …")
    new: Whole | None = Field(default=None, description="Number of new sites.")
    budget: Whole | None = Field(default=None, description="Instead of `new`: what they may cost.")
    cost: Key | None = Field(default=None, description="Column of the candidates' costs.")
    weights: Weights | dict[str, Weight] = Field(
        default="people", description="people, need, or a weight for each neighbourhood by its key."
    )
    capacity: Key | None = Field(
        default=None, description="Column of candidates and existing facilities: people each."
    )
    may_pass_full: bool = Field(
        default=True, description="Whether people go on to the next where the nearest is full."
    )
    floor: float | None = Field(
        default=None, ge=0, le=1, description="No neighbourhood under this share of served people."
    )
    alternatives: int = Field(
        default=0, ge=0, le=3, description="Number of genuinely different good choices to add."
    )


# Programme ----------------------------------------------------------------------------------------


class ActionColumns(TomlTable):
    """Columns of the layer of actions; one that is not named is not there."""

    service: Key = Field(default="service", description="Role of the service that it adds.")
    cost: Key = Field(default="cost", description="What it costs, in whole units of currency.")
    payments: Key | None = Field(default=None, description="Whole amounts, joined by `;`.")
    running: Key | None = Field(
        default=None, description="What it costs in each year after that of its last payment."
    )
    requires: Key | None = Field(default=None, description="Keys of actions, joined by `;`.")
    excludes: Key | None = Field(default=None, description="Keys of actions, joined by `;`.")
    promised: Key | None = Field(
        default=None, description="Year by whose end the last payment is made."
    )
    earliest: Key | None = Field(default=None, description="First year in which it may start.")
    owner: Key | None = Field(default=None, description="Who is responsible.")
    funding: Key | None = Field(default=None, description="Who pays.")


class ActionsSpec(TomlTable):
    """`[plan.actions]`: the layer or table of the programme's actions."""

    layer: str = Field(description="Role of the layer.")
    columns: ActionColumns = Field(
        default=ActionColumns(), description="Columns of the layer, where they are named otherwise."
    )


class EnterpriseSpec(TomlTable):
    """One `[[plan.enterprise]]`: a public enterprise, and by what its service is judged."""

    name: Text = Field(description="Of the enterprise, or one for each language.")
    layers: list[str] = Field(min_length=1, description="Roles of its facilities.")
    indicators: list[NeedIndicatorSpec] = Field(
        min_length=1, description="Results by which its service is judged."
    )
    standard: str = Field(default="", description="Standard by which it is judged.")


class MeasureSpec(TomlTable):
    """One measure of a goal."""

    title: Text = Field(description="What is done, in a few words.")
    actions: list[str] = Field(default=[], description="Keys of actions.")
    responsible: str = Field(default="", description="Office that carries it out.")


class GoalSpec(TomlTable):
    """One `[[plan.goal]]`: a goal, its measures, and what shows whether it is reached."""

    id: str = Field(pattern=r"^[a-z0-9_-]+$", description="Names the goal in the results.")
    title: Text = Field(description="The goal, in a sentence.")
    measures: list[MeasureSpec] = Field(default=[], description="What is done to reach it.")
    responsible: str = Field(default="", description="Office that answers for it.")
    indicator: NeedIndicatorSpec | None = Field(default=None, description="Shows the progress.")
    baseline: Finite | None = Field(default=None, description="The city's value at the start.")
    baseline_date: dt.date | None = Field(default=None, description="Day of the baseline.")
    target: Finite | None = Field(default=None, description="The city's value to reach.")
    target_date: dt.date | None = Field(default=None, description="Day by which it is reached.")


class PlanSpec(TomlTable):
    """`[plan]`: years and money, needs, siting and actions."""

    years: list[Annotated[int, Field(ge=1900, le=2200, strict=True)]] = Field(
        default=[], description="Calendar years of the programme, one after the other."
    )
    budgets: list[Whole] = Field(default=[], description="Of each year, whole units of currency.")
    currency: Key = Field(default="EUR", description="Code of the currency of all costs.")
    carry_over: bool = Field(
        default=False, description="Whether what a year leaves may be spent later."
    )
    serves_from: Literal["last_payment", "next_year"] = Field(
        default="last_payment", description="First year in which an action serves people."
    )
    objective: Literal["people", "person_years"] = Field(
        default="people", description="People newly served at the end, or in each year added up."
    )
    weights: Weights = Field(
        default="people", description="people, or people weighted by their neighbourhood's need."
    )
    discount: float = Field(
        default=0.0, ge=0, lt=1, description="Rate a year, for sums and person-years alike."
    )
    seed: int = Field(
        default=1, ge=0, le=2**63 - 1, description="Of the draws: the same seed, the same ranges."
    )
    curve: list[Whole] = Field(default=[], description="Budgets for which the curve is solved.")
    needs: NeedsSpec | None = Field(
        default=None, description="How results become needs and ranks of neighbourhoods."
    )
    siting: list[SitingSpec] = Field(
        default=[], description="Where new facilities would stand, a table for each question."
    )
    actions: ActionsSpec | None = Field(
        default=None, description="The actions from which the programme is chosen."
    )
    earlier: str | None = Field(
        default=None, description="Folder of an earlier publication of the city, for trends."
    )
    enterprise: list[EnterpriseSpec] = Field(
        default=[], description="Public enterprises, each with the results that judge it."
    )
    goal: list[GoalSpec] = Field(
        default=[], description="Goals, each with its measures and the result that shows progress."
    )


# Scenarios ----------------------------------------------------------------------------------------


class FacilityEdit(TomlTable):
    """A facility that is added or moved, in coordinates of the city's CRS."""

    id: Key = Field(description="Key of the facility; a new one for one that is added.")
    x: Finite = Field(description="Easting, in metres of the city's CRS.")
    y: Finite = Field(description="Northing, in metres of the city's CRS.")
    capacity: float | None = Field(default=None, ge=0, description="People whom it can serve.")


class ResidentsEdit(TomlTable):
    """People who come to live at a point, in coordinates of the city's CRS."""

    x: Finite = Field(description="Easting, in metres of the city's CRS.")
    y: Finite = Field(description="Northing, in metres of the city's CRS.")
    people: float = Field(gt=0, allow_inf_nan=False, description="How many come to live there.")


Line = Annotated[list[tuple[Finite, Finite]], Field(min_length=2)]


class StreetEdits(TomlTable):
    """Streets that are added or closed."""

    add: list[Line] | str = Field(default=[], description="Lines of points, or a path.")
    close: list[str] = Field(default=[], description="Keys of streets.")


class ScenarioSpec(TomlTable):
    """One `[scenario.NAME]` table: edits of the layers."""

    title: Text | None = Field(default=None, description="What people call the scenario.")
    add: dict[str, str | list[FacilityEdit]] = Field(
        default_factory=dict, description="Service to facilities, or to the path of a layer."
    )
    close: dict[str, list[str]] = Field(
        default_factory=dict, description="Service to keys of facilities that close."
    )
    move: dict[str, list[FacilityEdit]] = Field(
        default_factory=dict, description="Service to facilities with their new places."
    )
    streets: StreetEdits = Field(
        default=StreetEdits(), description="Streets to add, and keys of those to close."
    )
    residents: list[ResidentsEdit] | str = Field(
        default=[], description="People who come to live somewhere, or a path."
    )
    headways: dict[str, Annotated[float, Field(gt=0, le=1440)]] = Field(
        default_factory=dict, description="Line of public transport to minutes between departures."
    )
