"""The first indicators of a draft, of those that its layers allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.role_names import TRANSIT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from urbanlayer.model.indicator import Indicator

METRES: Mapping[str, int] = {
    "kindergarten": 500, "school": 800, "clinic": 1000, "pharmacy": 800, "stop": 500,
    "playground": 500, "food_market": 800, "library": 1500, "post_office": 1500,
    "waste_point": 150, "recycling_point": 300, "citizens_office": 1500, "eservice_point": 1000,
}  # fmt: skip
"""Walking distances to begin with; for a city to change."""
HARDLY_COMPLETE = frozenset({"waste_point", "recycling_point"})
"""Services of which volunteers draw only a few: a share of residents would look like all."""
FIRST = (
    "coverage_within", "green_access_who", "green_area_per_resident", "population_density",
    "broadband_down_mbps", "broadband_share_100", "flood_exposed_share", "lst_mean",
    "jobs_per_resident", "lighting_share", "floor_area_ratio", "building_coverage",
    "intersection_density", "street_density",
)  # fmt: skip
"""Indicators whose parameters fit any city."""
_OF_SERVICES = "coverage_within"


def first_indicators(
    indicators: Mapping[str, Indicator],
    roles: Collection[str],
    by_volunteers: Collection[str] = (),
) -> tuple[dict[str, dict[str, object]], tuple[str, ...]]:
    """The indicators to query, with their parameters, and the others that could be queried.

    Parameters
    ----------
    indicators
        All, by id.
    roles
        Of the layers that stand; `residents` among them where something counts people.
    by_volunteers
        Roles of layers that volunteers draw.
    """
    there = set(roles) | ({"timetable"} if TRANSIT in roles else set())
    answerable = [name for name, one in indicators.items() if set(one.needs) <= there]
    unsure = HARDLY_COMPLETE & set(by_volunteers)
    services = {name: far for name, far in METRES.items() if name in roles and name not in unsure}
    chosen: dict[str, dict[str, object]] = {}
    for name in FIRST:
        if name not in answerable:
            continue
        if name == _OF_SERVICES:
            if services:
                chosen[name] = {"services": services}
            continue
        chosen[name] = {}
    return chosen, tuple(name for name in answerable if name not in FIRST)
