"""How long by bus and on foot: every minute of a window, from every resident place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.city.walk import SNAP_LIMIT_M, meet
from urbanlayer.measure.departures import CHANGE_S, arrivals, connect, travel_minutes
from urbanlayer.measure.pairs import least_pairs, pairs_within
from urbanlayer.measure.snapping import attach_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from urbanlayer.city.entrances import Targets
    from urbanlayer.city.walk import Walk
    from urbanlayer.measure.departures import Arrivals, Connections
    from urbanlayer.measure.pairs import Pairs
    from urbanlayer.model.timetable import Timetable

WINDOW_S = (7 * 3600.0, 9 * 3600.0)
"""Departures from home, each minute: the morning peak."""

LONGEST_S = 3 * 3600.0
"""Rides that leave later than this after the window are not looked at."""

WALK_TO_STOP_M = 1000.0
CHANGE_M = 500.0
WALK_ALL_THE_WAY_M = 4000.0


@dataclass(frozen=True, slots=True, eq=False)
class TransitTimes:
    """Door to door times from resident places to targets.

    Attributes
    ----------
    percentiles
        Of the minutes of the window: 0 is the best, 50 the median.
    minutes
        (percentiles, places, targets) +inf where a target is not reached.
    """

    percentiles: tuple[float, ...]
    minutes: NDArray[np.float32]

    def reached(
        self, limit_min: float, amount: NDArray[np.float64] | None = None, *, percentile: float = 50
    ) -> NDArray[np.float64]:
        """(places,) how many targets, or how much of what they offer, is reached in time."""
        within = self.minutes[self.percentiles.index(percentile)] <= limit_min
        each = np.ones(within.shape[1]) if amount is None else amount
        return np.asarray(within @ each)


def transit_times(
    walk: Walk,
    xy: NDArray[np.float64],
    to: Targets,
    timetable: Timetable,
    *,
    window_s: tuple[float, float] = WINDOW_S,
    percentiles: Sequence[float] = (0, 50, 85),
    change_s: float = CHANGE_S,
) -> TransitTimes:
    """Times by public transport and on foot, over every minute of a window of departures.

    People walk up to `WALK_TO_STOP_M` to and from stops and `CHANGE_M` between them, along
    streets; who is there sooner on foot walks all the way.

    Parameters
    ----------
    walk
        The streets of walkers, and the resident places on them.
    xy
        (n, 2) the resident places.
    to
        What they go to.
    timetable
        Of one service day.
    window_s
        First and last departure from home, in seconds past midnight.
    percentiles
        Which to give: 0 for the best minute, 50 for the median.
    change_s
        Seconds that each change takes beside the walk.

    Returns
    -------
    TransitTimes
        A percentile is the lowest time that so many of the minutes do not exceed.
    """
    per_s = walk.speed_m_per_min / 60
    stops = attach_points(timetable.stop_xy, walk.edges, limit_m=SNAP_LIMIT_M)
    met = meet(walk, xy, to)
    between = _slower(pairs_within(walk.graph, stops, stops, limit=CHANGE_M), per_s)
    last = pairs_within(walk.graph, stops, met.facilities, limit=WALK_TO_STOP_M)
    to_target = np.full((stops.count, met.facilities.count), np.inf)
    to_target[last.place, last.target] = last.cost / per_s
    found = arrivals(_rides(timetable, window_s), between, to_target, change_s=change_s)
    home = _slower(pairs_within(walk.graph, walk.places, stops, limit=WALK_TO_STOP_M), per_s)
    far = pairs_within(walk.graph, walk.places, met.facilities, limit=WALK_ALL_THE_WAY_M)
    on_foot = _slower(
        least_pairs(
            len(xy),
            met.facilities.count,
            np.concatenate([far.place, met.off_place]),
            np.concatenate([far.target, met.off_row]),
            np.concatenate([far.cost, met.off_m]),
        ),
        walk.speed_m_per_min,
    )
    leave_s = np.arange(window_s[0], window_s[1] + 1, 60.0)
    return _summed_up(found, home, on_foot, leave_s, tuple(percentiles))


def _rides(timetable: Timetable, window_s: tuple[float, float]) -> Connections:
    return connect(
        timetable.call_trip,
        timetable.call_stop,
        timetable.arrival_s,
        timetable.departure_s,
        stop_count=len(timetable.stop_keys),
        may_board=timetable.may_board,
        may_alight=timetable.may_alight,
        window_s=(window_s[0], window_s[1] + LONGEST_S),
    )


def _slower(pairs: Pairs, per_unit: float) -> Pairs:
    """Pairs in units of time, where they were in metres."""
    return replace(pairs, cost=pairs.cost / per_unit)


def _summed_up(
    found: Arrivals,
    home: Pairs,
    on_foot: Pairs,
    leave_s: NDArray[np.float64],
    percentiles: tuple[float, ...],
) -> TransitTimes:
    targets = found.arrive_s.shape[1]
    minutes = np.full((len(percentiles), home.place_count, targets), np.inf, dtype=np.float32)
    # the lowest time that so many per cent of the minutes do not exceed, itself one of the times
    rank = np.ceil(np.array(percentiles) / 100 * len(leave_s)).astype(int).clip(1) - 1
    begin = np.searchsorted(on_foot.place, np.arange(home.place_count + 1))

    def _fill(place: int) -> None:
        every = travel_minutes(found, home, place, leave_s)
        mine = slice(begin[place], begin[place + 1])
        direct = np.full(targets, np.inf, dtype=np.float32)
        direct[on_foot.target[mine]] = on_foot.cost[mine]
        every = np.partition(every, rank, axis=0)[rank]
        minutes[:, place] = np.minimum(every, direct)

    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(_fill, range(home.place_count), chunksize=64):
            pass
    return TransitTimes(percentiles, minutes)
