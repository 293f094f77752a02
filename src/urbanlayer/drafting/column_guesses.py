"""Which column of a layer holds its key, its name, and the fields of its role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from urbanlayer.drafting.guess import GuessedKey
from urbanlayer.drafting.lexicon import lexicon, match_length, words_of
from urbanlayer.drafting.parts_of_people import counts_a_part, is_total
from urbanlayer.model.role_names import NEIGHBOURHOODS
from urbanlayer.model.role_table import role as role_named
from urbanlayer.text.normalise import plain_text
from urbanlayer.text.numerals import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from urbanlayer.model.role import Field

MAX_KINDS = 60
"""A column with more different values is none of kinds."""
_ID_WORDS = frozenset({"id", "kod", "code", "sifra", "cod", "codice", "codigo", "kodu", "kodikos"})
MOST = 0.9
"""Share of the values that must be as the field asks."""
_LIMITS: Mapping[str, tuple[float, float]] = {
    "levels": (0, 200), "year": (1000, 2100), "height_m": (0, 800), "capacity": (0, 1e5),
    "volume_l": (20, 1e5),
}  # fmt: skip
"""Least and greatest value of a field; a column beyond them is another."""


def guessed_keys(role: str, frame: gpd.GeoDataFrame, first: str) -> tuple[GuessedKey, ...]:
    """Key, name and fields of a layer's table, each with its reason.

    Parameters
    ----------
    role
        What the layer is.
    frame
        Its features.
    first
        The city's first language, in which the plain column of names is.
    """
    table = frame.drop(columns=frame.geometry.name)
    keys = [*_key(table), *_names(table, first)]
    if role == NEIGHBOURHOODS and not any(key.key == "name" for key in keys):
        keys += _name_of_several_words(table)
    taken = {str(key.value) for key in keys}
    for key, field in role_named(role).field_of_key.items():
        if field.declared == "use":
            keys += _use(table)
        elif field.declared == "values":
            keys += _flag_values(table, key, taken)
        else:
            keys += _field(table, key, field, taken)
    return tuple(keys)


def best_column(frame: pd.DataFrame, entry: str) -> str:
    """The column whose name fits an entry of the lexicon best, the latest year first; or empty.

    Parameters
    ----------
    frame
        The features.
    entry
        A list of `[columns]` in the lexicon.
    """
    return next(iter(_candidates(frame, entry)), "")


def counted_columns(frame: pd.DataFrame, *, of_census: bool) -> list[str]:
    """The columns that hold counts of all people, the best first.

    Parameters
    ----------
    frame
        A table of a census, without geometry.
    of_census
        Whether its name says that people are counted in it; a total alone may be one of anything.
    """
    field = role_named(NEIGHBOURHOODS).field_of_key["residents"]
    columns = [*map(str, frame.columns)]
    total = [name for name in columns if is_total(name)]
    if not of_census and not any(counts_a_part(name) for name in columns):
        total = []
    names = dict.fromkeys([*_candidates(frame, "residents"), *total])
    return [name for name in names if _holds(frame[name], "residents", field)]


def count_of(column: pd.Series) -> float:
    """The sum of a column of counts.

    Parameters
    ----------
    column
        Numbers, or texts of them.
    """
    values = numbers(plain_text(column)).values
    return float(values[values == values].sum())  # noqa: PLR0124  (NaN)


def _candidates(frame: pd.DataFrame, entry: str) -> list[str]:
    """Columns whose names fit an entry, the best first."""
    found = []
    for column in map(str, frame.columns):
        length = match_length(column, "columns", entry)
        if column == frame.attrs.get("geometry") or not length or _is_part(column, entry):
            continue
        years = [int(year) for year in re.findall(r"(?:19|20)\d\d", column)]
        found.append((-max(years, default=0), -length, len(column), column))
    return [column for *_, column in sorted(found)]


def _is_part(column: str, entry: str) -> bool:
    """Whether a column counts a part of the people, or is no count of them at all."""
    if entry not in {"residents", "people"}:
        return False
    return bool(_ID_WORDS & set(words_of(column))) or counts_a_part(column)


def distinct_values(column: pd.Series) -> list[str]:
    """The different texts of a column, empty if there are too many for kinds."""
    texts = sorted(set(plain_text(column)) - {""})
    return texts if len(texts) <= MAX_KINDS else []


def _key(table: pd.DataFrame) -> list[GuessedKey]:
    """The first column of keys that is different in every feature, else the one that nearly is."""
    texts = {str(name): plain_text(table[name]) for name in table.columns}
    known = [name for name in texts if match_length(name, "columns", "key")]
    ids = [name for name in texts if _ID_WORDS & set(words_of(name))]
    names = [*dict.fromkeys([*known, *ids])]
    for name in names:
        if texts[name].ne("").all() and texts[name].is_unique:
            return [GuessedKey("key", name, f"{name!r} is different in every feature")]
    for name in names:
        again = int(texts[name].duplicated().sum())
        if texts[name].ne("").all() and again <= (1 - MOST) * len(table):
            why = f"{again} features repeat a value of {name!r} and would be excluded"
            return [GuessedKey("key", name, why, doubtful=True)]
    return []


def _names(table: pd.DataFrame, first: str) -> list[GuessedKey]:
    """The column of names, or one for each language that has one."""
    endings = {end: code for code, ends in lexicon()["languages"].items() for end in ends}
    columns: dict[str, str] = {}
    for column in map(str, table.columns):
        words = words_of(column)
        if not words or plain_text(table[column]).eq("").all():
            continue
        code = endings.get(words[-1]) if len(words) > 1 else None
        stem = words[:-1] if code else words
        if code == "sr_Cyrl_ME" and {"latn", "lat"} & set(words):
            code = "sr_Latn_ME"
        if len(stem) == 1 and match_length(stem[0], "columns", "name"):
            columns.setdefault(code or "", column)
    if not columns:
        return []
    if "" in columns and len(columns) == 1:
        return [GuessedKey("name", columns[""], f"{columns['']!r} sounds like names")]
    if "" in columns:
        plain = columns.pop("")
        columns = {**columns, first: plain}
    text = ", ".join(map(repr, columns.values()))
    return [GuessedKey("name", columns, f"{text} sound like names, by language")]


def _name_of_several_words(table: pd.DataFrame) -> list[GuessedKey]:
    """A column such as `MAHALLE_ADI`: a word for names among others, and a text for each feature.

    Only of neighbourhoods: in other layers such a column may hold names of persons.
    """
    for column in map(str, table.columns):
        texts = plain_text(table[column])
        named = any(match_length(word, "columns", "name") for word in words_of(column))
        different = texts.nunique() >= MOST * len(texts) and texts.ne("").all()
        if named and different and numbers(texts).unreadable.all():
            return [GuessedKey("name", column, f"{column!r} has a word for names, all different")]
    return []


def _field(table: pd.DataFrame, key: str, field: Field, taken: set[str]) -> list[GuessedKey]:
    """The column of one field, if it holds what the field asks for."""
    exact = [column for column in map(str, table.columns) if column == field.name]
    columns = exact or (_candidates(table, key) if key in lexicon()["columns"] else [])
    columns = [column for column in columns if column not in taken]
    holding = [column for column in columns if _holds(table[column], key, field)]
    if not holding:
        return []
    why = f"{holding[0]!r} sounds like it" + _range(table[holding[0]], field)
    if len(holding) > 1:
        others = ", ".join(map(repr, holding[1:4]))
        why += f"; {others} would fit too"
    return [GuessedKey(key, holding[0], why)]


def _holds(column: pd.Series, key: str, field: Field) -> bool:
    texts = plain_text(column)
    texts = texts[texts != ""]
    if texts.empty:
        return False
    if field.kind not in {"number", "count"}:
        return True
    read = numbers(texts)
    if read.unreadable.mean() > 1 - MOST:
        return False
    values = read.values[~read.unreadable]
    least, most = _LIMITS.get(key, (0.0, float("inf")))
    inside = (values >= least) & (values <= most) | (values == 0)
    return bool(inside.mean() >= MOST)


def _range(column: pd.Series, field: Field) -> str:
    if field.kind not in {"number", "count"}:
        return ""
    if field.unit == "people":
        return f"; {count_of(column):,.0f} people in all"
    read = numbers(plain_text(column))
    values = read.values[~read.unreadable]
    known = values[values == values]  # noqa: PLR0124  (NaN)
    return f"; {known.min():g} to {known.max():g}" if len(known) else ""


def _use(table: pd.DataFrame) -> list[GuessedKey]:
    """The column of the use of buildings, with the values that people live in."""
    for column in _candidates(table, "use"):
        values = distinct_values(table[column])
        lived = [value for value in values if is_residential(value)]
        if not lived or len(lived) == len(values):
            continue
        mixed = [value for value in values if match_length(value, "values", "mixed")]
        chosen = [*dict.fromkeys([*lived, *mixed])]
        others = [value for value in values if value not in chosen]
        why = f"people live in {_listed(chosen)}; not in {_listed(others)}"
        return [GuessedKey("use", {"field": column, "residential": chosen}, why)]
    return []


def is_residential(value: str) -> bool:
    """Whether a use of a building means that people live there.

    Parameters
    ----------
    value
        As in the column.
    """
    not_lived = set(words_of(value)) & {
        word.removeprefix("=") for word in lexicon()["values"]["not_residential"]
    }
    return not not_lived and match_length(value, "values", "residential") > 0


def _flag_values(table: pd.DataFrame, key: str, taken: set[str]) -> list[GuessedKey]:
    """The column of a yes or no, with its value for yes."""
    if key not in lexicon()["columns"]:
        return []
    for column in _candidates(table, key):
        values = distinct_values(table[column])
        yes = [value for value in values if match_length(value, "values", "yes")]
        no = [value for value in values if match_length(value, "values", "no")]
        if column in taken or len(yes) != 1 or not 1 <= len(values) <= _FEW:
            continue
        sure = len(values) == len(yes) + len(no)
        why = f"{column!r} has the values {_listed(values)}"
        return [GuessedKey(key, {column: yes[0]}, why, doubtful=not sure)]
    return []


_FEW = 6


def _listed(values: Sequence[str]) -> str:
    shown = ", ".join(map(repr, values[:8]))
    return f"{shown} …" if len(values) > 8 else shown or "nothing else"  # noqa: PLR2004
