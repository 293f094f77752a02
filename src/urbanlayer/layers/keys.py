"""Unique text keys: leading zeros stay, and what cannot be told apart is refused or set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.report import listed, nearest_name
from urbanlayer.text.normalise import plain_text

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.layers.report import ValidationReport


def indexed_by_key(
    frame: gpd.GeoDataFrame, field: str | None, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The frame indexed by its key, as text; the feature's number where no key is declared.

    Parameters
    ----------
    frame
        Indexed by the features' numbers in the source.
    field
        Column that city.toml names as key.
    report
        A missing column is a fault; features without a key are set aside.

    Returns
    -------
    GeoDataFrame
        Index named `key`; duplicates still there.
    """
    numbers = frame.index.astype(str)
    if field is None:
        return frame.set_axis(numbers.rename("key"))
    if field not in frame.columns:
        report.error(
            f"it has no column {field!r} for the key; "
            f'{nearest_name(field, _columns(frame))}. Say key = "…" in city.toml.'
        )
        return frame.set_axis(numbers.rename("key"))
    keys = plain_text(frame[field])
    without = (keys == "").to_numpy()
    labelled = frame.set_axis(keys.where(~without, numbers.to_series(index=keys.index)).to_numpy())
    labelled.index.name = "key"
    if without.any() and report.request.role == "neighbourhoods":
        report.error(f"{without.sum()} neighbourhoods have no {field!r}; give each a key.")
        return labelled
    return report.exclude(
        labelled,
        without,
        reason="no-key",
        detail=f"its {field!r} is empty",
        fix="Give it a key.",
        drawn=False,
    )


def with_unique_keys(frame: gpd.GeoDataFrame, report: ValidationReport) -> gpd.GeoDataFrame:
    """The first feature of each key; for neighbourhoods a key that stands twice is a fault."""
    repeated = frame.index.duplicated()
    if not repeated.any():
        return frame
    if report.request.role == "neighbourhoods":
        twice = frame.index[repeated].unique()
        report.error(
            f"{len(twice)} keys stand more than once ({listed(twice)}); give each neighbourhood "
            "a key of its own, or join its parts."
        )
        return frame[~repeated]
    return report.exclude(
        frame,
        repeated,
        reason="duplicate-key",
        detail="an earlier feature has the same key",
        fix="Give it a key of its own, or say another key in city.toml.",
    )


def _columns(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(name) for name in frame.columns if name != frame.geometry.name]
