"""One child process in which GDAL reads what the city was given.

A file may be hostile: a "GeoJSON" can make GDAL read any file of the computer, or ask the network
(reliability.md, F). So the child knows no driver but those of the formats that are asked for, has
no network, and has limits on memory and time; frames come back as Arrow tables.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from urbanlayer.sources._drivers import drivers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa

    from urbanlayer.model.source import Request

MEMORY_BYTES = 12_000_000_000
SECONDS = 900.0
ALWAYS = frozenset({"MEM", "Memory", "GTiff"})
_SCRIPT = Path(__file__).with_name("_worker.py")

_EVERY_DRIVER = """
AAIGrid ACE2 ADBC ADRG AIG AIVector AVCBin AVCE00 AirSAR AmigoCloud BAG BIGGIF BLX BMP BSB BT BYN
CAD CALS CEOS COASP COG COSAR CPG CSV CSW CTG CTable2 Carto DAAS DERIVED DGN DIMAP DIPEx DOQ1 DOQ2
DTED DXF ECRGTOC EDIGEO EEDA EEDAI EHdr EIR ELAS ENVI ERS ESAT ESRIC ESRIJSON Elasticsearch FAST
FIT FlatGeobuf GDALG GFF GIF GML GMLAS GNMDatabase GNMFile GPKG GPSBabel GPX GRASSASCIIGrid GRIB
GS7BG GSAG GSBG GSC GTFS GTI GTX GTiff GXF GenBin GeoJSON GeoJSONSeq GeoRSS HDF5 HDF5Image HF2 HFA
HTTP ILWIS IRIS ISCE ISG ISIS2 ISIS3 Idrisi Interlis JAXAPALSAR JDEM JML JP2OpenJPEG JPEG JSONFG KML
KMLSUPEROVERLAY KRO L1B LAN LCP LIBKML LIBERTIFF LOSLAS LVBAG Leveller MAP MBTiles MEM MFF MFF2 MRF
MSGN MSSQLSpatial MVT MapML Memory MiraMonVector MongoDBv3 MySQL NAS NDF NGSGEOID NGW NITF NOAA_B
NSIDCbin NTv2 NWT_GRC NWT_GRD OAPIF OCI ODBC ODS OGCAPI OGR_GMT OGR_PDS OGR_VRT OSM OZI OpenFileGDB
PAux PCIDSK PCRaster PDF PDS PDS4 PGDUMP PGeo PLMOSAIC PLSCENES PMTiles PNG PNM PRF Parquet
PostGISRaster PostgreSQL R RCM RIK RMF ROI_PAC RPFTOC RRASTER RS2 RST Rasterlite S102 S104 S111 S57
SAFE SAGA SAR_CEOS SDTS SENTINEL2 SGI SIGDEM SNAP_TIFF SNODAS SQLite SRP SRTMHGT STACIT STACTA SXF
Selafin TGA TIGER TIL TSX Terragen TopoJSON USGSDEM VDV VFK VICAR VRT WAsP WCS WEBP WFS WMS WMTS
XLS XLSX XODR XPM XYZ ZMap Zarr netCDF
""".split()  # noqa: SIM905  (a list of two hundred quoted words reads worse)
_PASSED_ON = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "HOME", "LD_LIBRARY_PATH")
_NOWHERE = "http://127.0.0.1:9"
_WITH_SPACES = ("ESRI Shapefile", "MapInfo File")


class ChildError(Exception):
    """The child could not read a file; the text is GDAL's, or says how the child ended."""


@dataclass(slots=True)
class _Running:
    process: subprocess.Popen[bytes]
    drivers: frozenset[str]
    greeted: bool = False
    """Whether it has reported its drivers, and they are the right ones."""

    @property
    def stdin(self) -> IO[bytes]:
        """The pipe that jobs go into."""
        return cast("IO[bytes]", self.process.stdin)  # it was started with PIPE

    @property
    def stdout(self) -> IO[bytes]:
        """The pipe that answers come from."""
        return cast("IO[bytes]", self.process.stdout)


_LOCK = threading.Lock()
_running: list[_Running] = []
"""The one child, once something was asked of it."""


def start(requests: Iterable[Request]) -> None:
    """Start the child for these layers, without waiting for it.

    Whoever knows all the layers of a build calls this first: the child starts while other things
    are imported, knows the drivers of the formats that the city file declares and no others, and
    never has to start again for another format.

    Parameters
    ----------
    requests
        Layers of any source.
    """
    asked = tuple(requests)
    grids = any(request.path.suffix.casefold() in {".tif", ".tiff"} for request in asked)
    needed = drivers_of(asked)
    if not needed and not grids:
        return
    with _LOCK:
        if not _running:
            launched = _launch(needed | ALWAYS, grids=grids)
            _running.append(_Running(launched, needed | ALWAYS))


def ask(
    job: str,
    driver: str,
    serve: Callable[[int, int], bytes] | None = None,
    **details: Any,  # noqa: ANN401  (what JSON can hold)
) -> tuple[dict[str, Any], pa.Table | None]:
    """The child's answer to one job, and the table that belongs to it.

    Parameters
    ----------
    job
        `listing`, `features`, `salvage`, `grid` or `band`; see `_worker.py`.
    driver
        GDAL's name of the format.
    serve
        Gives some bytes (start, count) of a file that the child reads but cannot fetch.
    details
        Of the job.

    Raises
    ------
    ChildError
        If the file cannot be read, or the child died or took too long.
    """
    with _LOCK:
        child = _ready(driver)
        watch = threading.Timer(SECONDS, child.process.kill)
        watch.start()
        try:
            return _result(child, {"job": job, **details}, serve)
        finally:
            watch.cancel()
            if child.process.poll() is not None:
                stop()


def ask_table(
    job: str,
    driver: str,
    serve: Callable[[int, int], bytes] | None = None,
    **details: Any,  # noqa: ANN401  (what JSON can hold)
) -> tuple[dict[str, Any], pa.Table]:
    """The same for a job that always gives a table.

    Raises
    ------
    ChildError
        As `ask`, or if no table came.
    """
    about, table = ask(job, driver, serve, **details)
    if table is None:
        raise ChildError("it holds no table")
    return about, table


def stop() -> None:
    """End the child, if there is one."""
    while _running:
        child = _running.pop()
        child.process.kill()
        child.process.wait()
        with contextlib.suppress(OSError):  # what was not sent yet cannot be flushed any more
            child.stdin.close()
        child.stdout.close()


def _result(
    child: _Running,
    job: dict[str, Any],
    serve: Callable[[int, int], bytes] | None,
) -> tuple[dict[str, Any], pa.Table | None]:
    import pyarrow as pa

    try:
        child.stdin.write(json.dumps(job).encode() + b"\n")
        child.stdin.flush()
        while "need" in (answer := _line(child)):
            if serve is None:
                raise ChildError("it requested bytes that are not available")
            child.stdin.write(_served(child.process, serve, *answer["need"]))
            child.stdin.flush()
        if "error" in answer:
            raise ChildError(str(answer["error"]).splitlines()[0])
        if not answer["table"]:
            return answer, None
        with pa.ipc.open_stream(child.stdout) as stream:
            return answer, stream.read_all()
    except (OSError, pa.ArrowException) as error:
        raise ChildError(_how_it_ended(child.process)) from error


def _served(
    process: subprocess.Popen[bytes], serve: Callable[[int, int], bytes], start: int, count: int
) -> bytes:
    """The bytes that the child waits for; it is ended if they cannot be had."""
    content = b""
    try:
        content = serve(start, count)
    finally:
        if len(content) != count:
            process.kill()
            process.wait()
    if len(content) != count:
        raise ChildError(f"{len(content)} of {count} bytes came")
    return content


def _ready(driver: str) -> _Running:
    """The running child, or a new one that knows the driver too."""
    alive = bool(_running) and _running[0].process.poll() is None
    known = _running[0].drivers if _running else ALWAYS
    if not alive or driver not in known:
        stop()
        _running.append(_Running(_launch(known | {driver}), known | {driver}))
    child = _running[0]
    if not child.greeted:
        stray = _line(child)["stray"]
        if stray:  # a newer GDAL has drivers that the list above does not know
            stop()
            child = _Running(_launch(child.drivers, stray), child.drivers)
            _running.append(child)
            if _line(child)["stray"]:
                raise ChildError(f"GDAL's drivers cannot be limited ({', '.join(stray)})")
        child.greeted = True
    return child


def _launch(
    drivers: frozenset[str], stray: Iterable[str] = (), *, grids: bool = False
) -> subprocess.Popen[bytes]:
    """A child whose GDAL leaves out every driver but the wanted ones."""
    everything = (*_EVERY_DRIVER, *_WITH_SPACES, *stray)
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {
        "GDAL_SKIP": ",".join(name for name in everything if name not in drivers),
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "PROJ_NETWORK": "OFF",
        "http_proxy": _NOWHERE,
        "https_proxy": _NOWHERE,
        "PYTHONUTF8": "1",
    }
    limits = json.dumps({
        "memory_bytes": MEMORY_BYTES, "seconds": int(SECONDS), "drivers": sorted(drivers),
        "grids": grids,
    })  # fmt: skip
    process = subprocess.Popen(  # noqa: S603  (our own script)
        [sys.executable, "-I", "-X", "utf8", str(_SCRIPT), limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    atexit.register(stop)
    return process


def _line(child: _Running) -> dict[str, Any]:
    line = child.stdout.readline()
    if not line:
        raise ChildError(_how_it_ended(child.process))
    answer: dict[str, Any] = json.loads(line)
    return answer


def _how_it_ended(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    if code in {-9, 137, -14}:  # SIGKILL, SIGALRM
        return f"reading took more than {SECONDS:,.0f} s or too much memory, and was ended"
    return f"the reader broke down over it (exit {code})"
