"""Tables with coordinates: CSV in every dialect of an office, and XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named
from urbanlayer.sources._confined.answers import note_of_json
from urbanlayer.sources._confined.headings import PAIRS, WKT, folded
from urbanlayer.sources.child import begin, run_table_job
from urbanlayer.text.numerals import degrees, numbers
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.source import Request


def begin_table(request: Request) -> None:
    """Have a table read that will be asked for."""
    begin("rows", **_details(request))


def read_table(request: Request) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """The rows of a table as points (or as the shapes of a column of WKT), texts as written.

    Raises
    ------
    SourceError
        If the columns of coordinates are not found, or hold no numbers.
    """
    table, read = read_rows(request)
    notes = list(read)
    return _placed(table, request, notes), tuple(notes)


def read_rows(request: Request) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows of a table, texts as written; its heading is the row with the columns `x` and `y`.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    import pandas as pd

    about, table = run_table_job("rows", **_details(request))
    columns = {
        name: pd.array(table[name].combine_chunks(), dtype="str") for name in table.column_names
    }
    frame = pd.DataFrame(columns, index=range(1, table.num_rows + 1))
    return frame, tuple(note_of_json(note) for note in about["notes"])


def _details(request: Request) -> dict[str, Any]:
    spec = request.spec
    return {
        "path": str(request.path), "layer_name": named(request), "sheet": spec.layer,
        "encoding": spec.encoding, "x": spec.x, "y": spec.y,
    }  # fmt: skip


def _placed(table: pd.DataFrame, request: Request, notes: list[Note]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import numpy as np
    import shapely

    by_name = {folded(str(name)): str(name) for name in table.columns}
    x, y = request.spec.x, request.spec.y
    if x is None and y is None:
        wkt = next((by_name[name] for name in WKT if name in by_name), None)
        if wkt is not None and table[wkt].str.contains("(", regex=False).any():
            with np.errstate(over="ignore", invalid="ignore"):  # such numbers are excluded later
                shapes = shapely.from_wkt(table[wkt].to_numpy(dtype=object), on_invalid="ignore")
            return gpd.GeoDataFrame(table.drop(columns=wkt), geometry=shapes)
        pair = next((pair for pair in PAIRS if all(name in by_name for name in pair)), None)
        if pair is None and request.placeless:
            return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(index=table.index))
        if pair is None:
            raise SourceError(
                f"{named(request)}: which columns hold its coordinates is not clear from "
                f'{", ".join(map(str, table.columns))}; set x = "…" and y = "…" in city.toml'
            )
        x, y = by_name[pair[0]], by_name[pair[1]]
        notes.append(Note.of("coordinate-columns", x=x, y=y))
    if x is None or y is None:
        raise SourceError(f"{named(request)}: city.toml says one of x and y; say both")
    missing = [name for name in (x, y) if name not in table.columns]
    if missing:
        columns = [str(name) for name in table.columns]
        raise SourceError(
            [
                f"{named(request)}: there is no column {name!r}{did_you_mean(name, columns)}"
                for name in missing
            ]
        )
    points = _points(table, x, y, request, notes)
    degrees_told = folded(x).startswith(("lon", "lng", "geo_lon"))
    plausible = degrees_told and request.spec.crs is None
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326" if plausible else None)


def _points(
    table: pd.DataFrame, x: str, y: str, request: Request, notes: list[Note]
) -> NDArray[np.object_]:
    """Points of the rows; None where a row has no coordinates."""
    import numpy as np
    import shapely

    eastings, northings = (_coordinate(table[name], request, notes) for name in (x, y))
    points = np.full(len(table), None, dtype=object)
    there = np.isfinite(eastings) & np.isfinite(northings)
    points[there] = shapely.points(eastings[there], northings[there])
    return points


def _coordinate(column: pd.Series, request: Request, notes: list[Note]) -> NDArray[np.float64]:
    angles = degrees(column)
    if angles is not None:
        notes.append(Note.of("degrees", column=str(column.name)))
        return angles
    # a coordinate has no thousands: one comma is a decimal comma, whatever other rows have
    commas = column.str.count(",") == 1
    lone = commas & ~column.str.contains(".", regex=False)
    with_points = column.where(~lone, column.str.replace(",", "."))
    read = numbers(
        with_points, decimal=request.spec.decimal or (None if (commas & ~lone).any() else ".")
    )
    if commas.any():
        notes.append(Note.of("decimal-commas", column=str(column.name)))
    if read.unreadable.all() or read.unreadable.mean() > 0.5:  # noqa: PLR2004  (most of them)
        example = next(text for text, bad in zip(column, read.unreadable, strict=True) if bad)
        raise SourceError(f"{named(request)}: {column.name!r} holds no coordinates ({example!r})")
    return read.values
