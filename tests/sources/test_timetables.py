"""Feeds as they are: blank times, frequencies, calls past midnight, trips that run backwards."""

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from requested import requested

from urbanlayer.city.timetable import build_timetable
from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.note import Listing, Note
from urbanlayer.sources.gtfs import read

DAY = dt.date(2026, 9, 16)
ABC = {"A": (0.0, 0.0), "B": (0.001, 0.0), "C": (0.004, 0.001)}
"""A thousandth of a degree is 111 m on the equator, east and north alike."""
HEADING = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"


def feed(times, stops=ABC, **more):
    """A feed of text tables; `times` holds (trip, stop, arrival and departure)."""
    rows = [(*row, row[2]) if len(row) == 3 else row for row in times]
    trips = list(dict.fromkeys(row[0] for row in rows))
    tables = {
        "stops": pd.DataFrame(
            [(key, x, y) for key, (x, y) in stops.items()],
            columns=["stop_id", "stop_lon", "stop_lat"],
        ),
        "routes": pd.DataFrame(
            {"route_id": ["7", "M"], "route_short_name": ["7", ""], "route_type": ["3", "1"]}
        ),
        "trips": pd.DataFrame(
            {"trip_id": trips, "route_id": "7", "service_id": "daily", "shape_id": "s"}
        ),
        "stop_times": pd.DataFrame(
            {
                "trip_id": [row[0] for row in rows],
                "stop_id": [row[1] for row in rows],
                "stop_sequence": [str(10 * number) for number in range(len(rows))],
                "arrival_time": [row[2] for row in rows],
                "departure_time": [row[3] for row in rows],
            }
        ),
    }
    return tables | more


def shape(*points):
    """`shapes.txt` with one shape, `s`."""
    east, north = zip(*points, strict=True)
    sequence = range(5, 5 + 10 * len(points), 10)
    return pd.DataFrame(
        {
            "shape_id": "s",
            "shape_pt_lon": east,
            "shape_pt_lat": north,
            "shape_pt_sequence": sequence,
        }
    )


def written(folder, tables):
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.txt", index=False)
    calendar = f"{HEADING}\ndaily,1,1,1,1,1,1,1,20260901,20260930\n"
    (folder / "calendar.txt").write_text(calendar)
    return folder


def layer_of(tables):
    """The stops of a feed as they are read."""
    with tempfile.TemporaryDirectory() as name:
        folder = written(Path(name), tables)
        spec = LayerSpec(path=name, source="gtfs", service_day=DAY)
        return read([requested("stop", spec, folder)])["stop"]


def built(tables):
    return build_timetable(layer_of(tables).timetable(), lambda lonlat: lonlat * 111_195)


def filled(stops, calls, *points):
    """Minutes at which a trip of an hour calls, with times at its ends alone."""
    times = ["08:00:00", *[""] * (len(calls) - 2), "09:00:00"]
    more = {"shapes": shape(*points)} if points else {}
    table = built(feed([("t", *call) for call in zip(calls, times, strict=True)], stops, **more))
    np.testing.assert_array_equal(table.arrival_s, table.departure_s)
    return (table.arrival_s / 60 - 480).round(2).tolist()


LINE = {key: (0.001 * number, 0.0) for number, key in enumerate("ABCDEFG")}
"""Stops at even distances on a straight street."""


def test_a_line_out_and_back_on_one_street_is_placed_in_its_order():
    # seven calls at even distances along the way: ten minutes each
    there_and_back = (0.0, 0.0), (0.003, 0.0), (0.0, 0.0)
    assert filled(LINE, "ABCDCBA", *there_and_back) == [0, 10, 20, 30, 40, 50, 60]
    fine = [(0.0001 * abs(30 - abs(n - 30)), 0.0) for n in range(61)]
    assert filled(LINE, "ABCDCBA", *fine) == [0, 10, 20, 30, 40, 50, 60]


def test_a_short_run_on_a_shape_out_and_back_takes_the_shorter_way():
    there_and_back = (0.0, 0.0), (0.006, 0.0), (0.0, 0.0)
    assert filled(LINE, "BCDE", *there_and_back) == [0, 20, 40, 60]
    assert filled(LINE, "EDCB", *there_and_back) == [0, 20, 40, 60]


def test_a_ring_ends_where_it_began():
    # a square of four equal sides; A is at its begin and end
    ring = {"A": (0.0, 0.0), "B": (0.002, 0.0), "C": (0.002, 0.002), "D": (0.0, 0.002)}
    corners = [ring[key] for key in "ABCDA"]
    assert filled(ring, "ABCDA", *corners) == [0, 15, 30, 45, 60]
    assert filled(ring, "BCDA", *corners) == [0, 20, 40, 60]


def test_a_figure_of_eight_passes_its_middle_twice():
    # two squares of side 1 that meet in X: X a b c X d e f X, eight sides of 7.5 minutes
    eight = {
        "X": (0.0, 0.0), "a": (0.001, 0.0), "b": (0.001, 0.001), "c": (0.0, 0.001),
        "d": (-0.001, 0.0), "e": (-0.001, -0.001), "f": (0.0, -0.001),
    }  # fmt: skip
    way = [eight[key] for key in "XabcXdefX"]
    assert filled(eight, "XabcXdefX", *way) == [7.5 * n for n in range(9)]
    assert filled(eight, "XbXeX", *way) == [0, 15, 30, 45, 60]
    assert filled(eight, "aXf", *way) == [0, 30, 60]  # three sides by b and c, three by d and e


def test_stops_beside_the_street_and_out_of_line_are_placed():
    beside = {key: (x, 0.0001 * (-1) ** n) for n, (key, (x, _)) in enumerate(LINE.items())}
    way = (0.0, 0.0), (0.006, 0.0)
    assert filled(beside, "ABCDEFG", *way) == [0, 10, 20, 30, 40, 50, 60]


def test_without_a_shape_times_follow_the_distance_between_stops():
    assert filled(LINE, "ABDG") == [0, 10, 30, 60]


def test_a_shape_of_another_street_is_not_used():
    assert filled(LINE, "ABDG", (0.0, 0.1), (0.01, 0.1)) == [0, 10, 30, 60]


def test_blank_points_of_a_shape_are_left_out():
    points = [(0.0, 0.0), ("", ""), (0.003, 0.0), (0.006, "")]
    layer = layer_of(feed([("t", "A", "08:00:00"), ("t", "B", ""), ("t", "D", "08:30:00")], LINE,
                          shapes=shape(*points)))  # fmt: skip
    assert Note.of("shape-points-blank", count=2) in layer.notes
    assert layer.timetable()[0].arrival_s.tolist() == [28800, 29400, 30600]


@pytest.mark.parametrize("unit", [1.0, 0.001, 3.28084])
def test_distances_that_the_feed_gives_come_first(unit):
    # B after 480 of 800 m, though it is a third of the straight line
    tables = feed([("t", "A", "08:00:00"), ("t", "B", ""), ("t", "D", "08:30:00")], LINE)
    metres = np.array([0.0, 480.0, 800.0])
    tables["stop_times"] = tables["stop_times"].assign(shape_dist_traveled=metres * unit)
    assert built(tables).arrival_s.tolist() == [28800, 29880, 30600]


@pytest.mark.parametrize("told", [[0, 1, 2], [0, 0, 0], [0, 900, 800], ["", 1, 2], [0, 10, 20000]])
def test_numbers_that_are_no_distances_are_not_used(told):
    tables = feed([("t", "A", "08:00:00"), ("t", "B", ""), ("t", "D", "08:30:00")], LINE)
    tables["stop_times"] = tables["stop_times"].assign(shape_dist_traveled=told)
    assert built(tables).arrival_s.round(3).tolist() == [28800, 29400, 30600]


def test_blank_times_before_the_first_and_after_the_last_known_stay_unknown():
    times = ["", "08:00:00", "", "08:20:00", ""]
    table = built(feed([("t", *call) for call in zip("ABCDE", times, strict=True)], LINE))
    assert table.arrival_s.tolist() == [28800, 29400, 30000]
    assert Note.of("calls-without-time", count=2) in table.notes


def test_a_trip_without_times_counts_in_the_day_and_at_no_hour():
    layer = layer_of(
        feed([("t", "A", "08:00:00"), ("t", "B", "08:05:00"), ("u", "A", ""), ("u", "B", "")])
    )
    assert layer.frame.loc["A", "departures"] == 2
    by_hour = layer.frame.loc["A", "departures_by_hour"].split(",")
    assert [hour for hour, count in enumerate(by_hour) if count != "0"] == [8]
    assert Note.of("trips-without-times", count=1, trips=Listing(("u",))) in layer.notes
    assert len(layer.timetable()[0].trip_route) == 1


def headways(*rows):
    columns = ["trip_id", "start_time", "end_time", "headway_secs", "exact_times"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("exact", ["", "0", "1"])
@pytest.mark.parametrize("end", ["02:00:00", "26:00:00", "2:00"])
def test_frequencies_that_end_after_midnight_run_on(end, exact):
    # every half hour from 22:00 until before 2:00: eight runs
    rows = headways(("t", "22:00:00", end, "1800", exact))
    times = [("t", "A", "10:00:00"), ("t", "B", "10:04:00")]
    tables = feed(times, frequencies=rows)
    starts = built(tables).departure_s[::2] / 3600
    assert starts.tolist() == [22, 22.5, 23, 23.5, 24, 24.5, 25, 25.5]
    by_hour = layer_of(tables).frame.loc["A", "departures_by_hour"].split(",")
    assert by_hour[22:26] == ["2"] * 4
    assert sum(map(int, by_hour)) == 8


@pytest.mark.parametrize(
    "row",
    [
        ("t", "", "22:00:00", "600", ""),
        ("t", "06:00:00", "", "600", ""),
        ("t", "06:00:00", "22:00:00", "", ""),
        ("t", "06:00:00", "22:00:00", "0", ""),
        ("t", "06:00:00", "22:00:00", "-5", ""),
        ("t", "06:00:00", "06:00:00", "600", ""),
        ("t", "soon", "22:00:00", "often", ""),
    ],
)
def test_a_row_of_frequencies_that_cannot_be_used_makes_no_run_and_is_named(row):
    times = [("t", "A", "10:00:00"), ("t", "B", "10:04:00"), ("u", "A", "11:00:00"),
             ("u", "B", "11:04:00")]  # fmt: skip
    layer = layer_of(feed(times, frequencies=headways(row)))
    assert layer.frame.loc["A", "departures"] == 1
    assert Note.of("headways-unusable", count=1, trips=Listing(("t",))) in layer.notes
    assert layer.timetable()[0].departure_s.tolist() == [39600, 39840]


def test_a_repeated_trip_without_a_time_at_its_first_stop_is_named():
    runs = pd.DataFrame(
        [("t", "08:00:00", "08:20:00", "600")],
        columns=["trip_id", "start_time", "end_time", "headway_secs"],
    )
    calls = [("t", "A", ""), ("t", "B", "00:05:00"), ("t", "C", "00:10:00")]
    note = Note.of("headways-start-later", count=1, trips=Listing(("t",)))
    assert note in layer_of(feed(calls, frequencies=runs)).notes
    whole = [("t", "A", "00:00:00"), *calls[1:]]
    assert note.code not in {one.code for one in layer_of(feed(whole, frequencies=runs)).notes}


def agencies(*zones):
    return pd.DataFrame({"agency_name": [*zones], "agency_timezone": [*zones]})


@pytest.mark.parametrize(
    ("zones", "differ"),
    [
        (("Europe/Podgorica", "Europe/Belgrade"), False),  # two zones of one time
        (("Europe/Podgorica", "Europe/Athens"), True),
        (("Europe/Podgorica", "Nowhere/Nothing", ""), False),
        (("../Europe", "Europe", "Europe/Podgorica"), False),
    ],
)
def test_agencies_of_other_clocks_are_refused(zones, differ, tmp_path):
    calls = [("t", "A", "08:00:00"), ("t", "B", "08:05:00")]
    tables = feed(calls, agency=agencies(*zones))
    if differ:
        with pytest.raises(SourceError, match=r"time zones .*Podgorica, .*Athens.*clocks differ"):
            layer_of(tables)
    else:
        assert layer_of(tables).frame["departures"].sum() == 1
    for name, zone in zip("ab", zones[:2], strict=True):
        (tmp_path / name).mkdir()
        written(tmp_path / name, feed(calls, agency=agencies(zone)))
    spec = LayerSpec(path=["a", "b"], source="gtfs", service_day=DAY)
    both = replace(requested("stop", spec, tmp_path / "a"), more=(tmp_path / "b",))
    if differ:
        with pytest.raises(SourceError, match=r"\(a: Europe/Podgorica, b: Europe/Athens\)"):
            read([both])
    else:
        assert read([both])["stop"].frame["departures"].sum() == 2


def test_frequencies_of_several_hours_add_up():
    rows = headways(("t", "06:00:00", "07:00:00", "600", ""), ("t", "07:00", "09:00", "1200", ""))
    layer = layer_of(feed([("t", "A", "0:10"), ("t", "B", "0:14"), ("t", "C", "0:16")],
                          frequencies=rows))  # fmt: skip
    assert layer.frame["departures"].tolist() == [12, 12, 0]
    assert layer.frame.loc["A", "departures_by_weekday"] == ",".join(["12"] * 7)
    (table,) = layer.timetable()
    assert table.departure_s[table.call_stop == 1].tolist() == [
        second + 240 for second in [*range(21600, 25200, 600), *range(25200, 32400, 1200)]
    ]


def test_a_headway_of_no_time_at_all_is_refused():
    rows = headways(("t", "06:00:00", "22:00:00", "0.00001", ""))
    with pytest.raises(SourceError, match=r"frequencies\.txt makes .* calls"):
        layer_of(feed([("t", "A", "08:00:00"), ("t", "B", "08:05:00")], frequencies=rows))


def test_blank_times_are_filled_in_by_distance_along_the_shape():
    times = [("t", "A", "08:00:00"), ("t", "B", ""), ("t", "C", "08:05:00")]
    by_shape = built(feed(times, shapes=shape((0.0, 0.0), (0.004, 0.0), (0.004, 0.001))))
    # B lies after 111 of 556 m: a fifth of five minutes
    np.testing.assert_allclose(by_shape.arrival_s, [28800, 28860, 29100], atol=1e-3)
    # from B it is the root of 3² + 1² times as far to C as from A
    by_stops = layer_of(feed(times))
    expected = 28800 + 300 / (1 + 10**0.5)
    assert by_stops.timetable()[0].departure_s[1] == pytest.approx(expected)
    assert Note.of("times-filled", count=1, by_shape=0) in by_stops.notes


def test_a_bus_that_waits_goes_on_from_its_departure():
    times = [("t", "A", "08:00:00", "08:02:00"), ("t", "B", ""), ("t", "C", "08:04:00")]
    table = built(feed(times, LINE))
    assert table.arrival_s.tolist() == [28800, 28980, 29040]


def test_frequencies_run_as_often_as_they_say():
    frequencies = pd.DataFrame(
        {
            "trip_id": ["t"],
            "start_time": ["06:00:00"],
            "end_time": ["07:00:00"],
            "headway_secs": ["900"],
        }
    )
    table = built(feed([("t", "A", "00:00:00"), ("t", "B", "00:04:00")], frequencies=frequencies))
    starts = table.departure_s[table.call_stop == 0]
    assert (starts / 60).tolist() == [360, 375, 390, 405]
    assert len(table.trip_route) == 4
    assert table.notes == (Note.of("trips-repeated", trips=1, count=4),)


def test_times_run_on_past_midnight():
    table = built(feed([("t", "A", "23:55:00"), ("t", "B", "24:10:00"), ("t", "C", "25:00:00")]))
    assert table.arrival_s.tolist() == [86100, 87000, 90000]


def test_times_that_cannot_be_read_are_noted():
    layer = layer_of(feed([("t", "A", "9 o'clock"), ("t", "B", "9:05:00"), ("t", "C", "9:10:00")]))
    notes = {dict(note.values)["column"]: note for note in layer.notes if "unreadable" in note.code}
    assert len(notes) == 2  # arrivals and departures
    for note in notes.values():
        assert dict(note.values)["examples"] == Listing(("9 o'clock",))


def test_times_that_begin_again_after_midnight_run_on():
    table = built(
        feed(
            [
                ("t", "A", "23:55:00"),
                ("t", "B", "0:10:00"),
                ("t", "C", "1:00:00"),
                ("u", "A", "08:00:00"),
                ("u", "B", "08:05:00"),
            ]
        )
    )
    assert table.arrival_s.tolist() == [86100, 87000, 90000, 28800, 29100]
    assert table.notes == ()


def test_trips_that_run_backwards_or_call_once_are_left_out_and_counted():
    times = [
        ("good", "A", "08:00:00"),
        ("good", "B", "08:05:00"),
        ("back", "A", "09:00:00"),
        ("back", "B", "08:55:00"),
        ("once", "A", "10:00:00"),
    ]
    table = built(feed(times))
    assert len(table.trip_route) == 1
    assert table.notes == (
        Note.of("trips-backwards", count=1),
        Note.of("trips-of-one-call", count=1),
    )


def test_a_trip_may_call_twice_at_one_stop():
    table = built(feed([("t", "A", "08:00:00"), ("t", "B", "08:05:00"), ("t", "A", "08:10:00")]))
    assert table.call_stop.tolist() == [0, 1, 0]


def test_routes_of_high_capacity_and_names_are_known():
    table = built(feed([("t", "A", "08:00:00"), ("t", "B", "08:05:00")]))
    assert table.route_is_rail.tolist() == [False, True]
    assert table.route_names.tolist() == ["7", "M"]


def test_trips_of_which_none_has_two_known_times_say_so():
    layer = layer_of(feed([("t", "A", "08:00:00"), ("t", "B", "")]))
    with pytest.raises(SourceError, match=r"no trip .* on 2026-09-16; set another service_day"):
        layer.timetable()
