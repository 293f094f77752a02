"""The digital theme, worked by hand: the western half has 100 Mbit/s and fibre."""

import pytest
from asking import ask, values


def test_upload_and_latency_are_means_of_tests():
    # 30 tests of 20 Mbit/s and 10 ms in the west, 10 of 12 Mbit/s and 30 ms in the east.
    assert ask("broadband_up_mbps").city == pytest.approx(18)
    assert ask("broadband_latency_ms").city == pytest.approx(15)


def test_the_share_at_a_speed_counts_the_speed_itself():
    # Q7 and Q1 lie in the west: 210 of 450.
    assert ask("broadband_share_100").city == pytest.approx(210 / 450)
    assert ask("broadband_share_100", {"speed_mbps": 60}).city == 1
    assert ask("broadband_share_1000").city == 0


def test_where_fibre_and_mobile_networks_reach():
    assert ask("fibre_share").city == pytest.approx(210 / 450)
    assert ask("mobile_coverage_4g").city == 1
    assert ask("mobile_coverage_5g").city == pytest.approx(210 / 450)


def test_public_wi_fi_is_counted_and_walked_to():
    assert values(ask("public_wifi_count"), "Q7 Q4") == [1, 0]
    assert ask("public_wifi_access").city == pytest.approx(90 / 450)


def test_who_is_left_out_twice():
    # Q7: no speed missing, fibre, help at 60 of 2,000 m: a third of 0.03. Q4: 40 of 100 Mbit/s
    # missing, no fibre, 460 m. A fifth of all are over 65, 0.4 on a scale that ends at one half.
    supply = ask("digital_deprivation", variant="supply")
    assert values(supply, "Q7 Q4") == pytest.approx([0.01, (0.4 + 1 + 0.23) / 3])
    assert values(ask("digital_deprivation", variant="need"), "Q7") == pytest.approx([0.4])
    assert values(ask("digital_deprivation"), "Q7") == pytest.approx([(0.01 + 0.4) / 2])
