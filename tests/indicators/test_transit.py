"""Public transport, worked by hand: one stop at (200, 200) with 48 departures."""

import pytest
import toy
from pydantic import ValidationError
from toy_results import query, values

from urbanlayer import registry


def test_convenient_access_is_500_m_to_a_bus():
    result = query("sdg_11_2_1")
    assert values(result, "Q7 Q4 Q9") == [1, 1, 0]
    assert result.city == pytest.approx(270 / 450)


def test_a_station_of_trains_serves_a_kilometre():
    # The toy's clinics stand where the stop is: taken as stations, they serve 860 m too.
    assert values(query("sdg_11_2_1", {"high": ["clinic"]}), "Q7 Q9 Q8") == [1, 1, 0]


def test_a_stop_of_trains_by_its_timetable_serves_a_kilometre():
    # Q9's and Q8's homes are 860 m and 1,260 m from the stop
    found = toy.shapes()
    points, columns = found["stop"]
    trains = {**found, "stop": (points, {**columns, "high_capacity": [True]})}
    indicator = registry.indicators()["sdg_11_2_1"]
    (one,) = indicator.params().queries()
    city = toy.city(trains)
    assert values(toy.result(indicator, one, city), "Q7 Q9 Q8") == [1, 1, 0]


def test_convenient_is_500_m_to_a_bus_and_a_kilometre_to_a_train_at_most():
    """UN-Habitat, metadata of SDG 11.2.1, 2021."""
    (usual,) = registry.indicators()["sdg_11_2_1"].params().queries()
    assert dict(usual.parameters) == {"low_m": 500, "high_m": 1000}
    # Q4 at 460 m of the bus stop; Q9 at 860 m of the station
    near = {"low_m": 460, "high_m": 860, "high": ["clinic"]}
    assert values(query("sdg_11_2_1", {"low_m": 460, "high_m": 1}), "Q7 Q4 Q9") == [1, 1, 0]
    assert values(query("sdg_11_2_1", {"low_m": 459.9}), "Q7 Q4 Q9") == [1, 0, 0]
    assert values(query("sdg_11_2_1", near), "Q4 Q9 Q8") == [1, 1, 0]
    assert values(query("sdg_11_2_1", {**near, "high_m": 859.9}), "Q4 Q9 Q8") == [1, 0, 0]


@pytest.mark.parametrize(("departures", "served"), [(0.0, 0), (1.0, 270), (float("nan"), 270)])
def test_a_stop_that_nothing_leaves_from_is_none_and_one_without_a_timetable_is(departures, served):
    found = toy.shapes()
    points, columns = found["stop"]
    idle = {**found, "stop": (points, {**columns, "departures": [departures]})}
    indicator = registry.indicators()["sdg_11_2_1"]
    (one,) = indicator.params().queries()
    city = toy.city(idle)
    assert toy.result(indicator, one, city).city == pytest.approx(served / 450)


def test_headway_ex():
    # 48 departures in the 720 minutes from 7 to 19: every 15 minutes.
    result = query("stop_headway_min")
    assert result.values["Q7"] == 15
    assert result.reasons["Q4"] == "no-departures"


def test_departures_are_those_of_the_window():
    found = toy.shapes()
    points, columns = found["stop"]
    hourly = ",".join(["0"] * 7 + ["4"] * 12 + ["9"] * 11)
    timed = {**found, "stop": (points, {**columns, "departures_by_hour": [hourly]})}
    indicator = registry.indicators()["stop_headway_min"]
    (one,) = indicator.params().queries()
    assert toy.result(indicator, one, toy.city(timed)).values["Q7"] == 15


@pytest.mark.parametrize(("minutes", "served"), [(15, 270), (14, 0)])
def test_frequent_service_is_at_least_that_often(minutes, served):
    result = query("transit_freq_access", {"minutes": [minutes]})
    assert result.city == pytest.approx(served / 450)


def test_class_of_service():
    # 48 departures from 6 to 20 are 3.4 an hour: low, within 400 m of the stop, so in Q7 alone;
    # fewer than half of the city's residents have any.
    assert values(query("transit_class_ec"), "Q7 Q4") == [1, 0]
    assert query("transit_class_ec").city == 0


@pytest.mark.parametrize(("departures", "expected"), [(55, 1), (56, 2), (140, 2), (141, 3)])
def test_classes_begin_at_4_and_above_10_an_hour(departures, expected):
    found = toy.shapes()
    points, columns = found["stop"]
    busy = {**found, "stop": (points, {**columns, "departures": [float(departures)]})}
    indicator = registry.indicators()["transit_class_ec"]
    (one,) = indicator.params().queries()
    city = toy.city(busy)
    assert toy.result(indicator, one, city).values["Q7"] == expected


def test_access_index_of_a_bus_and_a_train():
    # From Q7's home 60 m. Bus, 4 an hour: 30 / (0.75 + 7.5 + 2); train, 2: 30 / (0.75 + 15 + 0.75).
    # From Q4's, 460 m, the same with 5.75 minutes of walking; Q9's, 860 m, has the train alone.
    near = 30 / (0.75 + 7.5 + 2) + 30 / (0.75 + 15 + 0.75)
    farther = 30 / (5.75 + 7.5 + 2) + 30 / (5.75 + 15 + 0.75)
    train = 30 / (10.75 + 15 + 0.75)
    assert values(query("ptal_ai"), "Q7 Q4 Q9 Q8") == pytest.approx([near, farther, train, 0])


@pytest.mark.parametrize(
    ("minutes", "expected"), [(9, (0, 1, 1)), (8.9, (0, 0, 1)), (12, (1, 1, 1)), (6.9, (0, 0, 0))]
)
def test_places_within_reach_of_a_bus(minutes, expected):
    # From Q5's home it is 45 s to the bus that leaves at 7:05, 7:15 …, and 4 min with it to the
    # school: 9 min for who leaves at 7:00, 8 at 7:01, 7, 6, 5 at 7:04, 14 at 7:05, 13, 12, 11, 10
    # at 7:09, and so on until 9:00 (12 times each, 9 min 13 times): of the 121 minutes 36 keep to 7
    # minutes, 61 to 9 and 97 to 12. On foot it is 20.75 min.
    result = query("transit_cum_access", {"services": ["school"], "minutes": [minutes]},
                 variant="school")  # fmt: skip
    found = tuple(answers["Q5"] for answers in (result.low, result.values, result.high))
    assert found == expected


def test_who_is_sooner_on_foot_walks():
    # Q4's home is 460 m from the school: 5.75 min, whenever one leaves
    table = {"services": ["school"], "minutes": [5.75]}
    result = query("transit_cum_access", table, variant="school")
    assert values(result, "Q7 Q4 Q5") == [1, 1, 0]
    # in every minute; a tenth slower it takes 460 / 72 = 6.39 min, a tenth faster 460 / 88 = 5.23
    assert (result.low["Q4"], result.high["Q4"]) == (0, 1)
    early = query("transit_cum_access", {**table, "minutes": [5.25]}, variant="school")
    assert (early.low["Q4"], early.values["Q4"], early.high["Q4"]) == (0, 0, 1)
    late = query("transit_cum_access", {**table, "minutes": [6.4]}, variant="school")
    assert (late.low["Q4"], late.values["Q4"], late.high["Q4"]) == (1, 1, 1)


def test_jobs_within_reach_of_a_bus():
    # 10 and 20 jobs at (100, 100) and (150, 100), 5 at (1000, 1000). Q7's home is within 4.6 min of
    # the first two. The bus takes it to the third: 45 s to the stop, and 4 min with the bus.
    table = {"minutes": [9], "since_hour": 7, "until_hour": 7.05}
    # who leaves at 7:00 has just missed the bus, and takes that of 7:10, until 7:14
    assert query("jobs_access_transit_45", table).values["Q7"] == 30
    assert query("jobs_access_transit_45", {**table, "minutes": [14]}).values["Q7"] == 35
    assert query("jobs_access_transit_45").values["Q7"] == 35


@pytest.mark.parametrize("distance", ["low_m", "high_m"])
def test_convenient_is_more_than_nothing_and_at_most_five_kilometres(distance):
    params = registry.indicators()["sdg_11_2_1"].params
    for metres in (0.5, 5000):
        (one,) = params.model_validate({distance: metres}).queries()
        assert one[distance] == metres
    for metres in (0, 5000.5):
        with pytest.raises(ValidationError):
            params.model_validate({distance: metres})
