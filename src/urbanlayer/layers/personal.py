"""Columns that identify persons, declared as the name or the key of features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.text.normalise import plain_text
from urbanlayer.text.personal import personal_content

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
    spec = report.request.spec
    if spec.personal == "allowed" or report.request.source.names_are_public:
        return
    honoured = role.known and (role.service or role.background or role.partition)
    for setting, column in _declared(spec):
        if column not in frame.columns:
            continue
        found = personal_content(plain_text(frame[column]), column=column, honoured=honoured)
        if found is not None:
            report.error(
                f"the column {column!r}, declared as {setting}, seems to hold {found}. Declare "
                f'another column, or set personal = "allowed" if the city may publish them.'
            )


def _declared(spec: LayerSpec) -> list[tuple[str, str]]:
    names = spec.name.values() if isinstance(spec.name, dict) else filter(None, [spec.name])
    key = [] if spec.key is None else [("key", spec.key)]
    return [*(("name", column) for column in dict.fromkeys(names)), *key]
