"""Who has public green near home: `uv run python scripts/green_access_only.py CITY.toml FOLDER`."""

import sys

import urbanlayer

city_file = sys.argv[1] if len(sys.argv) > 1 else "data/gis/podgorica/city.toml"
folder = sys.argv[2] if len(sys.argv) > 2 else "maps/green"  # noqa: PLR2004  (the second argument)

try:
    built = urbanlayer.build(city_file, folder, only="green_access_who")
except urbanlayer.UrbanlayerError as error:
    sys.exit(f"error: {error}")

along_streets, straight_line = built.publication.results
names = built.publication.city.neighbourhoods.names[""]
for key in along_streets.values.sort_values().index:
    on_foot, straight = along_streets.values.loc[key], straight_line.values.loc[key]
    print(f"{names.loc[key]:30} {on_foot:6.1%} on foot, {straight:6.1%} straight line")
print(f"{'the whole city':30} {along_streets.city:6.1%} on foot, {straight_line.city:6.1%}")
print("published:", built.target)
