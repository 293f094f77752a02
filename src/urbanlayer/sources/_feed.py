"""A GTFS feed as tables of text: from a zip or a folder, in whatever encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named
from urbanlayer.sources._confined.answers import note_of_json
from urbanlayer.sources.child import begin, run_table_job

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from urbanlayer.model.source import Request

_KEYS = {
    "stops.txt": ("stop_id",),
    "routes.txt": ("route_id",),
    "trips.txt": ("trip_id",),
    "stop_times.txt": ("trip_id", "stop_sequence", "stop_id"),
    "frequencies.txt": ("trip_id", "start_time"),
    "shapes.txt": ("shape_id", "shape_pt_sequence"),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
}
"""Columns that no two rows of a file may share."""
_NUMBERS = frozenset({"stop_sequence", "shape_pt_sequence", "start_time"})
"""Those of them with numbers, which may begin with zeros: `08:00:00` is `8:00:00`."""


class Feed:
    """The files of a feed, read when they are asked for.

    Parameters
    ----------
    request
        Names the zip or the folder, and by `layer` the folder of one of several feeds in it.
    notes
        What was guessed while reading is added.
    """

    def __init__(self, request: Request, notes: list[Note]) -> None:
        self._request = request
        self._notes = notes

    @property
    def name(self) -> str:
        """How messages call the layer: `layer 'stop' (feed.zip)`."""
        return named(self._request)

    def begin(self, tables: Mapping[str, tuple[str, ...]]) -> None:
        """Have files read that will be asked for, each with the same columns."""
        for name, columns in tables.items():
            begin("feed_table", **self._details(name, columns, needed=True))

    def table(self, name: str, columns: tuple[str, ...], *, needed: bool = True) -> pd.DataFrame:
        """A file of the feed, all of it text; columns that it lacks are empty.

        Values have no spaces around them, and whole numbers no decimals: `1.0` is `1`. Of rows
        with the same key the first is kept, and a note counts the others.

        Parameters
        ----------
        name
            `stops.txt` …
        columns
            Those to read, the first of which must be there.
        needed
            Whether a feed without the file, or with an empty one, is refused.

        Raises
        ------
        SourceError
            If it is needed and not there, or cannot be read; or the path is no feed, or holds
            several and the request does not say which.
        """
        about, table = run_table_job("feed_table", **self._details(name, columns, needed=needed))
        self._notes += [note_of_json(note) for note in about["notes"]]
        frame: pd.DataFrame = table.to_pandas()
        return self._once(name, frame.reindex(columns=list(columns), fill_value=""))

    def _details(self, name: str, columns: tuple[str, ...], *, needed: bool) -> dict[str, Any]:
        spec = self._request.spec
        return {
            "path": str(self._request.path), "layer_name": self.name, "folder": spec.layer,
            "encoding": spec.encoding, "name": name, "columns": columns, "needed": needed,
        }  # fmt: skip

    def _once(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows whose key no row before them has; those with an incomplete key are kept."""
        key = [column for column in _KEYS.get(name, ()) if column in frame]
        if not key or len(key) < len(_KEYS[name]):
            return frame
        rows = frame[key].assign(**{n: _without_zeros(frame[n]) for n in key if n in _NUMBERS})
        again = rows.duplicated().to_numpy()
        if not again.any():
            return frame
        again = again & (rows != "").all(axis=1).to_numpy()
        if again.any():
            self._notes.append(Note.of("rows-repeated", name=name, count=int(again.sum())))
        return frame[~again].reset_index(drop=True)


def _without_zeros(texts: pd.Series[str]) -> pd.Series[str]:
    """Texts without zeros before their first other digit."""
    if not texts.str.startswith("0").any():
        return texts
    return texts.str.replace(r"^0+(?=\d)", "", regex=True)
