"""Columns that identify persons, declared as the name or the key of features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.note import Note
from urbanlayer.text.normalise import plain_text
from urbanlayer.text.personal import is_personal, personal_content

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.layers.report import ValidationReport
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.role import Role


def report_personal_columns(frame: gpd.GeoDataFrame, role: Role, report: ValidationReport) -> None:
    """Record an error for each declared name or key that identifies persons.

    Parameters
    ----------
    frame
        As read.
    role
        Schools, streets and neighbourhoods are named in honour of persons.
    report
        Its request allows personal data, or not; the errors quote no value.
    """
    if _may_be_published(report):
        return
    spec, honoured = report.request.spec, _is_honoured(role)
    for setting, column in _declared(spec):
        if column not in frame.columns:
            continue
        texts = plain_text(frame[column]).to_numpy(dtype=object)
        found = personal_content(texts, column=column, honoured=honoured)
        if found is not None:
            report.error(
                f"the column {column!r}, declared as {setting}, seems to hold {found}. Declare "
                f'another column, or set personal = "allowed" if the city may publish them.'
            )


def without_names_of_persons(
    frame: gpd.GeoDataFrame, role: Role, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The frame without single names that seem to be those of persons, in columns that are not.

    Parameters
    ----------
    frame
        With the columns of `with_names`.
    role
        As of `report_personal_columns`.
    report
        Its request allows personal data, or not; a note counts the names of each column.
    """
    if _may_be_published(report):
        return frame
    declared, honoured = report.request.spec.name, _is_honoured(role)
    fields = {"name": declared}
    if isinstance(declared, dict):
        fields = {"name": None, **{f"name_{code}": field for code, field in declared.items()}}
    for name, field in fields.items():
        if declared is None or name not in frame.columns:
            continue
        texts = {text for text in frame[name].unique() if text}
        personal = {text for text in texts if is_personal(text, honoured=honoured)}
        away = frame[name].isin(personal)
        frame[name] = frame[name].mask(away, "")
        if away.any() and field:
            report.note(
                Note.of("names-left-out", column=str(field), count=int(away.sum()), total=len(away))
            )
    return frame


def _may_be_published(report: ValidationReport) -> bool:
    request = report.request
    return request.spec.personal == "allowed" or request.source.names_are_public


def _is_honoured(role: Role) -> bool:
    """Whether things of a role are named in honour of persons, as schools and streets are."""
    return role.known and (role.service or role.background or role.partition)


def _declared(spec: LayerSpec) -> list[tuple[str, str]]:
    names = spec.name.values() if isinstance(spec.name, dict) else filter(None, [spec.name])
    key = [] if spec.key is None else [("key", spec.key)]
    return [*(("name", column) for column in dict.fromkeys(names)), *key]
