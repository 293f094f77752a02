"""The columns of a role, under their canonical names and in their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.dates import years
from urbanlayer.layers.report import listed, nearest_name
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.specification import keeps
from urbanlayer.text.normalise import matching_rows, plain_text
from urbanlayer.text.numerals import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.roles import Field, Role
    from urbanlayer.model.specification import LayerSpec

MIN_LEVELS, MAX_LEVELS = 0.5, 60.0
"""Plausible numbers of storeys (the tallest building of the region has 42)."""

_FALSE_TEXTS = frozenset(
    {"", "no", "0", "0.0", "false", "ne", "jo", "nan", "none", "не", "limited"}
)
_OSM_FIELDS = {
    "levels": "building:levels",
    "bridge": "bridge",
    "capacity": "capacity",
    "step_free": "wheelchair",
}
_NON_RESIDENTIAL = frozenset(
    """
    commercial industrial retail office warehouse school kindergarten university college hospital
    church mosque chapel cathedral temple religious synagogue monastery garage garages carport
    shed roof hangar barn farm_auxiliary greenhouse stable sty cowshed silo storage_tank service
    transformer_tower public civic government fire_station train_station transportation stadium
    sports_hall grandstand pavilion supermarket kiosk hotel ruins construction bridge bunker
    container parking toilets water_tower gatehouse digester tent tower power substation
    clinic museum prison military manufacture workshop
    """.split()  # noqa: SIM905  (a list of eighty quoted words reads worse)
)
"""Non-residential values of OSM's `building`; `yes` and all others may be residential."""
_NON_RESIDENTIAL_TAGS = ("amenity", "shop", "tourism", "leisure", "office", "man_made", "power")
_ACCESS_DENIED = frozenset({"no", "private", "military"})
_ACCESS_GRANTED = frozenset({"yes", "designated", "permissive", "official"})


def with_fields(
    frame: gpd.GeoDataFrame, role: Role, spec: LayerSpec, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The frame with all columns of its role under their canonical names.

    Parameters
    ----------
    frame
        Indexed by key.
    role
        Defines the columns.
    spec
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
    for field in role.fields:
        column = _column(frame, field, spec, report)
        if field.kind in {"number", "count"}:
            added[field.name] = _numbers(frame, column, field, spec, report)
        elif field.kind == "text":
            added[field.name] = _texts(frame, column)
        else:
            added[field.name] = _flag(frame, column, field, spec, report)
    if "levels" in added:
        added["levels"] = _plausible_levels(added["levels"], report)
    optional = {"residents"} if not spec.residents and "residents" not in frame.columns else set()
    kept = {name: column for name, column in added.items() if name not in optional}
    if not kept:
        return frame
    others = frame.drop(columns=[name for name in kept if name in frame.columns])
    joined = pd.concat([others, pd.DataFrame(kept, index=frame.index)], axis=1)
    return others.__class__(joined, geometry=frame.geometry.name, crs=frame.crs)


def _column(
    frame: gpd.GeoDataFrame, field: Field, spec: LayerSpec, report: ValidationReport
) -> str | None:
    """The column of the file for a field: the declared one, or else the one of that name."""
    declared = getattr(spec, field.name, None)
    if isinstance(declared, str):
        if declared in frame.columns:
            return declared
        columns = [name for name in frame.columns if name != frame.geometry.name]
        report.error(
            f"it has no column {declared!r} for {field.name}; {nearest_name(declared, columns)}. "
            f'Set {field.name} = "…" in city.toml.'
        )
        return None
    for name in (field.name, _OSM_FIELDS.get(field.name, "")):
        if name in frame.columns and (name == field.name or spec.source == "osm"):
            return name
    if field.required:
        columns = [name for name in frame.columns if name != frame.geometry.name]
        report.error(
            f"it declares no column for {field.name}; its columns are {', '.join(columns)}. "
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
    if field.kind == "count" and (values < 0).any():
        negative = values < 0
        report.error(
            f"{negative.sum()} of {len(values)} features have a negative value in {column!r} "
            f"({listed(frame.index[negative])}); {field.unit} cannot be negative."
        )
    if field.required and len(values) and not (values > 0).any():
        report.error(f"{column!r} holds no {field.unit}: all values are empty or 0.")
    return pd.Series(values, index=frame.index, dtype="float64")


def _parsed_numbers(
    found: pd.Series, field: Field, spec: LayerSpec, report: ValidationReport
) -> NDArray[np.float64]:
    """Numbers from a text column, NaN where unreadable."""
    written = plain_text(found)
    read = numbers(written, decimal=spec.decimal)
    if read.ambiguous:
        example = next(text for text in written if "." in text or "," in text)
        report.error(
            f"{found.name!r} holds numbers like {example!r}, in which the separator may mark "
            f'thousands or decimals; set decimal = "{"," if "." in example else "."}" (thousands) '
            f'or decimal = "{"." if "." in example else ","}" in city.toml.'
        )
    if read.unreadable.any():
        examples = sorted(set(written[read.unreadable]))
        what = f"{read.unreadable.sum()} of {len(read.values)} values of {found.name!r}"
        if (field.kind == "count" and not read.unreadable.mean() < 0.5) or field.required:  # noqa: PLR2004
            report.error(f"{what} are not numbers ({listed(examples)}).")
        else:
            report.note(
                Note.of(
                    "values-unreadable",
                    count=int(read.unreadable.sum()),
                    total=len(read.values),
                    column=str(found.name),
                    examples=Listing.of(examples),
                )
            )
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
    spec: LayerSpec,
    report: ValidationReport,
) -> pd.Series[bool]:
    import pandas as pd

    osm = spec.source == "osm"
    declared = {"public": spec.public, "closed": spec.closed}.get(field.name)
    if declared is not None:
        return matching(frame, declared, report)
    if field.name == "residential":
        return _residential(frame, spec, report)
    if field.name in {"public", "closed"}:
        open_to_all = _is_accessible(frame) if osm else pd.Series(data=True, index=frame.index)
        return open_to_all if field.name == "public" else ~open_to_all
    if column is None:
        return pd.Series(data=False, index=frame.index)
    return ~plain_text(frame[column]).str.casefold().isin(_FALSE_TEXTS)


def matching(
    frame: gpd.GeoDataFrame, where: Mapping[str, object], report: ValidationReport
) -> pd.Series[bool]:
    """(n,) True for features that match a `where` table, compared as text."""
    allowed = keeps(where)
    for field in [name for name in allowed if name not in frame.columns]:
        columns = [name for name in frame.columns if name != frame.geometry.name]
        report.error(f"it has no column {field!r}; {nearest_name(field, columns)}.")
        del allowed[field]
    return matching_rows(frame, allowed)


def _residential(
    frame: gpd.GeoDataFrame, spec: LayerSpec, report: ValidationReport
) -> pd.Series[bool]:
    import pandas as pd

    if spec.use is not None:
        lived_in = matching(frame, {spec.use.field: list(spec.use.residential)}, report)
        if len(frame) and not lived_in.any() and spec.use.field in frame.columns:
            there = plain_text(frame[spec.use.field]).value_counts().index
            report.error(
                f"no building has one of {', '.join(spec.use.residential)} in "
                f"{spec.use.field!r}; there are {listed(there)}."
            )
        return lived_in
    if "residential" in frame.columns:
        return ~plain_text(frame["residential"]).str.casefold().isin(_FALSE_TEXTS)
    if "building" in frame.columns and spec.source == "osm":
        lived_in = ~plain_text(frame["building"]).isin(_NON_RESIDENTIAL)
        for tag in _NON_RESIDENTIAL_TAGS:
            if tag in frame.columns:
                lived_in &= plain_text(frame[tag]) == ""
        return lived_in
    report.note(Note.of("use-unknown"))
    return pd.Series(data=True, index=frame.index)


def _is_accessible(frame: gpd.GeoDataFrame) -> pd.Series[bool]:
    """(n,) True where OSM's `access` and `foot` tags allow entry on foot."""
    import pandas as pd

    nothing = pd.Series("", index=frame.index, dtype="str")
    access = plain_text(frame["access"]) if "access" in frame.columns else nothing
    foot = plain_text(frame["foot"]) if "foot" in frame.columns else nothing
    granted = foot.isin(_ACCESS_GRANTED)
    return granted | ~(access.isin(_ACCESS_DENIED) | foot.isin(_ACCESS_DENIED))
