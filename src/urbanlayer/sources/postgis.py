"""Tables, views and queries of PostGIS: `source = "postgis"`.

`path` is `postgresql://host/database`; user and password come from the environment (`PGUSER`,
`PGPASSWORD`) or from pgpass, never from the city file. `layer` names a table, or `query` is a
SELECT. The connection cannot write.
"""

from __future__ import annotations

import hashlib
import importlib
import urllib.parse
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import Field

from urbanlayer.errors import SourceError
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.source import BoxOptions, Offer, Source
from urbanlayer.sources._choose import named, wanted
from urbanlayer.sources._each import read_each
from urbanlayer.sources._wkb import shapes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request

SECONDS = 600
"""Longest time for one statement."""
WAIT_S = 15
"""Longest time for a connection."""
BLOCK = 20_000
"""Rows fetched at once."""
_SETTINGS: dict[str, Any] = {
    "application_name": "urbanlayer",
    "options": f"-c default_transaction_read_only=on -c statement_timeout={SECONDS * 1000}",
}


class PostgisOptions(BoxOptions):
    """The keys of a layer's table that this source has."""

    query: str | None = Field(default=None, description="SELECT that gives the layer.")


def read(requests: Sequence[Request[PostgisOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The rows of tables and queries, with their geometry.

    Raises
    ------
    SourceError
        If the database cannot be reached or refuses; no password stands in the text.
    """
    return read_each(requests, _read)


def offers(request: Request[PostgisOptions]) -> Sequence[Offer]:
    """The tables and views of a database that have one column of geometry.

    Raises
    ------
    SourceError
        If the address is of no database, or it cannot be reached.
    """
    _check_scheme(request)
    driver = _driver(request)
    try:
        with driver.connect(request.spec.path, connect_timeout=WAIT_S, **_SETTINGS) as link:
            found = link.execute(_TABLES_WITH_GEOMETRY).fetchall()
    except driver.Error as error:
        raise SourceError(f"{named(request)}: {_told(error)}") from error
    return [Offer(request.spec.path, f"{schema}.{table}", table) for schema, table in found]


_TABLES_WITH_GEOMETRY = """
SELECT schema, name FROM (
    SELECT f_table_schema AS schema, f_table_name AS name FROM geometry_columns
    UNION ALL SELECT f_table_schema, f_table_name FROM geography_columns
) AS columns
WHERE has_table_privilege(quote_ident(schema) || '.' || quote_ident(name), 'SELECT')
GROUP BY schema, name HAVING count(*) = 1 ORDER BY schema, name
"""


def _read(request: Request[PostgisOptions]) -> RawLayer:
    driver = _driver(request)
    _check_address(request)
    try:
        with driver.connect(request.spec.path, connect_timeout=WAIT_S, **_SETTINGS) as link:
            link.read_only = True
            frame, digest = _rows(link, request)
    except driver.Error as error:
        raise SourceError(f"{named(request)}: {_told(error)}") from error
    return RawLayer(wanted(frame, request), digest)


def _driver(request: Request[PostgisOptions]) -> Any:  # noqa: ANN401  (the module, which may not be installed)
    try:
        return importlib.import_module("psycopg")
    except ImportError as error:
        raise SourceError(
            f"{named(request)}: PostGIS needs one more package: pip install 'urbanlayer[postgis]'"
        ) from error


def _check_address(request: Request[PostgisOptions]) -> None:
    _check_scheme(request)
    if (request.spec.layer is None) == (request.options.query is None):
        raise SourceError(
            f'{named(request)}: say layer = "schema.table", or query = "SELECT …", one of them'
        )


def _check_scheme(request: Request[PostgisOptions]) -> None:
    parts = urllib.parse.urlsplit(request.spec.path)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SourceError(f'{named(request)}: path must be "postgresql://host/database"')
    if parts.password:
        raise SourceError(
            f"{named(request)}: a password has no place in a city file; set PGPASSWORD, or write "
            "it into ~/.pgpass"
        )


def _rows(link: Any, request: Request[PostgisOptions]) -> tuple[gpd.GeoDataFrame, str]:  # noqa: ANN401
    """The rows as a frame, and the sha256 of their values in whatever order they came."""
    import geopandas as gpd
    import numpy as np
    import pandas as pd

    everything: list[tuple[Any, ...]] = []
    with link.cursor(name="urbanlayer") as rows:
        rows.execute(_statement(link, request))
        while block := rows.fetchmany(BLOCK):
            everything += block
        *names, _, _ = [column.name for column in rows.description]
    digest = hashlib.sha256("\n".join(sorted(map(repr, everything))).encode())
    columns = list(zip(*everything, strict=True)) if everything else [()] * (len(names) + 2)
    *values, wkb, srids = columns
    lying = sorted({srid for srid in srids if srid})
    if len(lying) > 1:
        raise SourceError(f"{named(request)}: its geometry lies in several CRSs ({lying})")
    shapes = np.empty(len(wkb), dtype=object)
    shapes[:] = wkb
    table = pd.DataFrame(
        {
            name: pd.Series([_plain(value) for value in column])
            for name, column in zip(names, values, strict=True)
        }
    )
    crs = f"EPSG:{lying[0]}" if lying else None
    return gpd.GeoDataFrame(table, geometry=shapes_of(shapes), crs=crs), digest.hexdigest()


def _statement(link: Any, request: Request[PostgisOptions]) -> Any:  # noqa: ANN401  (a statement of the driver)
    """A SELECT of every column, and after them the geometry as WKB without curves, and its CRS."""
    sql = importlib.import_module("psycopg.sql")
    spec, options = request.spec, request.options
    if options.query is not None:
        # the query is the city's own, and the connection cannot write
        source = sql.SQL("({})").format(sql.SQL(options.query.strip().rstrip(";")))
    else:
        source = sql.Identifier(*(spec.layer or "").split("."))
    columns, kinds = _columns(link, sql.SQL("SELECT * FROM {} AS source LIMIT 0").format(source))
    shapes = [name for name, kind in columns if kind in kinds]
    if len(shapes) != 1:
        held = ", ".join(shapes) or "none"
        raise SourceError(
            f"{named(request)}: it must have one column of geometry, and has {held}; choose by "
            'query = "SELECT …"'
        )
    shape = sql.SQL("{}::geometry").format(sql.Identifier(shapes[0]))
    others = [sql.Identifier(name) for name, _ in columns if name != shapes[0]]
    wanted_parts = [
        *others,
        sql.SQL("ST_AsBinary(ST_CurveToLine({}))").format(shape),
        sql.SQL("ST_SRID({})").format(shape),
    ]
    statement = sql.SQL("SELECT {} FROM {} AS source").format(
        sql.SQL(", ").join(wanted_parts), source
    )
    if options.bbox is None:
        return statement
    west, south, east, north = (sql.Literal(value) for value in options.bbox)
    box = sql.SQL("ST_MakeEnvelope({}, {}, {}, {}, 4326)").format(west, south, east, north)
    near = sql.SQL(" WHERE {} && ST_Transform({}, ST_SRID({}))").format(shape, box, shape)
    return statement + near


def _columns(link: Any, probe: Any) -> tuple[list[tuple[str, int]], set[int]]:  # noqa: ANN401
    """Names and types of the columns, and the types that are geometry."""
    with link.cursor() as rows:
        rows.execute("SELECT oid FROM pg_type WHERE typname IN ('geometry', 'geography')")
        kinds = {row[0] for row in rows.fetchall()}
        rows.execute(probe)
        return [(column.name, column.type_code) for column in rows.description], kinds


def _plain(value: Any) -> Any:  # noqa: ANN401  (whatever a column holds)
    return float(value) if isinstance(value, Decimal) else value


def _told(error: Exception) -> str:
    """The database's own words, on one line, without the parts that repeat the statement."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


SOURCE = Source(
    id="postgis",
    read=read,
    options=PostgisOptions,
    local=False,
    cached=False,
    stable_keys=False,
    format=FileFormat("PostGIS", 2),
    offers=offers,
)
