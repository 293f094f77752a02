"""What a GML or KML file holds by its own text, of which GDAL may read less without a word."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.parsers import expat

_MEMBERS = frozenset({"featuremember", "featuremembers", "member"})
"""Elements of GML and WFS that hold features."""


def check_well_formed(path: str) -> Counter[str]:
    """The number of features of a file by the name of their element, without its prefix.

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
    counts: Counter[str] = Counter()
    within: list[str] = []

    def start(name: str, _: object) -> None:
        """Count an element that is a feature."""
        local = name.rpartition(":")[2]
        if within and within[-1] in _MEMBERS:
            counts[local] += 1
        within.append(local.casefold())

    def end(_: str) -> None:
        within.pop()

    def refuse(name: str, *_: object) -> None:
        raise ValueError(f"it declares the entity {name!r}, which no layer needs")

    parser = expat.ParserCreate("utf-8")
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        with Path(path).open("rb") as content:
            parser.ParseFile(content)
    except expat.ExpatError as error:
        raise ValueError(f"its XML is broken: {error}; copy it again") from error
    return counts
