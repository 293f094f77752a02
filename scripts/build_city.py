"""Publish a city: `uv run python scripts/build_city.py path/to/city.toml [folder]`."""

import sys

import urbanlayer

city_file = sys.argv[1] if len(sys.argv) > 1 else "data/gis/podgorica/city.toml"
folder = sys.argv[2] if len(sys.argv) > 2 else None  # noqa: PLR2004  (the second argument)

try:
    built = urbanlayer.build(city_file, folder)
except urbanlayer.UrbanlayerError as error:
    sys.exit(f"error: {error}")

for result in built.publication.results:
    print(f"{result.id:45} {result.city:12.3f} {result.unit}")
for warning in built.publication.warnings:
    print("note:", warning)
print("published:", built.target)
