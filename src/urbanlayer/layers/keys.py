"""Unique text keys: leading zeros are kept; missing and repeated keys are errors or excluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.fields import columns_of
from urbanlayer.layers.report import listed
from urbanlayer.model.note import Note
from urbanlayer.model.role_table import role
from urbanlayer.text.normalise import plain_text
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.layers.report import ValidationReport


def indexed_by_key(
    frame: gpd.GeoDataFrame, field: str | None, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The frame indexed by its key as text, or by feature number if no key is declared.

    Parameters
    ----------
    frame
        Indexed by the feature numbers of the source.
    field
        Column that city.toml declares as key.
    report
        Records a missing column as an error, and features without a key as excluded.

    Returns
    -------
    GeoDataFrame
        Index named `key`, not yet unique.
    """
    numbers = frame.index.astype(str)
    if field is None:
        return frame.set_axis(numbers.rename("key"))
    if field not in frame.columns:
        report.error(
            f"it has no column {field!r} for the key, as city.toml specifies"
            f"{did_you_mean(field, columns_of(frame))}"
        )
        return frame.set_axis(numbers.rename("key"))
    keys = plain_text(frame[field])
    without = (keys == "").to_numpy()
    labelled = frame.set_axis(keys.where(~without, numbers.to_series(index=keys.index)).to_numpy())
    labelled.index.name = "key"
    if without.any() and role(report.request.role).partition:
        report.error(f"{without.sum()} neighbourhoods have no {field!r}; give each a key.")
        return labelled
    return report.exclude(
        labelled,
        without,
        reason="no-key",
        detail=Note.of("no-key", column=field),
        fix=Note.of("fix-key"),
        drawn=False,
    )


def with_unique_keys(frame: gpd.GeoDataFrame, report: ValidationReport) -> gpd.GeoDataFrame:
    """The first feature of each key; a repeated key of a neighbourhood is an error."""
    repeated = frame.index.duplicated()
    if not repeated.any():
        return frame
    if role(report.request.role).partition:
        twice = frame.index[repeated].unique()
        report.error(
            f"{len(twice)} keys occur more than once ({listed(twice)}); give each neighbourhood a "
            "unique key, or merge its parts."
        )
        return frame[~repeated]
    return report.exclude(
        frame,
        repeated,
        reason="duplicate-key",
        detail=Note.of("duplicate-key"),
        fix=Note.of("fix-own-key"),
    )
