"""What a GML or KML file holds by its own text, of which GDAL may read less without a word."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat

_MEMBERS = frozenset({"featuremember", "featuremembers", "member"})
"""Elements of GML and WFS that hold features."""


@dataclass(frozen=True, slots=True, eq=False)
class Markup:
    """What a file holds by its own text.

    Attributes
    ----------
    features
        How many, by the name of their element without its prefix.
    root
        Attributes of the root.
    links
        How many other files it shows as its own: `NetworkLink` of KML.
    placemarks
        Features of a KML file.
    """

    features: Counter[str]
    root: dict[str, str]
    links: int
    placemarks: int


def check_well_formed(path: str) -> Markup:
    """The number of features of a file by their elements, and what its root says of them.

    GDAL ends a GML file without a word at the first sign that does not belong there, and at the
    first geometry that is none; its count of the features ends there too.

    Parameters
    ----------
    path
        Of a file in UTF-8.

    Raises
    ------
    ValueError
        It is no well-formed XML, or declares entities.
    """
    with Path(path).open("rb") as content:
        return _parsed(content)


def kmz_markup(path: str) -> Markup:
    """The same of all KML files in a KMZ archive together; of their links those that lead out.

    Parameters
    ----------
    path
        Of the archive.

    Raises
    ------
    ValueError
        It is no such archive, or holds a file that is not well-formed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.casefold().endswith(".kml")]
            found = [_parsed(archive.open(name)) for name in names]
    except (zipfile.BadZipFile, RuntimeError) as error:  # RuntimeError: packed in an unknown way
        raise ValueError(str(error)) from error
    links = sum(each.links for each in found) - max(len(found) - 1, 0)
    placemarks = sum(each.placemarks for each in found)
    return Markup(Counter(), {}, max(links, 0), placemarks)


def _parsed(content: IO[bytes]) -> Markup:
    counts: Counter[str] = Counter()
    elements: Counter[str] = Counter()
    root: dict[str, str] = {}
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        """Count an element that is a feature, and each by its name."""
        if not within:
            root.update(attributes)
        local = name.rpartition(":")[2]
        if within and within[-1] in _MEMBERS:
            counts[local] += 1
        elements[local] += 1
        within.append(local.casefold())

    def end(_: str) -> None:
        within.pop()

    def refuse(name: str, *_: object) -> None:
        raise ValueError(f"it declares the entity {name!r}, which no layer needs")

    parser = expat.ParserCreate("utf-8")
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.ParseFile(content)
    except expat.ExpatError as error:
        raise ValueError(f"its XML is broken: {error}; copy it again") from error
    return Markup(counts, root, elements["NetworkLink"], elements["Placemark"])
