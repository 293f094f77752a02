"""The actions of a programme as pages to print: one document a language, one sheet an action."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.model.text import text_in
from urbanlayer.publish.action_sheet import Sheets
from urbanlayer.publish.disclosure import facility_roles
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.geometry import Ground, boundary, path
from urbanlayer.publish.page.without_script import escaped
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.model.plan import ActionFacts
    from urbanlayer.model.publication import Publication

STYLE = """
:root{color-scheme:light}
body{margin:0 auto;max-width:46rem;padding:1.5rem;color:#16202a;background:#fff;
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2{line-height:1.2}
a{color:#16668a}
nav ol{columns:2 18rem;padding-left:0;list-style:none}
nav li{margin:.15rem 0}
nav a{display:inline-block;padding:.35rem 0;min-height:24px}
.note{background:#fdefcb;padding:.5rem .75rem}
.quiet{color:#4a5568}
section{border-top:2px solid #1a365d;margin-top:3rem;padding-top:1rem}
dl{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.6rem 1rem}
dt{font-weight:600}dd{margin:0}dd p{margin:0 0 .2rem}
svg.place{display:block;width:100%;max-height:20rem;margin:1rem 0}
.hoods{fill:#f4f6f8;stroke:#a0aec0;stroke-width:1;vector-effect:non-scaling-stroke}
.outline{fill:none;stroke:#4a5568;stroke-width:1.5;vector-effect:non-scaling-stroke}
.stands{fill:none;stroke:#4a5568;stroke-width:5;stroke-linecap:round;
vector-effect:non-scaling-stroke}
.site{fill:none;stroke:#c05621;stroke-width:14;stroke-linecap:round;
vector-effect:non-scaling-stroke}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.6rem}}
@page{margin:18mm}
@media print{body{max-width:none;padding:0;font-size:10.5pt}
nav,.back{display:none}
section{border:0;margin:0;padding:0;break-before:page;break-inside:avoid}
main:has(section:target)>:not(section:target){display:none}
main:has(section:target)>section:target{break-before:auto}
svg.place{max-height:75mm}}
"""


def sheets_path(tag: str) -> str:
    """Where the sheets of a language lie in a publication."""
    return f"plan/actions.{tag}.html"


def action_sheets(publication: Publication) -> dict[str, str]:
    """The documents by their path; none where there is no programme with actions.

    Parameters
    ----------
    publication
        As it may be shown.
    """
    programme = None if publication.plan is None else publication.plan.programme
    if programme is None or not programme.facts:
        return {}
    drawn = _Drawn(publication)
    made = {}
    for code in publication.spec.languages:
        words = Words.for_language(code)
        sheets = Sheets.of(publication, words)
        if sheets is not None:
            made[sheets_path(words.tag)] = _document(sheets, drawn)
    return made


class _Drawn:
    """The city's ground as symbols that each sheet shows."""

    def __init__(self, publication: Publication) -> None:
        hoods = publication.city.neighbourhoods
        self._ground = Ground.of(hoods.geometry, publication.city.crs)
        shapes = self._ground.coverage(hoods.geometry, vertices=1500)
        corners = [shape.bounds for shape in shapes]
        self._width = max(corner[2] for corner in corners)
        self._height = max(corner[3] for corner in corners)
        self.symbol = (
            '<svg width="0" height="0" aria-hidden="true"><defs><g id="city">'
            f'<path class="hoods" d="{path(shapes)}"/>'
            f'<path class="outline" d="{boundary(shapes)}"/></g></defs></svg>'
        )
        self._stands = {
            role: self._dots(publication.city.layers[role].frame.geometry.representative_point())
            for role in sorted(facility_roles(publication))
        }

    def _dots(self, points: gpd.GeoSeries) -> str:
        xy = np.asarray(shapely.get_coordinates(np.asarray(points, dtype=object)), dtype=np.float64)
        return "".join(f"M{x} {y}h0" for x, y in self._ground.points(xy).tolist())

    def place(self, action: ActionFacts, label: str) -> str:
        """The city with what stands of the service, and the site; empty without a place."""
        if action.at is None:
            return ""
        ((x, y),) = self._ground.points(np.array([action.at])).tolist()
        margin = max(self._width, self._height) // 50
        box = f"{-margin} {-margin} {self._width + 2 * margin:.0f} {self._height + 2 * margin:.0f}"
        stands = self._stands.get(action.service, "")
        return (
            f'<svg class="place" viewBox="{box}" role="img" aria-label="{escaped(label)}">'
            f'<use href="#city"/><path class="stands" d="{stands}"/>'
            f'<path class="site" d="M{x} {y}h0"/></svg>'
        )


def _document(sheets: Sheets, drawn: _Drawn) -> str:
    spec, words = sheets.publication.spec, sheets.words
    title = words.headed(text_in(spec.name, words.language), words.text("sheet.title"))
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    facts = sheets.programme.facts
    entries = "".join(
        f'<li><a href="#a{number}">{escaped(sheets.heading(one))}</a></li>'
        for number, one in enumerate(facts)
    )
    back = f"../index.html#view=plan&amp;lang={escaped(words.tag)}"
    return "".join([
        f'<!doctype html>\n<html lang="{escaped(words.tag)}"><head><meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" ',
        f"content=\"default-src 'none'; style-src 'sha256-{digest}'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(title)}</title><style>{STYLE}</style></head><body>{drawn.symbol}<main>",
        f'<h1>{escaped(title)}</h1><p class="quiet">{escaped(words.text("sheet.lead"))}</p>',
        f'<p class="back"><a href="{back}">{escaped(words.text("index.open"))}</a></p>',
        f"<nav><ol>{entries}</ol></nav>",
        *(_sheet(sheets, drawn, number) for number in range(len(facts))),
        "</main></body></html>\n",
    ])  # fmt: skip


def _sheet(sheets: Sheets, drawn: _Drawn, number: int) -> str:
    spec, words = sheets.publication.spec, sheets.words
    action = sheets.programme.facts[number]
    heading = sheets.heading(action)
    rows = "".join(
        f"<dt>{escaped(head)}</dt><dd>{''.join(f'<p>{escaped(line)}</p>' for line in lines)}</dd>"
        for head, lines in sheets.rows(action)
    )
    note, key = notice(spec, words), sheets.key(action)
    day = words.text("page.data_of", date=words.date(spec.as_of))
    source = f"{text_in(spec.name, words.language)}. {day}"
    return (
        f'<section id="a{number}"><h2>{escaped(heading)}</h2><dl>{rows}</dl>'
        f"{drawn.place(action, heading)}"
        + (f'<p class="quiet">{escaped(key)}</p>' if key else "")
        + (f'<p class="note">{escaped(note)}</p>' if note else "")
        + f'<p class="quiet">{escaped(source)}</p></section>'
    )
