"""Roles of files that carry OpenStreetMap's tags as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.drafting.guess import GuessedRole
from urbanlayer.model.role import ANY
from urbanlayer.model.role_table import ROLES
from urbanlayer.text.normalise import matching_rows, plain_text

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.drafting.datasets import Dataset
    from urbanlayer.model.role import Alternative, Role

MOST = 0.9
"""Share of the features from which all of a file is of one role, as streets or buildings."""
WEIGHT = 12.0
PLACE_KINDS = ("suburb", "quarter", "neighbourhood", "village", "hamlet")
"""Values of OpenStreetMap's `place` that are parts of a city."""
_KEYS = ("tag", "key")
_VALUES = ("value",)


def by_osm_columns(dataset: Dataset) -> list[GuessedRole]:
    """The roles of the features whose columns have a role's tags.

    Parameters
    ----------
    dataset
        Any; without such columns there are none.
    """
    frame = dataset.frame
    if frame is None:
        return []
    pair = next(
        ((k, v) for k in _KEYS for v in _VALUES if k in frame.columns and v in frame.columns), None
    )
    found = [_of_role(role, frame, pair) for role in ROLES.values()]
    guesses = [guess for guess in found if guess is not None]
    whole = [guess for guess in guesses if not ROLES[guess.role].service]
    return [max(whole, key=lambda guess: guess.weight)] if whole else guesses


def place_values(dataset: Dataset) -> tuple[str, list[str]]:
    """The column of kinds of places and its values that are parts of a city; empty without one."""
    frame = dataset.frame
    for column in ("place", "value", "fclass", "type") if frame is not None else ():
        if frame is not None and column in frame.columns:
            there = set(plain_text(frame[column]))  # among other kinds, however many
            kinds = [kind for kind in PLACE_KINDS if kind in there]
            if kinds:
                return column, kinds
    return "", []


def _of_role(
    role: Role, frame: gpd.GeoDataFrame, pair: tuple[str, str] | None
) -> GuessedRole | None:
    """The role, by the alternative of its tags that most features have."""
    best: GuessedRole | None = None
    every = np.zeros(len(frame), dtype=bool)
    taken = every
    for tags in role.tags:
        where = _as_where(tags, frame) if pair is None else _as_pair(tags, frame, pair)
        if not where:
            continue
        rows = matching_rows(frame, where)
        share = float(rows.mean())
        kinds = frame.geometry.geom_type[rows].str.casefold().str.removeprefix("multi")
        fitting = kinds.replace({"linestring": "line"}).isin([*role.kinds]).mean()
        if not rows.any() or fitting < MOST or (not role.service and share < MOST):
            continue
        every = every | rows
        if best is None or best.weight < WEIGHT + share:
            taken = np.asarray(rows)
            conditions = ", ".join(
                f"{key} is {' or '.join(values)}" for key, values in where.items()
            )
            short = conditions if len(conditions) <= _SHORT else f"{conditions[:_SHORT]} …"
            plain = {k: v[0] if len(v) == 1 else list(v) for k, v in where.items()}
            kept = {} if rows.all() else plain
            best = GuessedRole(
                role.name, f"{int(rows.sum())} features: {short}", WEIGHT + share, kept
            )
    more = int((every & ~taken).sum())
    if best is None or not more:
        return best
    why = f"{best.why}; {more} more by other tags are left out, which one `where` cannot name too"
    return GuessedRole(best.role, why, best.weight, best.where)


_SHORT = 90


def _as_where(tags: Alternative, frame: gpd.GeoDataFrame) -> dict[str, tuple[str, ...]]:
    """The tags as values that the file's columns have; empty where a column is missing."""
    where: dict[str, tuple[str, ...]] = {}
    for key, allowed in tags.items():
        if key not in frame.columns:
            return {}
        there = [value for value in sorted(set(plain_text(frame[key]))) if value]
        kept = [value for value in there if value in allowed or (ANY in allowed and value != "no")]
        if not kept:
            return {}
        where[key] = tuple(kept)
    return where


def _as_pair(
    tags: Alternative, frame: gpd.GeoDataFrame, pair: tuple[str, str]
) -> dict[str, tuple[str, ...]]:
    """One tag of an alternative, in a file with a column of tags and one of their values."""
    if len(tags) != 1:
        return {}
    key, allowed = next(iter(tags.items()))
    of_key = frame[plain_text(frame[pair[0]]) == key]
    kept = [value for value in sorted(set(plain_text(of_key[pair[1]]))) if value in allowed]
    return {pair[0]: (key,), pair[1]: tuple(kept)} if kept else {}
