"""Share of land under tree canopy; the 3-30-300 rule recommends 30 %.

Area of raster cells of the tree classes over the area of all cells except water, exact by area.
Rasters of 10 m miss single street trees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.results import from_ratio, needs_classes
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

TREES = (10.0, 95.0)
WATER = (80.0,)
"""Classes of ESA WorldCover: tree cover and mangroves; permanent water."""
UNIT = "share of land"


def _params(usual: tuple[float, ...], aim: float | None) -> type[Params]:
    class ClassesParams(Params):
        """Parameters: the classes of the raster."""

        target: float | None = pydantic.Field(
            default=aim, description="What the city aims at, as a share of land."
        )
        classes: list[float] = pydantic.Field(
            default=list(usual),
            min_length=1,
            description="Values of `land_cover` that count; those of ESA WorldCover if not given.",
        )
        water: list[float] = pydantic.Field(
            default=list(WATER), description="Values of `land_cover` that are no land."
        )

        def queries(self) -> tuple[Query, ...]:
            """The query of the indicator."""
            lists = {"classes": tuple(self.classes), "water": tuple(self.water)}
            return (Query(target=self.target, parameters=lists),)

    return ClassesParams


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Share of each neighbourhood's land that the classes cover."""
    from urbanlayer.indicators._shared.surfaces import class_area

    classes, water = query.lists["classes"], query.lists["water"]
    class_cells, all_land = class_area(city, "land_cover", classes, without=water)
    return from_ratio(
        query, city, unit=UNIT, method="grid", numerator=class_cells, denominator=all_land,
        about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="canopy_cover_30",
    theme="green",
    kind=Kind.RATIO,
    unit=UNIT,
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "land_cover"),
    source="Konijnendijk, Evidence-based guidelines for greener cities: 3-30-300, 2021",
    params=_params(TREES, 0.3),
    compute=compute,
    errors=needs_classes("land_cover"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for other classes."""
    better: Better = entry["better"]
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.RATIO,
        unit=UNIT,
        better=better,
        bounds=(0, 1),
        needs=("neighbourhoods", "land_cover"),
        source=entry["source"],
        params=_params(tuple(entry["classes"]), entry.get("target")),
        compute=compute,
        errors=needs_classes("land_cover"),
    )
