"""Which row of a table is its heading: the first with the columns of a place, or below titles."""

from __future__ import annotations

import itertools
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
        that has the columns of the coordinates, and the one below it, where that names columns
        under merged cells. A column without a name has that of the row above; of two columns of
        one name each has both. Where no row has them, rows of one cell at most are titles.

        Raises
        ------
        SourceError
            Several columns have one name: nobody can know which of them is meant.
        """
        above = rows[:ROWS_ABOVE]
        place = next(
            (at for at in range(len(above)) if self.has_pair(_combined(above[: at + 1]))),
            _below_titles(above),
        )
        if _goes_on(rows[place], rows[place + 1 : place + 2]):
            place += 1
        head = _combined(rows[: place + 1])
        if place:
            notes.append(Note.of("heading-row", row=place + 1))
        names = [" ".join(name.split()) or f"column_{at}" for at, name in enumerate(head, start=1)]
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


def _combined(rows: list[list[str]]) -> list[str]:
    """The cells of the last row; where it has none, those of the rows above that are no title."""
    head = [name.strip() for name in rows[-1]]
    for row in reversed(rows[:-1]):
        if not _is_title(row):
            upper = [*row, *[""] * len(head)]
            head = [name or upper[at].strip() for at, name in enumerate(head)]
    if len(rows) > 1 and not _is_title(rows[-2]):
        groups = _spread(rows[-2])
        head = [
            f"{group} {name}" if name and head.count(name) > 1 and group not in {"", name} else name
            for name, group in itertools.zip_longest(head, groups[: len(head)], fillvalue="")
        ]
    return head


def _spread(row: list[str]) -> list[str]:
    """The names of a row; a merged cell, which is empty but for its first column, has its own."""
    names: list[str] = []
    for cell in row:
        names.append(cell.strip() or (names[-1] if names else ""))
    return names


def _goes_on(row: list[str], below: list[list[str]]) -> bool:
    """Whether the row below a heading names columns under its merged cells: texts, and no key."""
    if not below:
        return False
    pairs = list(itertools.zip_longest(row, below[0], fillvalue=""))
    filled = [at for at, (_, lower) in enumerate(pairs) if lower.strip()]
    merged = [at for at in filled if at and not pairs[at][0].strip()]
    groups = [at for at in filled if pairs[at][0].strip()]
    under = all(at + 1 in filled and not pairs[at + 1][0].strip() for at in groups)
    texts = not any(is_number(pairs[at][1]) for at in filled)
    return bool(merged) and bool(groups) and under and texts


def _is_title(row: list[str]) -> bool:
    return sum(map(bool, map(str.strip, row))) <= 1


def _below_titles(rows: list[list[str]]) -> int:
    """The first row with several cells, or the second of a heading of two; 0 where none has."""
    place = next((at for at, row in enumerate(rows) if not _is_title(row)), 0)
    upper, lower = rows[place : place + 1], rows[place + 1 : place + 2]
    if not lower or _is_title(lower[0]) or any(map(is_number, lower[0])):
        return place
    pairs = list(zip(upper[0], lower[0], strict=False))
    fills = any(not above.strip() and below.strip() for above, below in pairs)
    leaves = any(above.strip() and not below.strip() for above, below in pairs)
    return place + 1 if fills or leaves else place


def folded(name: str) -> str:
    """A name without accents and capitals, with _ for spaces."""
    plain = name.strip().casefold()
    for letter, instead in _MISSING.items():
        plain = plain.replace(letter, instead)
    return plain


def is_number(cell: str) -> bool:
    """Whether a cell holds digits, with at most one decimal sign of each kind, or so many %."""
    return (
        cell.strip().lstrip("+-").rstrip("% ").replace(".", "", 1).replace(",", "", 1).isdecimal()
    )
