"""Tables without coordinates that count the people of neighbourhoods, joined to them by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.drafting.column_guesses import count_of, counted_columns
from urbanlayer.drafting.datasets import Unread
from urbanlayer.drafting.guess import GuessedKey
from urbanlayer.drafting.relative_paths import relative
from urbanlayer.model.role_names import NEIGHBOURHOODS
from urbanlayer.sources.joining import plain_key
from urbanlayer.text.normalise import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from urbanlayer.drafting.datasets import Dataset
    from urbanlayer.drafting.guess import GuessedLayer

MIN_MATCHED = 0.9
"""Share of the neighbourhoods whose key a table has."""
MIN_KEYS = 2
"""Fewer neighbourhoods have keys that any table has."""
_RESIDENTS = "residents"


def with_census(
    layers: Sequence[GuessedLayer],
    datasets: Sequence[Dataset],
    unplaced: Sequence[Unread],
    folder: Path,
) -> tuple[list[GuessedLayer], list[Unread]]:
    """The layers, the neighbourhoods with the census of a table; and what is still not used.

    Parameters
    ----------
    layers
        With their keys.
    datasets
        All that was read; those without coordinates are looked at.
    unplaced
        What has no role.
    folder
        Of the city file.
    """
    at = next(
        (
            number
            for number, layer in enumerate(layers)
            if layer.role == NEIGHBOURHOODS and not layer.doubt
        ),
        None,
    )
    if at is None or layers[at].dataset.frame is None:
        return [*layers], [*unplaced]
    hoods = layers[at]
    wanting = _RESIDENTS not in {key.key for key in hoods.keys}
    reasons: dict[str, str] = {}
    for table in datasets:
        if table.forms or table.frame is None or table.path == hoods.dataset.path:
            continue
        guess, reasons[table.shown] = _joined(hoods, table, folder)
        if guess is not None and wanting:
            hoods, wanting = replace(hoods, keys=(*hoods.keys, guess)), False
            reasons[table.shown] = _USED
    rest = [Unread(one.shown, reasons.get(one.shown) or one.why) for one in unplaced]
    changed = [*layers[:at], hoods, *layers[at + 1 :]]
    return changed, [one for one in rest if one.why != _USED]


_USED = "used"


def _joined(hoods: GuessedLayer, table: Dataset, folder: Path) -> tuple[GuessedKey | None, str]:
    """The census column of a table that fits the keys of the neighbourhoods, else why it does not.

    The reason is empty where no column of the table has their keys.
    """
    frame, key = table.frame, _key_of(hoods)
    assert frame is not None and hoods.dataset.frame is not None  # noqa: S101, PT018  (looked above)
    if not key:
        return None, ""
    keys = set(plain_text(hoods.dataset.frame[key]).map(plain_key))
    column, matched = _column_of_keys(frame, keys)
    if not column:
        return None, ""
    fits = f"its column {column!r} has the keys of {matched} of {len(keys)} neighbourhoods"
    named = f'residents = {{ path = "{table.path.name}", key = "{column}", field = "…" }}'
    if plain_text(frame[column]).map(plain_key).isin(keys).sum() > matched:
        return None, f"{fits}, in several rows each; choose those that count: {named} with where"
    found = [
        one for one in counted_columns(frame.drop(columns=frame.geometry.name)) if one != column
    ]
    if not found:
        return None, f"{fits}, but no column sounds like counts of people; say {named}"
    value: dict[str, object] = {"path": relative(table.path, folder)}
    value |= {"sheet": table.layer} if table.layer else {}
    value |= {"key": column, "field": found[0]}
    people = count_of(frame[found[0]])
    others = f"; {', '.join(map(repr, found[1:4]))} would fit too" if len(found) > 1 else ""
    why = f"{fits}; {found[0]!r} sounds like it, {people:,.0f} people in all{others}"
    return GuessedKey(_RESIDENTS, value, why), ""


def _key_of(hoods: GuessedLayer) -> str:
    """The column of the neighbourhoods' key; empty where it is not certain."""
    return next((str(one.value) for one in hoods.keys if one.key == "key" and not one.doubtful), "")


def _column_of_keys(frame: gpd.GeoDataFrame, keys: set[str]) -> tuple[str, int]:
    """The column of a table that has most of the keys, and how many; empty where none has."""
    table = frame.drop(columns=frame.geometry.name)
    columns = {str(name): set(plain_text(table[name]).map(plain_key)) for name in table.columns}
    found = [(len(keys & held), name) for name, held in columns.items()]
    matched, column = max(found, default=(0, ""), key=lambda one: one[0])
    enough = len(keys) >= MIN_KEYS and matched >= MIN_MATCHED * len(keys)
    return (column, matched) if enough else ("", 0)
