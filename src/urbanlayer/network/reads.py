"""What a network query rests on: the inputs that its result is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.network_query import (
    BufferQuery,
    EdgeQuery,
    JunctionQuery,
    NearestQuery,
    TransitQuery,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.network_query import Mode, NetworkQuery
    from urbanlayer.model.travel_modes import TravelMode

STRAIGHT: Mode = "straight_line"
FOOT: Mode = "walk"
"""Whose speed it is that straight lines are walked at."""
ORIGINS = "origins"
"""The origins, without their people."""
MODE = "modes."
"""Before the name of a mode: its speed and what is closed to it."""


def reads(network_query: NetworkQuery, modes: Mapping[Mode, TravelMode]) -> tuple[str, ...]:
    """Roles, nouns and modes that the result of a network query rests on.

    Parameters
    ----------
    network_query
        The query.
    modes
        Of the city, by name. A mode that is not known rests on streets alone.
    """
    match network_query:
        case NearestQuery(destinations=role, mode=mode):
            return (role, *reads_of_mode(mode, modes))
        case BufferQuery(mode=mode):
            return ("neighbourhoods", "water", *reads_of_mode(mode, modes))
        case TransitQuery(destinations=role):
            return (role, "timetable", *reads_of_mode(FOOT, modes))
        case EdgeQuery():
            return (ORIGINS, "streets", "neighbourhoods")
        case JunctionQuery():
            return ("streets", "neighbourhoods")


def reads_of_mode(mode: Mode, modes: Mapping[Mode, TravelMode]) -> tuple[str, ...]:
    """Roles, nouns and modes that the routable network of a mode, with the origins on it, rests on.

    Straight lines are walked at the speed of people on foot, and rest on nothing else.
    """
    if mode == STRAIGHT:
        return (ORIGINS, MODE + FOOT)
    hills = ("elevation",) if mode in modes and modes[mode].hills else ()
    # without streets the straight line is taken, at the speed of people on foot
    return (ORIGINS, "streets", "barriers", "entrances", *hills, MODE + mode)
