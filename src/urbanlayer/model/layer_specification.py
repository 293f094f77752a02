"""`[layers.ROLE]`: where a layer is, what to keep of it and by what right, as checked values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pydantic
from pydantic import Field

from urbanlayer.model.role_table import FIELDS
from urbanlayer.model.text import Text, Where
from urbanlayer.model.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "JOINS",
    "LAYER_KEYS",
    "ExpectedSpec",
    "FieldKeys",
    "JoinSpec",
    "LayerSpec",
    "UseSpec",
    "is_join",
]


class UseSpec(TomlTable):
    """Which buildings people live in."""

    field: str = Field(description="Column with the use of each building.")
    residential: list[str] = Field(min_length=1, description="Its values that people live in.")


def _where(value: object) -> object:
    if value is True:
        msg = 'leave the key out if it is true of every feature, else set { field = "value" }'
        raise ValueError(msg)
    if isinstance(value, str | bool):
        msg = 'write it as a table: { field = "value" }'
        raise ValueError(msg)  # noqa: TRY004  (pydantic collects ValueErrors only)
    return value


_Where = Annotated[Where, pydantic.BeforeValidator(_where)]


class JoinSpec(TomlTable):
    """A column of another table, joined to a layer by its key."""

    path: str = Field(description="Path of the table, from the city file's folder.")
    sheet: str | None = Field(default=None, description="Sheet of an XLSX that has several.")
    key: str = Field(description="Column of the table with the keys of the layer's features.")
    field: str = Field(description="Column of the table with the values.")
    where: _Where = Field(
        default_factory=dict, description="Rows to use, where a key has several: of a long table."
    )
    sum: bool = Field(
        default=False,
        description="Whether the rows of a key are added up: of a table by sex or age.",
    )
    encoding: str | None = Field(default=None, description="Of its text: cp1250, utf-8 …")
    decimal: Literal[".", ","] | None = Field(
        default=None, description="Decimal sign of numbers that are written as text."
    )

    @property
    def column(self) -> str:
        """The name of the column that the join adds to the layer."""
        rows = ", ".join(f"{name} = {value}" for name, value in self.where.items())
        sheet = f", {self.sheet}" if self.sheet else ""
        kept = f" ({rows})" if rows else ""
        return f"{self.field} of {self.path}{sheet}{kept}{', added up' if self.sum else ''}"


def _kind_of_column(value: object) -> str:
    return "join" if isinstance(value, dict | JoinSpec) else "column"


_Column = Annotated[
    Annotated[str, pydantic.Tag("column")] | Annotated[JoinSpec, pydantic.Tag("join")],
    pydantic.Discriminator(_kind_of_column),
]
_DECLARED: Mapping[str, Any] = {"column": _Column, "values": _Where, "use": UseSpec}
"""How a field is declared to the type of its value."""

_FIELD_KEYS: dict[str, Any] = {
    key: (_DECLARED[field.declared] | None, Field(default=None, description=field.about))
    for key, field in FIELDS.items()
}
FieldKeys = pydantic.create_model("FieldKeys", __base__=TomlTable, **_FIELD_KEYS)
"""The keys that declare fields of roles, as the table of roles has them."""


JOINS = "\x00joins"
"""Key of the joins that groups of residents add to a layer's table; no city file can have it."""


def is_join(value: object) -> bool:
    """Whether a value of a city file is a join."""
    return isinstance(value, dict) and "path" in value


class ExpectedSpec(TomlTable):
    """`expected = { count = 65, source = "…" }`: the features that a register counts."""

    count: int = Field(ge=0, strict=True, description="Features of this layer in the city.")
    source: str = Field(default="", description="The register, and its date.")


def _expected(value: object) -> object:
    return {"count": value} if isinstance(value, int) else value


class LayerSpec(TomlTable):
    """One `[layers.ROLE]` table: where the layer is, what to keep, and by what right.

    Keys that declare fields of roles are collected in `fields`, keys of sources in `options`.
    """

    source: str = Field(default="file", description="How it is read: file, osm, gtfs, raster …")
    path: str = Field(
        description="Path from the city file's folder; several, in a list, of timetables.",
        json_schema_extra=lambda schema: schema.update(
            anyOf=[
                {"type": schema.pop("type")},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        ),
    )
    layer: str | None = Field(default=None, description="Layer inside a file that holds several.")
    where: _Where = Field(
        default_factory=dict,
        description="Keep the features whose field has this value, or one of these values.",
    )
    key: str | None = Field(default=None, description="Field with the unique key.")
    name: Text | None = Field(
        default=None, description="Field with the name, or one for each language."
    )
    title: Text | None = Field(
        default=None, description="What people call this layer, for roles of the city's own."
    )
    crs: str | None = Field(default=None, description="CRS of the coordinates: EPSG:8678 …")
    encoding: str | None = Field(default=None, description="Of text: cp1250, utf-8 …")
    decimal: Literal[".", ","] | None = Field(
        default=None, description="Decimal sign of numbers that are written as text."
    )
    nodata: float | None = Field(
        default=None, description="Value of a raster's cells that have no data."
    )
    allow_ballpark: bool = Field(
        default=False,
        description="Accept a datum transformation of unknown accuracy, if there is no other.",
    )
    allow_shift: bool = Field(
        default=False, description="Accept the layer although it has a horizontal offset."
    )
    x: str | None = Field(default=None, description="Column of easting or longitude.")
    y: str | None = Field(default=None, description="Column of northing or latitude.")
    licence: str | None = Field(default=None, description="Its licence: CC-BY-4.0, ODbL-1.0 …")
    attribution: str | None = Field(default=None, description="Its author, as to be named.")
    date: dt.date | None = Field(default=None, description="The day that its data are of.")
    allow_unlicensed: bool = Field(
        default=False, description="Publish what rests on it although it has no licence."
    )
    expected: Annotated[ExpectedSpec | None, pydantic.BeforeValidator(_expected)] = Field(
        default=None,
        description="How many features a register counts in the city: 65, or "
        '{ count = 65, source = "…" }; found and expected are shown with the results.',
    )
    show: bool = Field(
        default=False,
        description="Show its features on the page although no indicator measures the way there.",
    )
    personal: Literal["refused", "allowed"] = Field(
        default="refused",
        description="Whether the declared name and key may hold names of persons, phone numbers, "
        "e-mail addresses, personal identity numbers or bank accounts.",
    )
    # settings of roles
    derive: Literal["voronoi"] | None = Field(
        default=None,
        description="neighbourhoods: cells around place points, clipped to the boundary.",
    )
    overlap_tolerance_m2: float = Field(
        default=1000.0, ge=0, description="neighbourhoods: overlaps up to this area are resolved."
    )
    gap_tolerance_m: float = Field(
        default=50.0,
        ge=0,
        description="neighbourhoods: who lives in a gap belongs to the nearest within this.",
    )
    # collected
    more_paths: tuple[str, ...] = Field(
        default=(), description="Paths after the first, where `path` is a list."
    )
    fields: dict[str, str | Where] = Field(
        default_factory=dict, description="Field of the role to its column, or to its values."
    )
    options: dict[str, Any] = Field(
        default_factory=dict, description="Keys of the source, as its `options` has them."
    )
    joins: tuple[JoinSpec, ...] = Field(
        default=(), description="Columns of other tables, which `fields` and groups name."
    )

    @pydantic.model_validator(mode="before")
    @classmethod
    def _collect(cls, table: object) -> object:
        if not isinstance(table, dict):
            return table
        common = {key: value for key, value in table.items() if key in LAYER_KEYS}
        if isinstance(table.get("path"), list) and table["path"]:
            common["path"], *common["more_paths"] = table["path"]
        fields = {key: value for key, value in table.items() if key in FIELDS}
        joins = [*table.get(JOINS, ()), *filter(is_join, fields.values())]
        taken = {*common, *fields, JOINS}
        rest = {key: value for key, value in table.items() if key not in taken}
        return {**common, "fields": fields, "options": rest, "joins": joins}

    @pydantic.field_validator("fields", mode="before")
    @classmethod
    def _by_field(cls, table: dict[str, Any]) -> dict[str, str | Where]:
        declared = FieldKeys.model_validate(table)
        found: dict[str, str | Where] = {}
        for key in declared.model_fields_set:
            value = getattr(declared, key)
            if isinstance(value, UseSpec):
                found[FIELDS[key].name] = {value.field: [*value.residential]}
            elif value is not None:
                found[FIELDS[key].name] = value.column if isinstance(value, JoinSpec) else value
        return {name: found[name] for name in sorted(found)}

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths, the first one first."""
        return (self.path, *self.more_paths)

    def column(self, field: str) -> str | None:
        """The column that the city file declares for a field of the role."""
        declared = self.fields.get(field)
        return declared if isinstance(declared, str) else None

    def values(self, field: str) -> Where | None:
        """The values that the city file declares for a field of the role."""
        declared = self.fields.get(field)
        return declared if isinstance(declared, dict) else None


LAYER_KEYS = frozenset(LayerSpec.model_fields) - {"fields", "options", "more_paths", "joins"}
"""Keys that the table of any layer may have."""
