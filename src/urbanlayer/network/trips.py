"""Public transport from every origin to every destination: arrivals, walks and minutes."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.network.connection_scan import CHANGE_S, arrivals, connect
from urbanlayer.network.cost_table import cost_table
from urbanlayer.network.departure_profiles import departure_profiles, late_enough
from urbanlayer.network.destinations import Destinations
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.routable import snap_destinations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.model.timetable import Timetable
    from urbanlayer.network.connection_scan import Arrivals, Connections
    from urbanlayer.network.departure_profiles import DepartureProfiles
    from urbanlayer.network.routable import RoutableNetwork
    from urbanlayer.network.snapping import Attached

    Use = Callable[[range, int, NDArray[np.float32]], None]
    """Called with the origins, the destination, and (origins, minutes) the travel times."""

    CountOfOne = Callable[[range, slice, NDArray[np.int16]], None]
    Count = Callable[[int, range, slice, NDArray[np.int16]], None]
    """Called with the number of the time, the origins, the destinations, and (origins,
    destinations) the number of departures within the limit."""

LONGEST_S = 3 * 3600.0
"""Rides that leave later than this after the window are not looked at."""

PLACES_AT_ONCE = 128
DESTINATIONS_AT_ONCE = 512
"""Arrivals at so many destinations are kept at once: 60 MB in a city of 800 stops."""

EXACT_MIN = 1e-3
"""Times are kept as float32, whose step is 4 ms in the middle of a day."""


@dataclass(frozen=True, slots=True)
class TransferParameters:
    """How far people walk, and what a change takes.

    Attributes
    ----------
    to_stop_m, between_stops_m
        Farthest walk to and from a stop, and from one stop to another.
    all_the_way_m
        Farthest walk without a ride.
    change_s
        Seconds that each transfer takes in addition to the walk.
    """

    to_stop_m: float = 1000.0
    between_stops_m: float = 500.0
    all_the_way_m: float = 4000.0
    change_s: float = CHANGE_S


TRANSFERS = TransferParameters()


@dataclass(frozen=True, slots=True)
class TravelTimeLimit:
    """A time that is to be kept to.

    Attributes
    ----------
    within_min
        Minutes from door to door.
    speed_factor
        Factor on the walking speed of the travel mode.
    """

    within_min: float
    speed_factor: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Trips:
    """What all questions about travel share.

    Attributes
    ----------
    walk
        The streets of walkers, and the origins on them.
    xy
        (n, 2) the origins.
    timetable
        Of one service day.
    stops
        Where its stops meet the streets.
    """

    routable: RoutableNetwork
    xy: NDArray[np.float64]
    timetable: Timetable
    stops: Attached

    def each(
        self,
        to: Destinations,
        leave_s: NDArray[np.float64],
        use: Use,
        *,
        transfers: TransferParameters = TRANSFERS,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Hand out the minutes from all origins to each destination, some origins at a time.

        Parameters
        ----------
        to
            The destinations.
        leave_s
            (k,) times of leaving home, in seconds past midnight, ascending.
        use
            Called for some origins and one destination at a time, from several threads.
        transfers
            How far people walk, and what a change takes.
        longest_s
            Rides that leave later than this after the last time of leaving are not looked at.
        """
        for _, found in self._found(to, leave_s, transfers, longest_s):
            columns = np.ascontiguousarray(found.arrive_s.T)

            def _some(origins: range, boarded: DepartureProfiles, found: _Found = found) -> None:
                for destination, arrive_s in enumerate(columns):  # noqa: B023
                    walked = found.on_foot_min[destination, origins.start : origins.stop, None]
                    minutes = np.minimum(boarded.minutes(arrive_s), walked)
                    use(origins, found.destinations.start + destination, minutes)

            found.in_threads(_some)

    def each_count(
        self,
        to: Destinations,
        leave_s: NDArray[np.float64],
        limits: Sequence[TravelTimeLimit],
        use: Count,
        *,
        transfers: TransferParameters = TRANSFERS,
    ) -> None:
        """Hand out in how many of the times of leaving each origin keeps to each time.

        The same as counting what `each` hands out, some thirty times quicker: a departure is
        compared with the times once, and not for each home that boards it.

        Parameters
        ----------
        to
            The destinations.
        leave_s
            (k,) times of leaving home, in seconds past midnight, equally far apart, ascending.
        limits
            Times from door to door, and at what pace people walk.
        use
            Called for one limit, some origins and some destinations at a time, from several
            threads.
        transfers
            How far people walk, and what a change takes.
        """
        speed_factors = tuple(dict.fromkeys(limit.speed_factor for limit in limits))
        longest_s = max(limit.within_min for limit in limits) * 60
        for speed_factor, found in self._found(to, leave_s, transfers, longest_s, speed_factors):
            for number, limit in enumerate(limits):
                if limit.speed_factor == speed_factor:
                    within_min = limit.within_min + EXACT_MIN
                    found.count(leave_s, within_min, functools.partial(use, number))

    def _found(
        self,
        to: Destinations,
        leave_s: NDArray[np.float64],
        transfers: TransferParameters,
        longest_s: float,
        speed_factors: Sequence[float] = (1.0,),
    ) -> Iterator[tuple[float, _Found]]:
        """Some destinations at a time, at each speed factor: arrivals by departure, and walks."""
        routable, stops = self.routable, self.stops
        rides = _rides(self.timetable, (float(leave_s[0]), float(leave_s[-1]) + longest_s))
        between = pairs_within(routable.graph, stops, stops, limit=transfers.between_stops_m)
        home = pairs_within(routable.graph, routable.origins, stops, limit=transfers.to_stop_m)
        boarded: dict[float, list[tuple[range, DepartureProfiles]]] = {}
        for begin in range(0, len(to.geometry), DESTINATIONS_AT_ONCE):
            part = slice(begin, begin + DESTINATIONS_AT_ONCE)
            some = Destinations(to.geometry[part], to.keys[part], to.row[part])
            to_destination_m, on_foot_m = self._walks(some, transfers)
            for speed_factor in speed_factors:
                per_min = routable.speed_m_per_min * speed_factor
                changes, last_s = _slower(between, per_min / 60), to_destination_m / (per_min / 60)
                found = arrivals(rides, changes, last_s, change_s=transfers.change_s)
                if speed_factor not in boarded:  # the same departures for every destination
                    near = _slower(home, per_min / 60)
                    boarded[speed_factor] = list(_boarded(found, near, leave_s))
                minutes = on_foot_m / np.float32(per_min)
                yield speed_factor, _Found(found.arrive_s, minutes, part, boarded[speed_factor])

    def _walks(
        self, to: Destinations, transfers: TransferParameters
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Metres from (stops, destinations) stops, and (destinations, origins) all the way."""
        routable, snapped = self.routable, snap_destinations(self.routable, self.xy, to)
        last = pairs_within(
            routable.graph, self.stops, snapped.facilities, limit=transfers.to_stop_m
        )
        to_destination_m = np.full((self.stops.count, snapped.facilities.count), np.inf)
        to_destination_m[last.origin, last.destination] = last.cost
        far_m = transfers.all_the_way_m
        on_foot_m = cost_table(routable.graph, routable.origins, snapped.facilities, limit=far_m)
        np.minimum.at(
            on_foot_m, (snapped.off_row, snapped.off_place), snapped.off_m.astype(np.float32)
        )
        return to_destination_m, on_foot_m


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Arrivals at some destinations, walks all the way, and who boards which departures."""

    arrive_s: NDArray[np.float32]
    on_foot_min: NDArray[np.float32]
    destinations: slice
    boarded: Sequence[tuple[range, DepartureProfiles]]

    def count(self, leave_s: NDArray[np.float64], within_min: float, use: CountOfOne) -> None:
        """Hand out at how many times of leaving each origin keeps to a time, in minutes."""
        late = late_enough(self.arrive_s, leave_s, within_min * 60)
        on_foot = np.ascontiguousarray(self.on_foot_min.T) <= np.float32(within_min)

        def _some(origins: range, boarded: DepartureProfiles) -> None:
            often = boarded.in_time(late)
            often[on_foot[origins.start : origins.stop]] = len(leave_s)
            use(origins, self.destinations, often)

        self.in_threads(_some)

    def in_threads(self, work: Callable[[range, DepartureProfiles], None]) -> None:
        """Do a work for all origins, some at a time."""
        with ThreadPoolExecutor() as pool:
            for _ in pool.map(lambda some: work(*some), self.boarded):
                pass


def _boarded(
    found: Arrivals, home: Pairs, leave_s: NDArray[np.float64]
) -> Iterator[tuple[range, DepartureProfiles]]:
    for start in range(0, home.origin_count, PLACES_AT_ONCE):
        origins = range(start, min(start + PLACES_AT_ONCE, home.origin_count))
        yield origins, departure_profiles(found, home, origins, leave_s)


def _rides(timetable: Timetable, window_s: tuple[float, float]) -> Connections:
    return connect(
        timetable.call_trip,
        timetable.call_stop,
        timetable.arrival_s,
        timetable.departure_s,
        stop_count=len(timetable.stop_keys),
        may_board=timetable.may_board,
        may_alight=timetable.may_alight,
        window_s=window_s,
    )


def _slower(pairs: Pairs, per_unit: float) -> Pairs:
    """Pairs in units of time, where they were in metres."""
    return replace(pairs, cost=pairs.cost / per_unit)
