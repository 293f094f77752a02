"""Formats of data, and how open they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What data come as, and how open that is.

    Attributes
    ----------
    name
        `GeoPackage`, `GTFS` …
    stars
        By Tim Berners-Lee's scheme, under an open licence: 2 is structured, 3 is tied to no one
        maker's program.
    """

    name: str
    stars: int
