"""Which roles a dataset seems to have: by its shapes, its names, its columns and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.drafting.column_guesses import best_column, distinct_values
from urbanlayer.drafting.guess import GuessedRole
from urbanlayer.drafting.lexicon import best_entry, lexicon, match_length
from urbanlayer.drafting.osm_columns import by_osm_columns, place_values
from urbanlayer.model.layer import RawRaster
from urbanlayer.model.role_names import (
    BOUNDARY,
    BUILDINGS,
    BUSINESSES,
    FLOOD,
    LAND_COVER,
    LIGHTING,
    NEIGHBOURHOODS,
)
from urbanlayer.model.role_table import ROLES
from urbanlayer.model.role_table import role as role_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from urbanlayer.drafting.datasets import Dataset

PLACES = "places"
"""Points with the names of places, from which neighbourhoods can be derived."""
MIN_SHARE_OF_FORM = 0.8
"""Least share of the features that has a form of the role."""
MAX_FACILITY_M2 = 500_000.0
"""The grounds of a school are smaller; larger polygons are catchments or districts."""
FEW_BUILDINGS = 200
"""Fewer polygons, without storeys or use, may be anything."""
AGREEING = 10.0
"""Weight of columns and values that agree with a name."""
_RETURN_PERIODS = {"100": "flood", "20": "flood_20", "500": "flood_500"}
_RANGES: Mapping[str, tuple[float, float]] = {
    "heat": (-30.0, 70.0), "elevation": (-450.0, 9000.0), "ndvi": (-1.0, 1.0),
    "population": (0.0, 1e6), "noise": (0.0, 140.0), "noise_night": (0.0, 140.0),
}  # fmt: skip
_WORLDCOVER = frozenset({10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100})
"""Classes of ESA WorldCover, which the indicators of land cover read by default."""


def guessed_roles(dataset: Dataset) -> tuple[list[GuessedRole], str]:
    """The roles that a dataset seems to have, or why it has none.

    Parameters
    ----------
    dataset
        As read.

    Returns
    -------
    tuple
        The roles; a reason where there are none.
    """
    if why := _set_apart(dataset):
        return [], why
    if dataset.read is None:
        return _of_feed(dataset), ""
    if not dataset.forms:
        return [], _NO_COORDINATES
    tagged = by_osm_columns(dataset)
    if tagged:
        return [*tagged, *_places_too(dataset)], ""
    base = _by_name(dataset)
    if isinstance(dataset.read, RawRaster):
        return ([_judged_grid(base, dataset.read)], "") if base else ([], NO_WORD)
    found = [_judged(one, dataset) for one in _divided(dataset, base)] or _places_too(dataset)
    return found, "" if found else NO_WORD


_NO_COORDINATES = "it has no coordinates"
NO_WORD = "no role is known by its name, columns or values"


def _set_apart(dataset: Dataset) -> str:
    """Why a dataset is no layer of what is there: planned, parcels, catchments."""
    for name in dataset.named:
        if name == dataset.folder:
            continue
        _, length = best_entry(name, "roles")
        if kind := kind_apart(name, length):
            return f"its name {name!r} sounds like {kind}, not like what is there"
    return ""


def kind_apart(name: str, length: int) -> str:
    """What a name says that is no role, unless the word of a role in it is far longer; or empty.

    Parameters
    ----------
    name
        Of a file or layer, or a value of a column of kinds.
    length
        Letters of the word of a role that fits it.
    """
    for kind in lexicon()["apart"]:
        fits = match_length(name, "apart", kind)
        if fits and length <= fits + 4:
            return kind
    return ""


def _places_too(dataset: Dataset) -> list[GuessedRole]:
    """The points of places among objects of many kinds."""
    column, kinds = place_values(dataset)
    if not column or not _fits(PLACES, dataset):
        return []
    return [GuessedRole(PLACES, f"{column} is {' or '.join(kinds)}", 1.0)]


def _of_feed(dataset: Dataset) -> list[GuessedRole]:
    why = f"{dataset.path.name} holds a timetable (GTFS)"
    return [GuessedRole("transit", why, AGREEING), GuessedRole("stop", why, 3 * AGREEING)]


def _fits(role: str, dataset: Dataset) -> bool:
    forms = {"point"} if role == PLACES else role_named(role).forms
    share = sum(share for form, share in dataset.forms.items() if form in forms)
    return share >= MIN_SHARE_OF_FORM


def _by_name(dataset: Dataset) -> GuessedRole | None:
    """The role whose words the name of the layer, the file or the folder has."""
    fitting = [name for name in (*ROLES, PLACES) if _fits(name, dataset)]
    for rank, name in enumerate(dataset.named):
        role, length = best_entry(name, "roles", fitting)
        any_role, any_length = best_entry(name, "roles")
        if role:
            doubt = ""
            if any_role and any_role != role and any_length > length:
                doubt = f"{name!r} sounds like {any_role}, but its shapes do not fit that"
            weight = float(length - rank)
            return GuessedRole(role, f"its name {name!r} has a word for it", weight, doubt=doubt)
    return _by_columns(dataset)


def _by_columns(dataset: Dataset) -> GuessedRole | None:
    """The role that columns alone suggest."""
    frame = dataset.frame
    if frame is None:
        return None
    columns = {str(name) for name in frame.columns}
    if "avg_d_kbps" in columns:
        return GuessedRole("broadband", "it has the columns of Ookla's open data", AGREEING)
    if _fits("buildings", dataset) and best_column(frame, "levels") and best_column(frame, "use"):
        return GuessedRole("buildings", "its polygons have storeys and a use", AGREEING)
    if _fits("neighbourhoods", dataset) and best_column(frame, "residents"):
        doubt = "only a column that sounds like counts of people suggests it"
        return GuessedRole("neighbourhoods", "its polygons have counts of people", 1.0, doubt=doubt)
    return None


def _divided(dataset: Dataset, base: GuessedRole | None) -> list[GuessedRole]:
    """The roles of the parts of a dataset, by a column of kinds; else the one of all of it."""
    frame = dataset.frame
    if frame is None:
        return []
    if base is not None and base.role == FLOOD:
        return _by_return_period(dataset, base)
    divided = base is None or (base.role in ROLES and ROLES[base.role].service)
    parts = _by_kind(dataset, base) if divided else []
    if parts or base is None:
        return parts
    if base.role == BUSINESSES and (column := best_column(frame, "jobs")):
        return [base, GuessedRole("jobs", f"{column!r} counts who works there", base.weight)]
    return [_of_those_that_work(base, frame)]


def _of_those_that_work(base: GuessedRole, frame: gpd.GeoDataFrame) -> GuessedRole:
    """Lamps that work, where a column shows which do; any other role as it is."""
    column = best_column(frame, "working") if base.role == LIGHTING else ""
    yes = [value for value in distinct_values(frame[column]) if _is_yes(value)] if column else []
    if len(yes) != 1:
        return base
    why = f"{base.why}; {column!r} shows which of them work"
    return GuessedRole(base.role, why, base.weight, {column: yes[0]})


def _is_yes(value: str) -> bool:
    return match_length(value, "values", "yes") > 0


def _by_kind(dataset: Dataset, base: GuessedRole | None) -> list[GuessedRole]:
    """Services by the values of a column of kinds."""
    frame = dataset.frame
    assert frame is not None  # noqa: S101  (the caller has looked)
    services = [name for name, role in ROLES.items() if role.service]
    best: dict[str, list[str]] = {}
    column = ""
    for name in frame.columns:
        if name == frame.geometry.name or not match_length(str(name), "columns", "category"):
            continue
        roles: dict[str, list[str]] = {}
        for value in distinct_values(frame[name]):
            role, length = best_entry(value, "roles", services)
            if kind_apart(value, length):
                continue
            if not role and base is not None:
                role = base.role
            if role:
                roles.setdefault(role, []).append(value)
        if len(roles) > len(best) and (base is None or len(roles) > 1):
            best, column = roles, str(name)
    return [
        GuessedRole(
            role,
            f"{column} is {' or '.join(map(repr, values))}",
            AGREEING,
            {column: values[0] if len(values) == 1 else values},
        )
        for role, values in best.items()
    ]


def _by_return_period(dataset: Dataset, base: GuessedRole) -> list[GuessedRole]:
    frame = dataset.frame
    column = best_column(frame, "return_period") if frame is not None else ""
    if frame is None or not column:
        return [base]
    values = distinct_values(frame[column])
    found = [
        GuessedRole(
            _RETURN_PERIODS[value], f"{column} is {value} years", AGREEING, {column: int(value)}
        )
        for value in values
        if value in _RETURN_PERIODS
    ]
    if found:
        return found
    doubt = f"{column!r} has the values {', '.join(values[:6])}; which of them is meant?"
    return [GuessedRole(base.role, base.why, base.weight, doubt=doubt)]


def _judged(guess: GuessedRole, dataset: Dataset) -> GuessedRole:
    """The guess with what speaks against it."""
    frame = dataset.frame
    if guess.doubt or frame is None:
        return guess
    doubt = ""
    if guess.role == NEIGHBOURHOODS and len(frame) == 1:
        why = f"{guess.why}, and it is one polygon"
        return GuessedRole("boundary", why, guess.weight)
    if guess.role == BOUNDARY and len(frame) > 1:
        doubt = f"it has {len(frame)} polygons; a boundary has one, neighbourhoods have several"
    if guess.role == BUILDINGS:
        column = best_column(frame, "levels") or best_column(frame, "use")
        if not column and len(frame) < FEW_BUILDINGS:
            doubt = f"{len(frame)} polygons without storeys or use may be anything"
    if guess.role in ROLES and ROLES[guess.role].service and _median_m2(dataset) > MAX_FACILITY_M2:
        doubt = "its polygons are larger than the grounds of facilities: catchments or districts?"
    return GuessedRole(guess.role, guess.why, guess.weight, guess.where, doubt)


def _median_m2(dataset: Dataset) -> float:
    """The median area of the polygons; 0 without polygons or a CRS."""
    frame = dataset.frame
    if frame is None or frame.crs is None or dataset.forms.get("polygon", 0.0) < 1 / 2:
        return 0.0
    areas = frame.geometry.to_crs("EPSG:6933").area
    return float(areas[areas > 0].median())


def _judged_grid(guess: GuessedRole, grid: RawRaster) -> GuessedRole:
    """The guess, doubtful where the cells hold other values than the role has."""
    import numpy as np

    values = grid.values[np.isfinite(grid.values)]
    if guess.doubt or not len(values):
        return guess
    low, high = float(values.min()), float(values.max())
    doubt = ""
    if guess.role in _RANGES:
        least, most = _RANGES[guess.role]
        if low < least or high > most:
            doubt = f"its cells hold {low:g} to {high:g}; {guess.role} has {least:g} to {most:g}"
    if guess.role == LAND_COVER:
        classes = {int(value) for value in np.unique(values)}
        if not classes <= _WORLDCOVER:
            listed = ", ".join(map(str, sorted(classes)[:12]))
            doubt = (
                f"its classes {listed} are none of ESA WorldCover; state `classes` and `water` in "
                "the indicators of land cover that you add"
            )
    return GuessedRole(guess.role, guess.why, guess.weight, guess.where, doubt)
