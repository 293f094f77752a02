"""Features of GeoJSON that GDAL passes over without a word: of another type, or not JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_MAX_SHOWN = 40
"""Characters of a wrong type that a reason repeats."""


def lost_features(path: str, rows: int) -> list[tuple[int, str]]:
    """The features of a GeoJSON file that are not among its rows.

    GDAL leaves out what is not of type `Feature`: a null, a bare geometry, a type with a mistake.

    Parameters
    ----------
    path
        Of a file in UTF-8.
    rows
        That GDAL has read.

    Returns
    -------
    list
        By their place in the array of features, from 0.

    Raises
    ------
    ValueError
        More are missing than those.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"), strict=False)
    except (ValueError, RecursionError, MemoryError):
        return []  # GDAL has read more than we can; there is nothing to compare with
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        return []
    items = content.get("features")
    if not isinstance(items, list):
        return []
    lost = [(place, why) for place, item in enumerate(items) if (why := _why_not(item))]
    _check_all(len(items) - len(lost), rows)
    return lost


def lost_lines(path: str, rows: int) -> list[tuple[int, str]]:
    """The same of GeoJSON with a feature on each line, by the number of the line, from 1.

    Parameters
    ----------
    path
        Of a file in UTF-8.
    rows
        That GDAL has read.

    Raises
    ------
    ValueError
        More are missing than those.
    """
    text = Path(path).read_text(encoding="utf-8")
    # records of RFC 8142 begin with RS, and may have several lines
    lines = text.split("\x1e") if text.startswith("\x1e") else text.split("\n")
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if len(filled) == rows:
        return []
    lost = [(number, why) for number, line in filled if (why := _why_not_line(line, number))]
    if len(filled) - len(lost) > rows:  # GDAL also reads geometries without a feature
        _check_all(len(filled) - len(lost), rows)
    return lost


def _check_all(there: int, rows: int) -> None:
    if there > rows:
        raise ValueError(f"{there - rows} of {there} features cannot be read")


def _why_not_line(line: str, number: int) -> str:
    try:
        return _why_not(json.loads(line, strict=False))
    except (ValueError, RecursionError) as error:
        return f"line {number} is no JSON ({error})"


def _why_not(item: Any) -> str:  # noqa: ANN401  (what JSON can hold)
    """Why an item is no feature; empty of one that is."""
    if not isinstance(item, dict):
        return "it is no feature"
    kind = item.get("type")
    if kind == "Feature":
        return ""
    return f'its type is {json.dumps(kind, ensure_ascii=False)[:_MAX_SHOWN]} and not "Feature"'
