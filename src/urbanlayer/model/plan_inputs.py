"""What a plan is made of: the city, its queries and results, and how further ones are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from urbanlayer.model.remembering import nothing_remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import IndicatorQuery
    from urbanlayer.model.network_query import NetworkQuery, NetworkResults
    from urbanlayer.model.plan_specification import PlanSpec, ScenarioSpec
    from urbanlayer.model.remembering import Remember
    from urbanlayer.model.result import NotAnswerable, Result


class EvaluatedQueries(Protocol):
    """What the plan reads of the results of an evaluation."""

    @property
    def results(self) -> tuple[Result, ...]:
        """In the order of the queries that are answerable."""

    @property
    def not_answerable(self) -> tuple[NotAnswerable, ...]:
        """The queries that lack an input."""

    @property
    def network(self) -> NetworkResults:
        """The results of the network queries."""


Evaluate = Callable[["City", Iterable["IndicatorQuery | NetworkQuery"]], EvaluatedQueries]
"""Evaluates queries of a city; what was evaluated before and rests on the same inputs is known."""
Edit = Callable[["City", "ScenarioSpec"], "City"]
"""The city with the edits of a scenario."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanInputs:
    """What a plan is made of.

    Attributes
    ----------
    city
        The city as it is.
    queries
        What the city file asks, in its order.
    evaluation
        The results of `queries`.
    shown
        The same results as they may be published; needs rest on these.
    spec
        `[plan]`; its default where the city file has scenarios alone.
    scenarios
        `[scenario.NAME]` by name, in the order of the city file.
    earlier
        Value of the whole city in an earlier run, by id of the result; empty without one.
    evaluate
        Asks further queries of the city, or of an edited one.
    edited
        Edits a city.
    few
        Greatest number of people that must not be told: floors ask for more, and leave as many.
    uncounted
        Keys of the neighbourhoods that show no results: sites and actions are chosen without their
        people.
    remember
        Where sites and programmes are kept from run to run; nowhere by default.
    """

    city: City
    queries: tuple[IndicatorQuery, ...]
    evaluation: EvaluatedQueries
    shown: tuple[Result, ...]
    spec: PlanSpec
    scenarios: Mapping[str, ScenarioSpec]
    evaluate: Evaluate
    edited: Edit
    earlier: Mapping[str, float] = field(default_factory=dict)
    few: float = 0.0
    uncounted: frozenset[str] = frozenset()
    remember: Remember = nothing_remembered
