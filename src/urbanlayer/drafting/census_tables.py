"""Tables without coordinates that count the people of neighbourhoods, joined to them by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.drafting.column_guesses import count_of, counted_columns
from urbanlayer.drafting.datasets import Unread
from urbanlayer.drafting.guess import GuessedKey
from urbanlayer.drafting.lexicon import match_length, words_of
from urbanlayer.drafting.relative_paths import relative
from urbanlayer.model.role_names import NEIGHBOURHOODS
from urbanlayer.sources.joining import plain_key
from urbanlayer.text.normalise import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

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
        guesses, reasons[table.shown] = _joined(hoods, table, folder)
        if guesses and wanting:
            new = {guess.key for guess in guesses}
            kept = [key for key in hoods.keys if key.key not in new]
            hoods, wanting = replace(hoods, keys=(*kept, *guesses)), False
            reasons[table.shown] = _USED
        elif guesses:
            reasons[table.shown] = f"another count of people is taken; {guesses[-1].why}"
    rest = [Unread(one.shown, reasons.get(one.shown) or one.why) for one in unplaced]
    changed = [*layers[:at], hoods, *layers[at + 1 :]]
    return changed, [one for one in rest if one.why != _USED]


_USED = "used"


def _joined(
    hoods: GuessedLayer, table: Dataset, folder: Path
) -> tuple[tuple[GuessedKey, ...], str]:
    """The census of a table that fits the neighbourhoods, with their key where it is another.

    Else no keys, and why it does not fit: empty where no column of the table has their keys.
    """
    frame = table.frame
    assert frame is not None and hoods.dataset.frame is not None  # noqa: S101, PT018  (looked above)
    key, column, matched = _best_keys(hoods, frame)
    if not column:
        return (), _half_fitting(hoods, frame)
    keys = set(_plain(hoods.dataset.frame[key]))
    fits = f"its column {column!r} has {key!r} of {matched} of {len(keys)} neighbourhoods"
    named = f'residents = {{ path = "{table.path.name}", key = "{column}", field = "…" }}'
    if _plain(frame[column]).isin(keys).sum() > matched:
        return (), f"{fits}, in several rows each; choose those that count: {named} with where"
    counted = frame.drop(columns=[frame.geometry.name, column])
    found = counted_columns(counted, of_census=_is_of_people(table))
    if not found:
        return (), f"{fits}, but no column sounds like counts of people; say {named}"
    value: dict[str, object] = {"path": relative(table.path, folder)}
    value |= {"sheet": table.layer} if table.layer else {}
    value |= {"key": column, "field": found[0]}
    people = count_of(frame[found[0]][_plain(frame[column]).isin(keys)])
    others = f"; {', '.join(map(repr, found[1:4]))} would fit too" if len(found) > 1 else ""
    why = f"{fits}; {found[0]!r} sounds like it, {people:,.0f} people in all{others}"
    census = GuessedKey(_RESIDENTS, value, why)
    if key == _key_of(hoods):
        return (census,), ""
    return (GuessedKey("key", key, f"{table.shown} is joined by it"), census), ""


def _half_fitting(hoods: GuessedLayer, table: gpd.GeoDataFrame) -> str:
    """Which column of a table has the keys of some neighbourhoods, and of how many; or empty."""
    key, frame = _key_of(hoods), hoods.dataset.frame
    keys = set(_plain(frame[key])) if key and frame is not None else set()
    columns = table.drop(columns=table.geometry.name)
    found = [(len(keys & set(_plain(columns[name]))), str(name)) for name in columns.columns]
    matched, column = max(found, default=(0, ""))
    if matched < MIN_KEYS or _only_counts(_plain(columns[column])):
        return ""
    return (
        f"its column {column!r} has {key!r} of {matched} of {len(keys)} neighbourhoods only; if it "
        "is their census, join it in the city file, and the others are unknown"
    )


def _is_of_people(table: Dataset) -> bool:
    """Whether the name of a table says that it counts people, and not a part of them."""
    named = [name for name in table.named if name != table.folder]
    people = any(match_length(name, "columns", each) for name in named for each in _OF_PEOPLE)
    return people and not any(match_length(name, "columns", "part") for name in named)


_OF_PEOPLE = ("census", "residents")


def _best_keys(hoods: GuessedLayer, table: gpd.GeoDataFrame) -> tuple[str, str, int]:
    """The column of the neighbourhoods by which a table fits, the table's own, and how many do.

    Their key goes first; then their names, and any other column that is different in each. Keys
    that only count from 1 fit the rows of any table: names must agree, or the columns be called
    alike.
    """
    frame, first = hoods.dataset.frame, _key_of(hoods)
    assert frame is not None  # noqa: S101  (the caller has looked)
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    pairs: list[tuple[str, str, int]] = []
    for name in dict.fromkeys([*([first] if first else []), *names]):
        keys = _plain(frame[name])
        if not keys.is_unique or keys.eq("").any():
            continue
        column, matched = _column_of_keys(table, set(keys), counted=_only_counts(keys))
        if column:
            pairs.append((name, column, matched))
    sure = [pair for pair in pairs if not _only_counts(_plain(frame[pair[0]]))]
    for pair in pairs:
        if pair in sure or _agree(frame, table, pair, sure) or (not sure and _named_alike(pair)):
            return pair
    return "", "", 0


def _plain(column: pd.Series) -> pd.Series[str]:
    return plain_text(column).map(plain_key)


def _only_counts(keys: pd.Series[str]) -> bool:
    """Whether keys are 0, 1, 2, 3 …"""
    return set(keys) <= {str(number) for number in range(len(keys) + 1)}


def _named_alike(pair: tuple[str, str, int]) -> bool:
    """Whether two columns are called alike, by more than a word for the number of a row."""
    one, two = (words_of(name) for name in pair[:2])
    return one == two and not {"id", "fid", "objectid", "gid", "rb", "rbr", "br", "nr"} >= set(one)


def _agree(
    frame: pd.DataFrame,
    table: pd.DataFrame,
    pair: tuple[str, str, int],
    sure: Sequence[tuple[str, str, int]],
) -> bool:
    """Whether the keys of two tables join the rows that their names join."""
    rows = _plain(table[pair[1]])
    for name, column, _ in sure:
        of_key = dict(zip(rows, _plain(table[column]), strict=True))
        there = zip(_plain(frame[pair[0]]), _plain(frame[name]), strict=True)
        return all(of_key.get(key) in {other, None} for key, other in there)
    return False


def _key_of(hoods: GuessedLayer) -> str:
    """The column of the neighbourhoods' key; empty where it is not certain."""
    return next((str(one.value) for one in hoods.keys if one.key == "key" and not one.doubtful), "")


def _column_of_keys(frame: gpd.GeoDataFrame, keys: set[str], *, counted: bool) -> tuple[str, int]:
    """The column of a table that has most of the keys, and how many; empty where none has.

    Of several columns that count from 1, none is known to be the one of the keys.
    """
    table = frame.drop(columns=frame.geometry.name)
    columns = {str(name): set(_plain(table[name])) for name in table.columns}
    found = [(len(keys & held), name) for name, held in columns.items()]
    matched = max((count for count, _ in found), default=0)
    best = [name for count, name in found if count == matched]
    enough = len(keys) >= MIN_KEYS and matched >= MIN_MATCHED * len(keys)
    if not enough or (counted and len(best) > 1):
        return "", 0
    return best[0], matched
