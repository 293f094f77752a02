"""The toy city with a plan, as files in a folder."""

from __future__ import annotations

import json

import shapely
import toy
from city_folder import rewrite, save, write_city

import urbanlayer

PLAN = """
[plan.needs]
rule = "target"
[plan.needs.themes.education]
weight = 0.5
indicators = [{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }]
[plan.needs.themes.density]
weight = 0.5
indicators = [{ id = "population_density", target = 0, worst = 1000 }]
"""


def write_plan(folder, plan=PLAN):
    """The toy city with a plan after all other tables."""
    write_city(folder)
    squares = [
        shapely.affinity.translate(square.buffer(-10), *toy.ORIGIN)
        for square in toy.shapes()["neighbourhoods"][0]
    ]
    people = {"people": list(toy.CENSUS.values())}
    save(folder / "population.geojson", squares, people, lonlat=True)
    rewrite(
        folder,
        "[residents]",
        '[publish]\ndisclosure = "internal"\nsuppress_below = 0\n\n[residents]',
    )
    with (folder / "city.toml").open("a", encoding="utf-8") as file:
        file.write(plan)


def add_plots(folder, sites, **columns):
    """A layer of candidate sites, `plots`: their keys with metres from the south-west corner."""
    x0, y0 = toy.ORIGIN
    points = [shapely.Point(x0 + x, y0 + y) for x, y in sites.values()]
    save(folder / "plots.geojson", points, {"id": list(sites), **columns}, lonlat=True)
    rewrite(
        folder, "[residents]", '[layers.plots]\npath = "plots.geojson"\nkey = "id"\n\n[residents]'
    )


def built_plan(folder, out="out"):
    """plan.json of a build."""
    urbanlayer.build(folder / "city.toml", folder / out)
    return json.loads((folder / out / "data/plan.json").read_text(encoding="utf-8"))
