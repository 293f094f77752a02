"""What every source checks alike: that its file is there, and which features are wanted."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeVar

from urbanlayer.errors import SourceError
from urbanlayer.model.text import keeps
from urbanlayer.text.normalise import matching_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from urbanlayer.model.source import Request

    Frame = TypeVar("Frame", bound=pd.DataFrame)

MANY = 12
"""Names that a message lists."""


def named(request: Request) -> str:
    """How messages call the layer: `layer 'parks' (green.gpkg)`."""
    return f"layer {request.role!r} ({request.shown})"


def check_there(request: Request) -> None:
    """Raise if the file is not there, with the nearest name that is.

    Raises
    ------
    SourceError
        If there is no such file, it is empty, or the path is an address.
    """
    path = request.path
    if not path.exists():
        if request.remote:
            raise SourceError(
                f"{named(request)}: path is an address, and source = {request.source.id!r} reads "
                'files of this computer; say source = "http", or download the file'
            )
        folder = path.parent
        if not folder.is_dir():
            raise SourceError(f"{named(request)}: there is no folder {folder.name!r}")
        there = sorted(file.name for file in folder.iterdir())
        raise SourceError(f"{named(request)}: there is no such file; {nearest(path.name, there)}")
    if path.is_file() and path.stat().st_size == 0:
        raise SourceError(f"{named(request)}: the file is empty (0 bytes)")


def wanted(frame: Frame, request: Request) -> Frame:
    """The rows that the city file's `where` asks for.

    Raises
    ------
    SourceError
        If it names columns that are not there, or no row has the values.
    """
    where = keeps(request.spec.where)
    missing = [field for field in where if field not in frame.columns]
    if missing:
        columns = [str(column) for column in frame.columns if column != "geometry"]
        raise SourceError(
            [
                f"{named(request)}: where names a column {field!r} that is not there; "
                f"{nearest(field, columns)}"
                for field in missing
            ]
        )
    kept = frame[matching_rows(frame, where)] if where else frame
    if where and kept.empty and len(frame):
        raise SourceError(_none_wanted(frame, where, request))
    return kept


def _none_wanted(frame: Frame, where: Mapping[str, tuple[str, ...]], request: Request) -> list[str]:
    """What the columns of `where` hold instead, the nearest values first."""
    asked = ", ".join(f"{field} = {' or '.join(values)}" for field, values in where.items())
    held = "; ".join(
        f"of {field!r}, {nearest(values[0], frame[field].dropna().astype(str).unique())}"
        for field, values in where.items()
    )
    return [f"{named(request)}: no feature has {asked}: {held}"]


def nearest(name: str, names: Iterable[str]) -> str:
    """What there is instead, the nearest first: `the nearest is 'parks.gpkg'`."""
    there = list(names)
    folded = {other.casefold(): other for other in there}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"the nearest is {folded[close[0]]!r}"
    if not there:
        return "there are none"
    more = f" and {len(there) - MANY} more" if len(there) > MANY else ""
    return f"there are {', '.join(there[:MANY])}{more}"
