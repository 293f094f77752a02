"""A band of a raster file, here or at an address: north up, scaled, NaN where no data is."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import RawRaster
from urbanlayer.model.note import Note
from urbanlayer.model.role_names import ELEVATION
from urbanlayer.model.role_table import role
from urbanlayer.sources._choose import check_there, named
from urbanlayer.sources._crs import stated_crs
from urbanlayer.sources._digest import digest, side_files
from urbanlayer.sources._fetch import fetch_part
from urbanlayer.sources._process import ChildError
from urbanlayer.sources._session import Order
from urbanlayer.sources.child import run_table_job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from affine import Affine
    from numpy.typing import NDArray

    from urbanlayer.model.source import BoxOptions, Request, ServiceOptions

_DENSITY = re.compile(
    r"/\s*(km|ha\b|hect|m2|m²|m\^|sq|mi)|\bper\s+(sq|km|ha\b|hect|m2|m²|mi)|\b(km|ha|m)\s*(\^|\*\*)?-[12]"
    r"|densit|dichte|gustin|dendësi|густин",
    re.IGNORECASE,
)
"""In the unit or description of a band: people per area."""
_NO_METRES = re.compile(
    r"(us[\s-]*)?(survey[\s-]*)?(ft|foot|feet)([\s_-]*us)?|[cdkm]m|(centi|deci|kilo|milli)met(re|er)s?"
    r"|yards?|yd|inch(es)?|in|fathoms?",
    re.IGNORECASE,
)
_M2_PER_KM2 = 1e6
FIRST_BYTES = 1 << 18
"""Of a remote file: enough to hold its directory."""
_SAME = 1e-6
_LISTED = 12
"""A nodata value of city.toml is a cell's, which may have single precision, up to this share."""


def read_grid(request: Request[BoxOptions]) -> RawRaster:
    """The first band of a GeoTIFF, or the band whose number city.toml gives as `layer`.

    Parameters
    ----------
    request
        Names a file.

    Returns
    -------
    RawRaster
        float64 cells.

    Raises
    ------
    SourceError
        If it is no GeoTIFF, is damaged, rotated or too large.
    """
    check_there(request)
    raw = _read(request, path=str(request.path), bbox=request.options.bbox)
    side = tuple(Note.of("side-file", file=file.name) for file in side_files(request.path))
    return replace(raw, digest=digest(request.path), notes=(*side, *raw.notes))


def read_remote_grid(request: Request[ServiceOptions]) -> RawRaster:
    """The same of a GeoTIFF at an address; only the bytes of the box are downloaded.

    Parameters
    ----------
    request
        Names an address and a box.

    Returns
    -------
    RawRaster
        float64 cells; its digest is that of the cells.

    Raises
    ------
    SourceError
        If it has no box, cannot be downloaded, is no GeoTIFF, is damaged, rotated or too large.
    """
    if request.options.bbox is None:
        raise SourceError(
            f"{named(request)}: add bbox = [west, south, east, north] in city.toml, in degrees"
        )
    order = Order(request.spec.path, allow_hosts=tuple(request.options.allow_hosts))
    _, size = fetch_part(order, 0, FIRST_BYTES)
    return _read(
        request,
        lambda start, count: fetch_part(order, start, count)[0],
        path="/remote.tif",
        bbox=request.options.bbox,
        size=size,
    )


def joined(parts: Sequence[RawRaster]) -> RawRaster:
    """Neighbouring parts of one grid, as one.

    Parameters
    ----------
    parts
        North up, with cells of one size on one grid.
    """
    import numpy as np
    from affine import Affine

    a, e = parts[0].transform.a, parts[0].transform.e
    west = min(part.transform.c for part in parts)
    north = max(part.transform.f for part in parts)
    places = [
        (round((part.transform.f - north) / e), round((part.transform.c - west) / a))
        for part in parts
    ]
    shapes = [part.values.shape for part in parts]
    rows = max(top + shape[0] for (top, _), shape in zip(places, shapes, strict=True))
    columns = max(left + shape[1] for (_, left), shape in zip(places, shapes, strict=True))
    values = np.full((rows, columns), np.nan)
    for part, (top, left) in zip(parts, places, strict=True):
        height, width = part.values.shape
        values[top : top + height, left : left + width] = part.values
    digest = hashlib.sha256("".join(part.digest for part in parts).encode()).hexdigest()
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    transform = Affine(a, 0, west, 0, e, north)
    return replace(parts[0], values=values, transform=transform, digest=digest, notes=notes)


def _read(
    request: Request,
    serve: Callable[[int, int], bytes] | None = None,
    **where: Any,  # noqa: ANN401  (what the child takes)
) -> RawRaster:
    """The band as the child process reads it; its digest is that of the cells."""
    try:
        about, table = run_table_job("band", "GTiff", serve, **where, number=_number(request))
    except ChildError as error:
        raise SourceError(f"{named(request)}: it cannot be read as a GeoTIFF ({error})") from error
    if len(about["bands"]) > 1 and request.spec.layer is None:
        bands = ", ".join(about["bands"][:_LISTED])
        raise SourceError(
            f"{named(request)}: it has {len(about['bands'])} bands ({bands}); "
            'say which has the values, as layer = "1"'
        )
    _check_meaning(about, request)
    return _raw(table["values"].to_numpy().reshape(about["shape"]), about, request)


def _check_meaning(about: dict[str, Any], request: Request) -> None:
    """Raise where the file itself says that its cells are no people, or no metres.

    Raises
    ------
    SourceError
        People are coloured classes or a density, or heights are in another unit.
    """
    unit, described = about["unit"].strip(), about["description"].strip()
    if role(request.role).counts_people:
        if about["palette"]:
            raise SourceError(
                f"{named(request)}: it has a colour table, so that its cells are numbers of "
                "classes or colours, not people; use the grid with the counts"
            )
        told = next((text for text in (unit, described) if _DENSITY.search(text)), "")
        cell_m2 = abs(about["whole_transform"][0] * about["whole_transform"][4])
        if told and not ("km" in told and cell_m2 == _M2_PER_KM2):  # then it is the count too
            raise SourceError(
                f"{named(request)}: its cells are a density ({told!r}), not people; multiply "
                "them by the area of a cell, or use the grid with the counts"
            )
    if request.role == ELEVATION and _NO_METRES.fullmatch(unit):
        raise SourceError(
            f"{named(request)}: its heights are in {unit!r}; convert them to metres, and set "
            "that unit"
        )


def _number(request: Request) -> int:
    """The requested band."""
    band = request.spec.layer or "1"
    if not band.isdecimal() or band == "0":
        raise SourceError(f'{named(request)}: layer = "1" is its first band, not {band!r}')
    return int(band)


def _raw(values: NDArray[np.float64], about: dict[str, Any], request: Request) -> RawRaster:
    import numpy as np
    from affine import Affine

    notes: list[Note] = []
    declared = request.spec.nodata
    if declared is not None:
        same = np.isclose(values, declared, rtol=_SAME, atol=0.0)
        values = np.where(same, np.nan, values)
    scale, offset = about["scale"], about["offset"]
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
        notes.append(Note.of("scale-applied", scale=float(scale), offset=float(offset)))
    values, transform = _north_up(values, Affine(*about["transform"]), request, notes)
    return RawRaster(
        values=values,
        transform=transform,
        crs=about["crs"] if stated_crs(about["crs"]) else "",
        digest=hashlib.sha256(values.tobytes()).hexdigest(),
        has_nodata=declared is not None or about["has_nodata"] or bool(np.isnan(values).any()),
        notes=tuple(notes),
        scale=(float(scale), float(offset)),
    )


def _north_up(
    values: NDArray[np.float64], transform: Affine, request: Request, notes: list[Note]
) -> tuple[NDArray[np.float64], Affine]:
    """Rows from north to south and columns from west to east."""
    from affine import Affine

    if transform.b or transform.d:
        raise SourceError(
            f"{named(request)}: the grid is rotated; warp it first (gdalwarp does, without options)"
        )
    if transform.e > 0:
        values = values[::-1]
        north = transform.f + transform.e * values.shape[0]
        transform = Affine(transform.a, 0, transform.c, 0, -transform.e, north)
        notes.append(Note.of("rows-turned"))
    if transform.a < 0:
        values = values[:, ::-1]
        west = transform.c + transform.a * values.shape[1]
        transform = Affine(-transform.a, 0, west, 0, transform.e, transform.f)
        notes.append(Note.of("columns-turned"))
    return values, transform
