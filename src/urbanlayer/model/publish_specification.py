"""`[publish]`: which files to write, and what may be shown, as checked values."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import pydantic
from pydantic import Field

from urbanlayer.model.toml_table import TomlTable

__all__ = ["Disclosure", "FigureKind", "Format", "IsochroneSpec", "PublishSpec", "TilesSpec"]

Format = Literal[
    "html", "csv", "csv_wide", "gpkg", "geojson", "flatgeobuf", "geoparquet", "xlsx", "qgis",
    "datapackage", "metadata", "figures", "embeds",
]  # fmt: skip
FigureKind = Literal["map", "rank", "multiples", "lorenz", "change", "budget", "priority"]
Disclosure = Literal["public", "internal"]

_TILES = re.compile(
    r"https://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)(?P<path>/[\w./~%{}=&?@+-]*)"
)
_PLACES = ("{x}", "{y}", "{z}")


class TilesSpec(TomlTable):
    """`[publish.tiles]`: a background map from elsewhere, for readers who turn it on."""

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
                "use https://, one host in small letters, and a path: https://host/{z}/{x}/{y}.png"
            )
            raise ValueError(msg)
        placeholders = sorted(re.findall(r"\{[^}]*\}?|\}", found["path"]))
        if placeholders != list(_PLACES):
            given = " ".join(placeholders) or "none"
            msg = f"has the placeholders {given}; it needs {{z}}, {{x}} and {{y}}, each once"
            raise ValueError(msg)
        return value


Metres = Annotated[float, Field(gt=0, le=20_000, strict=True)]
Minutes = Annotated[float, Field(gt=0, le=120, strict=True)]


class IsochroneSpec(TomlTable):
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


class PublishSpec(TomlTable):
    """`[publish]`: which files to write, and what may be shown."""

    formats: list[Format] = Field(
        default=["html", "csv", "gpkg", "geojson"], description="Files to write."
    )
    figures: list[FigureKind] = Field(
        default=["map", "rank"],
        description='Kinds of figures, where formats name "figures" and for `urbanlayer figure`.',
    )
    disclosure: Disclosure = Field(
        default="public",
        description="public: small counts of people are protected; internal: exact numbers, and "
        "every file and page says that it is not for publication.",
    )
    suppress_below: int = Field(
        default=10, ge=0, description="Neighbourhoods with fewer residents show no result."
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
