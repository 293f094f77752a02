"""What every source checks alike: that its file is there, and which features are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from urbanlayer.errors import SourceError
from urbanlayer.model.text import keeps
from urbanlayer.text.normalise import matching_rows
from urbanlayer.text.personal import LEFT_OUT, without_persons
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from urbanlayer.model.source import Request

    Frame = TypeVar("Frame", bound=pd.DataFrame)


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
                'files of this computer; set source = "http", or download the file'
            )
        folder = path.parent
        if not folder.is_dir():
            raise SourceError(f"{named(request)}: there is no folder {folder.name!r}")
        there = sorted(file.name for file in folder.iterdir())
        raise SourceError(
            f"{named(request)}: there is no such file{did_you_mean(path.name, there)}"
        )
    if path.is_file() and path.stat().st_size == 0:
        raise SourceError(f"{named(request)}: the file is empty (0 bytes)")


def wanted(frame: Frame, request: Request) -> Frame:
    """The rows that the city file's `where` selects.

    Raises
    ------
    SourceError
        If it names columns that are not there, or no row has the values; none need have them in a
        part of a country near which there is no such feature.
    """
    where = keeps(request.spec.where)
    missing = [field for field in where if field not in frame.columns]
    if missing:
        columns = [str(column) for column in frame.columns if column != "geometry"]
        raise SourceError(
            [
                f"{named(request)}: where names a column {field!r} that is not there"
                f"{did_you_mean(field, columns)}"
                for field in missing
            ]
        )
    kept = frame[matching_rows(frame, where)] if where else frame
    if where and kept.empty and len(frame) and request.none_near is None:
        raise SourceError(_none_wanted(frame, where, request))
    return kept


def _none_wanted(frame: Frame, where: Mapping[str, tuple[str, ...]], request: Request) -> list[str]:
    """That no feature has the values, with the nearest one that is in the column."""
    wanted_values = ", ".join(f"{field} = {' or '.join(values)}" for field, values in where.items())
    hints = ""
    for field, values in where.items():
        held = set(frame[field].dropna().astype(str))
        if held.isdisjoint(values):
            hints += did_you_mean(values[0], sorted(set(without_persons(held)) - {LEFT_OUT}))
    return [f"{named(request)}: no feature has {wanted_values}{hints}"]
