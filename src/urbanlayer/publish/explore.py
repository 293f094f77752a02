"""A Folium map of values for a notebook, in which no text of a layer can run anything."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

import folium

if TYPE_CHECKING:
    import geopandas as gpd

COLOURS = ("#FDEFCB", "#BEC681", "#60A08F", "#16698A", "#1A365D")
"""From low to high, as on the published page."""
NO_VALUE = "#DDDDDD"
_ENTITIES = str.maketrans({sign: f"&#{ord(sign)};" for sign in "{}`$\\"})


def explore(frame: gpd.GeoDataFrame, *, title: str, unit: str) -> folium.Map:
    """A map of neighbourhoods in five classes of equal width, with name and value on hover.

    Folium reads the text of its elements a second time as a template, and shows it as HTML:
    braces, backticks, dollar and backslash are written as entities, markup is escaped.

    Parameters
    ----------
    frame
        With `name` and `value`, in any CRS.
    title, unit
        Shown with each value.

    Returns
    -------
    folium.Map
        Without background tiles, so that nothing but Folium's own libraries is requested.
    """
    shown = frame[["geometry"]].to_crs("EPSG:4326")
    shown["label"] = [
        _harmless(f"{name}: {'no result' if math.isnan(value) else f'{value:g} {unit}'}")
        for name, value in zip(frame["name"], frame["value"], strict=True)
    ]
    shown["colour"] = _colours(frame["value"].tolist())
    west, south, east, north = shown.total_bounds
    drawn = folium.Map(tiles=None)
    folium.GeoJson(
        shown.reset_index(drop=True).to_json(),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"],
            "color": "#44525F",
            "weight": 1,
            "fillOpacity": 1,
        },
        tooltip=folium.GeoJsonTooltip(["label"], aliases=[_harmless(title)]),
    ).add_to(drawn)
    drawn.fit_bounds([[south, west], [north, east]])
    return drawn


def _colours(values: list[float]) -> list[str]:
    known = [value for value in values if not math.isnan(value)]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    width = (high - low) / len(COLOURS) or 1.0
    return [
        NO_VALUE if math.isnan(value) else COLOURS[min(int((value - low) / width), 4)]
        for value in values
    ]


def _harmless(text: str) -> str:
    return html.escape(text).translate(_ENTITIES).replace("\u2028", " ").replace("\u2029", " ")
