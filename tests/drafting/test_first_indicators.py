"""The indicators that a draft asks first."""

from urbanlayer import registry
from urbanlayer.drafting.first_indicators import first_indicators

ROLES = {"neighbourhoods", "residents", "school", "waste_point"}


def test_services_are_asked_with_distances_and_others_are_listed():
    asked, further = first_indicators(registry.indicators(), ROLES)
    assert asked["coverage_within"] == {"services": {"school": 800, "waste_point": 150}}
    assert "population_density" in asked
    assert "green_access_who" not in asked
    assert "waste_volume_per_resident" in further


def test_containers_that_volunteers_drew_are_not_asked_for():
    asked, _ = first_indicators(registry.indicators(), ROLES, {"school", "waste_point"})
    assert asked["coverage_within"] == {"services": {"school": 800}}


def test_without_residents_only_indicators_of_land_are_asked():
    asked, _ = first_indicators(registry.indicators(), ROLES - {"residents"} | {"streets"})
    assert set(asked) == {"intersection_density", "street_density"}
