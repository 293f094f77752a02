"""A city's own indicators:  `[[custom_indicator]]`, without code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import pydantic
from pydantic import Field

from urbanlayer.locales import languages
from urbanlayer.model.direction import Better
from urbanlayer.model.parameters import modes_field
from urbanlayer.model.text import Text, Where
from urbanlayer.model.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Iterator

Theme = Literal[
    "green", "services", "transit", "urban-form", "digital", "environment", "utilities",
    "economy", "safety", "housing", "equity", "own",
]  # fmt: skip
Measure = Literal["count", "length_km", "area_m2", "area_ha", "area_km2", "sum", "mean"]
Metres = Annotated[float, Field(gt=0, le=50_000, strict=True)]


class Amount(TomlTable):
    """How much of a layer lies in a neighbourhood."""

    layer: str = Field(description="Role of a declared layer, or `residents` for the people.")
    where: Where = Field(default_factory=dict, description="Only features with these values.")
    measure: Measure = Field(
        default="count",
        description="count, length_km, area_m2, area_ha, area_km2 (overlaps once); sum of a field "
        "or of a grid's cells; mean of a grid.",
    )
    field: str | None = Field(default=None, description="For the sum: the column with the number.")

    @pydantic.model_validator(mode="after")
    def _field_belongs_to_a_sum(self) -> Amount:
        if self.field is not None and self.measure != "sum":
            msg = 'field is summed: set measure = "sum"'
            raise ValueError(msg)
        return self


class _Custom(TomlTable):
    """What every custom indicator has."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Its name in tables and links.")
    title: Text = Field(description="What people call it, in each language.")
    definition: Text | None = Field(default=None, description="One sentence of what it is.")
    theme: Theme = Field(default="own", description="Under which heading the page shows it.")
    source: str = Field(default="", description="Where the definition stands; empty: the city's.")
    better: Better = Field(default="higher", description="Which values are good ones.")
    target: float | None = Field(default=None, description="What the city aims at, in the unit.")
    bounds: tuple[float, float] | None = Field(
        default=None, description="Least and greatest possible value."
    )
    unit: str | None = Field(default=None, min_length=1, description="Of the results.")
    groups: list[str] = Field(
        default_factory=list,
        description="Groups of [residents] to evaluate, in addition to all residents.",
    )

    @pydantic.field_validator("title", "definition")
    @classmethod
    def _is_in_known_languages(cls, text: Text | None) -> Text | None:
        spoken = [text] if isinstance(text, str) else list((text or {}).values())
        if text is not None and not all(words.strip() for words in spoken or [""]):
            msg = "says nothing"
            raise ValueError(msg)
        for code in text if isinstance(text, dict) else ():
            if code not in languages():
                msg = f"{code!r} is not among {', '.join(languages())}"
                raise ValueError(msg)
        return text

    @pydantic.field_validator("bounds")
    @classmethod
    def _least_comes_first(cls, bounds: tuple[float, float] | None) -> tuple[float, float] | None:
        if bounds is not None and not bounds[0] < bounds[1]:
            msg = "the least possible value comes first, the greatest second"
            raise ValueError(msg)
        return bounds

    def roles(self) -> tuple[str, ...]:
        """The inputs it needs: roles of layers, and `residents` where it counts people."""
        return tuple(dict.fromkeys(self._named_layers()))

    def layers(self) -> tuple[str, ...]:
        """Roles of the layers that it needs."""
        return tuple(role for role in self.roles() if role != "residents")

    def _named_layers(self) -> Iterator[str]:
        yield from ()


class _OfOneLayer(_Custom):
    layer: str = Field(description="Role of a declared layer.")

    def _named_layers(self) -> Iterator[str]:
        yield self.layer


class ShareOfArea(_OfOneLayer):
    """Share of a neighbourhood's area that a layer of areas, or classes of a grid, cover."""

    kind: Literal["share_of_area"] = Field(description="Chooses this table's keys.")
    where: Where = Field(default_factory=dict, description="Only features with these values.")
    classes: list[float] = Field(default_factory=list, description="Of a grid: values that count.")


class CountPer1000(_OfOneLayer):
    """Features, or the sum of a field, for each 1,000 residents."""

    kind: Literal["count_per_1000"] = Field(description="Chooses this table's keys.")
    where: Where = Field(default_factory=dict, description="Only features with these values.")
    field: str | None = Field(default=None, description="Column to sum instead of counting.")


class Ratio(_Custom):
    """One amount over another: crashes for each kilometre of street."""

    kind: Literal["ratio"] = Field(description="Chooses this table's keys.")
    numerator: Amount = Field(description="What is divided.")
    denominator: Amount = Field(description="By what it is divided.")
    times: float = Field(default=1.0, gt=0, description="Factor: 100,000 for each 100,000.")

    def _named_layers(self) -> Iterator[str]:
        yield from (self.numerator.layer, self.denominator.layer)


class RasterMean(_OfOneLayer):
    """Mean of a grid over the area of a neighbourhood, or over where its residents live."""

    kind: Literal["raster_mean"] = Field(description="Chooses this table's keys.")
    over: Literal["area", "residents"] = Field(
        default="area", description="Over what the mean is taken."
    )


class AlongStreets(_OfOneLayer):
    """The network queries of distances to a layer."""

    modes: list[str] = modes_field()


class FacilityCoverage(AlongStreets):
    """Share of residents within a walking distance of the layer."""

    kind: Literal["coverage"] = Field(description="Chooses this table's keys.")
    distance_m: Metres | list[Metres] = Field(description="One walking distance, or several.")

    @pydantic.field_validator("distance_m")
    @classmethod
    def _some_distance(cls, value: float | list[float]) -> float | list[float]:
        if value == []:
            msg = "names no distance"
            raise ValueError(msg)
        return value


class Nearest(AlongStreets):
    """Walking distance to the nearest, averaged over residents."""

    kind: Literal["nearest"] = Field(description="Chooses this table's keys.")
    cap_m: Metres = Field(
        default=5000, description="Farther, or not to be reached, counts as this."
    )


class FieldOf(_OfOneLayer):
    """A number that a layer of areas carries."""

    kind: Literal["field"] = Field(description="Chooses this table's keys.")
    field: str = Field(description="Column with the number.")
    combine: Literal["mean_over_residents", "mean_over_area", "sum"] = Field(
        default="mean_over_residents", description="How numbers of parts give that of the whole."
    )


class Change(_Custom):
    """The same amount at two dates, compared."""

    kind: Literal["change"] = Field(description="Chooses this table's keys.")
    now: Amount = Field(description="The amount at the later date.")
    before: Amount = Field(description="The amount at the earlier date.")
    as_: Literal["difference", "share"] = Field(
        default="difference", alias="as", description="now - before, or that over before."
    )
    years: float | None = Field(
        default=None, gt=0, description="Between the dates: a change a year."
    )

    def _named_layers(self) -> Iterator[str]:
        yield from (self.now.layer, self.before.layer)


KINDS: dict[str, type[_Custom]] = {
    "share_of_area": ShareOfArea, "count_per_1000": CountPer1000, "ratio": Ratio,
    "raster_mean": RasterMean, "coverage": FacilityCoverage, "nearest": Nearest, "field": FieldOf,
    "change": Change,
}  # fmt: skip
"""Kind to its table."""

CustomSpec = Annotated[
    ShareOfArea | CountPer1000 | Ratio | RasterMean | FacilityCoverage | Nearest | FieldOf | Change,
    Field(discriminator="kind"),
]
