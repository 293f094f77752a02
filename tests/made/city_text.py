"""What city files of made cities have in common."""

HEAD = """
crs = "EPSG:25834"
as_of = 2026-06-30
licence = "CC0-1.0"
languages = ["en"]
"""
"""Below `id` and `name`, above the tables."""
STREETS_AND_PEOPLE = """
[layers.neighbourhoods]
path = "hoods.gpkg"
key = "id"
[layers.streets]
path = "streets.gpkg"
key = "id"
[layers.population]
path = "people.gpkg"
people = "people"
"""
SCHOOLS_AND_PLOTS = """
[layers.school]
path = "schools.gpkg"
key = "id"
capacity = "places"
[layers.plots]
path = "plots.gpkg"
key = "id"
"""
