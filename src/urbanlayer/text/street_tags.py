"""Which streets are walkable and which barriers are passable, by OpenStreetMap tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.text.tag_values import every_value_in

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NOT_WALKABLE: dict[str, str] = {
    "motorway": "walkers are forbidden there by law",
    "motorway_link": "walkers are forbidden there by law",
    "trunk": "a fast road; walked only where its tags allow it",
    "trunk_link": "a fast road; walked only where its tags allow it",
    "raceway": "closed to the public",
    "bus_guideway": "a track for buses",
    "busway": "a road for buses",
    "construction": "not there yet",
    "proposed": "not there yet",
    "planned": "not there yet",
    "abandoned": "no longer there",
    "disused": "no longer there",
    "razed": "no longer there",
    "demolished": "no longer there",
    "rest_area": "a place at a motorway, not a way",
    "services": "a place at a motorway, not a way",
    "emergency_bay": "part of a fast road",
    "escape": "an emergency lane for lorries",
    "via_ferrata": "climbed, not walked",
    "corridor": "indoors, behind opening hours",
    "elevator": "indoors; a lift's time is not its length",
    "no": "tagged as no street",
}
"""Street classes (`highway=`) that are not walkable, with the reason.

All others are walkable, among them `steps`, `cycleway` (open to pedestrians by
OpenStreetMap's default, unless `foot=no`: leaving them out was seen to cost seven points of
coverage), `track`, `bridleway`, `platform`, `service` with its driveways and parking aisles.
Ferries are not streets: they come with a timetable.
One-way streets do not restrict pedestrians. By OpenStreetMap's default trunk roads are walkable;
routers disagree (OSRM's foot profile excludes them), and so does this project.
"""

FOOT_OPEN = frozenset({"yes", "designated", "permissive", "official", "destination"})
"""Values of `foot=` that make a street walkable whatever its class and `access=`."""

FOOT_CLOSED = frozenset({"no", "private", "use_sidepath"})
"""Values of `foot=` that close a street: forbidden, private, or with a separate footway."""

ACCESS_CLOSED = frozenset(
    {"no", "private", "military", "residents", "permit", "members", "employees", "emergency"}
)
"""Values of `access=` that close a street, unless `foot=` opens it."""

SIDEWALK_PRESENT = frozenset({"both", "left", "right", "yes"})
"""Values of `sidewalk=` that make a trunk road walkable."""


def walkable(streets: pd.DataFrame) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Walkable streets, and why the others are not.

    Parameters
    ----------
    streets
        Columns `highway`, `foot`, `access`, `service`, `sidewalk`, `motorroad` (text or None) and
        `closed` (true or false), all optional. Without `highway` every street that is not closed
        is walkable.

    Returns
    -------
    walked
        (n,) bool, in the order of the rows.
    reasons
        Number of streets that are not walkable, by reason, the most frequent first.

    Examples
    --------
    >>> import pandas as pd
    >>> tags = {"highway": ["steps", "motorway", "service"], "foot": [None, None, "no"]}
    >>> ways = pd.DataFrame(tags)
    >>> walked, reasons = walkable(ways)
    >>> walked.tolist()
    [True, False, False]
    >>> reasons
    {'foot=no': 1, 'highway=motorway': 1}
    """
    reason = np.full(len(streets), "", dtype=object)
    if "highway" in streets:
        highway, foot, access = (_text(streets, tag) for tag in ("highway", "foot", "access"))
        on_trunk = np.isin(highway, ["trunk", "trunk_link"])
        opened = np.isin(foot, list(FOOT_OPEN))
        opened_class = opened | (
            on_trunk & np.isin(_text(streets, "sidewalk"), list(SIDEWALK_PRESENT))
        )
        out = np.isin(highway, ["", *NOT_WALKABLE]) & ~(
            opened_class & np.isin(highway, _ON_PERMISSION)
        )
        shut = every_value_in(access, ACCESS_CLOSED) & ~opened
        private = (_text(streets, "service") == "private") & ~opened
        motorroad = (_text(streets, "motorroad") == "yes") & ~opened
        _set_reason(reason, out, "highway=", highway)
        _set_reason(reason, every_value_in(foot, FOOT_CLOSED), "foot=", foot)
        _set_reason(reason, shut, "access=", access)
        _set_reason(reason, private, "service=", _text(streets, "service"))
        _set_reason(reason, motorroad, "motorroad=", _text(streets, "motorroad"))
    if "closed" in streets:
        closed = streets["closed"].fillna(value=False).to_numpy(dtype=bool)
        reason[closed & (reason == "")] = "closed"
    walked = reason == ""
    return walked, _counted(reason[~walked])


def at_grade(streets: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) False for bridges, tunnels and streets on another level than the ground.

    Parameters
    ----------
    streets
        Columns `bridge` (true or false), `tunnel` and `layer` (text or None), all optional.
    """
    on_ground = np.ones(len(streets), dtype=bool)
    if "bridge" in streets:
        on_ground &= ~streets["bridge"].fillna(value=False).to_numpy(dtype=bool)
    for column in ("tunnel", "layer"):
        if column in streets:
            text = streets[column].astype(object).where(streets[column].notna(), "").astype(str)
            on_ground &= text.isin(["", "no", "0", "0.0", "False", "false"]).to_numpy(dtype=bool)
    return on_ground


def passable(points: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) True for barriers that pedestrians may pass; travel modes add their own restrictions.

    A gate, a bollard or a kerb is passable unless `access=` or `foot=` closes it, as on a street,
    or `locked=yes`, or the city declares it closed.

    Parameters
    ----------
    points
        Columns `access`, `foot`, `locked` (text or None) and `closed` (true or false), all
        optional.

    Returns
    -------
    ndarray
        (n,) in the order of the rows.

    Examples
    --------
    >>> import pandas as pd
    >>> gates = {"access": [None, "private", "private"], "foot": [None, None, "yes"]}
    >>> passable(pd.DataFrame(gates)).tolist()
    [True, False, True]
    """
    foot, access = _text(points, "foot"), _text(points, "access")
    opened = np.isin(foot, list(FOOT_OPEN))
    shut = every_value_in(access, ACCESS_CLOSED) | (_text(points, "locked") == "yes")
    shut = (shut & ~opened) | every_value_in(foot, FOOT_CLOSED)
    if "closed" in points:
        shut |= points["closed"].fillna(value=False).to_numpy(dtype=bool)
    return np.asarray(~shut)


_ON_PERMISSION = ["trunk", "trunk_link", "corridor", "elevator", "bus_guideway", "busway"]


def _text(streets: pd.DataFrame, column: str) -> NDArray[np.object_]:
    if column not in streets:
        return np.full(len(streets), "", dtype=object)
    return streets[column].astype(object).where(streets[column].notna(), "").to_numpy(dtype=object)


def _set_reason(
    reason: NDArray[np.object_], where: NDArray[np.bool_], tag: str, value: NDArray[np.object_]
) -> None:
    first = where & (reason == "")
    reason[first] = tag + value[first]


def _counted(reasons: NDArray[np.object_]) -> dict[str, int]:
    if len(reasons) == 0:
        return {}
    names, counts = np.unique(reasons.astype(str), return_counts=True)
    order = np.lexsort((names, -counts))
    return {str(names[row]): int(counts[row]) for row in order}
