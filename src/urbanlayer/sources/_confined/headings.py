"""Which row of a table is its heading: the first with the columns of a place, or below titles."""

from __future__ import annotations

from dataclasses import dataclass

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note

PAIRS = (
    ("x", "y"),
    ("lon", "lat"),
    ("lng", "lat"),
    ("long", "lat"),
    ("longitude", "latitude"),
    ("geo_lon", "geo_lat"),
    ("stop_lon", "stop_lat"),
    ("easting", "northing"),
    ("east", "north"),
    ("e", "n"),
    ("koord_x", "koord_y"),
    ("x_koord", "y_koord"),
    ("coord_x", "coord_y"),
    ("xcoord", "ycoord"),
    ("point_x", "point_y"),
    ("geografska_duzina", "geografska_sirina"),
    ("duzina", "sirina"),
    ("gjatesia", "gjeresia"),
    ("longitudine", "latitudine"),
    ("longitud", "latitud"),
    ("längengrad", "breitengrad"),
    ("laengengrad", "breitengrad"),
    ("lengtegraad", "breedtegraad"),
    ("географска_дужина", "географска_ширина"),
    ("географска_должина", "географска_ширина"),
    ("дужина", "ширина"),
)
"""Usual names of the two columns, east first."""
WKT = ("wkt", "geom", "geometry", "the_geom")
ROWS_ABOVE = 10
"""A heading stands in one of the first rows."""
_MISSING = {"š": "s", "ž": "z", "č": "c", "ć": "c", "đ": "d", "ë": "e", " ": "_", "-": "_"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The table that is asked for.

    Attributes
    ----------
    layer_name
        How messages call the layer.
    x, y
        The columns of the place, where the city file names them.
    """

    layer_name: str
    x: str | None
    y: str | None

    def has_pair(self, row: list[str]) -> bool:
        """Whether a row names the two columns of the place."""
        names = {folded(cell) for cell in row if cell.strip()}
        one = self.x is None or self.y is None
        pairs = PAIRS if one else ((folded(str(self.x)), folded(str(self.y))),)
        return any(first in names and second in names for first, second in pairs)

    def heading(self, rows: list[list[str]], notes: list[Note]) -> tuple[int, list[str]]:
        """How many rows stand above the data, and the names of the columns.

        A title may stand above the heading, and a heading may have two rows: it is the first row
        that has the columns of the coordinates. A column without a name has that of the row above.
        Where no row has them, rows of one cell at most are titles.

        Raises
        ------
        SourceError
            Several columns have one name: nobody can know which of them is meant.
        """
        place = next(
            (at for at, row in enumerate(rows[:ROWS_ABOVE]) if self.has_pair(row)),
            _below_titles(rows[:ROWS_ABOVE]),
        )
        head = [name.strip() for name in rows[place]]
        for row in reversed(rows[:place]):
            if len([cell for cell in row if cell.strip()]) > 1:  # no title
                upper = [*row, *[""] * len(head)]
                head = [name or upper[at].strip() for at, name in enumerate(head)]
        if place:
            notes.append(Note.of("heading-row", row=place + 1))
        names = [name or f"column_{at}" for at, name in enumerate(head, start=1)]
        again = {name: names.count(name) for name in names if names.count(name) > 1}
        if again:
            raise SourceError(
                [
                    f"{self.layer_name}: {count} columns have the same name {name!r}; rename all "
                    "but one"
                    for name, count in again.items()
                ]
            )
        return place + 1, names


def _below_titles(rows: list[list[str]]) -> int:
    """The first row with several cells; 0 where none has."""
    return next((at for at, row in enumerate(rows) if sum(map(bool, map(str.strip, row))) > 1), 0)


def folded(name: str) -> str:
    """A name without accents and capitals, with _ for spaces."""
    plain = name.strip().casefold()
    for letter, instead in _MISSING.items():
        plain = plain.replace(letter, instead)
    return plain


def is_number(cell: str) -> bool:
    """Whether a cell holds digits, with at most one decimal sign of each kind."""
    return cell.strip().lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdecimal()
