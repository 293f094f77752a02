"""How long by bus and on foot: every minute of a window, from every resident place.

The question is put for all minutes of a window, from all places, to all targets. A scan of the
connections from the last to the first (Dibbelt, Pajor, Strasser & Wagner, *Connection Scan
Algorithm*, 2018, profile search) answers it for all departures from every stop at once: 0.3 s for
the 24,000 rides of five hours in Las Palmas to 163 schools. A search by rounds (RAPTOR) is run
again for each minute and each origin; the walk from each home to its stops is the same for both.
"""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.city.entrances import Targets, targets
from urbanlayer.city.walk import Walks, meet
from urbanlayer.errors import CityError
from urbanlayer.measure.boardings import boardings, late_enough
from urbanlayer.measure.departures import CHANGE_S, arrivals, connect
from urbanlayer.measure.pairs import pairs_within
from urbanlayer.measure.snapping import attach_points
from urbanlayer.measure.tables import cost_table
from urbanlayer.model.access import SNAP_LIMIT_M, Question
from urbanlayer.model.transit import MOSTLY, RARELY, USUALLY, Transit, TransitReach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.city.walk import Walk
    from urbanlayer.measure.boardings import Boardings
    from urbanlayer.measure.departures import Arrivals, Connections
    from urbanlayer.measure.pairs import Pairs
    from urbanlayer.measure.snapping import Attached
    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.timetable import Timetable
    from urbanlayer.model.transit import TransitQuestion
    from urbanlayer.model.travel import Travel

    Use = Callable[[range, int, NDArray[np.float32]], None]
    """Told the places, the target, and (places, minutes) how long it takes."""

    CountOfOne = Callable[[range, slice, NDArray[np.int16]], None]
    Count = Callable[[int, range, slice, NDArray[np.int16]], None]
    """Told the number of the time, the places, the targets, and (places, targets) in how many
    minutes it is kept to."""

WINDOW_S = (7 * 3600.0, 9 * 3600.0)
"""Departures from home, each minute: the morning peak."""

LONGEST_S = 3 * 3600.0
"""Rides that leave later than this after the window are not looked at."""

PLACES_AT_ONCE = 128
TARGETS_AT_ONCE = 512
"""Arrivals at so many targets are kept at once: 60 MB in a city of 800 stops."""

EXACT_MIN = 1e-3
"""Times are kept as float32, whose step is 4 ms in the middle of a day."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How far people walk, and what a change takes.

    Attributes
    ----------
    to_stop_m, between_stops_m
        Farthest walk to and from a stop, and from one stop to another.
    all_the_way_m
        Farthest walk without a ride.
    change_s
        Seconds that each change takes beside the walk.
    """

    to_stop_m: float = 1000.0
    between_stops_m: float = 500.0
    all_the_way_m: float = 4000.0
    change_s: float = CHANGE_S


HABITS = Habits()


@dataclass(frozen=True, slots=True)
class Limit:
    """A time that is to be kept to.

    Attributes
    ----------
    within_min
        Minutes from door to door.
    pace
        How quickly people walk, beside the speed of the profile.
    """

    within_min: float
    pace: float = 1.0


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
        within = self.minutes[self.percentiles.index(percentile)] <= limit_min + EXACT_MIN
        each = np.ones(within.shape[1]) if amount is None else amount
        return np.asarray(within @ each)


def answer(
    questions: Iterable[TransitQuestion],
    city: City,
    on_foot: Travel,
    *,
    walks: Walks | None = None,
) -> Transit:
    """The answers to questions about what is reached by public transport.

    Parameters
    ----------
    questions
        Those of one layer and window are answered together.
    city
        With a timetable, streets, and the layers asked of.
    on_foot
        How people walk.
    walks
        The city's streets, where other questions made them ready before; None: they did not.

    Returns
    -------
    Transit
        For the places in the order of `city.residents`.

    Raises
    ------
    CityError
        The city has no residents, streets or timetable, or not the layer of a question.
    """
    asked = list(dict.fromkeys(questions))
    if not asked:
        return Transit({})
    if city.residents is None or city.streets is None or city.timetable is None:
        raise CityError("travel by public transport: needs residents, streets and a timetable")
    if lost := sorted({q.target for q in asked} - set(city.layers)):
        raise CityError([f"layer {role!r}: asked how far it is, but not there" for role in lost])
    walk = (walks or Walks(city)).of(on_foot)
    stops = attach_points(city.timetable.stop_xy, walk.edges, limit_m=SNAP_LIMIT_M)
    trips = Trips(walk, city.residents.xy, city.timetable, stops)
    answers: dict[TransitQuestion, TransitReach] = {}
    alike: dict[tuple[str, float, float], list[TransitQuestion]] = {}
    for question in asked:
        alike.setdefault((question.target, question.since_h, question.until_h), []).append(question)
    for together in alike.values():
        answers |= _reached(together, trips, city)
    return Transit(answers, _notes(stops))


def transit_times(
    walk: Walk,
    xy: NDArray[np.float64],
    to: Targets,
    timetable: Timetable,
    *,
    window_s: tuple[float, float] = WINDOW_S,
    percentiles: Sequence[float] = (0, 50, 85),
    habits: Habits = HABITS,
) -> TransitTimes:
    """Times by public transport and on foot, over every minute of a window of departures.

    Who is there sooner on foot walks all the way.

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
    habits
        How far people walk, and what a change takes.

    Returns
    -------
    TransitTimes
        A percentile is the lowest time that so many of the minutes do not exceed.
    """
    leave_s = np.arange(window_s[0], window_s[1] + 1, 60.0)
    rank = _least_count(percentiles, len(leave_s)) - 1
    minutes = np.full((len(rank), len(xy), len(to.geometry)), np.inf, dtype=np.float32)

    def _keep(places: range, target: int, every: NDArray[np.float32]) -> None:
        ranked = np.sort(every, axis=1)[:, rank]
        minutes[:, places.start : places.stop, target] = ranked.T

    stops = attach_points(timetable.stop_xy, walk.edges, limit_m=SNAP_LIMIT_M)
    Trips(walk, xy, timetable, stops).each(to, leave_s, _keep, habits=habits)
    return TransitTimes(tuple(percentiles), minutes)


@dataclass(frozen=True, slots=True, eq=False)
class Trips:
    """What all questions about travel share.

    Attributes
    ----------
    walk
        The streets of walkers, and the resident places on them.
    xy
        (n, 2) the resident places.
    timetable
        Of one service day.
    stops
        Where its stops meet the streets.
    """

    walk: Walk
    xy: NDArray[np.float64]
    timetable: Timetable
    stops: Attached

    def each(
        self,
        to: Targets,
        leave_s: NDArray[np.float64],
        use: Use,
        *,
        habits: Habits = HABITS,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Hand out the minutes from all places to each target, some places at a time.

        Parameters
        ----------
        to
            The targets.
        leave_s
            (k,) times of leaving home, in seconds past midnight, ascending.
        use
            Called for some places and one target at a time, from several threads.
        habits
            How far people walk, and what a change takes.
        longest_s
            Rides that leave later than this after the last time of leaving are not looked at.
        """
        for _, found in self._found(to, leave_s, habits, longest_s):
            columns = np.ascontiguousarray(found.arrive_s.T)

            def _some(places: range, boarded: Boardings, found: _Found = found) -> None:
                for target, arrive_s in enumerate(columns):  # noqa: B023
                    walked = found.on_foot_min[target, places.start : places.stop, None]
                    minutes = np.minimum(boarded.minutes(arrive_s), walked)
                    use(places, found.targets.start + target, minutes)

            found.in_threads(_some)

    def each_count(
        self,
        to: Targets,
        leave_s: NDArray[np.float64],
        limits: Sequence[Limit],
        use: Count,
        *,
        habits: Habits = HABITS,
    ) -> None:
        """Hand out in how many of the times of leaving each place keeps to each time.

        The same as counting what `each` hands out, some thirty times quicker: a departure is
        compared with the times once, and not for each home that boards it.

        Parameters
        ----------
        to
            The targets.
        leave_s
            (k,) times of leaving home, in seconds past midnight, equally far apart, ascending.
        limits
            Times from door to door, and at what pace people walk.
        use
            Called for one limit, some places and some targets at a time, from several threads.
        habits
            How far people walk, and what a change takes.
        """
        paces = tuple(dict.fromkeys(limit.pace for limit in limits))
        longest_s = max(limit.within_min for limit in limits) * 60
        for pace, found in self._found(to, leave_s, habits, longest_s, paces):
            for number, limit in enumerate(limits):
                if limit.pace == pace:
                    within_min = limit.within_min + EXACT_MIN
                    found.count(leave_s, within_min, functools.partial(use, number))

    def _found(
        self,
        to: Targets,
        leave_s: NDArray[np.float64],
        habits: Habits,
        longest_s: float,
        paces: Sequence[float] = (1.0,),
    ) -> Iterator[tuple[float, _Found]]:
        """Some targets at a time, at each pace: arrivals by each departure, and who walks."""
        walk, stops = self.walk, self.stops
        rides = _rides(self.timetable, (float(leave_s[0]), float(leave_s[-1]) + longest_s))
        between = pairs_within(walk.graph, stops, stops, limit=habits.between_stops_m)
        home = pairs_within(walk.graph, walk.places, stops, limit=habits.to_stop_m)
        boarded: dict[float, list[tuple[range, Boardings]]] = {}
        for begin in range(0, len(to.geometry), TARGETS_AT_ONCE):
            part = slice(begin, begin + TARGETS_AT_ONCE)
            some = Targets(to.geometry[part], to.keys[part], to.row[part])
            to_target_m, on_foot_m = self._walks(some, habits)
            for pace in paces:
                per_min = walk.speed_m_per_min * pace
                changes, last_s = _slower(between, per_min / 60), to_target_m / (per_min / 60)
                found = arrivals(rides, changes, last_s, change_s=habits.change_s)
                if pace not in boarded:  # the same departures for every target
                    near = _slower(home, per_min / 60)
                    boarded[pace] = list(_boarded(found, near, leave_s))
                minutes = on_foot_m / np.float32(per_min)
                yield pace, _Found(found.arrive_s, minutes, part, boarded[pace])

    def _walks(
        self, to: Targets, habits: Habits
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Metres from (stops, targets) stops, and (targets, places) all the way."""
        walk, met = self.walk, meet(self.walk, self.xy, to)
        last = pairs_within(walk.graph, self.stops, met.facilities, limit=habits.to_stop_m)
        to_target_m = np.full((self.stops.count, met.facilities.count), np.inf)
        to_target_m[last.place, last.target] = last.cost
        far_m = habits.all_the_way_m
        on_foot_m = cost_table(walk.graph, walk.places, met.facilities, limit=far_m)
        np.minimum.at(on_foot_m, (met.off_row, met.off_place), met.off_m.astype(np.float32))
        return to_target_m, on_foot_m


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Arrivals at some targets, walks all the way, and who boards which departures."""

    arrive_s: NDArray[np.float32]
    on_foot_min: NDArray[np.float32]
    targets: slice
    boarded: Sequence[tuple[range, Boardings]]

    def count(self, leave_s: NDArray[np.float64], within_min: float, use: CountOfOne) -> None:
        """Hand out at how many times of leaving each place keeps to a time, in minutes."""
        late = late_enough(self.arrive_s, leave_s, within_min * 60)
        on_foot = np.ascontiguousarray(self.on_foot_min.T) <= np.float32(within_min)

        def _some(places: range, boarded: Boardings) -> None:
            often = boarded.in_time(late)
            often[on_foot[places.start : places.stop]] = len(leave_s)
            use(places, self.targets, often)

        self.in_threads(_some)

    def in_threads(self, work: Callable[[range, Boardings], None]) -> None:
        """Do a work for all places, some at a time."""
        with ThreadPoolExecutor() as pool:
            for _ in pool.map(lambda some: work(*some), self.boarded):
                pass


def _boarded(
    found: Arrivals, home: Pairs, leave_s: NDArray[np.float64]
) -> Iterator[tuple[range, Boardings]]:
    for start in range(0, home.place_count, PLACES_AT_ONCE):
        places = range(start, min(start + PLACES_AT_ONCE, home.place_count))
        yield places, boardings(found, home, places, leave_s)


def _reached(
    together: list[TransitQuestion], trips: Trips, city: City
) -> dict[TransitQuestion, TransitReach]:
    """Answers to questions about one layer and window."""
    first = together[0]
    layer = city.layers[first.target]
    to = targets(Question(first.target), layer)
    leave_s = np.arange(first.since_h * 3600, first.until_h * 3600 + 1, 60.0)
    limits = [Limit(question.within_min, question.pace) for question in together]
    offered = np.stack([_offered(layer, question.amount)[to.row] for question in together])
    enough = _least_count((RARELY, USUALLY, MOSTLY), len(leave_s))
    sums = np.zeros((len(together), len(enough), len(trips.xy)))

    def _sum(number: int, places: range, some: slice, often: NDArray[np.int16]) -> None:
        reached = often >= enough[:, None, None]
        sums[number, :, places.start : places.stop] += reached @ offered[number, some]

    farthest_m = max(limit.within_min * limit.pace for limit in limits)
    farthest_m = farthest_m * trips.walk.speed_m_per_min + 1
    trips.each_count(to, leave_s, limits, _sum, habits=replace(HABITS, all_the_way_m=farthest_m))
    return {
        question: TransitReach(rarely=rarely, usually=usually, mostly=mostly)
        for question, (rarely, usually, mostly) in zip(together, sums, strict=True)
    }


def _offered(layer: Layer, column: str) -> NDArray[np.float64]:
    """(n,) what each feature counts; nothing where it is not known."""
    if not column:
        return np.ones(len(layer.frame))
    return np.asarray(np.nan_to_num(layer.frame[column].to_numpy(dtype=np.float64)))


def _least_count(percentiles: Sequence[float], minutes: int) -> NDArray[np.int64]:
    """Of so many minutes, how many must keep to a time that is the percentile."""
    share = np.array(percentiles) / 100
    return np.ceil(share * minutes).clip(1).astype(np.int64)


def _notes(stops: Attached) -> tuple[str, ...]:
    """What is to be said of the stops."""
    lost = int((~stops.connected()).sum())
    if not lost:
        return ()
    where = f"farther than {SNAP_LIMIT_M:g} m from every street of the city"
    return (f"{lost:,} of {stops.count:,} stops lie {where}; nobody gets on or off there.",)


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
