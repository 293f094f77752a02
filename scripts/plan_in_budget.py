"""What to build within the budgets: `uv run python scripts/plan_in_budget.py CITY.toml`."""

import sys

import urbanlayer
from urbanlayer.planning import plan_of

city_file = sys.argv[1] if len(sys.argv) > 1 else "data/gis/podgorica/city.toml"

try:
    programme = plan_of(city_file)["programme"]
except urbanlayer.UrbanlayerError as error:
    sys.exit(f"error: {error}")
if not programme:
    sys.exit(f"error: {city_file} has no budgets; see docs/plan.md")

for year in programme["by_year"]:
    print(f"{year['year']}: {year['spent']:,} of {year['budget']:,}")
for action in programme["actions"]:
    print(f"{action['year']} {action['id']:10} {action['cost']:12,}")
for action in programme["left_out"]:
    print(f"left out: {action['id']} ({action['why']})")
