"""The content of a city file, as checked values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pydantic
from pydantic import Field

from urbanlayer.locales import languages
from urbanlayer.model.custom import CustomSpec
from urbanlayer.model.layer_specification import JOINS, JoinSpec, LayerSpec, is_join
from urbanlayer.model.plan_specification import PlanSpec, ScenarioSpec
from urbanlayer.model.publish_specification import PublishSpec
from urbanlayer.model.text import Text, text_in
from urbanlayer.model.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LAYER_OF", "CitySpec", "DigitalServiceSpec", "DimensionSpec", "EquitySpec", "GroupSpec",
    "MaturitySpec", "ModeSpec", "PartSpec", "ResidentsSpec",
]  # fmt: skip


class GroupSpec(TomlTable):
    """Where the people of a group are counted: a column of a layer of areas, homes or points."""

    layer: str = Field(description="Role of a declared layer.")
    field: str = Field(description="Column with the number of people of the group.")


LAYER_OF: Mapping[str, str] = {
    "census": "neighbourhoods", "population": "population", "buildings": "buildings",
}  # fmt: skip
"""The layer that a name in `[residents] from` stands for."""


class ResidentsSpec(TomlTable):
    """`[residents]`: the sources of where people live."""

    from_: list[Literal["buildings", "population", "census"]] = Field(
        alias="from",
        min_length=1,
        description="Layers to use, in order: places first, then what they are constrained to.",
    )
    second_source: list[Literal["buildings", "population", "census"]] = Field(
        default=[],
        description="A second source, as in `from`: its people of each place "
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


class EquitySpec(TomlTable):
    """`[equity]`: who is poor, to compare what they have."""

    deprivation: GroupSpec | None = Field(
        default=None, description="A column that ranks people from rich to poor."
    )
    poor_is: Literal["high", "low"] = Field(
        default="high",
        description="Whether a high number of the column means poor: low for income.",
    )


Tags = dict[str, str | list[str]]


class ModeSpec(TomlTable):
    """One `[modes.NAME]` table: how some people get about."""

    speed_kmh: float | None = Field(
        default=None, ge=0.5, le=45, description="On the level; that of walking by default."
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


class DimensionSpec(TomlTable):
    """How a city judges itself in one dimension of its organisation, and by what."""

    score: int = Field(ge=0, le=5, description="0: nothing yet; 5: done, measured and improved.")
    evidence: Text = Field(description="What shows it, in a sentence that others can check.")
    date: dt.date = Field(description="When it was judged.")

    @pydantic.field_validator("evidence")
    @classmethod
    def _evidence_is_a_sentence(cls, value: Text) -> Text:
        texts = [value] if isinstance(value, str) else [*value.values()]
        if not texts or not all(text.strip() for text in texts):
            msg = "describe in a sentence what shows it"
            raise ValueError(msg)
        return value


class MaturitySpec(TomlTable):
    """`[maturity]`: a city's own judgement of its organisation, 0 to 5 in each dimension."""

    strategy: DimensionSpec | None = Field(
        default=None, description="Whether an adopted strategy says what digital services are for."
    )
    skills: DimensionSpec | None = Field(
        default=None, description="Whether staff are trained to work with data."
    )
    data_governance: DimensionSpec | None = Field(
        default=None, description="Whether each data set has an owner, a rule and a date."
    )
    interoperability: DimensionSpec | None = Field(
        default=None, description="Whether registers exchange data by open standards."
    )
    participation: DimensionSpec | None = Field(
        default=None, description="Whether residents are asked, and see what came of it."
    )
    security: DimensionSpec | None = Field(
        default=None, description="Whether risks are known, tested and repaired."
    )


class PartSpec(TomlTable):
    """`part_of`: the whole that a city file is a part of, as `urbanlayer split` writes it."""

    whole: str = Field(description="Id of the whole.")
    cut: str = Field(description="Digest of the polygons that made the parts.")
    without: dict[str, str] = Field(
        default_factory=dict,
        description="Layers of which the whole has no feature near the part, each with the digest "
        "of its file: here they may be empty.",
    )


class DigitalServiceSpec(TomlTable):
    """One `[[digital_service]]`: a service of the city, and whether it has an online form."""

    name: Text = Field(description="What people call the service.")
    online_form: bool = Field(description="Whether all of it can be requested by an online form.")


class CitySpec(TomlTable):
    """A whole city file, but for the indicators' own parameters, which their indicators check."""

    id: str = Field(
        default="",
        pattern=r"^[a-z0-9_-]*$",
        description="Names the publication; made of the folder's name if not given.",
    )
    name: Text = Field(description="Of the city, or one for each language.")
    part_of: PartSpec | None = Field(
        default=None, description="The whole that it is a part of; `urbanlayer split` writes it."
    )
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
    demonstration: bool = Field(default=False, description="Generated data; marked everywhere.")
    reviewed: bool = Field(
        default=True,
        description="false in a city file that `urbanlayer init` drafted and nobody has read yet: "
        "every page and file is marked as a draft.",
    )
    licence: str | None = Field(default=None, description="Of layers that name none of their own.")
    attribution: str | None = Field(default=None, description="Of layers that name none.")
    date: dt.date | None = Field(default=None, description="Of layers that name none.")
    layers: dict[str, LayerSpec] = Field(description="A table for each layer, named by its role.")
    residents: ResidentsSpec | None = Field(default=None, description="Where people live.")
    indicators: dict[str, Any] = Field(
        default_factory=dict,
        description="A table for each indicator that is queried, with its parameters.",
    )
    custom_indicator: list[CustomSpec] = Field(
        default_factory=list, description="The city's own indicators, without code."
    )
    equity: EquitySpec = Field(default=EquitySpec(), description="Who is poor, to compare.")
    modes: dict[str, ModeSpec] = Field(
        default_factory=dict,
        description="Travel modes, in addition to walk, walk_slope, wheelchair and cycle.",
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
        joins = {name: value for name, value in groups.items() if is_join(value)}
        if not joins or not isinstance(layers.get(role), dict):
            return content
        try:
            named = {
                name: {"layer": role, "field": JoinSpec.model_validate(value).column}
                for name, value in joins.items()
            }
        except pydantic.ValidationError:
            return content  # the groups' own check reports what is wrong
        return {
            **content,
            "layers": {**layers, role: {**layers[role], JOINS: [*joins.values()]}},
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
