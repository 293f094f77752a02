"""Names of features, in each language of the layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.fields import columns_of
from urbanlayer.locales import languages
from urbanlayer.text.normalise import plain_text
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.source import Source

_OSM_TAGS_OF_SCRIPTS = {
    "name:sr": "name_sr_Cyrl_ME",
    "name:sr-Cyrl": "name_sr_Cyrl_ME",
    "name:cnr-Cyrl": "name_sr_Cyrl_ME",
    "name:cnr": "name_sr_Latn_ME",
    "name:sr-Latn": "name_sr_Latn_ME",
    "name:sh": "name_sr_Latn_ME",
}
"""OSM tags of a language with two scripts; the first tag with a text is used."""


def with_names(
    frame: gpd.GeoDataFrame, spec: LayerSpec, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The frame with a column `name`, and `name_en`, `name_sq` … for each language.

    Parameters
    ----------
    frame
        Indexed by key.
    spec
        Its `name` is one column, or one for each language.
    report
        Records missing columns as errors.

    Returns
    -------
    GeoDataFrame
        Texts, empty if missing. `name` is the declared column, or the first language.
    """
    columns: dict[str, pd.Series[str]] = {}
    if isinstance(spec.name, dict):
        for language, field in spec.name.items():
            columns[f"name_{language}"] = _text(frame, field, report)
        columns["name"] = _first(list(columns.values()))
    elif spec.name is not None:
        columns["name"] = _text(frame, spec.name, report)
    else:
        columns = _of_osm(frame)
    for name, column in columns.items():
        frame[name] = column
    return frame


def public_names(spec: LayerSpec, source: Source) -> tuple[str, ...]:
    """Columns of a validated layer whose names may be shown to the public.

    Parameters
    ----------
    spec
        A declared `name` may be shown.
    source
        Its format may define the name of a feature (OpenStreetMap, GTFS); else an undeclared
        column `name` may hold anything.
    """
    if isinstance(spec.name, dict):
        return ("name", *(f"name_{language}" for language in spec.name))
    if spec.name is not None:
        return ("name",)
    return ("name", *dict.fromkeys(_osm_tags().values())) if source.names_are_public else ()


def _text(frame: gpd.GeoDataFrame, field: str, report: ValidationReport) -> pd.Series[str]:
    import pandas as pd

    if field in frame.columns:
        return plain_text(frame[field])
    there = columns_of(frame)
    report.error(
        f"it has no column {field!r} for the name, as city.toml specifies"
        f"{did_you_mean(field, there)}"
    )
    return pd.Series("", index=frame.index, dtype="str")


def _of_osm(frame: gpd.GeoDataFrame) -> dict[str, pd.Series[str]]:
    """`name` and its translations from columns named as in OpenStreetMap."""
    import pandas as pd

    found: dict[str, list[pd.Series[str]]] = {}
    for tag, name in _osm_tags().items():
        if tag in frame.columns:
            found.setdefault(name, []).append(plain_text(frame[tag]))
    columns = {name: _first(texts) for name, texts in found.items()}
    nothing = pd.Series("", index=frame.index, dtype="str")
    columns["name"] = plain_text(frame["name"]) if "name" in frame.columns else nothing
    return columns


def _osm_tags() -> dict[str, str]:
    """Column of each OSM name tag: `name:sq` to `name_sq`."""
    one_script = {f"name:{code}": f"name_{code}" for code in languages() if "_" not in code}
    return one_script | _OSM_TAGS_OF_SCRIPTS


def _first(texts: list[pd.Series[str]]) -> pd.Series[str]:
    """The first non-empty text of each row."""
    chosen = texts[0]
    for other in texts[1:]:
        chosen = chosen.where(chosen != "", other)
    return chosen
