"""Mean walking time to daily needs, in minutes, over the categories.

(1 / C) Σ_c mean of t to the n nearest facilities of category c, at each origin, then averaged over
residents (Bruno et al., *Nature Cities* 2024, use n = 20; the default is the nearest one, n = 1,
since the layers of one city hold few of most categories). Times above the cap, and unreachable
facilities, count as the cap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import MARGIN
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


class TimeParams(Params):
    """Parameters: the categories, the number of facilities of each and the cap."""

    nearest: int = pydantic.Field(default=1, ge=1, le=50, description="How many of each kind.")
    cap_min: float = pydantic.Field(
        default=60, gt=0, le=240, description="Farther counts as this; minutes on foot."
    )
    categories: dict[str, list[str]] = pydantic.Field(
        default=CATEGORIES,
        min_length=1,
        description="Kind of need to the services any of which meets it.",
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each mode."""
        numbers = {"cap_min": self.cap_min, "nearest": float(self.nearest)}
        lists = {f"category.{name}": tuple(roles) for name, roles in self.categories.items()}
        needs = tuple(role for roles in self.categories.values() for role in roles)
        return by_modes((Query("", {**numbers, **lists}, needs, self.target),), self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest facility of each service, or all within the cap if several are averaged."""
    return tuple(_question(str(role), query) for role in query.needs)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Minutes of each origin, averaged over residents."""
    import numpy as np

    kinds = [[str(role) for role in roles] for roles in _categories(query)]
    origins, low, high = (
        np.mean([_minutes(query, network, roles, factor) for roles in kinds], axis=0)
        for factor in (1, 1 - MARGIN, 1 + MARGIN)
    )
    method = network[network_queries(query)[0]].method
    walked = method != "straight_line"
    return over_residents(
        query, city, unit=INDICATOR.unit, method=method, origins=origins,
        low=low if walked else None, high=high if walked else None,
    )  # fmt: skip


def _categories(query: Query) -> list[tuple[float | str, ...]]:
    """The services of each category, in the order of the city file."""
    return sorted(query.lists.values(), key=lambda roles: query.needs.index(str(roles[0])))


def _question(role: str, query: Query) -> NearestQuery:
    if query["nearest"] == 1:
        return NearestQuery(role, query.mode)
    return NearestQuery(role, query.mode, within_min=query["cap_min"] / (1 - MARGIN))


def _minutes(
    query: Query, network: NetworkResults, roles: list[str], factor: float
) -> NDArray[np.float64]:
    """(n,) mean minutes to the nearest facilities of a category, scaled by a factor."""
    import numpy as np

    cap, count = query["cap_min"], round(query["nearest"])
    nearest_of_each = [network[_question(role, query)] for role in roles]
    if count == 1:
        nearest_min = np.min([nearest.minutes for nearest in nearest_of_each], axis=0)
        return np.asarray(np.minimum(nearest_min * factor, cap))
    pairs = [nearest.pairs for nearest in nearest_of_each if nearest.pairs is not None]
    origin = np.concatenate([one.origin for one in pairs])
    minutes = np.minimum(np.concatenate([one.cost for one in pairs]) * factor, cap)
    order = np.lexsort((minutes, origin))
    origin, minutes = origin[order], minutes[order]
    found = np.bincount(origin, minlength=len(nearest_of_each[0].distance_m))
    rank = np.arange(len(origin)) - (np.cumsum(found) - found)[origin]
    near = rank < count
    total = np.bincount(origin[near], minutes[near], minlength=len(found))
    return np.asarray((total + cap * np.maximum(count - found, 0)) / count)


INDICATOR = Indicator(
    id="city15_time",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="min",
    better="lower",
    bounds=(0, 240),
    needs=("neighbourhoods", "residents"),
    source="Bruno et al., A universal framework for inclusive 15-minute cities, Nature Cities 2024",
    params=TimeParams,
    network_queries=network_queries,
    compute=compute,
)
