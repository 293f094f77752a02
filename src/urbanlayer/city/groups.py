"""Groups of residents and deprivation of each origin, from columns of layers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from urbanlayer.city.residents import with_digests
from urbanlayer.errors import LayerError
from urbanlayer.kernels import allocation
from urbanlayer.kernels.equal_shapes import first_of_equal
from urbanlayer.model.layer_specification import JoinSpec
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.role_table import role as role_named
from urbanlayer.model.specification import LAYER_OF
from urbanlayer.text.numerals import numbers
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.specification import EquitySpec, GroupSpec, ResidentsSpec

POINT_TOLERANCE_M = 0.01
"""Tolerance for origins that were made from points."""


def with_groups(
    residents: Residents,
    spec: ResidentsSpec,
    neighbourhoods: Neighbourhoods,
    layers: Mapping[str, Layer],
) -> Residents:
    """The residents, with the people of each group at each origin.

    The count of a feature is allocated to the origins in it in proportion to their people, so that
    it is preserved; those of features in one place (persons at one address) are allocated together.
    Origins outside all features have nobody of the group. A neighbourhood where no count of the
    group is known has no number of it.

    Parameters
    ----------
    residents
        With origins and people.
    spec
        Its `groups` name the column of each group.
    neighbourhoods, layers
        Hold the columns.

    Raises
    ------
    LayerError
        A layer has no such column, or no numbers in it; all errors at once.
    """
    columns = {name: _role_and_column(counted, spec) for name, counted in spec.groups.items()}
    errors = [
        error
        for name, (layer, field) in columns.items()
        for error in _errors(f"group '{name}'", layer, field, layers)
    ]
    if errors:
        raise LayerError(errors)
    groups: dict[str, NDArray[np.float64]] = {}
    unknown: dict[str, frozenset[int]] = {}
    notes = list(residents.notes)
    for name, (role, field) in columns.items():
        layer = layers[role]
        row = _row_of_origins(residents, layer, neighbourhoods)
        counts = _of_places(_column(layer, field), layer)
        people = allocation.constrain_to_totals(residents.people, row, counts)
        groups[name] = np.nan_to_num(people)
        unknown[name] = _uncounted(people, residents)
        if np.isnan(_column(layer, field)).any():
            notes.append(_note_on_unknown(name, layer, _column(layer, field)))
        notes += _notes(name, groups[name], counts, residents, neighbourhoods)
    second = residents.second_source and with_groups(
        residents.second_source, spec, neighbourhoods, layers
    )
    alternatives = {
        cause: (
            with_groups(one, spec, neighbourhoods, layers),
            with_groups(other, spec, neighbourhoods, layers),
        )
        for cause, (one, other) in residents.alternatives.items()
    }
    return with_digests(
        replace(
            residents,
            alternatives=alternatives,
            groups=groups,
            group_unknown=unknown,
            notes=tuple(notes),
            second_source=second,
        )
    )


def _uncounted(people: NDArray[np.float64], residents: Residents) -> frozenset[int]:
    """Rows of the neighbourhoods where people of a group, NaN if unknown, are nowhere known."""
    touched = residents.neighbourhood[np.isnan(people)]
    return frozenset(np.setdiff1d(touched, residents.neighbourhood[people > 0]).tolist())


def _note_on_unknown(name: str, layer: Layer, counts: NDArray[np.float64]) -> Note:
    unknown = np.isnan(counts)
    return Note.of(
        "group-unknown",
        group=name,
        layer=layer.role,
        count=int(unknown.sum()),
        total=len(counts),
        names=Listing.of(layer.frame.index[unknown]),
    )


def with_deprivation(
    residents: Residents,
    spec: EquitySpec,
    neighbourhoods: Neighbourhoods,
    layers: Mapping[str, Layer],
) -> Residents:
    """The residents, with the deprivation of each origin from a column of a layer; poorest highest.

    Raises
    ------
    LayerError
        The layer has no such column, or no numbers in it.
    """
    counted = spec.deprivation
    if counted is None:
        return residents
    errors = list(_errors("[equity] deprivation", counted.layer, counted.field, layers))
    if errors:
        raise LayerError(errors)
    layer = layers[counted.layer]
    row = _row_of_origins(residents, layer, neighbourhoods)
    values = _column(layer, counted.field)
    poor = np.where(row >= 0, values[np.maximum(row, 0)], np.nan)
    poorest_highest = poor if spec.poor_is == "high" else -poor
    return with_digests(replace(residents, deprivation=poorest_highest))


def _role_and_column(counted: str | GroupSpec | JoinSpec, spec: ResidentsSpec) -> tuple[str, str]:
    """Role and column of a group; a column alone belongs to the last layer in `from`."""
    if isinstance(counted, JoinSpec):
        return LAYER_OF[spec.from_[-1]], counted.column
    if isinstance(counted, str):
        return LAYER_OF[spec.from_[-1]], counted
    return counted.layer, counted.field


def _errors(what: str, role: str, field: str, layers: Mapping[str, Layer]) -> list[str]:
    if role not in layers:
        return [f"{what}: layer {role!r} is a grid or not there; counts need a layer with columns"]
    frame = layers[role].frame
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    if field not in columns:
        return [f"{what}: layer {role!r} has no column {field!r}{did_you_mean(field, columns)}"]
    values = _column(layers[role], field)
    if np.isnan(values).all():
        return [f"{what}: column {field!r} of layer {role!r} holds no numbers"]
    if what.startswith("group") and (percent := _percentages(frame[field])).any():
        key, text = frame.index[percent][0], frame[field][percent].iloc[0]
        wrong = f"{what}: column {field!r} of layer {role!r} holds percentages ({text!r} at {key!r}"
        return [f"{wrong}), not people; name the column that counts them"]
    if what.startswith("group") and (values < 0).any():
        key = frame.index[np.flatnonzero(values < 0)[0]]
        return [f"{what}: column {field!r} of layer {role!r} is negative at {key!r}"]
    return []


def _column(layer: Layer, field: str) -> NDArray[np.float64]:
    values = layer.frame[field]
    if values.dtype.kind in "iufb":
        return np.asarray(values, dtype=np.float64)
    return numbers(values.to_list()).values


def _percentages(values: pd.Series[Any]) -> NDArray[np.bool_]:
    """(n,) True for texts such as `20 %`."""
    if values.dtype.kind in "iufb":
        return np.zeros(len(values), dtype=bool)
    return numbers(values.to_list()).percent


def _of_places(counts: NDArray[np.float64], layer: Layer) -> NDArray[np.float64]:
    """(k,) the counts of all features in one place at the first of them, 0 at the others."""
    rows, first = np.arange(len(counts)), first_of_equal(layer.frame.geometry.to_numpy())
    if (first == rows).all() or role_named(layer.role).partition:
        return counts
    known = ~np.isnan(counts)
    sums = np.bincount(first[known], counts[known], len(counts))
    is_known = np.bincount(first[known], minlength=len(counts)) > 0
    return np.where(first == rows, np.where(is_known, sums, np.nan), 0.0)


def _row_of_origins(
    residents: Residents, layer: Layer, neighbourhoods: Neighbourhoods
) -> NDArray[np.int64]:
    """(n,) row of the feature that contains each origin, or -1."""
    if role_named(layer.role).partition:
        keys = neighbourhoods.keys[residents.neighbourhood]
        return np.asarray(layer.frame.index.get_indexer(keys), dtype=np.int64)
    geometry = np.asarray(layer.frame.geometry, dtype=object)
    is_point = (shapely.get_dimensions(geometry) == 0).all()
    return allocation.locate(residents.xy, geometry, POINT_TOLERANCE_M if is_point else 0.0)


def _notes(
    name: str,
    people: NDArray[np.float64],
    counts: NDArray[np.float64],
    residents: Residents,
    neighbourhoods: Neighbourhoods,
) -> list[Note]:
    """What a planner should know of a group: people whom no place took, or more than live there."""
    notes = []
    counted = float(np.nansum(counts))
    lost = counted - float(people.sum())
    if lost >= 1:
        notes.append(
            Note.of("group-unallocated", group=name, count=round(lost), total=round(counted))
        )
    all_people = residents.per_neighbourhood(len(neighbourhoods))
    of_group = np.bincount(residents.neighbourhood, people, len(neighbourhoods))
    more = neighbourhoods.keys[of_group > all_people + 1]
    if len(more):
        notes.append(Note.of("group-exceeds", group=name, names=Listing.of(more)))
    return notes
