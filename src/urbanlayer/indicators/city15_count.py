"""Number of categories of daily needs within 15 minutes on foot.

Σ_c 1[min_{j∈c} t_ij ≤ T] at each origin, averaged over residents: T = 15 minutes at 80 m/min, c the
categories of the city file. The default categories are those of Bruno et al., *Nature Cities* 2024,
that are facilities: outdoor, learning, supplies, eating, moving, culture, exercise, services,
health. A role belongs to one category only, otherwise it counts twice.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

CATEGORIES = {
    "outdoor": ["playground"],
    "learning": ["kindergarten", "school"],
    "supplies": ["food_market", "convenience"],
    "eating": ["restaurant"],
    "moving": ["stop"],
    "culture": ["culture", "library"],
    "exercise": ["sports"],
    "services": ["bank", "post_office"],
    "health": ["clinic", "pharmacy"],
}
SOURCE = "Bruno et al., A universal framework for inclusive 15-minute cities, Nature Cities 2024"


class DailyNeedsParams(Params):
    """Parameters: the categories and the walking time."""

    minutes: float = pydantic.Field(default=15, gt=0, le=120, description="On foot, from home.")
    categories: dict[str, list[str]] = pydantic.Field(
        default=CATEGORIES,
        min_length=1,
        description="Kind of need to the services any of which meets it.",
    )
    modes: list[str] = modes_field()

    @pydantic.field_validator("categories")
    @classmethod
    def _each_service_once(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        roles = [role for several in value.values() for role in several]
        twice = sorted({role for role in roles if roles.count(role) > 1})
        if twice or not all(value.values()):
            msg = f"{', '.join(twice) or 'a category'}: each service stands in one category"
            raise ValueError(msg)
        return value

    def queries(self) -> tuple[Query, ...]:
        """One query for each mode."""
        lists = {f"category.{name}": tuple(roles) for name, roles in self.categories.items()}
        needs = tuple(role for roles in self.categories.values() for role in roles)
        query = Query("", {"minutes": self.minutes, **lists}, needs, self.target)
        return by_modes((query,), self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest facility of each service."""
    return tuple(NearestQuery(role, query.mode) for role in query.needs)


def compute(
    city: City, query: Query, network: NetworkResults, *,
    aggregate: str = "count",
) -> Result:  # fmt: skip
    """Categories met at each origin, or 1 where all are, averaged over residents."""
    import numpy as np

    from urbanlayer.kernels.threshold import within

    nearest_min = [
        np.min([network[NearestQuery(str(role), query.mode)].minutes for role in roles], axis=0)
        for roles in query.lists.values()
    ]
    together = np.all if aggregate == "all" else np.sum
    satisfied = together([within(one, query["minutes"]) for one in nearest_min], axis=0)
    return over_residents(
        query, city, unit="share" if aggregate == "all" else "needs",
        method=network[network_queries(query)[0]].method, origins=satisfied.astype(np.float64),
    )  # fmt: skip


INDICATOR = Indicator(
    id="city15_count",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="needs",
    better="higher",
    bounds=(0, 1000),
    needs=("neighbourhoods", "residents"),
    source=SOURCE,
    params=DailyNeedsParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("minutes"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the share of residents with all categories."""
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better="higher",
        bounds=(0, 1),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=DailyNeedsParams,
        network_queries=network_queries,
        compute=functools.partial(compute, aggregate="all"),
        sensitivity=ten_percent("minutes"),
    )
