"""The publication as the page's script reads it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import shapely

from urbanlayer.model.text import text_in
from urbanlayer.publish import disclosure
from urbanlayer.publish.connectivity import on_page
from urbanlayer.publish.equity import weighable
from urbanlayer.publish.page.context import context, names_of
from urbanlayer.publish.page.geometry import Ground, boundary, path
from urbanlayer.publish.page.places import cells, facilities, walks
from urbanlayer.publish.page.plan_record import plan_record
from urbanlayer.publish.page.result_records import result_records
from urbanlayer.publish.page.source_list import licences, sources

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication

_OPENS_JINJA = re.compile(r"\{(?=[{%#])")


def payload(publication: Publication) -> dict[str, Any]:
    """Everything that the page shows, but for the words.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    """
    city = publication.city
    neighbourhoods = city.neighbourhoods
    ground = Ground.of(neighbourhoods.geometry, city.crs)
    shapes = ground.coverage(neighbourhoods.geometry)
    return {
        "city": _city(publication),
        "languages": [code.replace("_", "-") for code in publication.spec.languages],
        "keys": [str(key) for key in neighbourhoods.keys],
        "names": _names(publication),
        "residents": _residents(publication),
        "estimated": sorted(city.residents.estimated) if city.residents is not None else [],
        "corner": [ground.west, ground.north],
        "extent": [round(side) for side in shapely.total_bounds(shapes)],
        "shapes": [path([shape]) for shape in shapes],
        "boundary": boundary(shapes),
        "labels": ground.label_points(neighbourhoods.geometry),
        "indicators": result_records(publication),
        "facilities": facilities(publication, ground),
        "walks": walks(publication),
        "context": context(city, ground),
        "streets": names_of(city, "streets", ground),
        "parks": names_of(city, "green", ground),
        "cells": cells(publication, ground),
        "tiles": _tiles(publication),
        "files": files(publication),
        "sources": sources(publication),
        "licences": licences(publication),
        **({"plan": plan_record(publication, ground)} if publication.plan else {}),
        "missing": [
            {"indicator": n.indicator, "roles": list(n.missing)} for n in publication.not_answerable
        ],
    }


def _city(publication: Publication) -> dict[str, Any]:
    spec, city = publication.spec, publication.city
    return {
        "id": spec.id,
        "name": {code.replace("_", "-"): text_in(spec.name, code) for code in spec.languages},
        "date": spec.as_of.isoformat(),
        "contact": spec.contact,
        "demonstration": spec.demonstration or spec.publish.exact or not spec.reviewed,
        "serbian": "sr_Latn_ME" in spec.languages,
        "reviewed_languages": [code.replace("_", "-") for code in spec.reviewed_languages],
        "derived": city.neighbourhoods.derived,
        "straight": city.streets is None,
        "threshold": spec.publish.suppress_below,
        "hidden": len(disclosure.suppressed_neighbourhoods(publication)),
        "residents": None if city.residents is None else round(disclosure.city_people(publication)),
        "joined": on_page(publication),
    }


def files(publication: Publication) -> list[list[str]]:
    """Kind and path of each file that is published with the page."""
    formats = set(publication.spec.publish.formats)
    standards = bool(publication.standards)
    listed = [
        ("standards", "standards.html", standards and "html" in formats),
        ("table", "data/indicators.csv", "csv" in formats),
        ("gis", "data/neighbourhoods.gpkg", "gpkg" in formats),
        ("equity", "data/equity.csv", "csv" in formats and bool(weighable(publication))),
        ("sources", "data/sources.csv", "csv" in formats),
        ("plan", "data/plan.json", publication.plan is not None),
    ]
    return [[kind, path] for kind, path, written in listed if written]


def _tiles(publication: Publication) -> dict[str, Any] | None:
    tiles = publication.spec.publish.tiles
    return None if tiles is None else {**tiles.model_dump(), "host": tiles.host}


def _names(publication: Publication) -> dict[str, list[str]]:
    """Names by language tag; the empty tag holds the name that every neighbourhood has."""
    neighbourhoods = publication.city.neighbourhoods
    spoken = {"", *publication.spec.languages}
    return {
        code.replace("_", "-"): ["" if n is None or n != n else str(n) for n in names]  # noqa: PLR0124
        for code, names in sorted(neighbourhoods.names.items())
        if code in spoken
    }


def _residents(publication: Publication) -> list[int | None]:
    shown = disclosure.published_people(publication)
    if shown is None:
        return []
    return [None if people != people else round(people) for people in shown]  # noqa: PLR0124


def as_json(data: object) -> str:
    r"""JSON that can stand inside `<script type="application/json">`.

    `<` is written `\u003c`, so that no text ends the element; `{` before `{`, `%` or `#` is
    written `\u007b`, so that no template engine finds a beginning; line separators likewise.
    """
    dumped = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = dumped.encode("utf-8", "replace").decode("utf-8")  # half a letter cannot be written
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return _OPENS_JINJA.sub(r"\\u007b", text)
