"""The digital theme, worked by hand: the western half has 100 Mbit/s and fibre."""

import pytest
import toy
from toy_results import query, values

from urbanlayer import registry


def test_upload_and_latency_are_means_of_tests():
    # 30 tests of 20 Mbit/s and 10 ms in the west, 10 of 12 Mbit/s and 30 ms in the east.
    assert query("broadband_up_mbps").city == pytest.approx(18)
    assert query("broadband_latency_ms").city == pytest.approx(15)


def test_the_share_at_a_speed_counts_the_speed_itself():
    # Q7 and Q1 lie in the west: 210 of 450.
    assert query("broadband_share_100").city == pytest.approx(210 / 450)
    assert query("broadband_share_100", {"speed_mbps": 60}).city == 1
    assert query("broadband_share_1000").city == 0


def test_where_fibre_and_mobile_networks_reach():
    assert query("fibre_share").city == pytest.approx(210 / 450)
    assert query("mobile_coverage_4g").city == 1
    assert query("mobile_coverage_5g").city == pytest.approx(210 / 450)


def test_public_wi_fi_is_counted_and_walked_to():
    assert values(query("public_wifi_count"), "Q7 Q4") == [1, 0]
    assert query("public_wifi_access").city == pytest.approx(90 / 450)


def test_who_is_left_out_twice():
    # Q7: no speed missing, fibre, help at 60 of 2,000 m: a third of 0.03. Q4: 40 of 100 Mbit/s
    # missing, no fibre, 460 m. A fifth of all are over 65, 0.4 on a scale that ends at one half.
    supply = query("digital_deprivation", variant="supply")
    assert values(supply, "Q7 Q4") == pytest.approx([0.01, (0.4 + 1 + 0.23) / 3])
    assert values(query("digital_deprivation", variant="need"), "Q7") == pytest.approx([0.4])
    assert values(query("digital_deprivation"), "Q7") == pytest.approx([(0.01 + 0.4) / 2])


def test_mobile_networks_are_apart_from_fixed_ones():
    # The toy's mobile tests are those of the fixed network: 100 (30 tests) and 60 (10): 90.
    assert query("broadband_mobile_down_mbps").city == pytest.approx(90)


def test_the_broadband_of_iso_is_almost_everywhere():
    assert query("broadband_share_iso").city == 1


def asked_of_office_like(name, **columns):
    """The answer where every facility of the toy city has these columns."""
    found = toy.shapes()
    for role in ("eservice_point", "citizens_office"):
        origins, others = found[role]
        found[role] = (origins, {**others, **{key: [value] for key, value in columns.items()}})
    indicator = registry.indicators()[name]
    (one,) = indicator.params().queries()
    return toy.result(indicator, one, toy.city(found))


@pytest.mark.parametrize(
    ("service", "served"),
    # 1,000 m reach Q7, Q4, Q1, Q3, Q9 (860 m at most); 1,500 m also Q8 and Q6 (1,260 m).
    [("eservice_point", 90 + 60 + 120 + 10 + 30), ("citizens_office", 450 - 80)],
)
def test_only_those_open_late_and_those_without_a_step_count(service, served):
    late, step_free = f"{service}_late_access", f"{service}_step_free_access"
    assert asked_of_office_like(late).city == pytest.approx(served / 450)
    assert asked_of_office_like(late, opening_hours="Mo-Fr 07:00-16:00").city == 0
    assert asked_of_office_like(step_free).city == pytest.approx(served / 450)


def test_a_list_that_says_no_hours_is_a_fault_and_not_an_answer_of_none():
    found = toy.shapes()
    origins, others = found["eservice_point"]
    found["eservice_point"] = (origins, {**others, "opening_hours": [""], "step_free": [False]})
    city = toy.city(found)
    for name, column in (("late", "opening_hours"), ("step_free", "step_free")):
        indicator = registry.indicators()[f"eservice_point_{name}_access"]
        (one,) = indicator.params().queries()
        (fault,) = indicator.errors(city, one)
        assert f"no feature has {column}" in fault


def test_the_way_to_help_in_metres():
    # 60 m from Q7's home, 460 m from Q4's.
    assert values(query("eservice_point_nearest_m"), "Q7 Q4") == pytest.approx([60, 460])
    assert values(query("citizens_office_nearest_m"), "Q7 Q4") == pytest.approx([60, 460])
