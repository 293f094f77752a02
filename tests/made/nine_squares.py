"""Nine squares with an investment programme by hand, as files in a folder.

The people of each square live at (250, 210) in it. Two schools serve 90 + 80 of 450 residents
within 300 m. C1 at (200, 600) would serve the 120 of Q1, C2 at (850, 200) the 60 of Q4 and the 30
of Q9, C3 at (850, 600) the 10 of Q3 and the 40 of Q8.

C1 is paid with 40 and 60, C2 costs 80, C3 costs 60, and each year has 100. C2 fits beside C1 in no
year; C1 and C3 serve 170 people, more than any other choice, and only from 2027 on.
"""

from __future__ import annotations

import shapely
import toy
from city_folder import rewrite, save
from plan_city import add_plots, write_plan

PLAN = """
[plan]
years = [2027, 2028]
budgets = [100, 100]

[plan.actions]
layer = "plots"
columns = { service = "service", cost = "price", payments = "paid", funding = "source" }

[plan.needs]
rule = "target"
[plan.needs.themes.education]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }]

[[plan.enterprise]]
name = "Schools of the city"
layers = ["school"]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9 }]

[[plan.goal]]
id = "near"
title = "A school near every home"
responsible = "Education"
indicator = { id = "coverage_within", variant = "school" }
baseline = 0.2
baseline_date = 2024-12-31
target = 0.9
target_date = 2030-12-31
measures = [{ title = "New schools", actions = ["C1", "C2"] }]
"""
SITES = {"C1": (200, 600), "C2": (850, 200), "C3": (850, 600)}


def write_nine(folder):
    """The nine squares with three sites for schools in a folder."""
    write_plan(folder, plan=PLAN)
    x0, y0 = toy.ORIGIN
    homes = [
        shapely.Point(x0 + 400 * column + 250, y0 + 400 * row + 210)
        for row in range(3)
        for column in range(3)
    ]
    people = {"people": list(toy.CENSUS.values())}
    save(folder / "population.geojson", homes, people, lonlat=True)
    add_plots(
        folder, SITES, service=["school"] * 3, price=[100, 80, 60], paid=["40;60", "", ""],
        source=["loan", "", "budget"],
    )  # fmt: skip
    rewrite(folder, "{ school = 500 }", "{ school = 300 }")
