"""A city file, checked whole before any data is read."""

from urbanlayer.cityfile.json_schema import schema
from urbanlayer.cityfile.reading import CityFile, read

__all__ = ["CityFile", "read", "schema"]
