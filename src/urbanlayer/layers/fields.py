"""The columns of a role, under their canonical names and in their units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from urbanlayer.layers.dates import years
from urbanlayer.layers.report import listed
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.text import keeps
from urbanlayer.text.normalise import matching_rows, plain_text
from urbanlayer.text.numerals import numbers
from urbanlayer.text.personal import without_persons
from urbanlayer.text.spelling import did_you_mean
from urbanlayer.text.tag_values import every_value_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.role import Field, Role
    from urbanlayer.model.source import Request
    from urbanlayer.model.tag_scheme import TagScheme

MIN_YEAR, MAX_YEAR = 1000, 2100
"""Years have four digits, and nothing is built so far ahead."""
MIN_LEVELS, MAX_LEVELS = 0.5, 60.0
"""Plausible numbers of storeys (the tallest building of the region has 42)."""

_STOREY = re.compile(r"\s*(-?\d+)")
_FALSE_TEXTS = frozenset(
    {"", "no", "0", "0.0", "false", "ne", "jo", "nan", "none", "не", "limited"}
)


def with_fields(
    frame: gpd.GeoDataFrame, role: Role, request: Request, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The frame with all columns of its role under their canonical names.

    Parameters
    ----------
    frame
        Indexed by key.
    role
        Defines the columns.
    request
        Names the columns of the file that hold them.
    report
        Records missing columns and impossible values as errors.

    Returns
    -------
    GeoDataFrame
        Numbers as float64, NaN where unknown; flags as bool; texts never missing.
    """
    import pandas as pd

    added: dict[str, pd.Series] = {}
    spec = request.spec
    for field in role.fields:
        column = _column(frame, field, request, report)
        if field.kind in {"number", "count"}:
            added[field.name] = _numbers(frame, column, field, spec, report)
        elif field.kind == "text":
            added[field.name] = _texts(frame, column)
        else:
            added[field.name] = _flag(frame, column, field, request, report)
    if "levels" in added:
        added["levels"] = _plausible_levels(added["levels"], report)
    counted = spec.column("residents") is not None or "residents" in frame.columns
    optional = set() if counted else {"residents"}
    kept = {name: column for name, column in added.items() if name not in optional}
    if not kept:
        return frame
    others = frame.drop(columns=[name for name in kept if name in frame.columns])
    joined = pd.concat([others, pd.DataFrame(kept, index=frame.index)], axis=1)
    return others.__class__(joined, geometry=frame.geometry.name, crs=frame.crs)


def _column(
    frame: gpd.GeoDataFrame, field: Field, request: Request, report: ValidationReport
) -> str | None:
    """The column of the file for a field: the declared one, or else the one of that name."""
    declared = request.spec.column(field.name)
    if declared is not None:
        if declared in frame.columns:
            return declared
        report.error(
            f"it has no column {declared!r} for {field.name}, as city.toml specifies"
            f"{did_you_mean(declared, columns_of(frame))}"
        )
        return None
    tags = request.source.tags
    for name in (field.name, tags.fields.get(field.name, "") if tags else ""):
        if name in frame.columns:
            return name
    if field.required:
        columns = ", ".join(columns_of(frame))
        report.error(
            f"it declares no column for {field.name}; its columns are {columns}. "
            f'Set {field.name} = "…" in city.toml.'
        )
    return None


def _numbers(
    frame: gpd.GeoDataFrame,
    column: str | None,
    field: Field,
    spec: LayerSpec,
    report: ValidationReport,
) -> pd.Series[float]:
    import numpy as np
    import pandas as pd

    if column is None:
        return pd.Series(np.nan, index=frame.index, dtype="float64")
    found = frame[column]
    if pd.api.types.is_numeric_dtype(found):
        values = found.to_numpy(dtype="float64", na_value=np.nan)
    else:
        dated = years(found) if field.unit == "year" else None
        values = _parsed_numbers(found, field, spec, report) if dated is None else dated
    values = np.where(np.isfinite(values), values, np.nan)
    if field.unit == "year":
        values = _plausible_years(values, str(column), report)
    if field.kind == "count" and (values < 0).any():
        negative = values < 0
        report.error(
            f"{negative.sum()} of {len(values)} features have a negative value in {column!r} "
            f"({listed(frame.index[negative])}); {field.unit} cannot be negative."
        )
    if field.required and len(values) and not (values > 0).any():
        report.error(f"{column!r} holds no {field.unit}: all values are empty or 0.")
    return pd.Series(values, index=frame.index, dtype="float64")


def _plausible_years(
    values: NDArray[np.float64], column: str, report: ValidationReport
) -> NDArray[np.float64]:
    """Years of four digits; NaN elsewhere, 0 among it, and an error if most values are no years."""
    import numpy as np

    zero = values == 0
    if zero.any():
        _note_unreadable(report, column, zero, ["0"])
    values = np.where(zero, np.nan, values)
    known = np.isfinite(values)
    strange = known & ((values < MIN_YEAR) | (values > MAX_YEAR))
    if not strange.any():
        return values
    examples = [f"{value:.0f}" for value in np.unique(values[strange])]
    if strange.sum() * 2 >= known.sum():
        report.error(
            f"{strange.sum()} of {known.sum()} values of {column!r} are no years "
            f"({listed(examples)}); dates may be written as milliseconds since 1970 or without "
            "separators. Write the year, or the date as 1975-01-31."
        )
    else:
        _note_unreadable(report, column, strange, examples)
    return np.where(strange, np.nan, values)


def _note_unreadable(
    report: ValidationReport, column: str, rows: NDArray[np.bool_], examples: Sequence[str]
) -> None:
    note = Note.of(
        "values-unreadable",
        count=int(rows.sum()),
        total=len(rows),
        column=column,
        examples=Listing.of(examples),
    )
    report.note(note)


def _parsed_numbers(
    found: pd.Series, field: Field, spec: LayerSpec, report: ValidationReport
) -> NDArray[np.float64]:
    """Numbers from a text column, NaN where unreadable."""
    import numpy as np

    written = plain_text(found)
    read = numbers(written, decimal=spec.decimal)
    if read.ambiguous:
        example = next(text for text in written if "." in text or "," in text)
        report.error(
            f"{found.name!r} holds numbers like {example!r}, in which the separator may mark "
            f'thousands or decimals; set decimal = "{"," if "." in example else "."}" (thousands) '
            f'or decimal = "{"." if "." in example else ","}" in city.toml.'
        )
    if field.kind == "count" and read.percent.any():
        told = [f"{key}: {text}" for key, text in written[read.percent].items()]
        report.error(
            f"{read.percent.sum()} of {len(read.values)} values of {found.name!r} are percentages "
            f"({listed(told)}), not numbers of {field.unit}. Name the column that counts."
        )
    if read.unreadable.any():
        examples = sorted(set(written[read.unreadable]))
        what = f"{read.unreadable.sum()} of {len(read.values)} values of {found.name!r}"
        none = spec.column(field.name) is not None and not np.isfinite(read.values).any()
        mostly = field.kind == "count" and not read.unreadable.mean() < 0.5  # noqa: PLR2004
        if mostly or none or field.required:
            one = len(examples) == 1 and read.unreadable.sum() == 1 < len(read.values)
            units = one and not any(sign.isdigit() for sign in examples[0])
            report.error(
                f"{what} are not numbers ({listed(without_persons(examples))}). Leave blank what "
                "is not known."
                + (" Delete a row of units or types below the heading." if units else "")
            )
        else:
            _note_unreadable(report, str(found.name), read.unreadable, examples)
    return read.values


def _plausible_levels(levels: pd.Series[float], report: ValidationReport) -> pd.Series[float]:
    strange = (levels < MIN_LEVELS) | (levels > MAX_LEVELS)
    if strange.any():
        examples = sorted({f"{value:g}" for value in levels[strange]})
        report.note(
            Note.of("storeys-impossible", count=int(strange.sum()), examples=Listing.of(examples))
        )
    return levels.where(~strange)


def _texts(frame: gpd.GeoDataFrame, column: str | None) -> pd.Series[str]:
    import pandas as pd

    if column is None:
        return pd.Series("", index=frame.index, dtype="str")
    return plain_text(frame[column])


def _flag(
    frame: gpd.GeoDataFrame,
    column: str | None,
    field: Field,
    request: Request,
    report: ValidationReport,
) -> pd.Series[bool]:
    import pandas as pd

    tags, declared = request.source.tags, request.spec.values(field.name)
    if field.declared == "use":
        return _residential(frame, declared, tags, report)
    if declared is not None:
        return _declared_flag(frame, declared, report)
    if field.declared == "values":
        if tags is None:
            return pd.Series(data=not field.restricts, index=frame.index)
        return _is_closed(frame, tags) if field.restricts else _is_public(frame, tags)
    if column is None:
        return pd.Series(data=False, index=frame.index)
    return ~plain_text(frame[column]).str.casefold().isin(_FALSE_TEXTS)


def _declared_flag(
    frame: gpd.GeoDataFrame, declared: Mapping[str, object], report: ValidationReport
) -> pd.Series[bool]:
    """(n,) True for features with the declared values; an error if no feature has them."""
    flags = matching(frame, declared, report)
    allowed = keeps(declared)
    if len(frame) and not flags.any() and all(name in frame.columns for name in allowed):
        wanted = ", ".join(f"{name} = {' or '.join(texts)}" for name, texts in allowed.items())
        held = "; ".join(
            f"{name!r} has {listed(without_persons(plain_text(frame[name]).value_counts().index))}"
            for name in allowed
        )
        report.error(f"no feature has {wanted}: {held}.")
    return flags


def columns_of(frame: gpd.GeoDataFrame) -> list[str]:
    """The names of all columns but the geometry."""
    return [str(name) for name in frame.columns if name != frame.geometry.name]


def matching(
    frame: gpd.GeoDataFrame, where: Mapping[str, object], report: ValidationReport
) -> pd.Series[bool]:
    """(n,) True for features that match a `where` table, compared as text."""
    allowed = keeps(where)
    for field in [name for name in allowed if name not in frame.columns]:
        report.error(f"it has no column {field!r}{did_you_mean(field, columns_of(frame))}")
        del allowed[field]
    note_absent_values(frame, where, report)
    return matching_rows(frame, allowed)


def note_absent_values(
    frame: gpd.GeoDataFrame, where: Mapping[str, object], report: ValidationReport
) -> None:
    """Note those of several declared values that no feature has: one of them may be misspelt.

    Parameters
    ----------
    frame
        The features; a column of tags may hold several values, separated by semicolons.
    where
        Column to its values.
    report
        Records the notes.
    """
    for name, values in keeps(where).items():
        if len(values) == 1 or name not in frame.columns:
            continue
        texts = set(plain_text(frame[name]).str.casefold())
        held = texts | {part.strip() for text in texts for part in text.split(";")}
        absent = [value for value in values if value.casefold() not in held]
        if absent and len(absent) < len(values):
            report.note(Note.of("values-absent", column=name, values=Listing.of(absent)))


def _residential(
    frame: gpd.GeoDataFrame,
    declared: Mapping[str, object] | None,
    tags: TagScheme | None,
    report: ValidationReport,
) -> pd.Series[bool]:
    """(n,) True for buildings that people live in."""
    import pandas as pd

    if declared is not None:
        lived_in = matching(frame, declared, report)
        ((column, values),) = keeps(declared).items()
        if len(frame) and not lived_in.any() and column in frame.columns:
            there = plain_text(frame[column]).value_counts().index
            report.error(
                f"no building has one of {', '.join(values)} in {column!r}; there are "
                f"{listed(without_persons(there))}."
            )
        return lived_in
    if "residential" in frame.columns:
        return ~plain_text(frame["residential"]).str.casefold().isin(_FALSE_TEXTS)
    if tags is not None and tags.building in frame.columns:
        return _residential_by_tags(frame, tags)
    report.note(Note.of("use-unknown"))
    return pd.Series(data=True, index=frame.index)


def _residential_by_tags(frame: gpd.GeoDataFrame, tags: TagScheme) -> pd.Series[bool]:
    """(n,) True for buildings that people live in by their tags; a shop in one takes nothing back.

    Of several values, separated by semicolons, one is enough; `yes` beside others tells nothing.
    """
    import pandas as pd

    parts = _values_of(frame[tags.building])
    lived_in = ~parts.map(
        lambda values: tags.not_residential.issuperset(values - tags.unspecific or values)
    ).astype(bool)
    for tag in tags.not_residential_tags:
        if tag in frame.columns:
            lived_in &= plain_text(frame[tag]) == ""
    is_residential = ~parts.map(tags.residential.isdisjoint).astype(bool)
    for tag in tags.use_tags:
        if tag in frame.columns:
            uses = _values_of(frame[tag])
            is_residential |= ~uses.map(tags.residential.isdisjoint).astype(bool)
            lived_in &= ~uses.map(tags.not_residential.issuperset).astype(bool)
    if tags.dwellings in frame.columns:
        is_residential |= pd.to_numeric(frame[tags.dwellings], errors="coerce") > 0
    for tag in tags.lodging:
        if tag in frame.columns:
            is_residential &= plain_text(frame[tag]) == ""
    stands_empty = pd.Series(data=False, index=frame.index)
    for tag in tags.empty:
        if tag in frame.columns:
            stands_empty |= ~plain_text(frame[tag]).isin(["", "no"])
    return ((lived_in | is_residential) & ~stands_empty).astype(bool)


def _values_of(tag: pd.Series[str]) -> pd.Series[Any]:
    """(n,) the set of a tag's values, separated by semicolons, in small letters."""
    return plain_text(tag).str.casefold().str.split(r"\s*;\s*", regex=True).map(frozenset)


def _is_closed(frame: gpd.GeoDataFrame, tags: TagScheme) -> pd.Series[bool]:
    """(n,) True for streets, and barriers on them, that the tags of access close on foot."""
    return _is_refused(frame, tags, tags.closes_ways, tags.opens_ways)


def _is_public(frame: gpd.GeoDataFrame, tags: TagScheme) -> pd.Series[bool]:
    """(n,) True for grounds that the public may enter on foot."""
    refused = _is_refused(frame, tags, tags.refused, tags.granted)
    home, values = tags.private_home
    if home in frame.columns:
        refused |= every_value_in(plain_text(frame[home]).to_numpy(dtype=object), values)
    return ~refused & ~(_on_a_roof(frame, tags) & ~_is_granted(frame, tags))


def _is_refused(
    frame: gpd.GeoDataFrame, tags: TagScheme, closing: frozenset[str], opening: frozenset[str]
) -> pd.Series[bool]:
    """(n,) True where a tag of access has closing values alone, and none of walking opens it."""
    import pandas as pd

    refused = pd.Series(data=False, index=frame.index)
    for tag in tags.access:
        if tag in frame.columns:
            refused |= every_value_in(plain_text(frame[tag]).to_numpy(dtype=object), closing)
    if tags.on_foot in frame.columns:
        refused &= ~plain_text(frame[tags.on_foot]).isin(opening)
    return refused


def _on_a_roof(frame: gpd.GeoDataFrame, tags: TagScheme) -> pd.Series[bool]:
    """(n,) True for what lies on a building: a roof garden."""
    import pandas as pd

    roof = pd.Series(data=False, index=frame.index)
    for tag, values in tags.on_roofs.items():
        if tag in frame.columns:
            roof |= every_value_in(plain_text(frame[tag]).to_numpy(dtype=object), values)
    if tags.storey in frame.columns:
        roof |= plain_text(frame[tags.storey]).map(_lowest_storey) > 0
    return roof


def _lowest_storey(text: str) -> int:
    """The lowest of storeys as `level` lists them; 0, the ground, where it lists none.

    Examples
    --------
    >>> _lowest_storey("1;2"), _lowest_storey("0-3"), _lowest_storey("-1;1"), _lowest_storey("")
    (1, 0, -1, 0)
    """
    found = [_STOREY.match(part) for part in text.split(";")]
    return min((int(each[1]) for each in found if each), default=0)


def _is_granted(frame: gpd.GeoDataFrame, tags: TagScheme) -> pd.Series[bool]:
    """(n,) True where a tag of access lets everybody in."""
    import pandas as pd

    granted = pd.Series(data=False, index=frame.index)
    for tag in tags.access:
        if tag in frame.columns:
            granted |= plain_text(frame[tag]).isin(tags.granted)
    return granted
