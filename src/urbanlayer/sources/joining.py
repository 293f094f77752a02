"""Columns of other tables, joined to a layer by key."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, SourceError, together
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.note import Listing, Note
from urbanlayer.sources import border
from urbanlayer.sources._choose import check_there, named, wanted
from urbanlayer.sources._digest import digest
from urbanlayer.sources._formats import TABLES, read_file
from urbanlayer.sources._packed import PACKED, unpacked
from urbanlayer.sources._scratch import scratch_folder
from urbanlayer.sources._tables import read_rows
from urbanlayer.sources.file import SOURCE as FILE
from urbanlayer.text.normalise import plain_text
from urbanlayer.text.numerals import numbers
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.layer_specification import JoinSpec
    from urbanlayer.model.source import Request

_SHOWN = 5
_ROUNDING = 0.005
_MOST_YEARS = 12
"""A column of more years tells when people were born."""
_MOST_VALUES = 1000
"""A column with more different values tells rows apart, and not kinds of people."""
_MOST = 0.9
"""Share of the keys with a total among their rows, from which it is no chance."""


def with_joins(raw: RawLayer | RawRaster, request: Request, folder: Path) -> RawLayer | RawRaster:
    """The layer with a further column for each table that its city file joins to it.

    Keys are compared as text; those that fit only without zeros before them, spaces and capitals
    are matched too, and reported. A feature without a row has no value.

    Parameters
    ----------
    raw
        As its source read it.
    request
        Its table in the city file.
    folder
        Of the city file; paths of tables start there.

    Raises
    ------
    SourceError
        With every table that cannot be read, lacks a column, has several rows for a key, or has
        no row for any feature.
    """
    if not request.spec.joins:
        return raw
    if not isinstance(raw, RawLayer):
        raise SourceError(
            f"{named(request)}: a grid has no features that a table could be joined to"
        )
    errors: list[DataError] = []
    for join in {each.column: each for each in request.spec.joins}.values():
        try:
            raw = _joined(raw, join, request, folder)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return raw


def _joined(raw: RawLayer, join: JoinSpec, request: Request, folder: Path) -> RawLayer:
    rows, made_of = _rows(join, request, folder)
    keys = _keys_of(raw, request)
    if join.sum:
        values = _added_up(rows, join, request)
    else:
        _check_unique(rows, join, request)
        values = dict(zip(plain_text(rows[join.key]), _values(rows, join), strict=True))
    found, alike = _matched([*dict.fromkeys(keys)], list(values))
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    left = sorted(set(values) - set(found.values()) - {""})
    table = f"{join.field} of {join.path}"
    if not found:
        raise SourceError(
            f"{named(request)}: no row of {join.path} has a key of the layer: {join.key!r} has "
            f"{', '.join(list(values)[:_SHOWN])}; {request.spec.key!r} of the layer has "
            f"{', '.join(sorted(set(keys))[:_SHOWN])}"
        )
    notes = list(raw.notes)
    made = (
        Note.of("join-keys-alike", table=table, count=len(alike), names=Listing.of(alike)),
        Note.of("join-without-row", table=table, count=len(missing), names=Listing.of(missing)),
        Note.of("join-rows-left", table=table, count=len(left), names=Listing.of(left)),
    )
    notes += [note for note in made if dict(note.values)["count"]]
    column = [values.get(found.get(key, ""), "") for key in keys]
    whole = hashlib.sha256(f"{raw.digest} {made_of}".encode()).hexdigest()
    frame = raw.frame.assign(**{join.column: column})
    return replace(raw, frame=frame, digest=whole, notes=tuple(notes))


def _keys_of(raw: RawLayer, request: Request) -> pd.Series[str]:
    """The keys of the features.

    Raises
    ------
    SourceError
        The city file names no column of keys, or one that is not there.
    """
    key = request.spec.key
    if key is None:
        raise SourceError(
            f'{named(request)}: a table is joined by key; set key = "…", the column with the keys '
            "of its features"
        )
    if key not in raw.frame.columns:
        columns = [str(name) for name in raw.frame.columns if name != raw.frame.geometry.name]
        raise SourceError(
            f"{named(request)}: key names a column {key!r} that is not there"
            f"{did_you_mean(key, columns)}"
        )
    return plain_text(raw.frame[key])


def _rows(join: JoinSpec, request: Request, folder: Path) -> tuple[pd.DataFrame, str]:
    """The rows of the table that the join uses, and the digest of its bytes."""
    path = (folder / join.path).resolve()
    spec = LayerSpec.model_validate(
        {
            "path": join.path, "layer": join.sheet, "where": join.where, "x": join.key,
            "y": join.field, "encoding": join.encoding, "decimal": join.decimal,
        }
    )  # fmt: skip
    table_request = replace(FILE.request(request.role, spec, path), placeless=True)
    read = border.read_by(replace(FILE, read=_read), [table_request])[request.role]
    rows: pd.DataFrame = read.frame  # type: ignore[union-attr]
    columns = [str(name) for name in rows.columns if name != rows.geometry.name]
    missing = [name for name in (join.key, join.field) if name not in columns]
    if missing:
        raise SourceError(
            [
                f"{named(table_request)}: there is no column {name!r}{did_you_mean(name, columns)}"
                for name in missing
            ]
        )
    return wanted(rows, table_request), read.digest


def _read(requests: Sequence[Request]) -> Mapping[str, RawLayer | RawRaster]:
    """One table, whether it has coordinates or not."""
    import geopandas as gpd
    import numpy as np

    (request,) = requests
    check_there(request)
    with scratch_folder() as folder:
        packed = request.path.suffix.casefold() in PACKED
        inside = unpacked(request, folder) if packed else request
        if inside.path.suffix.casefold() not in TABLES:
            return {request.role: replace(read_file(inside), digest=digest(request.path))}
        table, notes = read_rows(inside)
    frame = gpd.GeoDataFrame(table, geometry=np.full(len(table), None, dtype=object))
    return {request.role: RawLayer(frame, digest(request.path), notes=notes)}


def _values(rows: pd.DataFrame, join: JoinSpec) -> list[str]:
    """The values as text; numbers with a decimal point where the join states its decimal sign."""
    texts = plain_text(rows[join.field])
    if join.decimal is None:
        return texts.tolist()
    read = numbers(texts, decimal=join.decimal)
    known = ~read.unreadable & ~read.percent & (texts != "").to_numpy()
    return [
        f"{value:.15g}" if is_known else text
        for text, value, is_known in zip(texts, read.values, known, strict=True)
    ]


def _check_unique(rows: pd.DataFrame, join: JoinSpec, request: Request) -> None:
    """Raise if a key has several rows: which of them counts, nobody can know."""
    keys = plain_text(rows[join.key])
    again = sorted(set(keys[keys.duplicated() & (keys != "")]))
    if not again:
        return
    first = int((keys == again[0]).sum())
    raise SourceError(
        f"{named(request)}: {len(again)} keys of {join.path} have several rows ({again[0]!r} has "
        f'{first}); choose one of each by where = {{ column = "value" }}, or add them up by '
        "sum = true"
    )


def _added_up(rows: pd.DataFrame, join: JoinSpec, request: Request) -> dict[str, str]:
    """The sum of the rows of each key; empty where one of them is no number.

    Raises
    ------
    SourceError
        The decimal sign is not clear, values are percentages, or a total stands among the rows, so
        that all count twice.
    """
    import pandas as pd

    texts = plain_text(rows[join.field])
    read = numbers(texts, decimal=join.decimal)
    if read.ambiguous:
        raise SourceError(
            f"{named(request)}: {join.field!r} of {join.path} has numbers whose separator may mark "
            'thousands or decimals; set decimal = "," (thousands) or decimal = "."'
        )
    if read.percent.any():
        told = ", ".join(texts[read.percent].unique()[:_SHOWN])
        raise SourceError(
            f"{named(request)}: {int(read.percent.sum())} values of {join.field!r} of {join.path} "
            f"are percentages ({told}), which cannot be added up; "
            "name the column that counts"
        )
    keys, counts = plain_text(rows[join.key]).to_numpy(), pd.Series(read.values)
    _check_totals(rows.reset_index(drop=True), keys, counts, join, request)
    by_key = counts.groupby(keys)
    sums = by_key.agg(lambda values: values.sum(skipna=False))
    several = (by_key.size() > 2) & (sums > 0)  # noqa: PLR2004  (of two equal rows none is a total)
    doubled = several & _are_close(by_key.max() * 2, sums)
    if several.any() and doubled.sum() >= _MOST * several.sum():
        raise SourceError(
            f"{named(request)}: for {int(doubled.sum())} keys of {join.path} one row is the sum of "
            "the others: a total, which would count twice; leave it out by where = { column = "
            '["value", …] }'
        )
    return {str(key): "" if total != total else f"{total:.15g}" for key, total in sums.items()}  # noqa: PLR0124  (NaN)


def _check_totals(
    rows: pd.DataFrame, keys: NDArray[np.object_], counts: pd.Series[float], join: JoinSpec,
    request: Request,
) -> None:  # fmt: skip
    """Report rows of several years, and a value of a column whose rows are the sum of the others.

    Such as `all` of the sexes; in a table by sex and age with totals of both, in each column.

    Raises
    ------
    SourceError
        There are such rows.
    """
    import pandas as pd

    for column in rows.columns.difference([join.key, join.field]):
        values = plain_text(rows[column])
        years = values.unique()
        if column not in join.where and 1 < len(years) <= _MOST_YEARS and _are_years(years):
            raise SourceError(
                f"{named(request)}: {join.path} has rows of several years in {column!r} "
                f"({', '.join(sorted(years))}), which would be added up; choose one by where = "
                f"{{ {column} = {max(years)} }}"
            )
        told = pd.DataFrame({"key": keys, "value": values.to_numpy(), "count": counts})
        sums = told.pivot_table("count", "key", "value", aggfunc="sum", fill_value=0.0)
        if not 2 < sums.shape[1] <= _MOST_VALUES:  # noqa: PLR2004  (of two none is a total)
            continue
        whole = sums.sum(axis=1)
        counted = (whole > 0).to_numpy()
        is_total = _are_close(sums[counted] * 2, whole[counted].to_numpy()[:, None])
        often = is_total.sum(axis=0) >= max(_MOST * counted.sum(), 2)
        if often.any():
            raise SourceError(
                f"{named(request)}: rows of {join.path} with {column} = {sums.columns[often][0]!r} "
                "are the sum of the others: totals, which would count twice; leave them out by "
                f'where = {{ {column} = ["value", …] }}'
            )


def _are_years(texts: NDArray[np.object_]) -> bool:
    return all(re.fullmatch(r"(19|20)\d\d", text) for text in texts)


def _are_close(one: ArrayLike, other: ArrayLike) -> NDArray[np.bool_]:
    """Whether numbers are equal but for rounding: census offices round parts and totals apart."""
    import numpy as np

    return np.isclose(one, other, rtol=_ROUNDING, atol=0)


def _matched(keys: list[str], rows: list[str]) -> tuple[dict[str, str], list[str]]:
    """The row of each key, and the keys that fit only without zeros, spaces and capitals.

    Keys that are alike but for these are matched as they stand, or not at all.
    """
    there = set(rows)
    found = {key: key for key in keys if key in there and key}
    rows_of: dict[str, list[str]] = {}
    for row in filter(None, rows):
        rows_of.setdefault(plain_key(row), []).append(row)
    keys_of: dict[str, list[str]] = {}
    for key in filter(None, keys):
        keys_of.setdefault(plain_key(key), []).append(key)
    alike = {
        own[0]: rows_of[plain][0]
        for plain, own in keys_of.items()
        if len(own) == 1 and len(rows_of.get(plain, ())) == 1 and own[0] not in found
    }
    return {**found, **alike}, sorted(alike)


def plain_key(key: str) -> str:
    """A key without spaces, capitals, leading zeros, and the `.0` of a number.

    Examples
    --------
    >>> plain_key(" 0 12 A"), plain_key("012.0")
    ('12a', '12')
    """
    plain = "".join(key.casefold().split()).lstrip("0")
    return re.sub(r"^(\d+)[.,]0+$", r"\1", plain)
