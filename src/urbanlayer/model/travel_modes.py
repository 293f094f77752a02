"""How people get about: speeds, and what they cannot pass. One table, with sources."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.specification import ModeSpec

M_PER_KM, MIN_PER_H = 1000, 60


@dataclass(frozen=True, slots=True)
class TravelMode:
    """A way of getting about on the streets.

    Attributes
    ----------
    speed_m_per_min
        On the level.
    closed
        For tags of a street the values that close it: `{"highway": {"steps"}}`.
    opened
        For tags the values that open a street whatever else it is tagged.
    steepest
        Streets tagged steeper than this share (`incline=8%` is 0.08) are closed; None: none is.
    one_way
        Whether `oneway=yes` binds.
    hills
        Whether slope changes the speed, by Tobler's function.
    impassable
        For tags of what stands on a street the values that cannot be passed:
        `{"barrier": {"stile"}}`; `opened` opens there too.
    narrowest_m
        What leaves less room (`maxwidth:physical=0.7`) cannot be passed; None: there is no limit.
    """

    speed_m_per_min: float
    closed: Mapping[str, frozenset[str]]
    opened: Mapping[str, frozenset[str]]
    steepest: float | None = None
    one_way: bool = False
    hills: bool = False
    impassable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    narrowest_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse speeds of nonsense."""
        if not 0 < self.speed_m_per_min < math.inf:
            msg = f"a speed of {self.speed_m_per_min:g} m/min; use one above 0"
            raise ValueError(msg)


STEPPED_OVER = frozenset({"stile", "horse_stile", "turnstile", "full-height_turnstile", "log"})
"""What stands on a street (`barrier=`) and is climbed, or turned by one who stands."""

MODES: Mapping[str, TravelMode] = {
    # 4.8 km/h: Transport for London's PTAL
    "walk": TravelMode(80.0, {}, {}),
    "walk_slope": TravelMode(80.0, {}, {}, hills=True),
    # 0.8 m/s, a planning default; 6 %: the steepest ramp that most building codes allow
    "wheelchair": TravelMode(
        48.0,
        {
            "highway": frozenset({"steps"}),
            "wheelchair": frozenset({"no"}),
            "surface": frozenset(
                {"sand", "gravel", "pebblestone", "mud", "grass", "ground", "dirt", "earth", "rock"}
                | {"unhewn_cobblestone", "cobblestone", "stepping_stones", "woodchips"}
            ),
            "smoothness": frozenset({"very_bad", "horrible", "very_horrible", "impassable"}),
        },
        {"wheelchair": frozenset({"yes", "designated"}), "ramp:wheelchair": frozenset({"yes"})},
        steepest=0.06,
        impassable={
            # kerbs over 3 cm stop wheelchairs, those that rise gently too (OpenStreetMap's wiki);
            # a gate to squeeze through, a chicane or a grid is passed with wheelchair=yes
            "kerb": frozenset({"raised", "rolled", "regular", "high"}),
            "barrier": STEPPED_OVER
            | {"kissing_gate", "cycle_barrier", "motorcycle_barrier", "cattle_grid", "debris"},
            "wheelchair": frozenset({"no"}),
        },
        narrowest_m=0.815,  # 32 inches: ADA Standards for Accessible Design, 404.2.3
    ),
    # 15 km/h, a planning default; a bicycle is ridden where one may ride, not pushed
    "cycle": TravelMode(
        250.0,
        {
            "highway": frozenset({"steps", "footway", "pedestrian", "corridor", "platform"}),
            "bicycle": frozenset({"no", "private", "dismount", "use_sidepath"}),
        },
        {"bicycle": frozenset({"yes", "designated", "permissive"})},
        one_way=True,
        # nobody lifts a bicycle over; past bollards, chicanes and kerbs it is ridden or pushed
        impassable={
            "barrier": STEPPED_OVER | {"kissing_gate", "debris"},
            "bicycle": frozenset({"no", "private"}),
        },
    ),
}
"""Profiles by name; a city may give its own."""


HIGHWAYS = frozenset(
    {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary"}
    | {"secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "service"}
    | {"living_street", "pedestrian", "track", "road", "bus_guideway", "busway", "escape"}
    | {"raceway", "footway", "bridleway", "steps", "corridor", "path", "cycleway", "platform"}
    | {"elevator", "via_ferrata", "crossing", "construction", "proposed", "rest_area", "services"}
)
"""Classes of streets (`highway=`) that OpenStreetMap's wiki lists under "Map features"."""


def travel_modes(given: Mapping[str, ModeSpec]) -> Mapping[str, TravelMode]:
    """Every travel mode of a city: the built-in ones and those of its city file.

    A profile of the city file starts from ours of the same name, else from `walk`; of each tag
    that it names it gives all the values that close or open a street, or block it.

    Parameters
    ----------
    given
        `[modes]` of the city file.

    Returns
    -------
    Mapping
        By name.
    """
    return {**MODES, **{name: _mode(name, table) for name, table in given.items()}}


def _mode(name: str, given: ModeSpec) -> TravelMode:
    base = MODES.get(name, MODES["walk"])
    speed = given.speed_kmh
    specified = {
        key: value
        for key in ("steepest", "one_way", "hills", "narrowest_m")
        if (value := getattr(given, key)) is not None
    }
    return replace(
        base,
        speed_m_per_min=base.speed_m_per_min if speed is None else speed * M_PER_KM / MIN_PER_H,
        closed={**base.closed, **_values(given.closed)},
        opened={**base.opened, **_values(given.opened)},
        impassable={**base.impassable, **_values(given.impassable)},
        **specified,
    )


def _values(tags: Mapping[str, str | list[str]]) -> Mapping[str, frozenset[str]]:
    return {
        tag: frozenset([values] if isinstance(values, str) else values)
        for tag, values in tags.items()
    }
