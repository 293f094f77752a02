"""Timetables with one thing wrong: stops and trips that can be, or one clear error.

30 inputs are tried, 300 with the slow tests, and more with `FUZZ_INPUTS=3000`; each is known by its
number.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import damaged_feeds
import numpy as np
import pytest
from intake import CITY
from requested import requested

from urbanlayer.city.timetable import build_timetable
from urbanlayer.errors import UrbanlayerError
from urbanlayer.layers import validate
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import border

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.timetable import Timetable

FEW, MANY = 30, int(os.environ.get("FUZZ_INPUTS", "300"))
LONGEST = 1_500
"""Characters of a message."""


def read(path: Path) -> tuple[Layer, Timetable]:
    """The stops of a feed, and its trips, as a build needs them."""
    request = requested("stop", LayerSpec(source="gtfs", path=path.name), path)
    raw = border.read_by(request.source, [request])["stop"]
    assert isinstance(raw, RawLayer)
    assert raw.timetable is not None
    layer = validate(raw, request, CITY)
    return layer, build_timetable(raw.timetable(), lambda lonlat: lonlat * 111_195)


@pytest.mark.parametrize("inputs", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_a_feed_with_one_thing_wrong_gives_possible_trips_or_one_error(
    inputs: int, tmp_path: Path
) -> None:
    refused = 0
    for number in range(inputs):
        content, how = damaged_feeds.damaged(random.Random(number))  # noqa: S311  (can be had again)
        path = tmp_path / "feed.zip"
        path.write_bytes(content)
        try:
            layer, timetable = read(path)
        except UrbanlayerError as error:
            refused += 1
            check_message(str(error), f"{number} ({how})")
            continue
        assert layer.read == len(layer.frame) + len(layer.excluded), (number, how)
        check_possible(timetable, f"{number} ({how})")
    assert inputs // 10 < refused < inputs - inputs // 10  # neither is all there is


def check_message(error: str, about: str) -> None:
    assert error.replace("\n", "").isprintable(), about
    assert len(error) < LONGEST, about
    assert "feed.zip" in error or "timetable 'feed'" in error, about


def check_possible(table: Timetable, about: str) -> None:
    """Every call is of a trip and stop that there is; no vehicle arrives before it has left."""
    assert np.isin(table.call_stop, np.arange(len(table.stop_keys))).all(), about
    assert np.isin(table.call_trip, np.arange(len(table.trip_route))).all(), about
    assert (table.departure_s >= table.arrival_s).all(), about
    assert (table.arrival_s >= 0).all(), about
    same_trip = np.diff(table.call_trip) == 0
    waits = table.arrival_s[1:] - table.departure_s[:-1]
    assert (waits[same_trip] >= 0).all(), about


def test_rows_columns_and_files_in_another_order_are_the_same_timetable(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    path.write_bytes(damaged_feeds.packed(damaged_feeds.sound()))
    layer, timetable = read(path)
    assert len(timetable.trip_route) == 3 + 6  # T1 to T3, and F each ten minutes from six to seven
    for number in range(5):
        path.write_bytes(damaged_feeds.shuffled(random.Random(number)))  # noqa: S311
        other, other_timetable = read(path)
        assert other_timetable.digest == timetable.digest
        assert other.frame["departures"].to_dict() == layer.frame["departures"].to_dict()
