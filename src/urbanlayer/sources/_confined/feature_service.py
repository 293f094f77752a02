"""Jobs of the confined child: what a Web Feature Service says in XML of itself and its pages."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urbanlayer.sources._confined.answers import Answer

_MEMBERS = frozenset({"member", "featureMember", "featureMembers"})
"""What features stand in, in WFS 2.0 and before."""
_CRSS = frozenset({"DefaultCRS", "OtherCRS", "DefaultSRS", "OtherSRS", "SRS"})
"""Elements of a type that name a CRS, in WFS 2.0, 1.1 and 1.0."""
_REPORTS = frozenset({"ExceptionReport", "ServiceExceptionReport"})
_MAX_MESSAGE = 200
_SCANNED_BYTES = 2000


def feature_service(path: str) -> Answer:
    """What a response in XML says.

    `root` is the name of its first element, `report` the service's own error, `matched` the number
    of all features as written, `has_members` whether a page holds features. Capabilities have a
    `version`, `types` (name, title and CRSs of each), `formats` and `count_default`, the number of
    features on a page.

    Parameters
    ----------
    path
        Of the response.

    Raises
    ------
    ValueError
        It is no XML, or declares entities, which no service needs.
    """
    content = Path(path).read_bytes()
    if b"<!DOCTYPE" in content[:_SCANNED_BYTES] or b"<!ENTITY" in content:
        raise ValueError("its XML declares entities, which no service needs")
    try:
        root = ET.fromstring(content)  # noqa: S314  (entities were refused above)
    except ET.ParseError as error:
        raise ValueError(f"its response is no XML ({error})") from error
    told = " ".join("".join(root.itertext()).split()) if _tag(root) in _REPORTS else None
    return {
        "root": _tag(root),
        "report": None if told is None else told[:_MAX_MESSAGE],
        "matched": root.get("numberMatched") or root.get("numberOfFeatures") or "",
        "has_members": any(len(node) for node in root if _tag(node) in _MEMBERS),
        "version": root.get("version") or "2.0.0",
        "types": _types(root),
        "formats": _formats(root),
        "count_default": _count_default(root),
    }, ()


def _types(root: ET.Element) -> list[tuple[str, str, list[str]]]:
    """Name, title and CRSs of each type of the capabilities, its own CRS first."""
    return [
        (
            (node.findtext("{*}Name") or "").strip(),
            (node.findtext("{*}Title") or "").strip(),
            [(entry.text or "").strip() for entry in node if _tag(entry) in _CRSS],
        )
        for node in root.iterfind(".//{*}FeatureType")
    ]


def _formats(root: ET.Element) -> list[str]:
    formats = {(node.text or "").strip() for node in root.iter() if _tag(node) == "Value"}
    own = root.iterfind(".//{*}OutputFormats/{*}Format")
    return sorted(formats | {(node.text or "").strip() for node in own})


def _count_default(root: ET.Element) -> int | None:
    for node in root.iter():
        if _tag(node) == "Constraint" and node.get("name") == "CountDefault":
            text = (node.findtext("{*}DefaultValue") or "").strip()
            return int(text) if text.isdecimal() else None
    return None


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]
