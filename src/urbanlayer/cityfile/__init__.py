"""A city file, checked whole before any data is read."""

from urbanlayer.cityfile.completion import schema
from urbanlayer.cityfile.reading import CityFile, read

__all__ = ["CityFile", "read", "schema"]
