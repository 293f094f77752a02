"""What a city file says, as checked values."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pydantic
from pydantic import Field

from urbanlayer.locales import languages
from urbanlayer.model.custom import CustomSpec
from urbanlayer.model.plan_specification import PlanSpec, ScenarioSpec
from urbanlayer.model.roles import FIELDS
from urbanlayer.model.text import Text, Where, text_in

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = [
    "LAYER_KEYS", "CitySpec", "DigitalServiceSpec", "DimensionSpec", "EquitySpec", "FieldKeys",
    "Format", "GroupSpec", "IsochroneSpec", "LayerSpec", "MaturitySpec", "ModeSpec", "PublishSpec",
    "ResidentsSpec", "Text",
    "UseSpec", "Where",
]  # fmt: skip

Format = Literal["html", "csv", "gpkg", "geojson", "xlsx", "datapackage", "figures"]
Disclosure = Literal["public", "internal"]


class _Table(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class UseSpec(_Table):
    """Which buildings people live in."""

    field: str
    residential: list[str] = Field(min_length=1)


def _where(value: object) -> object:
    if value is True:
        msg = 'leave the key out if it is true of every feature, else say { field = "value" }'
        raise ValueError(msg)
    if isinstance(value, str | bool):
        msg = 'write it as a table: { field = "value" }'
        raise ValueError(msg)  # noqa: TRY004  (pydantic collects ValueErrors only)
    return value


_Where = Annotated[Where, pydantic.BeforeValidator(_where)]


class JoinSpec(_Table):
    """A column of another table, joined to a layer by its key."""

    path: str = Field(description="Path of the table, from the city file's folder.")
    sheet: str | None = Field(default=None, description="Sheet of an XLSX that has several.")
    key: str = Field(description="Column of the table with the keys of the layer's features.")
    field: str = Field(description="Column of the table with the values.")
    where: _Where = Field(
        default_factory=dict, description="Rows to use, where a key has several: of a long table."
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
        return f"{self.field} of {self.path}{sheet}" + (f" ({rows})" if rows else "")


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
FieldKeys = pydantic.create_model("FieldKeys", __base__=_Table, **_FIELD_KEYS)
"""The keys that declare fields of roles, as the table of roles has them."""


_JOINS = "\x00joins"
"""Key of the joins that groups of residents add to a layer's table; no city file can have it."""


def _is_join(value: object) -> bool:
    return isinstance(value, dict) and "path" in value


class ExpectedSpec(_Table):
    """`expected = { count = 65, source = "…" }`: the features that a register counts."""

    count: int = Field(ge=0, strict=True, description="Features of this layer in the city.")
    source: str = Field(default="", description="The register, and its date.")


def _expected(value: object) -> object:
    return {"count": value} if isinstance(value, int) else value


class LayerSpec(_Table):
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
        '{ count = 65, source = "…" }; found and expected stand beside the results.',
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
        joins = [*table.get(_JOINS, ()), *filter(_is_join, fields.values())]
        taken = {*common, *fields, _JOINS}
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


class GroupSpec(_Table):
    """Where the people of a group are counted: a column of a layer of areas, homes or points."""

    layer: str = Field(description="Role of a declared layer.")
    field: str = Field(description="Column with the number of people of the group.")


LAYER_OF: Mapping[str, str] = {
    "census": "neighbourhoods", "population": "population", "buildings": "buildings",
}  # fmt: skip
"""The layer that a name in `[residents] from` stands for."""


class ResidentsSpec(_Table):
    """`[residents]`: what says where people live."""

    from_: list[Literal["buildings", "population", "census"]] = Field(
        alias="from",
        min_length=1,
        description="Layers to use, in order: places first, then what they are controlled to.",
    )
    second_source: list[Literal["buildings", "population", "census"]] = Field(
        default=[],
        description="A second source, as in `from`: what it says of the people of each place "
        "stands in low and high.",
    )
    total: float | None = Field(default=None, gt=0, description="Residents of the whole city.")
    estimate: bool = Field(
        default=False,
        description="Estimate unknown counts of neighbourhoods from the others; marked, and inside "
        "low and high.",
    )
    groups: dict[str, str | GroupSpec | JoinSpec] = Field(
        default_factory=dict,
        description="Groups for which shares are computed: name to the column that counts them, "
        'of the layer that `from` ends with, or { layer = "…", field = "…" }, or a table that is '
        'joined to it: { path = "…", key = "…", field = "…" }.',
    )


class EquitySpec(_Table):
    """`[equity]`: who is poor, to compare what they have."""

    deprivation: GroupSpec | None = Field(
        default=None, description="A column that ranks people from rich to poor."
    )
    poor_is: Literal["high", "low"] = Field(
        default="high",
        description="Whether a high number of the column means poor: low for income.",
    )


Tags = dict[str, str | list[str]]


class ModeSpec(_Table):
    """One `[modes.NAME]` table: how some people get about."""

    speed_kmh: float | None = Field(
        default=None, ge=0.5, le=45, description="On the level; that of walking if not said."
    )
    closed: Tags = Field(
        default_factory=dict,
        description='What they cannot pass: { highway = ["steps"], surface = ["gravel", "sand"] }.',
    )
    opened: Tags = Field(
        default_factory=dict,
        description="What they may pass whatever else closes it: { wheelchair = "
        '["yes", "designated"] }.',
    )
    impassable: Tags = Field(
        default_factory=dict,
        description="What on a street they cannot pass, by the tags of [layers.barriers]: "
        '{ barrier = ["stile"], kerb = ["raised"] }.',
    )
    narrowest_m: float | None = Field(
        default=None, gt=0, le=5, description="Barriers that leave less room are closed; metres."
    )
    steepest: float | None = Field(
        default=None, gt=0, le=1, description="Steeper streets are closed: 0.06 is 6 %."
    )
    one_way: bool | None = Field(default=None, description="Whether one-way streets bind them.")
    hills: bool | None = Field(
        default=None, description="Whether slopes change their speed; requires [layers.elevation]."
    )
    title: Text | None = Field(
        default=None, description="In a sentence, after a distance: on foot, with a pram."
    )


_TILES = re.compile(
    r"https://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)(?P<path>/[\w./~%{}=&?@+-]*)"
)
_PLACES = ("{x}", "{y}", "{z}")


class TilesSpec(_Table):
    """`[publish.tiles]`: a background map from elsewhere, for readers who ask for it."""

    url: str = Field(description="Address of a tile: https://tiles.example.org/{z}/{x}/{y}.png")
    attribution: str = Field(min_length=1, description="Who made the background map.")
    max_zoom: int = Field(default=19, ge=0, le=22, description="The deepest zoom it has.")

    @property
    def host(self) -> str:
        """The host that the page may then load from: `tiles.example.org`."""
        found = _TILES.fullmatch(self.url)
        assert found is not None  # noqa: S101  (checked when the city file was read)
        return found["host"]

    @pydantic.field_validator("url")
    @classmethod
    def _url_names_one_host(cls, value: str) -> str:
        found = _TILES.fullmatch(value)
        if found is None:
            msg = (
                "say https://, one host in small letters, and a path: https://host/{z}/{x}/{y}.png"
            )
            raise ValueError(msg)
        placeholders = sorted(re.findall(r"\{[^}]*\}?|\}", found["path"]))
        if placeholders != list(_PLACES):
            said = " ".join(placeholders) or "none"
            msg = f"has the placeholders {said}; it needs {{z}}, {{x}} and {{y}}, each once"
            raise ValueError(msg)
        return value


Metres = Annotated[float, Field(gt=0, le=20_000, strict=True)]
Minutes = Annotated[float, Field(gt=0, le=120, strict=True)]


class IsochroneSpec(_Table):
    """Isochrones of one service: limits in metres or minutes, and how people travel."""

    metres: list[Metres] = Field(default=[], description="Distances along streets.")
    minutes: list[Minutes] = Field(default=[], description="Travel times by the mode's speed.")
    mode: str = Field(default="walk", description="How people travel: walk, wheelchair, cycle …")

    @pydantic.model_validator(mode="after")
    def _limits_are_of_one_kind(self) -> IsochroneSpec:
        if bool(self.metres) == bool(self.minutes):
            msg = "needs metres = [400, 800] or minutes = [5, 10], one of them"
            raise ValueError(msg)
        return self


def _as_table(value: object) -> object:
    """A list alone is one of metres."""
    if isinstance(value, list):
        return {"metres": value}
    if not isinstance(value, dict | IsochroneSpec):
        msg = "needs a list of metres, [400, 800], or a table { minutes = [5, 10] }"
        raise ValueError(msg)  # noqa: TRY004  (pydantic collects ValueErrors only)
    return value


class PublishSpec(_Table):
    """`[publish]`: which files to write, and what may be shown."""

    formats: list[Format] = Field(
        default=["html", "csv", "gpkg", "geojson"], description="Files to write."
    )
    disclosure: Disclosure = Field(
        default="public",
        description="public: small counts of people are protected; internal: exact numbers, and "
        "every file and page says that it is not for publication.",
    )
    suppress_below: int = Field(
        default=10, ge=0, description="Neighbourhoods with fewer residents show no answer."
    )

    @property
    def exact(self) -> bool:
        """Whether exact numbers are published, for internal use."""
        return self.disclosure == "internal"

    tiles: TilesSpec | None = Field(
        default=None, description="A background map that readers may turn on; none by itself."
    )
    isochrones: dict[
        str,
        Annotated[
            IsochroneSpec,
            pydantic.BeforeValidator(
                _as_table, json_schema_input_type=list[Metres] | IsochroneSpec
            ),
        ],
    ] = Field(
        default_factory=dict,
        description="Areas from which a service is reached, for data/isochrones.gpkg: "
        'school = [400, 800] (metres) or { minutes = [5, 10], mode = "wheelchair" }.',
    )


class DimensionSpec(_Table):
    """How a city judges itself in one dimension of its organisation, and by what."""

    score: int = Field(ge=0, le=5, description="0: nothing yet; 5: done, measured and improved.")
    evidence: Text = Field(description="What shows it, in a sentence that others can check.")
    date: dt.date = Field(description="When it was judged.")

    @pydantic.field_validator("evidence")
    @classmethod
    def _evidence_is_a_sentence(cls, value: Text) -> Text:
        texts = [value] if isinstance(value, str) else [*value.values()]
        if not texts or not all(text.strip() for text in texts):
            msg = "say in a sentence what shows it"
            raise ValueError(msg)
        return value


class MaturitySpec(_Table):
    """`[maturity]`: a city's own judgement of its organisation, 0 to 5 in each dimension."""

    strategy: DimensionSpec | None = None
    skills: DimensionSpec | None = None
    data_governance: DimensionSpec | None = None
    interoperability: DimensionSpec | None = None
    participation: DimensionSpec | None = None
    security: DimensionSpec | None = None


class DigitalServiceSpec(_Table):
    """One `[[digital_service]]`: a service of the city, and whether it has an online form."""

    name: Text
    online_form: bool = Field(description="Whether it can be asked for in full by an online form.")


class CitySpec(_Table):
    """A whole city file, but for the indicators' own parameters, which their indicators check."""

    id: str = Field(
        default="",
        pattern=r"^[a-z0-9_-]*$",
        description="Names the publication; made of the folder's name if not given.",
    )
    name: Text = Field(description="Of the city, or one for each language.")
    crs: str = Field(description="Metric CRS in which everything is measured: EPSG:25834 …")
    languages: list[str] = Field(
        default=["en"], min_length=1, description="Of the page; the first is its own."
    )
    reviewed_languages: list[str] = Field(
        default=[],
        description="Languages whose texts on the page somebody who speaks them has read.",
    )
    as_of: dt.date = Field(description="The date that pages and files carry.")
    contact: str = Field(default="", description="Who is written to about an error.")
    demonstration: bool = Field(default=False, description="Generated data; said everywhere.")
    reviewed: bool = Field(
        default=True,
        description="false in a city file that `urbanlayer init` drafted and nobody has read yet: "
        "every page and file says that it is a draft.",
    )
    licence: str | None = Field(default=None, description="Of layers that name none of their own.")
    attribution: str | None = Field(default=None, description="Of layers that name none.")
    date: dt.date | None = Field(default=None, description="Of layers that name none.")
    layers: dict[str, LayerSpec] = Field(description="A table for each layer, named by its role.")
    residents: ResidentsSpec | None = Field(default=None, description="Where people live.")
    indicators: dict[str, Any] = Field(
        default_factory=dict,
        description="A table for each indicator that is asked, with its parameters.",
    )
    custom_indicator: list[CustomSpec] = Field(
        default_factory=list, description="The city's own indicators, without code."
    )
    equity: EquitySpec = Field(default=EquitySpec(), description="Who is poor, to compare.")
    modes: dict[str, ModeSpec] = Field(
        default_factory=dict,
        description="How people get about, beside walk, walk_slope, wheelchair and cycle.",
    )
    publish: PublishSpec = Field(
        default=PublishSpec(), description="Which files to write, and what may be shown."
    )
    maturity: MaturitySpec | None = Field(
        default=None, description="The city's own judgement of its organisation."
    )
    digital_service: list[DigitalServiceSpec] = Field(
        default=[], description="The city's services, and which have an online form."
    )
    plan: PlanSpec | None = Field(
        default=None, description="What to do first, where, for how much, and what it buys."
    )
    scenario: dict[Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")], ScenarioSpec] = Field(
        default_factory=dict, description="Edits of the layers, compared with the city as it is."
    )

    @property
    def credit(self) -> str:
        """Whom to name for a layer without an attribution: the city, in its first language."""
        return text_in(self.name, self.languages[0])

    @pydantic.model_validator(mode="before")
    @classmethod
    def _groups_of_tables(cls, content: object) -> object:
        """Groups that other tables count become columns of the layer that these are joined to."""
        if not isinstance(content, dict):
            return content
        people, layers = content.get("residents"), content.get("layers")
        if not isinstance(people, dict) or not isinstance(layers, dict):
            return content
        groups, last = people.get("groups"), people.get("from")
        if not isinstance(groups, dict) or not isinstance(last, list) or not last:
            return content
        role = LAYER_OF.get(last[-1])
        joins = {name: value for name, value in groups.items() if _is_join(value)}
        if not joins or not isinstance(layers.get(role), dict):
            return content
        try:
            named = {
                name: {"layer": role, "field": JoinSpec.model_validate(value).column}
                for name, value in joins.items()
            }
        except pydantic.ValidationError:
            return content  # the groups' own check says what is wrong
        return {
            **content,
            "layers": {**layers, role: {**layers[role], _JOINS: [*joins.values()]}},
            "residents": {**people, "groups": {**groups, **named}},
        }

    @pydantic.field_validator("languages")
    @classmethod
    def _languages_are_spoken(cls, value: list[str]) -> list[str]:
        unknown = [code for code in value if code not in languages()]
        if unknown:
            msg = f"{', '.join(unknown)}: not among {', '.join(languages())}"
            raise ValueError(msg)
        return value

    @pydantic.field_validator("reviewed_languages")
    @classmethod
    def _reviewed_languages_are_published(
        cls, value: list[str], info: pydantic.ValidationInfo
    ) -> list[str]:
        published = info.data.get("languages", value)
        unknown = [code for code in value if code not in published]
        if unknown:
            msg = f"{', '.join(unknown)}: not among `languages`: {', '.join(published)}"
            raise ValueError(msg)
        return value
